"""At the top of 归档: what is open before the closing, the closing itself, disputes, and the file that is called up."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from ...actions import closing
from ...actions.book import Done
from ...actions.filecheck import Place
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.casefile import CaseFile
from ...domain.closing import open_matters
from ...domain.followup import DISPUTES, CallUp, Dispute
from ...domain.inspection import Stage as Phase
from ..desk import Desk
from ..leading import lead
from ..offers import CALL_UP, CLOSE, DISPUTE, SEND, SETTLE, needs
from ..widgets.buttons import Button
from ..widgets.fields import Field, Note, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import Card, Tag, clear, column, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .archiving_sheet import archive, lies
from .begin import ask


class ClosingCard(Card):
    """One line that says how far the case is from its closing; `matters` holds what came to it beside, a card each."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(padding=12, spacing=6)
        self._owner, self._desk = parent, desk
        self.matters = column(spacing=8)

    def show_case(self, case: CaseFile) -> None:
        clear(self.body)
        clear(self.matters)
        served = list(Phase).index(Phase(case.stage)) >= list(Phase).index(Phase.SERVED)
        self.setVisible(served or bool(case.followup.disputes or case.followup.call_ups))
        done = case.followup.closing
        left = [*open_matters(case)] if served and done is None else []
        if done is not None:
            words, tag = (
                f"{done.reason}，{done.approved_by}批准",
                Tag(f"{zh_date(done.at.date())}结案", "ok", "check-circle"),
            )
            if done.beside:
                words = f"别的电脑不知道已经结案，另写了 {done.beside} 条，没有进结案的案卷；核对后另行处理"
                tag.show_state(f"{zh_date(done.at.date())}结案", "warn", "warning-circle")
            if case.archived is not None and not done.beside:
                tag.show_state(f"{zh_date(case.archived.day)}归档", "ok", "files")
        elif served:
            words = left[0][0] if left else "没有没办完的事"
            tag = Tag(f"结案还差 {len(left)} 项" if left else "可以核对结案", "warn" if left else "brand")
        else:
            words, tag = "", Tag("没有结案", "na")
        acts = [
            needs(
                DISPUTE,
                Button(
                    "投诉、复议、诉讼", "ghost", act=partial(enter_dispute, self._owner, self._desk, case), height=36
                ),
            ),
            needs(CALL_UP, Button("调卷", "ghost", act=partial(call_up, self._owner, self._desk, case), height=36)),
        ]
        if served and done is None:
            acts.append(
                needs(
                    CLOSE,
                    Button(
                        "结案核对", "soft", "list-checks", act=partial(look, self._owner, self._desk, case), height=36
                    ),
                )
            )
        if done is not None and case.archived is None:
            acts.append(
                needs(
                    CLOSE,
                    Button("登记归档", "soft", "files", act=partial(archive, self._owner, self._desk, case), height=36),
                )
            )
        said = Text(words, "small", "ink2")
        head = row(tag, said, *acts, spacing=8)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        for line in lies(case.archived) if case.archived else ():
            self.body.addWidget(line)
        for dispute in case.followup.disputes:
            self.matters.addWidget(self._dispute(case, dispute))
        for call in case.followup.call_ups:
            self.matters.addWidget(self._call(case, call))

    def _dispute(self, case: CaseFile, held: Dispute) -> Card:
        state = Tag("已办结", "ok") if held.settled else Tag("没有办结", "warn")
        card = Card(row(Text(held.kind, "strong"), None, state),
                    Text(f"{zh_date(held.day)}　{held.by}　{held.number}", "small", "ink2", wrap=True),
                    Text(held.about, "small", "ink2", wrap=True), padding=12, spacing=4)  # fmt: skip
        if held.settled:
            card.body.addWidget(Text(f"{zh_date(held.settled)}　{held.outcome}", "small", "ink", wrap=True))
        else:
            settle = partial(settle_dispute, self._owner, self._desk, case, held)
            card.body.addLayout(row(None, needs(SETTLE, Button("登记结果", "soft", act=settle, height=32))))
        return card

    def _call(self, case: CaseFile, call: CallUp) -> Card:
        due = f"{zh_date(call.due)}前送出" if call.due else "送出期限待核"
        state = Tag("已退回", "ok") if call.returned else Tag("在外", "brand") if call.sent else Tag("待送出", "warn")
        card = Card(row(Text("调卷", "strong"), None, state),
                    Text(f"{zh_date(call.received)}　{call.office}　{call.number}", "small", "ink2", wrap=True),
                    Text(f"{zh_date(call.sent)}送出 {call.name}" if call.sent else due, "small", "ink2", wrap=True),
                    padding=12, spacing=4)  # fmt: skip
        if call.returned is None:
            word, act = ("登记退回", back) if call.sent else ("送出案卷", send)
            done = needs(SEND, Button(word, "soft", act=partial(act, self._owner, self._desk, case, call), height=32))
            card.body.addLayout(row(None, done))
        return card


