"""The lists that the bureau makes public of itself: each version of an entry with its period, and law explained against done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ...actions import lawtold, listing
from ...actions.lawtold import Told
from ...domain.access import may
from ...domain.calendar import zh_date
from ...domain.lawtold import Against
from ...domain.listed import BESIDE, LAWS_TOLD, Entry, Listing
from ...domain.problems import Problem
from ...domain.statistics import Mark
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.panels import Card, Empty, Line, Tag, column, pair, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from . import listing_sheets as sheets
from .base import Screen

SHOWN_OCCASIONS = 8
"""Occasions that are listed; the workbook has all of them."""


class ListBoard:
    """Shows one list into a layout that its screen clears before."""

    def __init__(self, into: QVBoxLayout, parent: Screen, desk: Desk) -> None:
        self._into, self._parent, self._desk = into, parent, desk
        self._year = 0
        self._ending: set[tuple[str, date]] = set()  # id and last day of what ends soon

    @property
    def _today(self) -> date:
        return self._desk.book.clock.now().at.date()

    def show(self, which: Listing) -> None:
        """Whoever may publish rules may write here; everybody reads."""
        try:
            self._show(which)
        except Problem as problem:
            self._into.addWidget(Empty("warning-circle", str(problem)))

    def _show(self, which: Listing) -> None:
        desk, today = self._desk, self._today
        held, may_write = listing.entries(desk.book, which), may(desk.book.actor, "register")
        public = sum(each.is_public(today) for each in held)
        acts: list[QWidget] = [Button("导出", "secondary", "export", act=partial(self._export, which), height=36)]
        if may_write:
            acts.append(Button("增加一条", "primary", act=partial(sheets.write, self._parent, desk, which), height=36))
        acts[0].setAccessibleName(f"导出{which.title}")
        said = f"公示网页列出 {public} 条：另一个人核定过、今天在有效期内的"
        self._into.addLayout(row(Text(which.title, "h1"), Text(said, "small", "ink3"), None, *acts, spacing=10))
        if listing.is_disputed(desk.book, which):
            both = "两台电脑各自改过这份清单，这里显示其中一份。核对一遍，再改任意一条，就以改后的为准。"
            self._into.addWidget(Card(Text(both, "small", "warn", wrap=True), tone="warn", padding=12))
        told = lawtold.told(desk.book, self._year or today.year) if which is LAWS_TOLD and desk.may("read") else None
        counted = {_key(each.duty): each for each in told.duties} if told else {}
        if told:
            self._show_year(told)
        shown = {each.id for each in held if each.is_public(today)}
        live = [each for each in held if not (each.is_verified and each.is_over(today))]
        live.sort(key=lambda each: each.id not in shown)
        if not live:
            self._into.addWidget(Empty("list-checks", "清单里还没有内容。"))
        self._ending = {
            (ending.entry.id, ending.day) for ending in listing.endings(desk.book) if ending.listing is which
        }
        for each in live:
            self._into.addWidget(self._card(which, each, may_write, counted.get(_key(each))))
        self._show_over([each for each in held if each not in live])
        if told:
            self._show_occasions(told)

    # -- entries ----------------------------------------------------------------------------------------------

    def _card(self, which: Listing, entry: Entry, may_write: bool, done: Against | None) -> Card:
        desk, parent = self._desk, self._parent
        acts: list[QWidget] = [self._count(done)] if done is not None else []
        if may_write:
            if not entry.is_verified:
                word = "撤回" if entry.kept_by else "删去"
                acts.append(Button(word, "secondary", act=partial(sheets.drop, parent, desk, which, entry), height=36))
            acts.append(Button("改", "secondary", act=partial(sheets.write, parent, desk, which, entry), height=36))
            if listing.is_for(desk.book, entry):
                acts.append(
                    Button(
                        "核定", "soft", "seal-check", act=partial(sheets.verify, parent, desk, which, entry), height=36
                    )
                )
        for act in acts[done is not None :]:
            act.setAccessibleName(f"{act.accessibleName()}：{entry.name}")
        facts = [(each.name, entry.said[each.key]) for each in which.headings[1:] if entry.said[each.key]]
        facts += [("有效期", period(entry)), ("经手", _hands(entry))]
        half = (len(facts) + 1) // 2
        sides = [
            column(*(pair(name, said) for name, said in part), None, spacing=6) for part in (facts[:half], facts[half:])
        ]
        both = row(*sides, spacing=24)
        for nth in (0, 1):
            both.setStretch(nth, 1)
        return Card(row(Text(entry.name, "h2"), *self._tags(entry), None, *acts), both, padding=16, spacing=8)

    def _tags(self, entry: Entry) -> list[Tag]:
        if not entry.is_verified:
            return [Tag("待另一个人核定" if entry.kept_by else "待填写", "warn")]
        if not entry.holds(self._today):
            return [Tag("还没有生效", "na")]
        tags, last = [Tag("公示中", "ok")], entry.valid_to
        if last is not None and (entry.id, last) in self._ending:
            tags.append(Tag(f"还有 {(last - self._today).days} 天到期", "warn", "warning-circle"))
        return tags

    def _show_over(self, over: list[Entry]) -> None:
        if over:
            lines = [pair(each.name, period(each)) for each in over]
            self._into.addWidget(Card(Text(f"已到期 {len(over)} 条", "h2"), *lines, padding=16, spacing=6))

    # -- law explained ----------------------------------------------------------------------------------------

    def _show_year(self, told: Told) -> None:
        years = [Button(f"{year}年", "tab", act=partial(self._turn, year), height=36, checkable=True)
                 for year in (self._today.year - 1, self._today.year)]  # fmt: skip
        for button in years:
            button.setChecked(button.text() == f"{told.year}年")
        visits = Mark(len(ids := {id for each in told.duties for id in each.visits.ids}), tuple(sorted(ids)))
        parts: list[QWidget] = (
            [self._leading(f"检查中宣讲 {visits.value} 次", visits, "检查中宣讲")] if visits.value else []
        )
        if told.silent.value:
            parts.append(self._leading(f"检查完没有宣讲 {told.silent.value} 次", told.silent, "检查完没有宣讲"))
        add = Button("登记普法活动", "secondary", act=partial(sheets.hold, self._parent, self._desk), height=36)
        add.setVisible(may(self._desk.book.actor, "prepare"))
        self._into.addLayout(row(*years, 8, *parts, None, add, spacing=8))

    def _count(self, done: Against) -> QWidget:
        """How often it was done; a number of visits leads to them."""
        if not done.count:
            return Tag("这一年还没有", "na")
        if done.duty.said["occasion"] == BESIDE:
            return Tag(f"举办 {done.count} 次", "ok")
        return self._leading(f"宣讲 {done.count} 次", done.visits, f"{done.duty.name}，{done.duty.said['audience']}")

    def _leading(self, words: str, mark: Mark, name: str) -> Button:
        return Button(words, "link", "caret-right", act=partial(self._desk.show_inspections, f"普法：{name}", mark.ids), height=36,
                      trailing=True)  # fmt: skip

    def _show_occasions(self, told: Told) -> None:
        if not told.occasions:
            return
        card = Card(Text(f"普法活动 {len(told.occasions)} 次", "h2"), padding=16, spacing=6)
        for each in told.occasions[:SHOWN_OCCASIONS]:
            heard = f"，{each.people} 人" if each.people else ""
            words = column(
                Text(each.laws, "small", wrap=True),
                Text(f"{each.where}，{each.audience}{heard}", "small", "ink2"),
                spacing=0,
            )
            change = Button("改", "link", act=partial(sheets.hold, self._parent, self._desk, each), height=36)
            change.setAccessibleName(f"改普法活动：{each.where}")
            change.setVisible(may(self._desk.book.actor, "prepare"))
            line = row(Text(zh_date(each.day), "small", "ink3"), words, None, change, spacing=12)
            card.body.addWidget(Line())
            card.body.addLayout(line)
        self._into.addWidget(card)

    def _turn(self, year: int) -> None:
        self._year = year
        self._parent.refresh()

    # -- acting -----------------------------------------------------------------------------------------------

    def _export(self, which: Listing) -> None:
        book, year = self._desk.book, self._year or self._today.year
        write: Callable[[Path], Path] = partial(listing.export, book, which)
        said, name = "各条和各个有效期，写成一张工作表。", f"{which.title}-{self._today:%Y%m%d}.xlsx"
        if which is LAWS_TOLD:
            write = partial(lawtold.export, book, year)
            said, name = f"清单、{year}年的完成情况和宣讲记录，各一张工作表。", f"{which.title}-{year}.xlsx"

        def then(target: Path) -> None:
            self._desk.run(f"导出{which.title}", partial(write, target),
                           lambda made: self._desk.toasted.emit(f"已存为 {made.name}", None))  # fmt: skip

        ask_target(self._parent, f"导出{which.title}", said, name, "导出", then)


def _key(entry: Entry) -> tuple[str, bool, date | None]:
    """A version, as a dictionary finds it."""
    return entry.id, entry.is_verified, entry.valid_from


def period(entry: Entry) -> str:
    """The period of a version in words."""
    if entry.valid_from is None:
        return "还没有定"
    return f"{zh_date(entry.valid_from)}起" + (f"，到{zh_date(entry.valid_to)}" if entry.valid_to else "")


def _hands(entry: Entry) -> str:
    if not entry.kept_by:
        return "程序自带的例子，改好才能核定"
    day = zh_date(entry.verified_on) if entry.verified_on else ""
    return f"{entry.kept_by}登记" + (f"，{entry.verified_by}{day}核定" if entry.verified_by else "")
