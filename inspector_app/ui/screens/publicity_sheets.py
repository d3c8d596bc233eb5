"""The sheets of the publicity screen: a row, holding, returning, publishing, a fallen decision, taking down, a penalty."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from ...actions import publicity, publicity_file
from ...actions.book import Done
from ...actions.public_copy import Copies
from ...actions.public_photo import PHOTO
from ...actions.publicity_board import Duty
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.publicity import WAYS, Penalty
from ...domain.redaction import Line
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.fields import Field, Note, Pick
from ..widgets.panels import Card, column, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .begin import ask


def change_row(parent: QWidget, desk: Desk, duty: Duty, original: Line, shown: Line) -> None:
    """改一行: another text, or back to what the rules leave."""
    text = Note("公示的内容", lines=3)
    before = "" if shown.picture else shown.reason  # why a photo is shown stays as it is
    reason = Field("原因", before, hint="公开遮盖的内容，或者改写，要写原因；再遮盖一些不用写")
    text.load(shown.text)
    why = f"按规则遮盖：{'、'.join(shown.rules)}" if shown.rules else "这一行没有按规则遮盖的内容"
    was = Card(Text("原件", "small", "ink3"), Text(original.text, "body", wrap=True), padding=12, spacing=2)
    parts: list[QWidget | QLayout] = [was, column(Text("公示的内容", "small", "ink3"), text, spacing=4), reason,
                                      Text(why, "small", "ink2", wrap=True)]  # fmt: skip
    sheet = ask(parent, desk, f"publicity/{duty.stream}/{duty.subject}/{original.key}", f"改“{original.label}”", parts, "改这一行",
                lambda: publicity.change_row(desk.book, duty.stream, duty.subject, original.key, text.toPlainText(), reason.text()),
                {"text": text, "reason": reason})  # fmt: skip
    sheet.setMinimumWidth(640)
    sheet.add_way(
        "按规则遮盖", partial(desk.act, publicity.change_row, desk.book, duty.stream, duty.subject, original.key, "")
    )
    if original.picture:
        number = original.key.removeprefix(PHOTO)
        sheet.add_way(
            "不放这张照片", partial(desk.act, publicity.drop_photo, desk.book, duty.stream, duty.subject, number)
        )


def hold(parent: QWidget, desk: Desk, duty: Duty) -> None:
    """暂缓并说明."""
    reason = Field("暂缓的原因", hint="例如：单位提出异议，正在核实")
    said = Text("暂缓不延长期限；到期仍不公示的，案卷评查会提示。", "small", "ink2", wrap=True)
    _ask(parent, desk, duty, "hold", "暂缓公示", [said, reason], "暂缓并说明",
         lambda: publicity.hold(desk.book, duty.stream, duty.subject, reason.text()), {"reason": reason})  # fmt: skip


def send_back(parent: QWidget, desk: Desk, duty: Duty) -> None:
    """退回, with what has to be changed."""
    reason = Field("要改什么", hint="送的人会看到")
    _ask(parent, desk, duty, "back", "退回公示件", [reason], "退回",
         lambda: publicity.send_back(desk.book, duty.stream, duty.subject, reason.text()), {"reason": reason})  # fmt: skip


def confirm(parent: QWidget, desk: Desk, duty: Duty, made: Copies) -> None:
    """核对无误，公示: no undo, so what follows is said before."""
    where = "、".join(channel.name for channel in made.channels)
    said = [Text(f"{duty.unit}　{duty.name}", "strong", wrap=True),
            Text(f"渠道：{where}。任何人都能看到；公示没有撤销，只能写明原因撤下。", "body", wrap=True)]  # fmt: skip
    if made.lifted:
        said.append(Text(f"手工公开了：{'、'.join(made.lifted)}", "body", "warn", wrap=True))
    _ask(parent, desk, duty, "confirm", "核对无误，公示", [*said], "核对无误，公示",
         lambda: publicity.confirm(desk.book, duty.stream, duty.subject), {})  # fmt: skip


def overturn(parent: QWidget, desk: Desk, duty: Duty) -> None:
    """决定变了: from that day the term for taking it down runs."""
    how = Pick("原决定", [(way, f"被{way}") for way in WAYS])
    day = Field("作出日期", zh_date(desk.book.clock.now().at.date()))
    document = Field("依据的文书", hint="例如：行政复议决定书的文号")
    said = Text(
        f"登记以后，{_term(desk, 'withdraw_publication')}内撤下公示并公开说明理由。", "small", "ink2", wrap=True
    )
    _ask(parent, desk, duty, "overturn", "登记原决定被撤销、变更", [said, row(how, day, spacing=12), document], "登记",
         lambda: publicity.overturn(desk.book, duty.stream, duty.subject, how.value(), parse_zh_date(day.text()), document.text()),
         {"document": document})  # fmt: skip


def withdraw(parent: QWidget, desk: Desk, duty: Duty) -> None:
    """撤下, with its reason."""
    reason = Field("撤下的原因")
    said = Text("撤下以后，公示网页和导出的数据里都没有这一件；过程记录里保留。", "small", "ink2", wrap=True)
    _ask(parent, desk, duty, "withdraw", "撤下公示", [said, reason], "撤下",
         lambda: publicity.withdraw(desk.book, duty.stream, duty.subject, reason.text()), {"reason": reason})  # fmt: skip


def enter_penalty(parent: QWidget, desk: Desk, stream: str, then: Callable[[str], object]) -> None:
    """登记处罚: of the inspection on view."""
    if not stream:
        desk.told.emit("先在左边选一件检查，再登记它的处罚。", "warn")
        return
    number, day = Field("决定书文号"), Field("决定日期", zh_date(desk.book.clock.now().at.date()))
    facts, basis, outcome = Field("违法事实"), Field("处罚依据", hint="按 F3 查法条"), Field("处罚内容")
    simple, light = (Button(name, "tick", checkable=True, height=32) for name in ("简易程序", "仅警告或者通报批评"))
    unit = desk.queries.case(stream).unit.name
    term = _term(desk, "publish_penalty")
    said = Text(f"{unit}。处罚在别处作出，这里登记结果；自作出之日起{term}内公示。", "small", "ink2", wrap=True)

    def write() -> Done[str]:
        made = Penalty("", number.text(), parse_zh_date(day.text()), facts.text(), basis.text(), outcome.text(),
                       simple.isChecked(), light.isChecked())  # fmt: skip
        return publicity.enter_penalty(desk.book, stream, made)

    parts: list[QWidget | QLayout] = [
        said,
        row(number, day, spacing=12),
        facts,
        basis,
        outcome,
        row(simple, light, None, spacing=16),
    ]
    ask(parent, desk, f"penalty/{stream}", "登记处罚", parts, "登记处罚", write,
        {"number": number, "facts": facts, "basis": basis, "outcome": outcome}, lambda done: then(done.value))  # fmt: skip


def export(parent: QWidget, desk: Desk, place: tuple[str, str] | None = None) -> None:
    """导出 one published matter, or all of them."""
    book = desk.book
    chosen = [each for each in publicity_file.notices(book) if place in (None, each[:2])]

    def then(target: Path) -> None:
        if done := desk.act(publicity_file.export, book, target, chosen):
            desk.toasted.emit(f"已存为 {'、'.join(path.name for path in done.value)}", None)

    said = f"公示中的 {len(chosen)} 件：一个网页，同名的 JSON 和 CSV 供公示平台导入。"
    ask_target(parent, "导出公示件", said, f"公示-{book.clock.now().at:%Y%m%d-%H%M}.html", "导出", then)


def _term(desk: Desk, key: str) -> str:
    """A term of the policy in working days, with its source."""
    term = desk.book.rules.policy.deadline(key)
    return f" {term.value} 个工作日（{term.source}）"


def _ask(
    parent: QWidget, desk: Desk, duty: Duty, place: str, name: str, parts: list[QWidget | QLayout], act: str,
    write: Callable[[], Done[Any]], held: dict[str, Field | Note],
) -> None:  # fmt: skip
    """A sheet about one matter; what was done goes to the bureau at once where there is a way."""
    ask(parent, desk, f"publicity/{duty.stream}/{duty.subject}/{place}", name, parts, act, write, held,
        lambda done: desk.hand_over(quiet=True))  # fmt: skip
