"""The right side of 取证: one piece of evidence with what it must state, whether it is whole, and where it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ...actions import evidence, gallery
from ...actions.book import Done
from ...actions.filecheck import Place
from ...actions.recording import length
from ...domain.calendar import zh_date, zh_time
from ...domain.casefile import CaseFile
from ...domain.evidence import BLOCKED, CLEARED, SPOKEN, VIEWS, Evidence
from ..capture.bar import play
from ..desk import Desk
from ..leading import lead
from ..offers import LOOK, WORK, needs
from ..pictures import Pictures
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.focus import order_tabs
from ..widgets.panels import Body, Icon, Line, Surface, Tag, clear, column, row
from ..widgets.text import Text
from ..widgets.way import Way
from . import secrecy
from .annotate import annotate
from .evidence_picture import EvidencePicture
from .evidence_sheets import describe, describe_alike, judge, taken, withdraw

LARGEST_CHECKED = 64 * 1024 * 1024
"""Originals up to this size are read and compared by themselves when they are chosen; larger ones when asked for."""

WHOLE, CHANGED, AWAY = "原图未改动", "原件变了，和存入时不一样", "原件不在本机"


class EvidencePanel(QWidget):
    """Fields, state and links of the chosen piece; its acts stay on view below."""

    def __init__(
        self, desk: Desk, pictures: Pictures, large: Callable[[], object], chosen: Callable[[], Sequence[str]]
    ) -> None:
        """`chosen` gives the numbers of the selected pieces, of which the one that is shown is one."""
        super().__init__()
        self.desk, self._chosen = desk, chosen
        desk.leaving.connect(self._end)
        self._case: CaseFile | None = None
        self._piece: Evidence | None = None
        self._whole: dict[str, str] = {}  # what was found of originals last, by digest
        self._checking = ""
        self._ways: dict[str, Callable[[], object]] = {}
        self._take_off: Button | None = None  # of the piece that is shown, where it may be withdrawn
        self.picture = EvidencePicture(pictures, large)
        self._detail = column(spacing=8)
        self._body = Body(self.picture, self._detail, spacing=10, margins=(16, 14, 16, 14))
        self.mark = Button("标注", "secondary", "note-pencil", act=self._annotate, height=36)
        self.compare = needs(LOOK, Button("对比", "secondary", "images", act=large, height=36))
        self.describe = Button("改说明", "secondary", "pencil-simple", act=self._describe, height=36)
        self._foot = Surface("surface", "top")
        self._foot.setLayout(row(self.mark, self.compare, None, self.describe, spacing=6, margins=(12, 8, 12, 10)))
        layout = column(self._body, self._foot, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_piece(self, case: CaseFile, piece: Evidence | None) -> None:
        same = self._piece is not None and piece is not None and self._piece.number == piece.number
        self._case, self._piece = case, piece
        self._ways, self._take_off = {}, None
        clear(self._detail)
        self.picture.show_piece(None if piece is None or piece.secret else piece)
        self._foot.setVisible(piece is not None and not piece.withdrawn)
        if piece is None:
            self._detail.addWidget(Text("选一份证据，这里显示它的来源和说明。", "small", "ink2", wrap=True))
            self._detail.addStretch(1)
            return
        if not same:
            self._body.verticalScrollBar().setValue(0)
        if piece.secret:
            self._detail.addWidget(secrecy.kept_back(self, self.desk, case, piece))
        self.mark.set_blocked("" if piece.copy else f"{piece.kind}没有画面，不能标注")
        self._show_head(piece)
        self._show_fields(case, piece)
        self._detail.addWidget(Line())
        self._show_whole(piece, same=same)
        if not piece.secret:
            self._show_secrecy(piece)
        self._detail.addWidget(Line())
        self._show_links(case, piece)
        self._detail.addStretch(1)
        if piece.secret:
            return
        freeze = secrecy.freeze_button(self, self.desk, case, piece)
        if piece.withdrawn:
            self._detail.addWidget(Text(f"已撤下：{piece.withdrawn}。原件和记录都在。", "small", "warn", wrap=True))
            self._detail.addLayout(row(None, freeze))
        else:
            self._take_off = Button("撤下", "danger", act=self._withdraw, height=36)
            self._detail.addLayout(row(None, freeze, self._take_off, spacing=8))
            self.show_picked(len(self._chosen()))
        order_tabs(self)

    def show_picked(self, count: int) -> None:
        """How many pieces are selected: of several the same can be said at once, and several be withdrawn."""
        self.describe.set_text(f"改 {count} 份" if count > 1 else "改说明")
        self.compare.setVisible(count <= 2)
        if self._take_off is not None:
            self._take_off.set_text(f"撤下 {count} 份" if count > 1 else "撤下")

    def picture_came(self, number: str) -> None:
        if self._piece is not None and self._piece.number == number:
            self.picture.update()

    # -- what it states ---------------------------------------------------------------------------------------

    def _show_head(self, piece: Evidence) -> None:
        if piece.secret:
            state = secrecy.tag(piece)
        elif piece.missing:
            state = Tag(f"缺{len(piece.missing)}项", "warn", "warning-circle")
            state.setToolTip("、".join(piece.missing))
        else:
            state = Tag("各项齐全", "ok", "check-circle")
        title = Text(piece.proves or "没有写证明对象", "h2", "ink" if piece.proves else "warn", wrap=True)
        head = row(title, state, spacing=8)
        head.setStretch(0, 1)
        head.setAlignment(state, Qt.AlignmentFlag.AlignTop)
        self._detail.addLayout(head)
        if piece.secret:
            return
        if piece.kind in SPOKEN:
            self._detail.addWidget(needs(LOOK, Button("播放", "secondary", act=partial(self._play, piece))))
        else:
            self._detail.addLayout(
                row(*(self._view_button(piece, n, view) for n, view in enumerate(VIEWS, 1)), None, spacing=6)
            )

    def _view_button(self, piece: Evidence, digit: int, view: str) -> Button:
        chosen = "" if piece.view == view else view
        made = Button(
            view, "tab", checkable=True, height=32, act=partial(self._act, evidence.describe, {"view": chosen})
        )
        needs(WORK, made).setChecked(piece.view == view)
        made.setEnabled(not piece.withdrawn)
        made.setToolTip(f"按 {digit}。一个问题的照片组由方位、全貌、重点部位三张领头")
        return made

    def _show_fields(self, case: CaseFile, piece: Evidence) -> None:
        origin, worth = gallery.grade(self.desk.book, case, piece)
        size = (
            f"{piece.width}×{piece.height}，"
            if piece.width
            else f"{length(piece.duration)}，"
            if piece.duration
            else ""
        )
        spoken = [("文字说明", piece.transcript)] if piece.kind in SPOKEN else []
        for name, value in (
            ("编号", piece.number), ("制作方法", piece.method), ("制作时间", taken(piece)), ("制作地点", piece.place),
            ("制作人", f"{piece.maker}（{piece.maker_credential}）"), ("原始载体", piece.carrier), *spoken,
            ("在场人员", piece.present), ("来源", "，".join(text for text in (origin, worth) if text) or "早先版本存入，没有记来源"),
            ("原文件", f"{piece.original_name}，{size}{piece.size / 1e6:.1f} MB"),
        ):  # fmt: skip
            label = Text(name, "small", "ink3")
            label.setFixedWidth(look.px(64))
            line = row(label, Text(value or "没有填写", "small", "ink" if value else "warn", wrap=True), spacing=8)
            line.setStretch(1, 1)
            line.setAlignment(label, Qt.AlignmentFlag.AlignTop)
            self._detail.addLayout(line)

    # -- whether it is whole, and may be shown ----------------------------------------------------------------

    def _show_whole(self, piece: Evidence, *, same: bool) -> None:
        self._whole_sign, self._whole_said = Icon("fingerprint", "ink2", 20), Text("", "strong")
        digests = f"SHA-256 {piece.sha256[:12]}…　SM3 {piece.sm3[:8]}…"
        self._again = Button("核对", "link", act=partial(self._check, piece), height=32)
        self._again.setAccessibleName("核对原件")
        line = row(
            self._whole_sign,
            column(self._whole_said, Text(digests, "small", "ink2"), spacing=0),
            self._again,
            spacing=10,
        )
        line.setStretch(1, 1)
        self._detail.addLayout(line)
        self._say_whole(piece)
        if not same and piece.size <= LARGEST_CHECKED:
            self._check(piece)

    def _check(self, piece: Evidence) -> None:
        """Read the original anew. One at a time: who walks on by keys has the last one checked, not all that were passed."""
        if self._checking:
            return
        book, self._checking = self.desk.book, piece.sha256
        self._whole.setdefault(piece.sha256, "正在核对")
        self._say_whole(piece)

        def found(said: str) -> None:
            self._whole[piece.sha256], self._checking = said, ""
            now = self._piece
            if now is None or not isValid(self._whole_said):
                return  # the session ended, and with it this panel: what comes now is shown nowhere
            if now.sha256 == piece.sha256:
                self._say_whole(now)
            elif now.size <= LARGEST_CHECKED:
                self._check(now)

        self.desk.tasks.run(
            lambda: gallery.is_whole(book, piece), lambda whole: found(WHOLE if whole else CHANGED),
            lambda problem: found(AWAY), picture=True,
        )  # fmt: skip

    def _end(self) -> None:
        """The session ends, and nothing more is checked."""
        self._piece = None

    def _say_whole(self, piece: Evidence) -> None:
        said = self._whole.get(piece.sha256, "还没有核对原件")
        tone = {WHOLE: "ok", CHANGED: "bad", AWAY: "warn"}.get(said, "ink2")
        self._whole_said.setText(said.replace("原图", "原件") if piece.kind in SPOKEN else said)
        self._whole_said.set_tone(tone)
        self._whole_sign.show_icon("fingerprint", tone)
        self._again.setVisible(said not in (WHOLE, "正在核对"))

    def _show_secrecy(self, piece: Evidence) -> None:
        at = piece.secrecy_at
        by = f"{piece.secrecy_by}，{zh_date(at.date())} {zh_time(at)}" if at is not None else ""
        if piece.secrecy == CLEARED:
            said = column(
                Text("可以写入文书", "strong", "ok"),
                Text(f"没有涉密内容 · {by}", "small", "ink2", wrap=True),
                spacing=0,
            )
            sign = Icon("shield-check", "ok", 20)
        elif piece.secrecy == BLOCKED:
            why = Text(f"{piece.secrecy_reason} · {by}", "small", "ink2", wrap=True)
            said = column(Text("有涉密内容，不写入文书", "strong", "bad"), why, spacing=0)
            sign = Icon("shield-warning", "bad", 20)
        else:
            said = column(Text("待保密审查", "strong", "warn"), Text("看过画面再选。", "small", "ink2"), spacing=0)
            sign = Icon("shield-warning", "warn", 20)
        line = row(sign, said, spacing=10)
        line.setStretch(1, 1)
        line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
        self._detail.addLayout(line)
        if piece.withdrawn:
            return
        ways: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            (CLEARED, "没有涉密", "M", self.clear_secrecy), (BLOCKED, "有涉密", "", partial(self._ask_secrecy, BLOCKED)),
        )  # fmt: skip
        offered = [Button(words, "secondary", key=key, act=act, height=36)
                   for outcome, words, key, act in ways if outcome != piece.secrecy]  # fmt: skip
        self._detail.addLayout(row(*offered, None, spacing=6))

    def clear_secrecy(self) -> None:
        """M: by name; what was blocked before is cleared with a reason only."""
        if self._piece is not None and self._piece.secrecy == BLOCKED:
            self._ask_secrecy(CLEARED)
        elif self._piece is not None and self._piece.secrecy != CLEARED:
            self._act(gallery.check_secrecy, CLEARED)

    def _ask_secrecy(self, outcome: str) -> None:
        if self._case is not None and self._piece is not None:
            judge(self, self.desk, self._case, self._piece, outcome)

    # -- where it is used -------------------------------------------------------------------------------------

    def _show_links(self, case: CaseFile, piece: Evidence) -> None:
        links = gallery.links(case, piece)
        self._detail.addWidget(Text("用在哪里", "strong"))
        fact = case.item(links.item)
        ways: list[tuple[str, str, Place]] = []
        if fact is not None:
            ways.append(("I", f"检查项 {fact.code} {fact.text}", Place("item", fact.code)))
        ways += [("F", f"问题 {f.code} {f.fact}", Place("finding", f.id)) for f in links.findings]
        ways += [("W", f"《{paper.title}》{paper.number}", Place("paper", paper.kind)) for paper in links.papers]
        for key, words, place in ways:
            first = key not in self._ways
            go = partial(lead, self.desk, place, to_field=False)
            if first:
                self._ways[key] = go
            self._detail.addLayout(row(Way(words, key if first else "", go), None))
        if not ways:
            self._detail.addWidget(Text("没有关联检查项、问题和文书。", "small", "warn", wrap=True))

    def jump(self, key: str) -> None:
        """I, F, W: to the item, the first finding, the first paper."""
        if key in self._ways:
            self._ways[key]()
        else:
            what = {"I": "检查项", "F": "问题", "W": "文书"}[key]
            self.desk.told.emit(f"这份证据没有关联{what}。", "brand")

    # -- acting -----------------------------------------------------------------------------------------------

    def _act(self, function: Callable[..., Done[Any]], *args: Any) -> None:
        if self._case is not None and self._piece is not None:
            self.desk.act(function, self.desk.book, self._case.id, self._piece.number, *args)

    def _play(self, piece: Evidence) -> None:
        if self._case is not None:
            play(self, self.desk, self._case, piece)

    def _annotate(self) -> None:
        if self._case is not None and self._piece is not None:
            annotate(self, self.desk, self._case, self._piece)

    def _describe(self) -> None:
        if self._case is None or self._piece is None:
            return
        if len(chosen := self._chosen()) > 1:
            describe_alike(self, self.desk, self._case, chosen)
        else:
            describe(self, self.desk, self._case, self._piece)

    def _withdraw(self) -> None:
        if self._case is not None and self._piece is not None:
            chosen = self._chosen()
            withdraw(self, self.desk, self._case, chosen if len(chosen) > 1 else [self._piece.number])
