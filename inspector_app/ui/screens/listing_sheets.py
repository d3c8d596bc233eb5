"""The sheets of the public lists: a version written, checked by somebody else, taken back; an occasion of law publicity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from ...actions import lawtold, listing
from ...actions.book import Done
from ...domain.calendar import parse_zh_date, zh_date
from ...domain.lawtold import Occasion
from ...domain.listed import BESIDE, LAWS_TOLD, Entry, Heading, Listing
from ..desk import Desk
from ..widgets.fields import Field, Note, Pick
from ..widgets.panels import column, pair, row
from ..widgets.text import Text
from .begin import ask, number_in

Input = Field | Note | Pick


def write(parent: QWidget, desk: Desk, which: Listing, entry: Entry | None = None) -> None:
    """增加一条, or another version of one: what is public stays until somebody else has checked what is written here."""
    old = entry or Entry("", {"organ": desk.queries.register().bureau.name})
    inputs = {each.key: _input(each, old.said.get(each.key, "")) for each in which.headings}
    begin, end = (Field(name, zh_date(day) if day else "", hint=hint) for name, day, hint in (
        ("有效期起", old.valid_from, "例如：2026年1月1日"), ("有效期止", old.valid_to, "没有终止日的不填")))  # fmt: skip

    def made() -> Done[str]:
        said = {key: _text(each) for key, each in inputs.items()}
        return listing.keep(desk.book, which, replace(old, said=said, valid_from=_day(begin), valid_to=_day(end)))

    again = (
        "改过的由另一个人核定；核定以前，公示网页仍是原来的。"
        if old.is_verified
        else "写好以后由另一个人核定，才公示。"
    )
    parts: list[QWidget | QLayout] = [
        Text(again, "small", "ink2", wrap=True),
        *_in_pairs(which, inputs, row(begin, end, spacing=12)),
    ]
    held = {key: each for key, each in inputs.items() if not isinstance(each, Pick)} | {"begin": begin, "end": end}
    name = f"改“{old.name}”" if entry else f"{which.title}增加一条"
    sheet = ask(parent, desk, f"list/{which.table}/{old.id}", name, parts, "写入清单", made, held,
                partial(_done, desk))  # fmt: skip
    sheet.setMinimumWidth(640)


def _done(desk: Desk, done: Done[str]) -> None:
    """What was done goes to the bureau at once where there is a way; what can be taken back says so."""
    if done.reverse:
        desk.toasted.emit("清单改好了", desk.undo)
    desk.hand_over(quiet=True)


def _input(heading: Heading, text: str) -> Input:
    if heading.words:
        pick = Pick(heading.name, [(each, each) for each in heading.words])
        if text:
            pick.show_value(text)
        return pick
    if heading.lines > 1:
        note = Note(heading.name, lines=heading.lines)
        note.load(text)
        return note
    return Field(heading.name, text)


def _in_pairs(which: Listing, inputs: Mapping[str, Input], period: QLayout) -> Iterator[QWidget | QLayout]:
    """The inputs of one line two and two, the period, and below them those of several lines with their names."""
    short = [made for made in inputs.values() if not isinstance(made, Note)]
    yield from (row(*short[n : n + 2], spacing=12) for n in range(0, len(short), 2))
    yield period
    for heading in which.headings:
        if isinstance(made := inputs[heading.key], Note):
            yield column(Text(heading.name, "small", "ink3"), made, spacing=4)


def _text(made: Input) -> str:
    return made.value() if isinstance(made, Pick) else made.toPlainText() if isinstance(made, Note) else made.text()


def _day(field: Field) -> date | None:
    """The day in a field, None where it is empty. Raises `Problem("bad_date")`."""
    return parse_zh_date(field.text().strip()) if field.text().strip() else None


def verify(parent: QWidget, desk: Desk, which: Listing, entry: Entry) -> None:
    """核定: somebody else than who wrote it compares it with the official text, and says so."""
    begin = zh_date(entry.valid_from) if entry.valid_from else "还没有定"
    before = any(each.id == entry.id and each.is_verified for each in listing.entries(desk.book, which))
    said = f"{entry.kept_by}登记。对照官方文本逐项看过再核定；{begin}起任何人都能看到{'，原来的版本到前一天为止' if before else ''}。"
    facts = [pair(each.name, entry.said[each.key]) for each in which.headings if entry.said[each.key]]
    last = [pair("有效期", f"{begin}起" + (f"，到{zh_date(entry.valid_to)}" if entry.valid_to else ""))]
    sheet = ask(parent, desk, f"list/{entry.id}/check", f"核定“{entry.name}”", [Text(said, "small", "ink2", wrap=True), *facts, *last], "核定",
                lambda: listing.verify(desk.book, which, entry), {}, partial(_done, desk))  # fmt: skip
    sheet.setMinimumWidth(640)


def drop(parent: QWidget, desk: Desk, which: Listing, entry: Entry) -> None:
    """撤回 what nobody has checked yet."""
    word = "撤回" if entry.kept_by else "删去"
    said = Text(f"{word}的不再等核定；写过什么，过程记录里都在。已经公示的不受影响。", "small", "ink2", wrap=True)
    ask(parent, desk, f"list/{entry.id}/drop", f"{word}“{entry.name}”", [said], word,
        lambda: listing.drop(desk.book, which, entry), {}, partial(_done, desk))  # fmt: skip


def hold(parent: QWidget, desk: Desk, occasion: Occasion | None = None) -> None:
    """登记普法活动: law explained beside any inspection."""
    old = occasion or Occasion("", desk.book.clock.now().at.date(), "", "", "")
    duties = [each for each in listing.entries(desk.book, LAWS_TOLD) if each.said["occasion"] == BESIDE]
    laws = Field("讲了哪部法", old.laws or (duties[0].name if duties else ""), hint="写全称，按清单计数")
    where, audience = Field("地点", old.where), Field("对象", old.audience, hint="例如：区属企业档案人员")
    day, people = Field("日期", zh_date(old.day)), Field("多少人", str(old.people or ""), hint="不知道的不填")

    def write() -> Done[str]:
        count = number_in(people, "多少人") if people.text().strip() else 0
        return lawtold.enter(
            desk.book, Occasion(old.id, parse_zh_date(day.text()), laws.text(), where.text(), audience.text(), count)
        )

    parts: list[QWidget | QLayout] = [
        Text("检查中的当面宣讲在“到场”里记，这里登记检查以外的。", "small", "ink2", wrap=True), laws, row(where, audience, spacing=12),
        row(day, people, spacing=12),
    ]  # fmt: skip
    ask(parent, desk, f"law_told/{old.id}", "改普法活动" if occasion else "登记普法活动", parts, "登记", write,
        {"laws": laws, "where": where, "audience": audience, "people": people})  # fmt: skip
