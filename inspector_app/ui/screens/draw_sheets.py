"""The sheets of a draw: sealing, the draw itself in public, signatures, publication, inspections, drawing again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from ...actions import draw
from ...actions.book import Done
from ...domain.calendar import parse_zh_date, zh_date, zh_time
from ...domain.draw import Replay
from ...domain.people import UnitKind
from ...domain.planning import SIGNERS, Draw
from ...domain.pools import Wish
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.notices import Sheet
from ..widgets.pad import Pad
from ..widgets.panels import Card, column, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .begin import ask, hour_in, number_in

MONTH = timedelta(days=30)


def spaced(digest: str) -> str:
    """A digest in groups of eight, so that it can be read aloud and compared."""
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))


def seal(parent: QWidget, desk: Desk, then: Callable[[str], object]) -> None:
    """封存名录库: how many of which kinds, for which days, under which plan."""
    planning, today = desk.queries.planning(), desk.book.clock.now().at.date()
    first = today + timedelta(days=14)
    nth = 1 + sum(each.sealed_at.year == today.year for each in planning.draws)
    title = Field("抽取名称", f"第{nth}次抽取，{first.year}年{first.month}月检查")
    count = Field("抽几家", "5")
    begin, end = Field("检查从", zh_date(first)), Field("到", zh_date(first + MONTH))
    kinds = {kind: Button(kind.label, "tick", checkable=True, height=32) for kind in UnitKind}
    for kind, button in kinds.items():
        button.setChecked(kind is not UnitKind.ARCHIVES)
    plans = [plan.title for plan in planning.plans if plan.approved]
    plan = Pick("按哪一个计划", [*((each, each) for each in plans), ("", "不按计划")])
    buttons = list(kinds.values())
    chosen = column(
        Text("对象类型", "small", "ink3"),
        row(*buttons[:3], None, spacing=16),
        row(*buttons[3:], None, spacing=16),
        spacing=4,
    )
    said = Text("封存以后名录库、规则不能再改。先公布校验值，再由监督人报数。", "small", "ink2", wrap=True)

    def write() -> Done[str]:
        wanted = frozenset(kind.value for kind, button in kinds.items() if button.isChecked())
        wish = Wish(
            title.text(), number_in(count, "抽几家"), wanted, parse_zh_date(begin.text()), parse_zh_date(end.text())
        )
        return draw.seal(desk.book, wish, plan.value())

    parts: list[QWidget | QLayout] = [said, title, row(count, begin, end, spacing=12), plan, chosen]
    held = {"title": title, "count": count}
    ask(parent, desk, "sheet/draw", "封存名录库", parts, "封存名录库", write, held, lambda done: then(done.value))


def make(parent: QWidget, desk: Desk, held: Draw, then: Callable[[], object]) -> None:
    """抽取: the digest is told first, then the witness says eight digits of which nobody knew."""
    witness, word = Field("监督人", hint="不参加抽取的人"), Field("监督人当场报的 8 位数", hint="例如：40718253")
    where = Field("校验值公布在哪里", "当场宣读，抄给监督人")
    place = Field("抽取地点", desk.queries.register().bureau.address)
    said = Card(
        Text("先公布这个校验值", "small", "ink3"), Text(spaced(held.digest), "read", "brand", wrap=True), padding=14
    )
    rule = Text("抽取只有一次。同一份名录库、同一个数，任何人重算都得到同样的结果。", "small", "ink2", wrap=True)

    def write() -> Done[Any]:
        public = draw.Public(word.text(), witness.text(), where.text(), place.text())
        return draw.make(desk.book, held.id, public)

    parts: list[QWidget | QLayout] = [said, where, row(witness, word, spacing=12), place, rule]
    ask(parent, desk, f"draw/{held.id}/make", "抽取", parts, "抽取", write, {"witness": witness, "word": word},
        lambda done: then())  # fmt: skip


def sign(parent: QWidget, desk: Desk, held: Draw) -> None:
    """登记签名: on the printed certificate, or on the pad where policy has switched that on."""
    signed = {each.role for each in held.signed}
    role = Pick(
        "谁签名", [(each, each) for each in sorted(SIGNERS, key=lambda each: (each in signed, SIGNERS.index(each)))]
    )
    known = {"主持人": desk.book.person.name, "监督人": held.made[0].witness}
    name = Field("姓名", known.get(role.value(), ""))
    role.input.activated.connect(lambda _: name.input.setText(known.get(role.value(), "")))
    pad = Pad("签名的地方") if desk.book.rules.policy.electronic else None
    if pad is not None:
        pad.setMinimumHeight(look.px(200))
    said = Text("打印抽取证明，在纸上签名以后登记。" if pad is None else "在下面签名。", "small", "ink2", wrap=True)

    def write() -> Done[str]:
        drawing = pad.drawing if pad is not None and not pad.is_empty else None
        return draw.sign(desk.book, held.id, role.value(), name.text(), drawing)

    parts: list[QWidget | QLayout] = [said, row(role, name, spacing=12), *([pad] if pad is not None else [])]
    ask(parent, desk, f"draw/{held.id}/sign", "登记签名", parts, "登记签名", write, {"name": name})


def announce(parent: QWidget, desk: Desk, held: Draw) -> None:
    """公布结果."""
    where = Field("公布渠道", "区政府门户网站")
    said = Text(
        "公布抽取结果和抽取文件，任何人都能用文件重算。文件里有回避的原因，公布以前看一遍。", "small", "ink2", wrap=True
    )
    ask(parent, desk, f"draw/{held.id}/announce", "公布结果", [said, where], "登记公布",
        lambda: draw.announce(desk.book, held.id, where.text()), {"where": where})  # fmt: skip


def drop(parent: QWidget, desk: Desk, held: Draw) -> None:
    """作废, with its reason."""
    reason = Field("作废的原因")
    said = Text("作废的抽取一直列在这里，写明原因。", "small", "ink2", wrap=True)
    ask(parent, desk, f"draw/{held.id}/drop", f"作废：{held.sealed.title}", [said, reason], "作废这次抽取",
        lambda: draw.drop(desk.book, held.id, reason.text()), {"reason": reason})  # fmt: skip


def use(parent: QWidget, desk: Desk, held: Draw) -> None:
    """列入检查: a day and hours for each drawn unit; all are entered in one act."""
    leaders = draw.leaders(desk.queries.officers())
    leader = Pick("带队领导", [*((each.id, each.name) for each in leaders), ("", "以后再定")])
    hours = Field("开始", "9:00"), Field("结束", "16:00")
    proposed = draw.proposed(desk.book, held)
    days = {visit.unit: Field(each.unit.name, zh_date(visit.begin.date()))
            for visit, each in zip(proposed, held.result.rows, strict=True)}  # fmt: skip

    def write() -> Done[Any]:
        begin, end = (hour_in(field) for field in hours)
        visits = []
        for visit in proposed:
            on = parse_zh_date(days[visit.unit].text())
            moments = [visit.begin.replace(year=on.year, month=on.month, day=on.day, hour=at.hour, minute=at.minute)
                       for at in (begin, end)]  # fmt: skip
            visits.append(draw.Visit(visit.unit, *moments))
        chosen = next((each for each in leaders if each.id == leader.value()), None)
        return draw.use(desk.book, held.id, visits, chosen)

    fields = list(days.values())
    pairs = [
        row(*fields[n : n + 2], *((None,) if n + 1 == len(fields) else ()), spacing=12)
        for n in range(0, len(fields), 2)
    ]
    parts: list[QWidget | QLayout] = [row(leader, *hours, spacing=12), *pairs]
    said = f"列入 {len(days)} 件检查，审批、通知书在各件里办"

    def then(done: Done[Any]) -> None:
        desk.toasted.emit(said, None)

    ask(parent, desk, f"draw/{held.id}/use", "按抽取结果列入检查", parts, f"列入 {len(days)} 件检查", write, {}, then)


def export(parent: QWidget, desk: Desk, held: Draw) -> None:
    """导出抽取文件."""
    book = desk.book
    said = "名录库、规则、种子和结果都在这个文件里。用 docs/draw-replay.py 在任何一台电脑上都能重算。"
    ask_target(parent, "导出抽取文件", said, f"抽取-{held.id}.json", "导出抽取文件", lambda target: desk.run(
        "导出抽取文件", lambda: draw.export_file(book, held.id, target),
        lambda made: desk.toasted.emit(f"已存为 {made.name}", None)))  # fmt: skip


def choose_file(parent: QWidget, desk: Desk, held: Draw) -> None:
    """用文件重算: choose an exported file and compare."""
    dialog = QFileDialog(parent, "选抽取文件", "", "抽取文件 (*.json)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: replay(parent, desk, held, Path(path)))
    dialog.open()


def replay(parent: QWidget, desk: Desk, held: Draw, path: Path) -> None:
    """Draw again from a file on the worker and say what came of it."""
    desk.run("用文件重算", lambda: draw.replay_file(path), lambda again: _tell(parent, held, path.name, again))


def _tell(parent: QWidget, held: Draw, name: str, again: Replay) -> None:
    if again.differs:
        said, tone = f"第 {again.differs} 行不同：这个文件里的结果被改过。", "bad"
    elif not draw.agrees(held, again):
        said, tone = "文件自己是对的，但不是这一次抽取。", "warn"
    else:
        said, tone = f"相同：{len(again.drawn.lines)} 行逐字一致。", "ok"
    parts = [Text(said, "strong", tone, wrap=True), Text(f"校验值 {spaced(again.digest)}", "small", "ink2", wrap=True)]
    sheet = Sheet(f"用“{name}”重算", *parts, act="看完了", parent=parent)
    sheet.back.hide()
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.open()


def moment(held: Draw) -> str:
    """When the pools were sealed, in the words of the step."""
    return f"{zh_date(held.sealed_at.date())} {zh_time(held.sealed_at)}"
