"""留置送达, step by step: why it was not received, what proves it, both officers, where and when; the proof beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ...actions import service, sign_in
from ...actions.book import Done
from ...domain.casefile import CaseFile
from ...domain.problems import Problem
from ...domain.serving import LEFT
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Choice, Field, When
from ..widgets.notices import Sheet
from ..widgets.pages import Pages
from ..widgets.panels import column, row
from ..widgets.text import Text
from .photo_tray import PhotoTray

WITNESS, FILMED = "见证人", "拍照、录像"


class LeftSheet(Sheet):
    """Each step says why it is asked for and what that rests on; what stands there follows on the proof at once."""

    def __init__(
        self, parent: QWidget, desk: Desk, case: CaseFile, papers: Sequence[str], place: str, receiver: str
    ) -> None:
        self._desk, self._case, self._papers = desk, case, papers
        self._done: Done[str] | None = None
        self._shown, self._worded = 0, ""
        self._filmed: list[str] = []
        procedure, me = desk.book.rules.procedure, desk.book.person
        self._words = procedure.refusals
        self.why = Choice("为什么没有接收", tuple(procedure.refusals))
        self.refusal, self.who = Field("拒收的事由"), Field("谁不接收", receiver)
        self.proof = Choice("", (WITNESS, FILMED))
        self.witness, self.unit = Field("见证人姓名"), Field("见证人单位", hint="基层组织或者所在单位")
        self.photos = Button("导入过程照片", "secondary", "camera", act=self._film, height=40)
        self.recorder = Field("执法记录仪文件", hint="只录像的，写文件名")
        self._numbers = Text("", "small", "ink2", wrap=True)
        self._others = [officer for officer in case.able if officer.id != me.id]
        self.secrets = {officer.id: Field(f"{officer.name} 本人口令", secret=True) for officer in self._others}
        self.at, self.place = When("送达时间", desk.book.clock.now().at), Field("送达地点", place)
        self._by_witness, self._by_film = QWidget(), QWidget()
        self._by_witness.setLayout(row(self.witness, self.unit, spacing=12))
        film = row(self.recorder, self.photos, spacing=12)
        film.setAlignment(self.photos, Qt.AlignmentFlag.AlignBottom)
        self._by_film.setLayout(column(film, self._numbers))
        left = column(
            self._step(1, "事由", row(self.who, self.why, spacing=12), self.refusal),
            self._step(2, "证明", self.proof, self._by_witness, self._by_film),
            self._step(3, "送达人", *self.secrets.values()),
            self._step(4, "时间地点", row(self.at, self.place, spacing=12)), None, spacing=14,
        )  # fmt: skip
        self.view = Pages()
        self.view.setMinimumSize(look.px(300), look.px(360))
        self.view.setAccessibleName("送达回证预览")
        right = column(Text("5　送达回证", "strong"), self.view, spacing=6)
        right.setStretch(1, 1)
        both = row(left, right, spacing=20)
        both.setStretch(0, 5)
        both.setStretch(1, 4)
        super().__init__(LEFT, both, act="登记留置送达", parent=parent)
        self.setMinimumWidth(look.px(1000))
        self.check = self._write
        self.accepted.connect(self._told)
        self.why.chosen.connect(self._chosen_why)
        self.proof.chosen.connect(self._chosen_proof)
        self.who.input.editingFinished.connect(self._reword)
        for field in (self.refusal, self.witness, self.unit, self.recorder, self.place):
            field.input.editingFinished.connect(self._preview)
        self._chosen_proof("")

    @classmethod
    def open_for(
        cls, parent: QWidget, desk: Desk, case: CaseFile, papers: Sequence[str], place: str, receiver: str
    ) -> None:
        made = cls(parent, desk, case, papers, place, receiver)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.open()
        next(iter(made.why.buttons.values())).setFocus()

    def _step(self, number: int, name: str, *parts: QWidget | QLayout) -> QLayout:
        why = Text(self._desk.book.rules.procedure.steps[name], "small", "ink3", wrap=True)
        return column(Text(f"{number}　{name}", "strong"), why, *parts, spacing=6)

    def _chosen_why(self, _why: str) -> None:
        """The words for the proof stand there and may be changed."""
        self.refusal.input.clear()
        self._reword()

    def _reword(self) -> None:
        """Who did not receive stands in the words, unless somebody has changed them."""
        if self.why.value() and self.refusal.text() in ("", self._worded):
            self._worded = self._words[self.why.value()].format(who=self.who.text().strip() or "在场人员")
            self.refusal.input.setText(self._worded)
        self._preview()

    def _chosen_proof(self, proof: str) -> None:
        self._by_witness.setVisible(proof == WITNESS)
        self._by_film.setVisible(proof == FILMED)
        self.settle()
        if proof == WITNESS:
            self.witness.input.setFocus()
        self._preview()

    def _film(self) -> None:
        PhotoTray.open_for_service(self, self._desk, self._case, self._kept)

    def _kept(self, numbers: Sequence[str]) -> None:
        self._filmed += numbers
        self._numbers.setText(f"照片 {'、'.join(self._filmed)}")
        self.settle()
        self._preview()

    def delivery(self) -> service.Delivery:
        """What the steps say."""
        witnessed = self.proof.value() == WITNESS
        who = " ".join(text for field in (self.unit, self.witness) if (text := field.text().strip()))
        recorded = [name] if (name := self.recorder.text().strip()) else []
        return service.Delivery(
            papers=self._papers, method=LEFT, served_at=self.at.value(), place=self.place.text(),
            receiver="", refusal=self.refusal.text(), servers=tuple(o.name for o in self._case.able),
            seen_by=who if witnessed else "", filmed=() if witnessed else (*self._filmed, *recorded),
        )  # fmt: skip

    def _preview(self) -> None:
        """Set the proof on the worker; only the newest wish counts."""
        self._shown += 1
        self.problem.hide()
        wish, book, stream, delivery = self._shown, self._desk.book, self._case.id, self.delivery()

        def then(content: bytes) -> None:
            if wish == self._shown and self.isVisible():
                self.view.show_pdf(content)

        self._desk.tasks.run(lambda: service.preview(book, stream, delivery), then, lambda problem: None)

    def _write(self) -> str:
        """Both officers first, then the act itself; what it refuses is said here."""
        if not self.why.value():
            return "还没有选为什么没有接收。"
        if self.proof.value() == WITNESS and not (self.witness.text().strip() and self.unit.text().strip()):
            return "写明见证人的姓名和单位。"
        try:
            witness = self._second()
            if not witness:
                return "由另一名在场的执法人员输入本人口令。"
            self._done = service.serve(self._desk.book, self._case.id, self.delivery(), witness)
        except Problem as problem:
            return str(problem)
        return ""

    def _second(self) -> str:
        """The id of the officer who has confirmed; "" when none has."""
        for officer in self._others:
            secret = self.secrets[officer.id]
            if secret.text():
                return sign_in.confirm(self._desk.open_session, officer.id, secret.text())
        return ""

    def _told(self) -> None:
        assert self._done is not None
        self._desk.finished(self._done)
        self._desk.toasted.emit("留置送达已登记。制作送达回证，由见证人和送达人签名", None)
