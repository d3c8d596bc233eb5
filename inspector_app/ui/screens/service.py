"""Stage 送达: which papers, how, when, to whom, with which proof."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from ...actions import service
from ...actions.filecheck import Place
from ...domain.calendar import parse_zh_date, zh_at
from ...domain.casefile import CaseFile
from ...domain.inspection import SERVED, outgoing_papers
from ...domain.inspection import Stage as Phase
from ...domain.paper import Issued, Service
from ...domain.problems import Problem
from ...domain.serving import ANNOUNCED, DIRECT, ELECTRONIC, FIELDS, LEFT, WAYS, shown
from ..desk import Desk
from ..keeping import Keeper
from ..offers import LOOK, needs
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick, When
from ..widgets.panels import Body, Card, Side, Tag, clear, column, row
from ..widgets.text import Text
from .base import Stage
from .left_sheet import LeftSheet
from .paper_desk import PaperDesk
from .photo_tray import PhotoTray

_ROWS = (
    ("mail",),
    ("address",),
    ("agreed", "agreed_on"),
    ("through", "letter"),
    ("reason",),
    ("announced", "announced_on"),
)
"""The fields of `serving.FIELDS` as they stand beside each other."""
_HINTS = {
    "mail": "挂号信、特快专递的号码", "address": "电子邮箱、政务平台账号等", "agreed": "例如：送达地址确认书",
    "agreed_on": "2026年3月16日", "letter": "委托函的文号", "reason": "试过哪些方式，为什么送不到",
    "announced": "例如：区政府门户网站", "announced_on": "2026年3月16日",
}  # fmt: skip


class ServiceStage(Stage):
    """Left the entry, right the proof of service (送达回证)."""

    TITLE = "送达"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._case: CaseFile | None = None
        self._chosen: dict[str, Button] = {}
        self._lines: dict[str, QWidget] = {}  # by kind of paper: how it was served
        self._papers = column(spacing=4)
        self.method = Pick("送达方式", [(m, m) for m in service.METHODS], lambda _: self._show_method())
        self._proof = Text("", "small", "ink2", wrap=True)
        self.at = When("送达时间")
        self.place, self.receiver = Field("送达地点"), Field("收件人")
        self.relation = Field("与受送达单位的关系", hint="例如：办公室主任")
        self.proof = {name: Field(label, hint=_HINTS.get(name, "")) for name, label in FIELDS.items()}
        self._forms = {"place": self.place, "receiver": self.receiver, "relation": self.relation, **self.proof}
        self.keep = Button("存凭据照片", "secondary", "camera", act=self._film, height=36)
        self._kept = Text("", "small", "ink2", wrap=True)
        self._keeper: Keeper | None = None
        self.serve = Button("登记送达", "primary", "paper-plane-tilt", act=self._serve, height=48)
        self.guide = Button("拒收或者没有人签收", "secondary", "hand", act=self._leave_papers, height=40)
        self._unproved = Text(
            "送达回证还没有制作。制作、打印，请收件人签字后再登记；也可以先登记，回证随后补齐。",
            "small",
            "warn",
            wrap=True,
        )
        self._done = column(spacing=8)
        self._form = QWidget()
        self._form.setLayout(column(
            row(self.guide, None), self.method, self._proof, self.at, self.place, row(self.receiver, self.relation, spacing=12),
            *(row(*(self.proof[name] for name in names), spacing=12) for names in _ROWS),
            row(self.keep, self._kept, None, spacing=8), self._unproved, spacing=10,
        ))  # fmt: skip
        body = Body(Text("要送达的文书", "h2"), self._papers, self._form, self._done, None, spacing=10)
        left = Side("right", 343, 420)
        foot = QWidget()
        self.next = needs(LOOK, Button("到整改", "primary", act=lambda: self.desk.open_stage(7), height=48))
        foot.setLayout(column(self.serve, self.next, margins=(20, 6, 20, 12)))
        inside = column(body, foot, spacing=0)
        inside.setStretch(0, 1)
        left.setLayout(inside)
        self.papers = PaperDesk(desk, ("proof_of_service",))
        layout = row(left, self.papers, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_case(self, case: CaseFile) -> None:
        if self._case is None or self._case.id != case.id or not self.place.text():
            self._propose(case)
        self._case = case
        proof = case.paper("proof_of_service")
        waiting = _waiting(case)
        clear(self._papers)
        self._chosen = {}
        for paper in waiting:
            button = Button(f"《{paper.title}》　{paper.number}", "tick", checkable=True, height=32)
            button.setChecked(True)
            self._chosen[paper.id] = button
            self._papers.addWidget(button)
        served = (
            not waiting
            and case.stage != Phase.DECIDED
            and any(paper.served and paper.kind != "notice" for paper in case.papers)
        )
        if not waiting:
            sentence = "文书都已送达。" if served else "还没有要送达的文书。先在“处理”里制作文书，作出处理决定。"
            self._papers.addWidget(Text(sentence, "small", "ink2", wrap=True))
        clear(self._done)
        self._lines = {}
        for paper in case.papers:
            if paper.served is not None:
                said = _served_said(paper.served)
                self._lines[paper.kind] = Card(row(Text(paper.title, "strong"), None, Tag("已送达", "ok", "check-circle")),
                                               Text(said, "small", "ink2", wrap=True), padding=10, spacing=2)  # fmt: skip
                self._done.addWidget(self._lines[paper.kind])
        self._form.setVisible(bool(waiting))
        self._show_method()
        self._unproved.setVisible(proof is None or bool(proof.draft))
        bar = "" if waiting else "没有要送达的文书"
        if any(paper.kind != "notice" for paper in waiting) and case.stage != Phase.DECIDED:
            bar = "作出处理决定后送达"
        self.serve.set_blocked(bar)
        self.guide.set_blocked(bar)
        self.serve.setVisible(not served)
        self.next.setVisible(served)
        self.papers.show_case(case)

    def seek(self, place: Place) -> QWidget | None:
        """The field, while the paper waits for its service; else the line that says how it was served."""
        if place.kind == "paper" or place.field == "proof":
            return self.papers.seek(place.field)
        case = self._case
        waits = case is not None and any(paper.kind == place.key for paper in _waiting(case))
        if waits and self._form.isVisible():
            fields: dict[str, QWidget] = {"at": self.at.input, "method": self.method.input} | {
                name: field.input for name, field in self._forms.items()
            }
            field = fields.get(place.field)
            return field if field is not None and field.isVisible() else self.serve
        return self._lines.get(place.key, self.papers.view)

    def _propose(self, case: CaseFile) -> None:
        self.at.show_value(self.desk.book.clock.now().at)
        self.place.input.setText(case.visit.place or case.unit.address)
        first = case.visit.attendees[0] if case.visit.attendees else None
        self.receiver.input.setText(first.name if first else case.unit.contact)
        self.relation.input.setText(first.title if first else "")
        if self._keeper is not None:
            self._keeper.save()
            self._keeper.deleteLater()
        self._keeper = Keeper(self.desk, f"{case.id}/service", self)
        for name, field in self._forms.items():
            self._keeper.hold(name, field.input)

    def _show_method(self) -> None:
        method = self.method.value()
        self._proof.setText(self.desk.book.rules.procedure.proofs[method])
        self.serve.set_text("逐步办理留置送达" if method == LEFT else "登记送达")
        for name, field in self.proof.items():
            field.setVisible(name in WAYS[method].needs)
        self.receiver.setVisible("receiver" in WAYS[method].needs)
        self.relation.setVisible("receiver" in WAYS[method].needs)
        self.place.setVisible(method not in (ELECTRONIC, ANNOUNCED))
        kept = self._loose()
        self.keep.setVisible(method not in (DIRECT, LEFT))
        self._kept.setVisible(method not in (DIRECT, LEFT))
        self._kept.setText("、".join(kept) or ("必须存" if WAYS[method].kept else "回执、签收的回证等"))

    def _place(self, proof: Mapping[str, str]) -> str:
        """Where it was served; what comes by line or by notice comes there."""
        by = {ELECTRONIC: "address", ANNOUNCED: "announced"}.get(self.method.value())
        return proof[by] if by else self.place.text()

    def _loose(self) -> tuple[str, ...]:
        """Pictures of a proof that no service names yet: they go with the next one."""
        if self._case is None:
            return ()
        named = {number for paper in self._case.papers if paper.served for number in paper.served.filmed}
        return tuple(filmed.number for filmed in self._case.filmed if filmed.number not in named)

    def _film(self) -> None:
        if self._case is not None:
            PhotoTray.open_for_service(self, self.desk, self._case, lambda numbers: None)

    def _leave_papers(self) -> None:
        """Step by step, where the unit does not receive."""
        assert self._case is not None
        receiver = self.receiver.text()
        LeftSheet.open_for(self, self.desk, self._case, self._papers_chosen(), self.place.text(), receiver)

    def _papers_chosen(self) -> tuple[str, ...]:
        return tuple(id for id, button in self._chosen.items() if button.isChecked())

    def _serve(self) -> None:
        case = self._case
        assert case is not None
        if self.method.value() == LEFT:
            self._leave_papers()
            return
        try:
            proof = {name: _stored(name, field.text()) for name, field in self.proof.items()}
        except Problem as problem:
            self.desk.told.emit(str(problem), "bad")
            return
        received = "receiver" in WAYS[self.method.value()].needs
        receiver, relation = (self.receiver.text(), self.relation.text()) if received else ("", "")
        delivery = service.Delivery(
            papers=self._papers_chosen(), method=self.method.value(), served_at=self.at.value(), place=self._place(proof),
            receiver=receiver, relation=relation, servers=tuple(o.name for o in case.able),
            filmed=self._loose() if self.method.value() != DIRECT else (), proof=proof,
        )  # fmt: skip
        if self.desk.act(service.serve, self.desk.book, case.id, delivery) is not None:
            if self._keeper is not None:
                self._keeper.forget()
            self.desk.toasted.emit("送达已登记", None)

    def quiet_place(self) -> QWidget:
        return self.papers.view

    def primary(self) -> None:
        self.press(self.serve if self.serve.isVisible() else self.next)


def _stored(name: str, text: str) -> str:
    """As the record keeps it. Raises `Problem("bad_date")`."""
    return parse_zh_date(text).isoformat() if name.endswith("_on") and text.strip() else text


def _waiting(case: CaseFile) -> list[Issued]:
    found = [case.paper(kind) for kind in ("notice", *outgoing_papers(case))]
    found += [paper for paper in case.filed if paper.kind in SERVED and paper not in found]
    return [p for p in found if p is not None and not p.draft and p.served is None]


def _served_said(served: Service) -> str:
    """How a paper was served, and what proves it."""
    head = f"{served.method}，{zh_at(served.at)}，{served.receiver}".rstrip("，")
    proof = [f"{FIELDS[name]}：{shown(name, text)}" for name, text in served.proof]
    proof += [f"拒收事由：{served.refusal.rstrip('。')}"] if served.refusal else []
    proof += [f"见证人：{served.witness}"] if served.witness else []
    return "；".join((head, *proof))
