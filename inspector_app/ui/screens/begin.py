"""The small sheets by which a laptop begins: a unit, a block of numbers, an inspection, its approval and code.

Each writes one act of `actions/`; what the act refuses is said in the sheet, which stays open with what was typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLayout, QWidget

from ...actions import plan, planning, register
from ...actions.book import Done
from ...domain.calendar import parse_zh_date, zh_date, zh_time
from ...domain.casefile import CaseFile
from ...domain.clock import CHINA
from ...domain.inspection import Kind
from ...domain.people import Officer, Unit, UnitKind
from ...domain.planning import Clue
from ...domain.problems import Problem
from ...domain.roster import CREDITS, RISKS
from ..desk import Desk
from ..keeping import Keeper
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field, Note, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import column, row
from ..widgets.text import Text

Write = Callable[[], Done[Any]]


def ask(
    parent: QWidget, desk: Desk, place: str, name: str, parts: list[QWidget | QLayout], act: str, write: Write,
    held: Mapping[str, Field | Note], then: Callable[[Done[Any]], object] = lambda done: None,
) -> Sheet:  # fmt: skip
    """Open a sheet over `parent` that does one act. Half-typed texts of `held` are kept under `place`."""
    sheet = Sheet(name, *parts, act=act, parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    keeper = Keeper(desk, place, sheet)
    for key, field in held.items():
        keeper.hold(key, field.input if isinstance(field, Field) else field)
    written: list[Done[Any]] = []

    def check() -> str:
        try:
            written[:] = [write()]
        except Problem as problem:
            return str(problem)
        return ""

    def accepted() -> None:
        keeper.forget()
        then(written[0])  # first: another place clears the bar, in which the act may have something to tell
        desk.finished(written[0])

    sheet.check = check
    sheet.accepted.connect(accepted)
    sheet.open()
    first = next(iter(held.values()), None)
    if first is not None:
        (first.input if isinstance(first, Field) else first).setFocus()
    return sheet


def register_unit(parent: QWidget, desk: Desk, unit: Unit | None = None) -> None:
    """登记单位, or changing one: the credit code is checked by its own digit (GB 32100). Risk and credit weigh in the draw."""
    old = unit or Unit("", "", UnitKind.ORGAN, "")
    name, code = (
        Field("单位名称", old.name, hint="与登记证书一致"),
        Field("统一社会信用代码", old.credit_code, hint="18 位"),
    )
    kind = Pick("单位类型", [(k.value, k.label) for k in UnitKind])
    risk, credit = (Pick(label, [("", "没有评定"), *((each, each) for each in values)])
                    for label, values in (("风险", RISKS), ("信用", CREDITS)))  # fmt: skip
    for pick, value in ((kind, old.kind.value), (risk, old.risk), (credit, old.credit)):
        pick.show_value(value)
    address, head = Field("地址", old.address), Field("法定代表人或负责人", old.head)
    contact, phone = Field("联系人", old.contact), Field("电话", old.phone)

    def write() -> Done[Unit]:
        number = code.text().strip().upper()
        made = Unit(old.id or f"u-{number}", name.text().strip(), UnitKind(kind.value()), number, address.text().strip(),
                    head.text().strip(), contact.text().strip(), phone.text().strip(), risk.value(), credit.value())  # fmt: skip
        return register.register_unit(desk.book, made)

    held = {"name": name, "code": code, "address": address, "head": head, "contact": contact, "phone": phone}
    parts: list[QWidget | QLayout] = [
        name, row(code, kind, spacing=12), address, head, row(contact, phone, spacing=12), row(risk, credit, spacing=12),
    ]  # fmt: skip
    act = "存入修改" if unit else "登记单位"
    ask(parent, desk, f"sheet/unit/{old.id}" if unit else "sheet/unit", f"改登记：{old.name}" if unit else act, parts, act,
        write, held)  # fmt: skip


def lease_numbers(parent: QWidget, desk: Desk) -> None:
    """登记文号段: a block of one series that the bureau gave to this laptop, or blocks of all that it gives now."""
    from ...actions import sync
    from ...actions.papers import title

    policy, code = desk.book.rules.policy, desk.queries.register().bureau.code
    kinds = [(rule.series, f"{title(desk.book, kind)}（{policy.prefix(rule.series, code)}）")
             for kind, rule in policy.papers.items() if rule.series]  # fmt: skip
    series = Pick("哪一种文书", kinds)
    year = Field("年份", str(desk.book.clock.now().at.year))
    first, last = Field("首号", hint="1"), Field("末号", hint="20")

    def write() -> Done[str]:
        numbers = [number_in(field, what) for field, what in ((year, "年份"), (first, "首号"), (last, "末号"))]
        return register.lease_numbers(desk.book, series.value(), policy.prefix(series.value(), code), *numbers)

    linked = sync.link_of(desk.book.store) is not None
    said = Text("照局里给的号段登记。每个号只用一次，作废的也要记账。" + ("也可以向局里领，出发前领好。" if linked else ""),
                "small", "ink2", wrap=True)  # fmt: skip
    parts: list[QWidget | QLayout] = [said, series, row(year, first, last, spacing=12)]
    held = {"first": first, "last": last}
    sheet = ask(parent, desk, "sheet/lease", "登记文号段", parts, "登记文号段", write, held)
    if linked:
        sheet.add_way("向局里领", partial(take_numbers, desk))


def take_numbers(desk: Desk) -> None:
    """向局里领: document numbers of every kind of paper that this person issues and that runs low."""
    from ...actions import sync

    book, before = desk.book, desk.queries.all_leases()

    def told(_: sync.Handed) -> None:
        taken = sum(lease.last - lease.first + 1 for lease in desk.queries.all_leases() if lease not in before)
        desk.toasted.emit(f"领到 {taken} 个文号" if taken else "文号够用，没有再领", None)
        desk.changed.emit()

    desk.run("向局里领文号", lambda: sync.hand_over(book, numbers=True), told, network=True)


def number_in(field: Field, what: str) -> int:
    """The whole number in a field, of nine digits at most. Raises `Problem("field_needed")`."""
    text = field.text().strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem("field_needed", what=f"{what}（填数字）")
    return int(text)


class _Wish:
    """What is asked of a new inspection. On a clue the unit and the kind are given; what the notice says is filled in."""

    def __init__(self, desk: Desk, clue: Clue | None) -> None:
        self._units, self._officers, self._rules = desk.queries.units(), desk.queries.officers(), desk.book.rules
        self.unit = Pick("单位", [(u.id, u.name) for u in self._units if clue is None or u.id == clue.unit])
        self.kind = Pick("检查类型", [(k.value, k.label) for k in Kind if clue is None or k is Kind.CLUE_BASED])
        self.day = Field("日期", zh_date(desk.book.clock.now().at.date()))
        self.begin, self.end = Field("开始", "9:00"), Field("结束", "16:00")
        self.place = Field("地点", hint="不填就是单位地址")
        self.source = Field("任务来源", f"{zh_date(clue.day)}{clue.source}" if clue else "", hint="例如：年度检查计划")
        self.leader = Field("带队领导", hint="没有可以不填")
        self.team = {o.id: Button(o.name, "tick", checkable=True, height=32) for o in self._officers if o.credential}
        for button in self.team.values():
            button.setChecked(len(self.team) <= 2)
        self.texts = {key: Note(label, "一行一条", 3) for key, label in _TEXTS}
        for key, note in self.texts.items():
            note.load("\n".join(self._rules.plan["notice"][key]))

    def parts(self) -> list[QWidget | QLayout]:
        buttons = list(self.team.values())
        team = QGridLayout()
        team.setHorizontalSpacing(look.px(16))
        team.setVerticalSpacing(0)
        for n, button in enumerate(buttons):
            team.addWidget(button, n // 5, n % 5)
        return [
            row(self.unit, self.kind, spacing=12), row(self.day, self.begin, self.end, spacing=12), self.place,
            column(Text("检查人员（不少于两名持证人员）", "small", "ink3"), team, spacing=4),
            row(self.source, self.leader, spacing=12),
            *(column(Text(label, "small", "ink3"), self.texts[key], spacing=4) for key, label in _TEXTS),
        ]  # fmt: skip

    def held(self) -> dict[str, Field | Note]:
        """The fields whose half-typed text is kept."""
        return {
            "day": self.day, "begin": self.begin, "end": self.end, "place": self.place, "source": self.source,
            "leader": self.leader, **self.texts,
        }  # fmt: skip

    def filled(self) -> plan.Plan:
        """The plan as it was filled in. Raises `Problem`: `bad_date`, `bad_time`."""
        chosen = next(u for u in self._units if u.id == self.unit.value())
        kind, on = Kind(self.kind.value()), parse_zh_date(self.day.text())
        hours = [datetime.combine(on, hour_in(field), CHINA) for field in (self.begin, self.end)]
        return plan.Plan(
            id=f"{on:%Y%m%d}-{uuid.uuid4().hex[:8]}", unit=chosen, kind=kind,
            officers=[o for o in self._officers if o.id in self.team and self.team[o.id].isChecked()],
            leading_official=self._head(), planned_from=hours[0], planned_to=hours[1],
            place=self.place.text().strip() or chosen.address, checklist=self._rules.plan["checklist"][chosen.kind.value],
            source=self.source.text().strip() or kind.label, scope=_lines(self.texts["scope"]),
            methods=_lines(self.texts["methods"]), materials=_lines(self.texts["materials"]),
        )  # fmt: skip

    def _head(self) -> Officer | None:
        """The leading official: one of the register, or whoever was named."""
        name = self.leader.text().strip()
        known = next((o for o in self._officers if o.name == name), None)
        return known if known or not name else Officer(f"leader-{name}", name, leader=True)


_TEXTS = (("scope", "检查事项"), ("methods", "检查方式"), ("materials", "应备材料"))


def plan_inspection(parent: QWidget, desk: Desk, clue: Clue | None = None) -> None:
    """新建检查: unit, kind, day and hours, place, officers; on a clue, if one is given."""
    if not desk.queries.units():
        desk.told.emit("还没有登记单位。先在“单位”里登记，再新建检查。", "warn")
        return
    wish = _Wish(desk, clue)

    def write() -> Done[str]:
        made = wish.filled()
        return planning.open_on_clue(desk.book, clue.id, made) if clue else plan.plan_inspection(desk.book, made)

    def then(done: Done[Any]) -> None:
        desk.open("case", done.value)
        desk.open_stage(0)

    place, name = (f"clue/{clue.id}", f"按线索检查：{clue.source}") if clue else ("sheet/plan", "新建检查")
    ask(parent, desk, place, name, wish.parts(), "列入检查", write, wish.held(), then)


def _lines(note: Note) -> tuple[str, ...]:
    return tuple(line.strip() for line in note.toPlainText().splitlines() if line.strip())


def hour_in(field: Field) -> time:
    """The hour and minute in a field. Raises `Problem("bad_time")`."""
    hour, _, minute = field.text().strip().replace("：", ":").partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except (ValueError, OverflowError):
        raise Problem("bad_time", text=field.text()) from None


def approve(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """登记审批: who approved the inspection, and when (国办发〔2024〕54号)."""
    now = desk.book.clock.now().at
    by = Field("批准人", hint="本机关负责人")
    day, hour = Field("批准日期", zh_date(now.date())), Field("时间", zh_time(now))

    def write() -> Done[str]:
        known = next((o.id for o in desk.queries.officers() if o.name == by.text().strip()), "")
        at = datetime.combine(parse_zh_date(day.text()), hour_in(hour), CHINA)
        return plan.approve(desk.book, case.id, known, by.text().strip(), at)

    said = Text("照审批表登记。没有批准的检查，不能制作通知书。", "small", "ink2", wrap=True)
    parts: list[QWidget | QLayout] = [said, by, row(day, hour, spacing=12)]
    ask(parent, desk, f"{case.id}/approval", "登记审批", parts, "登记审批", write, {"by": by, "day": day, "hour": hour})


def enter_code(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """登记检查码: given by the city's system; enterprises are not inspected without one."""
    code = Field("检查码", hint="市统一综合执法系统给的编码")
    said = Text(f"涉企检查要有检查码（{desk.book.rules.procedure.hooks['coded']}）。", "small", "ink2", wrap=True)

    def choose() -> None:
        dialog = QFileDialog(parent, "选检查码的图片", "", "图片 (*.jpg *.jpeg *.png *.heic)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: read_code(desk, Path(path), code))
        dialog.open()

    picture = Button("从图片读取", "soft", "image", act=choose, height=36)
    ask(parent, desk, f"{case.id}/code", "登记检查码", [said, code, row(picture, None)], "登记检查码",
        lambda: plan.receive_code(desk.book, case.id, code.text()), {"code": code})  # fmt: skip


def read_code(desk: Desk, picture: Path, into: Field) -> None:
    """Read the inspection code from a picture into the field, on the worker."""
    desk.run("读检查码", lambda: plan.code_on(picture), into.input.setText)