def look(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """结案核对: every file is read on the worker, then what is open is listed, or the closing is asked for."""
    book = desk.book
    desk.run("核对案卷", lambda: closing.look(book, case.id), partial(_looked, parent, desk, case))


def _looked(parent: QWidget, desk: Desk, case: CaseFile, found: closing.Look) -> None:
    if found.free:
        close(parent, desk, case)
        return
    parts: list[QWidget | QLayout | int | None] = []
    sheet: list[Sheet] = []
    for what, way in found.open:
        parts.append(column(Text(what, "strong"), Text(way, "small", "ink2", wrap=True), spacing=2))

    def go(place: Place) -> None:
        sheet[0].reject()
        lead(desk, place)

    for remark in found.blocks:
        there = Button("看位置", "link", act=partial(go, remark.hit.place), height=32)
        line = row(column(Text(remark.message, "strong", wrap=True), Text(remark.check.way, "small", "ink2", wrap=True), spacing=2),
                   there)  # fmt: skip
        line.setStretch(0, 1)
        parts.append(line)
    sheet.append(Sheet(f"结案还差 {len(parts)} 项", *parts, act="知道了", parent=parent))
    sheet[0].back.hide()
    sheet[0].setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet[0].open()


def close(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """结案, on the approval of the head."""
    report = case.sheet("closing_report")
    reason = Field("结案理由", report.fields.get("closing_reason", "") if report else "")
    by = Field("批准结案的负责人", case.leading_official.name if case.leading_official else "")
    said = Text(
        "案卷评查没有必须改的，文件都核对过。结案以后只能看，不能改；卷宗封面、目录、备考表和公示仍可以办。", wrap=True
    )
    sheet = Sheet("结案", said, reason, by, act="结案", parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.check = lambda: "" if reason.text().strip() and by.text().strip() else "写明结案理由和批准的负责人。"

    def accepted() -> None:  # every file is read once more, so that it is closed as it was found
        book, why, who = desk.book, reason.text(), by.text()
        desk.run("结案", lambda: closing.close(book, case.id, why, who), desk.finished)

    sheet.accepted.connect(accepted)
    sheet.open()
    reason.input.setFocus()


def enter_dispute(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """登记投诉、行政复议、行政诉讼."""
    kind = Pick("哪一种", [(each, each) for each in DISPUTES])
    day, by = Field("收到日期", zh_date(desk.book.clock.now().at.date())), Field("谁提出的", case.unit.name)
    number, due = Field("文号、案号", hint="没有的不填"), Field("答复、答辩的期限", hint="没有写明的不填")
    about = Note("要求和理由", "不服什么，要求什么", 3)

    def write() -> Done[str]:
        term = parse_zh_date(due.text()) if due.text().strip() else None
        return closing.enter_dispute(desk.book, case.id, kind.value(), parse_zh_date(day.text()), by.text(), about.toPlainText(),
                                     number.text(), term)  # fmt: skip

    ask(parent, desk, f"{case.id}/dispute", "登记投诉、复议、诉讼",
        [row(kind, day, spacing=12), by, row(number, due, spacing=12), column(Text("要求和理由", "small", "ink3"), about, spacing=4)],
        "登记", write, {"about": about, "number": number, "due": due})  # fmt: skip


def settle_dispute(parent: QWidget, desk: Desk, case: CaseFile, held: Dispute) -> None:
    """登记结果 of a dispute."""
    day, outcome = (
        Field("办结日期", zh_date(desk.book.clock.now().at.date())),
        Field("结果", hint="例如：维持；撤销；撤回申请；驳回"),
    )
    ask(parent, desk, f"{case.id}/{held.id}", f"登记{held.kind}的结果", [day, outcome], "登记结果",
        lambda: closing.settle_dispute(desk.book, case.id, held.id, parse_zh_date(day.text()), outcome.text()),
        {"outcome": outcome})  # fmt: skip


def call_up(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """登记调卷 (行政执法监督)."""
    office, number = Field("调卷的机关", hint="例如：区司法局"), Field("调卷通知的文号")
    day = Field("收到日期", zh_date(desk.book.clock.now().at.date()))
    term = desk.book.rules.policy.deadline("supervision_handover")
    said = Text(f"收到后 {term.value} 个工作日内送出（{term.source}）。", "small", "ink2", wrap=True)
    ask(parent, desk, f"{case.id}/call", "登记调卷", [office, row(number, day, spacing=12), said], "登记调卷",
        lambda: closing.call_up(desk.book, case.id, office.text(), number.text(), parse_zh_date(day.text())),
        {"office": office, "number": number})  # fmt: skip


def send(parent: QWidget, desk: Desk, case: CaseFile, call: CallUp) -> None:
    """送出案卷: one package, checked before it is entered that it left."""
    book = desk.book

    def write(target: Path) -> None:
        def then(done: Done[Path] | None) -> None:
            if done is None:
                desk.changed.emit()
                desk.toasted.emit("已停下，没有留下文件", None)
                return
            desk.finished(done)
            desk.toasted.emit(f"案卷已写好并核验：{done.value.name}。交给{call.office}", None)

        desk.run("写出案卷", lambda: closing.send_file(book, case.id, call.id, target, lambda n, m: desk.step("写出案卷", n, m)), then,
                 can_stop=True)  # fmt: skip

    said = "一个文件里有全部记录、照片原件和文书，写完后照收件方的办法核验一遍。纸质案卷另行清点移交。"
    ask_target(parent, "送出案卷", said, f"{case.unit.name}-案卷.zip", "写出并核验", write)


def back(parent: QWidget, desk: Desk, case: CaseFile, call: CallUp) -> None:
    """登记退回."""
    day = Field("退回日期", zh_date(desk.book.clock.now().at.date()))
    ask(parent, desk, f"{case.id}/{call.id}/back", f"{call.office}退回案卷", [day], "登记退回",
        lambda: closing.file_back(desk.book, case.id, call.id, parse_zh_date(day.text())), {"day": day})  # fmt: skip
