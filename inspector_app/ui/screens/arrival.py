"""Stage 到场: five steps in order, each a card; done ones fold to a line with their time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QLayout, QLineEdit, QWidget

from ...actions import arrival, trial_files
from ...actions.book import Done
from ...actions.filecheck import Place
from ...actions.procedure import obstacle
from ...domain.calendar import zh_at, zh_time
from ...domain.casefile import CaseFile
from ...domain.problems import Problem
from ...domain.visit import Attendee, Recusal
from ..capture.equipment import panel
from ..desk import Desk
from ..keeping import Keeper
from ..offers import LOOK, WORK, needs
from ..widgets.buttons import Button
from ..widgets.confirm import ask_second_person
from ..widgets.fields import Choice, Field, Note, Pick
from ..widgets.panels import Body, Card, Icon, Line, Side, Tag, clear, column, row
from ..widgets.steps import StepMark
from ..widgets.text import Text
from .base import Stage
from .begin import ask
from .guests import GuestRow, guests_said, note, put_right

_LATER = {
    "到场": "写到房间", "亮证": "两名执法人员出示证件，第二名输入口令", "告知权利义务和全过程记录": "念给单位听，登记答复",
    "确认在场人员": "姓名、职务、电话", "联合检查人员": "各部门谁来了，出示证件没有", "普法宣讲": "讲了什么，讲给谁",
}  # fmt: skip
"""What a step will ask for."""
_STEP_OF = {
    "credentials": "亮证", "rights": "告知权利义务和全过程记录", "recording": "告知权利义务和全过程记录", "attendees": "确认在场人员",
    "law": "普法宣讲", "guests": "联合检查人员",
}  # fmt: skip
"""The step in which each field of the visit is told."""


class ArrivalStage(Stage):
    """到场, 亮证, 告知, 确认在场人员, 普法宣讲. Leaving it unfinished is allowed; the rail keeps what is missing."""

    TITLE = "到场"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._steps = column(spacing=12)
        self._side = column(spacing=12)
        side = Side("left", 260, 340)
        side.setLayout(column(Body(self._side, margins=(16, 14, 16, 14)), spacing=0))
        body = Body(self._steps, name="到场的步骤")
        self.begin_at(body)
        layout = row(body, side, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._words = desk.book.rules.procedure.wordings
        self._case: CaseFile | None = None
        self._main: Button | None = None
        self._wish: QLineEdit | None = None
        self._cards: dict[str, QWidget] = {}  # of the steps, by their names
        self._recusals: dict[str, QWidget] = {}  # by the id of the request
        self._large = False
        self._keeper = Keeper(desk, "", self)

    def show_case(self, case: CaseFile) -> None:
        self._keeper.save()
        self._keeper.deleteLater()
        self._keeper = Keeper(self.desk, f"{case.id}/arrival", self)
        self._case = case
        self._main = None
        clear(self._steps)
        self._cards = {}
        visit = case.visit
        told = visit.rights_told if visit.recording_told else None
        steps = (
            ("到场", visit.arrived, self._arrive, f"{visit.place}"),
            ("亮证", visit.credentials_shown and visit.credentials_shown.at, self._credentials,
             "、".join(o.name for o in case.able)),
            ("告知权利义务和全过程记录", told and told.at, self._rights, told.reply if told else ""),
            ("确认在场人员", visit.attendees_at, self._people, "、".join(a.name for a in visit.attendees)),
            *([("联合检查人员", visit.guests_at, self._guests, guests_said(case))] if case.guests else []),
            ("普法宣讲", visit.law_explained and visit.law_explained.at, self._law, visit.law_topics),
        )  # fmt: skip
        current = next((i for i, step in enumerate(steps) if not step[1]), len(steps))
        for index, (name, at, build, said) in enumerate(steps):
            if at:
                line = row(StepMark("done"), Text(name, "strong"), Text(said, "small", "ink2"), None, *self._again(case, name),
                           Text(zh_time(at), "small", "ink3"), spacing=10)  # fmt: skip
                self._cards[name] = Card(line, padding=14)
            elif index == current:
                card = Card(
                    row(StepMark("now"), Text(name, "h2"), None, spacing=10), build(case), padding=14, spacing=12
                )
                card.current = True
                self._cards[name] = card
            else:
                later = row(
                    StepMark("later"), Text(name, "body", "ink2"), Text(_LATER[name], "small", "ink3"), None, spacing=10
                )
                self._cards[name] = Card(later, padding=14)
            self._steps.addWidget(self._cards[name])
        if current == len(steps):
            self._main = needs(LOOK, Button("到检查表", "primary", "arrow-right", act=lambda: self.desk.open_stage(2), height=48,
                                            trailing=True))  # fmt: skip
            self._steps.addLayout(row(None, self._main))
        self._steps.addStretch(1)
        self._show_side(case)
        if self._main is not None:
            self._main.setFocus()

    def seek(self, place: Place) -> QWidget | None:
        """The card of the step, or where a request for recusal is entered and stands."""
        if place.field == "recusal":
            return self._recusals.get(place.key) or self._wish or next(iter(self._recusals.values()), None)
        return self._cards.get(_STEP_OF.get(place.field, "到场"))

    def primary(self) -> None:
        if self._main is not None:
            self.press(self._main)
        else:
            self.desk.told.emit("念完告知内容，选单位的答复。", "brand")

    # -- the five steps ---------------------------------------------------------------------------------------

    def _arrive(self, case: CaseFile) -> QWidget:
        place = self._held("place", Field("检查地点（写到房间）", case.place))
        bar = obstacle(self.desk.book, case, "visit_begun")
        urgent = self._held("urgent", Field("紧急事由（来不及审批、通知的写明，事后补办审批）"))

        def begin() -> None:
            if (
                self._do(("place", "urgent"), arrival.begin_visit, case.id, place.text(), urgent.text() if bar else "")
                and self.desk.trial
            ):
                trial_files.photograph_from(self.desk.laptop, self.desk.book.clock)

        self._main = Button("已经到场，开始检查", "primary", height=48, act=begin)
        waits: list[QWidget | QLayout] = [Text(bar, "small", "warn", wrap=True), urgent] if bar else []
        return _form(place, *waits, row(self._main, None))

    def _credentials(self, case: CaseFile) -> QWidget:
        lines = [
            row(Icon("identification-card", "brand", 20), Text(o.name, "strong"), Text(o.title, "small", "ink2"),
                Text(f"证号 {o.credential_number}", "small", "ink2"), None)
            for o in case.able
        ]  # fmt: skip
        say = Text("两名执法人员当面出示行政执法证件，由第二名人员输入本人口令确认。", "read", wrap=True)
        self._main = Button("已出示，第二人确认", "primary", height=48, act=lambda: self._confirm(case))
        return _form(say, *lines, row(self._main, None))

    def _confirm(self, case: CaseFile) -> None:
        others = [(o.id, o.name) for o in case.able if o.id != self.desk.book.person.id]

        def then(witness: str) -> None:
            ids = [o.id for o in case.able]
            self.desk.act(arrival.show_credentials, self.desk.book, case.id, ids, witness)

        ask_second_person(self, self.desk, "确认已出示证件", others, then)

    def _rights(self, case: CaseFile) -> QWidget:
        recording = self._words["recording"].text
        rights = self._words["rights"].text.format(bureau=case.bureau.name)
        reply = Choice("单位的答复", arrival.REPLIES)
        reply.chosen.connect(lambda value: self._told(case, value))
        self._main = None
        role = "read_large" if self._large else "read"
        size = Button("小字" if self._large else "大字", "link", "text-aa", act=self._enlarge, height=32)
        words = Card(row(Icon("presentation", "brand", 18), Text("照着念", "strong", "brand"), None, size),
                     Text(recording, role, wrap=True), Text(rights, role, wrap=True), tone="brand", spacing=12)  # fmt: skip
        return _form(words, reply)

    def _enlarge(self) -> None:
        """The words that are read aloud, for who stands before the laptop."""
        self._large = not self._large
        if self._case is not None:
            self.show_case(self._case)

    def _told(self, case: CaseFile, reply: str) -> None:
        book = self.desk.book
        if case.visit.recording_told is None:
            self.desk.act(arrival.tell_recording, book, case.id, self._words["recording"].version)
        done = self.desk.act(arrival.tell_rights, book, case.id, self._words["rights"].version, reply)
        if done is not None and reply == "申请回避" and self._wish is not None:
            self._wish.setFocus()
            self.desk.told.emit("单位申请回避：在右边选人员，写明理由并登记；决定作出前继续检查。", "warn")

    def _people(self, case: CaseFile) -> QWidget:
        name = self._held("name", Field("姓名", case.unit.contact))
        title, phone = self._held("title", Field("职务")), self._held("phone", Field("电话", case.unit.phone))
        official = case.leading_official.name if case.leading_official else ""
        leader = self._held("leader", Field("带队领导（到场的写明）", official))

        def confirm() -> None:
            attendee = Attendee(name.text().strip(), title.text().strip(), phone.text().strip())
            official = leader.text().strip()
            held = ("name", "title", "phone", "leader")
            if self._do(held, arrival.confirm_attendees, case.id, [attendee]) and official:
                self.desk.act(arrival.leader_present, self.desk.book, case.id, official)

        self._main = Button("确认在场人员", "primary", act=confirm, height=48)
        hint = Text("可以是任何被授权的人，不必是法定代表人。", "small", "ink3")
        return _form(row(name, title, phone, spacing=12), hint, leader, row(self._main, None))

    def _guests(self, case: CaseFile) -> QWidget:
        def held(of: int, name: str, field: Field) -> Field:
            names.append(f"guest{of}/{name}")
            return self._held(names[-1], field)

        names: list[str] = []
        rows = [GuestRow(guest, partial(held, n)) for n, guest in enumerate(case.guests)]
        self._main = Button(
            "登记联合检查人员", "primary", act=lambda: self._do(names, partial(note, rows), case.id), height=48
        )
        hint = Text("来了的照证件写；没有来的写明原因。来了的在笔录上签字。", "small", "ink3", wrap=True)
        return _form(*rows, hint, row(self._main, None))

    def _again(self, case: CaseFile, step: str) -> list[QWidget]:
        """The way to put right who came, until the record says it."""
        if step != "联合检查人员" or case.visit.ended or ((made := case.paper("onsite_record")) and not made.draft):
            return []
        return [needs(WORK, Button("改正", "link", act=partial(put_right, self, self.desk, case), height=28))]

    def _law(self, case: CaseFile) -> QWidget:
        topics = self._held("topics", Field("讲了什么", self._words["law_topics"].text))
        whom = self._held("whom", Field("讲给谁", "、".join(a.name for a in case.visit.attendees)))

        def done() -> None:
            self._do(("topics", "whom"), arrival.explain_law, case.id, topics.text(), whom.text())

        self._main = Button("已当面宣讲", "primary", act=done, height=48)
        return _form(Text("谁执法谁普法：把本次检查涉及的规定当面讲给单位听。", "body", "ink2", wrap=True), topics, whom,
                     row(self._main, None))  # fmt: skip

    # -- recusal ----------------------------------------------------------------------------------------------

    def _show_side(self, case: CaseFile) -> None:
        clear(self._side)
        self._wish, self._recusals = None, {}
        self._side.addWidget(Text("回避", "h2"))
        if not case.visit.recusals:
            self._side.addWidget(Text(self._words["recusal"].text, "small", "ink2", wrap=True))
        for recusal in case.visit.recusals:
            self._recusals[recusal.id] = self._recusal(case, recusal)
            self._side.addWidget(self._recusals[recusal.id])
        if case.visit.arrived and not case.visit.ended:
            who = Pick("申请谁回避", [(o.id, o.name) for o in case.able])
            wish = self._wish = QLineEdit()
            wish.setAccessibleName("申请回避的理由")
            wish.setPlaceholderText("按单位的原话写理由")
            self._keeper.hold("recusal", wish)
            add = Button("登记回避申请", "secondary", act=lambda: self._request(case, who.value()), height=36)
            self._side.addWidget(who)
            self._side.addWidget(wish)
            self._side.addLayout(row(add, None))
        self._show_refused(case)
        self._side.addWidget(Line())
        self._side.addWidget(panel(self.desk, case))
        self._side.addStretch(1)

    def _show_refused(self, case: CaseFile) -> None:
        """What was said when the unit did not let the team in, and the way to note it."""
        visit = case.visit
        if visit.refused or (visit.arrived and not visit.ended):
            self._side.addWidget(Line())
            heading = Text("拒绝检查", "h2")
            self._side.addWidget(heading if visit.refused else needs(WORK, heading))
        for each in visit.refused:
            tag = Tag("离开，改日再来", "bad", "prohibit") if each.left else Tag("后来配合了", "ok", "check-circle")
            said = f"{each.by} {zh_at(each.at)}登记" + (f"，{each.seen_by}在场见证" if each.seen_by else "")
            self._side.addWidget(Card(Text(f"{each.who}：{each.reason}", wrap=True), row(tag, None), Text(each.explained, "small", wrap=True),
                                      Text(said, "small", "ink3", wrap=True), padding=12, spacing=4))  # fmt: skip
        if visit.arrived and not visit.ended:
            act = partial(note_refusal, self, self.desk, case, self._words["refused"].text)
            self._side.addLayout(row(Button("单位拒绝检查", "secondary", act=act, height=36), None))

    def _request(self, case: CaseFile, officer: str) -> None:
        assert self._wish is not None
        text = self._wish.text()
        if self._wish.text().strip():
            self._wish.clear()
        if self.desk.act(arrival.request_recusal, self.desk.book, case.id, officer, text) is None:
            self._wish.setText(text)

    def _do(self, held: Sequence[str], act: Callable[..., Done[str]], stream: str, *args: object) -> bool:
        """Do an act; what its fields had kept is half-typed no more."""
        done = self.desk.act(act, self.desk.book, stream, *args)
        for name in held if done is not None else ():
            self.desk.keep(f"{stream}/arrival/{name}", "")
        return done is not None

    def _held(self, name: str, field: Field) -> Field:
        """A field whose half-typed text outlives the next act, which builds the stage anew."""
        self._keeper.hold(name, field.input)
        return field

    def _recusal(self, case: CaseFile, asked: Recusal) -> Card:
        if asked.decision:
            said = Text(f"{asked.decision}（{asked.decided_by}）", "small", "ink2", wrap=True)
            parts: list[QWidget | QLayout] = [row(Tag("已决定", "ok", "check-circle"), None), said]
            if asked.granted and asked.officer in {officer.id for officer in case.officers}:
                act = partial(replace_officer, self, self.desk, case, asked.officer)
                parts.append(row(Button("更换检查人员", "secondary", act=act, height=36), None))
            return Card(Text(asked.text, "body", wrap=True), *parts, padding=12)
        outcome = Pick("决定", [(each, each) for each in arrival.DECISIONS])
        names = (f"{asked.id}/reason", f"{asked.id}/by")
        reason, person = self._held(names[0], Field("理由", hint="驳回的写明")), self._held(names[1], Field("决定人"))

        def decide() -> None:
            self._do(names, arrival.decide_recusal, case.id, asked.id, outcome.value(), person.text(), reason.text())

        return Card(Text(asked.text, "body", wrap=True), Tag("待决定", "warn", "clock"), outcome, reason, person,
                    row(Button("登记决定", "secondary", act=decide, height=36), None), padding=12)  # fmt: skip


def replace_officer(parent: QWidget, desk: Desk, case: CaseFile, left: str) -> None:
    """更换检查人员: somebody else of the register takes the place of one who has to withdraw."""
    others = arrival.replacements(desk.book, case)
    name = next(officer.name for officer in case.officers if officer.id == left)
    if not others:
        desk.told.emit("没有别的持有效证件的执法人员。先在本机人员里加入，再更换。", "warn")
        return
    who = Pick("接替的人员", [(o.id, f"{o.name}（{o.credential_number}）") for o in others])
    said = Text("接替的人员当面出示证件，在笔录上签字。", "small", "ink2", wrap=True)
    ask(parent, desk, f"{case.id}/replace", f"更换{name}", [said, who], "更换检查人员",
        lambda: arrival.replace_officer(desk.book, case.id, left, who.value()), {})  # fmt: skip


def note_refusal(parent: QWidget, desk: Desk, case: CaseFile, words: str) -> None:
    """单位拒绝检查: who said what, what was explained, and whether the unit gave way."""
    who, seen_by = Field("谁拒绝", hint="姓名和职务"), Field("在场见证的人", hint="没有的不填")
    reason, explained = Field("拒绝的理由", hint="按原话写"), Note("怎样说明的", "说了什么", 3)
    explained.load(words)
    end = Choice("后来", (_GAVE_WAY, _LEFT))

    def write() -> Done[str]:
        if not end.value():
            raise Problem("field_needed", what="后来怎样")
        return arrival.refuse_entry(desk.book, case.id, who.text(), reason.text(), explained.toPlainText(),
                                    left=end.value() == _LEFT, seen_by=seen_by.text())  # fmt: skip

    said = Text("过程尽量录音录像。离开以后可以改日再来，从亮证做起；不再来的取消检查，写明原因，也可以登记线索，按线索检查。",
                "small", "ink2", wrap=True)  # fmt: skip
    ask(parent, desk, f"{case.id}/refused", "单位拒绝检查",
        [row(who, seen_by, spacing=12), reason, column(Text("怎样说明的", "small", "ink3"), explained, spacing=4), end, said], "登记",
        write, {"who": who, "seen_by": seen_by, "reason": reason})  # fmt: skip


_GAVE_WAY, _LEFT = "配合了，继续检查", "仍然拒绝，离开"


def _form(*parts: QWidget | QLayout) -> QWidget:
    made = needs(WORK, QWidget())
    made.setLayout(column(*parts, spacing=12))
    return made
