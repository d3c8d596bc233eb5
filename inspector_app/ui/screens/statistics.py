"""统计: the figures of a year and their charts; every number opens its inspections. Counted from what is on this laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ...actions import figures
from ...domain.annual import Table, per_cent, report, tables
from ...domain.calendar import zh_date
from ...domain.rating import LEVELS, SATISFIED
from ...domain.statistics import Mark, Part, Year
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.charts import Bar, Bars, Chart, Column, Columns, Group, Legend, Segment, Square, Squares
from ..widgets.figure import Figure
from ..widgets.notices import Sheet
from ..widgets.panels import Body, Card, clear, column, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .base import Screen

_STATES = {"done": "已查", "planned": "已列入", "due": "今年应查", "later": "未到期"}
ROOMY = 1100
"""Width from which two charts stand side by side."""
BUSIEST = 8
"""Officers that are drawn; the table has all."""


class StatisticsScreen(Screen):
    """Six figures with one comparison each, and below them the charts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._year = 0
        self._counted: Year | None = None
        self._roomy: bool | None = None
        self._tabs = row(spacing=4)
        self._title, self._since = Text("", "display"), Text("", "small", "ink3")
        self._figures = {
            name: Figure(name, partial(self._open_figure, name))
            for name in ("检查单位", "发现问题", "整改完成率", "责令整改", "文书按时送达", "满意度")
        }
        self.months, self.cover = Columns(), Squares(empty="还没有登记单位。")
        self.categories, self.steps = Bars(empty="这一年还没有问题。"), Bars(150, "这一年还没有问题。")
        self.terms, self.ratings = Bars(150), Bars(150, "还没有评价。现场检查结束以后，请单位在“笔录”里评价。")
        self.loads, self.training = Bars(empty="这一年还没有检查。"), Bars(empty="还没有登记持证人员。")
        self.late = Button("", "link", "caret-right", act=self._open_late, height=36, trailing=True)
        self.off = Button("", "link", "caret-right", act=self._open_off, height=36, trailing=True)
        self.joint = Button("", "link", "caret-right", act=partial(self._open_form, "joint"), height=36, trailing=True)
        self.merged = Button(
            "", "link", "caret-right", act=partial(self._open_form, "merged"), height=36, trailing=True
        )
        self._round = Text("", "small", "ink3")
        self._cards = (
            self._card("每月检查", self.months, self.joint, self.merged, self.off, None, Legend(("brand", "完成"), ("dash", "计划"))),
            self._card("问题类别和整改率", self.categories, Legend(("brand", "已整改"), ("rest", "未完成"))),
            self._card("三年全覆盖", self.cover, self._round, None,
                       Legend(("brand", "已查"), ("rest", "已列入"), ("due", "今年应查"), ("later", "未到期"))),
            self._card("整改到哪一步", self.steps, None, self.late),
            self._card("按时率", self.terms),
            self._card("单位评价", self.ratings),
            self._card("人员工作量", self.loads),
            self._card("人员培训", self.training, Text("学时少的在前", "small", "ink3"), None),
        )  # fmt: skip
        self._grid = QGridLayout()
        self._grid.setSpacing(look.px(14))
        section = Button("年度报告", "primary", "file-text", act=self.primary, height=40)
        out = Button("导出", "secondary", "export", act=self._export, height=40)
        out.setAccessibleName("导出统计表")
        head = row(self._title, self._since, None, self._tabs, 8, out, section, spacing=10)
        self._top = QGridLayout()
        self._top.setSpacing(look.px(12))
        self._body = Body(head, self._top, self._grid, spacing=14, name="统计", margins=(22, 14, 22, 16))
        self.begin_at(self._body)
        self.setLayout(column(self._body, spacing=0))

    def _card(self, title: str, chart: Chart, *more: QWidget | None) -> Card:
        copy = Button("复制", "link", act=partial(self._copy, title, chart), height=36)
        copy.setAccessibleName(f"复制图表：{title}")
        chart.chosen.connect(partial(self._open_mark, title))
        parts = more if None in more else (None, *more)
        card = Card(row(Text(title, "h2"), *parts, copy, spacing=10), chart, padding=14, spacing=8)
        card.body.setStretch(1, 1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() / look.scale >= ROOMY
        if roomy != self._roomy:
            self._roomy = roomy
            self._arrange(2 if roomy else 1)

    def _arrange(self, across: int) -> None:
        places: tuple[tuple[QGridLayout, Sequence[QWidget], int], ...] = (
            (self._grid, self._cards, across), (self._top, tuple(self._figures.values()), 3 * across),
        )  # fmt: skip
        for grid, parts, wide in places:
            for part in parts:
                grid.removeWidget(part)
            for n, part in enumerate(parts):
                grid.addWidget(part, n // wide, n % wide)
        for n in range(2):
            self._grid.setColumnStretch(n, 1 if n < across else 0)

    # -- showing ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        years = figures.years(self.desk.book)
        if self._year not in years:
            self._year = years[-1]
        clear(self._tabs)
        for each in years[-4:]:
            tab = Button(f"{each}年", "tab", act=partial(self._turn, each), height=36, checkable=True)
            tab.setChecked(each == self._year)
            self._tabs.addWidget(tab)
        counted = self._counted = figures.year(self.desk.book, self._year)
        self._title.setText(f"{self._year}年度")
        self._title.setMinimumWidth(self._title.sizeHint().width())
        self._since.setText(f"截至{zh_date(counted.today)}，按这台电脑上的数据")
        self._show_figures(counted)
        self._show_charts(counted)

    def _turn(self, year: int) -> None:
        self._year = year
        self.refresh()

    def _show_figures(self, year: Year) -> None:
        show = {name: figure.show_figure for name, figure in self._figures.items()}
        plan = (
            f"计划 {year.planned} 家，完成 {100 * year.inspected / year.planned:.0f}%"
            if year.planned
            else "没有登记计划"
        )
        show["检查单位"](
            str(year.inspected), "家", plan, "ok" if year.planned and year.inspected >= year.planned else "ink3"
        )
        each = f"平均每次 {year.found.value / year.done.value:.1f} 个" if year.done.value else "没有检查"
        show["发现问题"](f"{year.found.value:,}", "个", each)
        now, before, this_year = year.mended_share, year.mended_before, year.today.year == year.year
        if now is None or before is None or this_year:  # what may still be put right in time is compared with nothing
            said, tone = f"已整改 {year.mended.value:,} 个", "ink3"
        else:
            apart = round(now - before, 1)
            said = f"比上年{'高' if apart > 0 else '低'} {abs(apart)} 个百分点" if apart else "和上年一样"
            tone = "ok" if apart > 0 else "warn" if apart else "ink3"
        show["整改完成率"](*_share(now), said, tone)
        late = year.late.value
        show["责令整改"](
            f"{year.ordered.value:,}", "个", f"其中逾期 {late:,} 个" if late else "没有逾期", "bad" if late else "ink3"
        )
        served = _term(year, "文书按时送达")
        show["文书按时送达"](*_share(served.share), f"{served.part.value:,} / {served.whole.value:,} 次")
        show["满意度"](*_share(year.satisfied.share), f"收到评价 {year.rated.value:,} 份")

    def _show_charts(self, year: Year) -> None:
        this = year.today.month if year.today.year == year.year else 0
        self.months.show_columns(
            [Column(f"{n}月", month.done, month.planned, n == this) for n, month in enumerate(year.months, 1)]
        )
        self.categories.show_bars([_parts(part) for part in year.categories])
        first, last = year.round
        self._round.setText(f"{first}—{last}年")
        self.cover.show_groups(list(_groups(year)))
        open_from = year.mended.value
        self.steps.show_bars([
            _bar("发现问题", year.found, "whole"), _bar("整改完成", year.mended, "brand"),
            _bar("整改中", year.under_way, "rest", open_from), _bar("逾期未改", year.late, "bad", open_from + year.under_way.value),
        ])  # fmt: skip
        self.late.set_text(f"看逾期 {year.late.value:,} 个")
        self.late.setVisible(bool(year.late.value))
        for button, word, mark in (
            (self.off, "取消", year.cancelled),
            (self.joint, "联合", year.joint),
            (self.merged, "合并", year.merged),
        ):
            button.set_text(f"看{word} {mark.value:,} 件")
            button.setVisible(bool(mark.value))
        self.terms.show_bars([
            Bar(term.name, (Segment(term.part, "brand", f"{term.name}：{term.part.value}"),), per_cent(term.share),
                f"{term.part.value:,}/{term.whole.value:,}" if term.whole.value else "没有到时候的", whole=max(term.whole.value, 1))
            for term in year.terms
        ])  # fmt: skip
        self.ratings.show_bars([
            _bar(word, mark, "brand" if n <= len(LEVELS) - SATISFIED else "bad")
            for n, (word, mark) in enumerate(zip(LEVELS, year.ratings, strict=True))
        ])  # fmt: skip
        busiest = [load for load in year.loads if load.visits.value][:BUSIEST]
        self.loads.show_bars([
            Bar(load.officer.name, (Segment(load.visits, "brand", f"{load.officer.name}：检查 {load.visits.value} 次"),),
                f"{load.visits.value} 次") for load in busiest
        ])  # fmt: skip
        least = sorted(year.loads, key=lambda load: (load.hours, load.officer.name))[:BUSIEST]
        self.training.show_bars([
            Bar(load.officer.name, (Segment(Mark(min(load.hours, year.wanted)), "brand" if load.hours >= year.wanted else "warn",
                                            f"{load.officer.name}：培训 {load.hours} 学时"),),
                f"{load.hours}", f"应有 {year.wanted} 学时", whole=year.wanted) for load in least
        ])  # fmt: skip

    # -- acting -----------------------------------------------------------------------------------------------

    def _open_mark(self, title: str, words: str, mark: Mark) -> None:
        """A mark leads to its inspections; one of earlier inspections alone to the units."""
        if mark.ids:
            more = f"，另有以往检查 {len(mark.units)} 次" if mark.units else ""
            self.desk.show_inspections(f"{self._year}年 {title}：{words.rpartition('：')[0] or words}{more}", mark.ids)
        elif mark.units:
            self.desk.open("units")
            self.desk.toasted.emit("这些是以往检查，登记在单位的事项里", None)

    def _open_figure(self, name: str) -> None:
        year = self._counted
        if year is None:
            return
        marks: dict[str, Callable[[], Mark]] = {
            "检查单位": lambda: year.done, "发现问题": lambda: year.found, "整改完成率": lambda: year.mended,
            "责令整改": lambda: year.ordered, "文书按时送达": lambda: _term(year, "文书按时送达").whole,
            "满意度": lambda: year.rated,
        }  # fmt: skip
        self._open_mark(name, name, marks[name]())

    def _open_late(self) -> None:
        if self._counted is not None:
            self._open_mark("整改", "逾期未改", self._counted.late)

    def _open_form(self, form: str) -> None:
        """The joint or the merged inspections of the year."""
        if (year := self._counted) is not None:
            self._open_mark("检查", *(("联合检查", year.joint) if form == "joint" else ("合并检查", year.merged)))

    def _open_off(self) -> None:
        if self._counted is not None:
            self._open_mark("检查", "已取消", self._counted.cancelled)

    def _copy(self, title: str, chart: Chart) -> None:
        """复制图表: the picture for a document that takes pictures, the table for one that takes text or cells."""
        assert self._counted is not None
        table = _table(self._counted, title)
        name = f"{self._year}年{title}"
        held = QMimeData()
        held.setImageData(chart.picture(name))
        held.setHtml(_html(name, table))
        held.setText("\n".join("\t".join(map(str, line)) for line in (table[1], *table[2])))
        QGuiApplication.clipboard().setMimeData(held)
        self.desk.toasted.emit(f"已复制“{title}”的图和表", None)

    def _export(self) -> None:
        counted = self._counted
        assert counted is not None

        def then(target: Path) -> None:
            self.desk.run("导出统计表", lambda: figures.write_file(counted, target),
                          lambda made: self.desk.toasted.emit(f"已存为 {made.name}", None))  # fmt: skip

        said = "每张图一张工作表，第一张是年度报告里的一节。里面有人员姓名，用后收好。"
        ask_target(self, "导出统计表", said, f"档案行政检查统计-{counted.year}.xlsx", "导出统计表", then)

    def primary(self) -> None:
        """年度报告: the section as text, to be read and copied."""
        assert self._counted is not None
        text = report(self._counted)
        said = Text(
            "文字按 forms/statistics.toml 的用语，数字来自这一年的检查。复制以后可以修改。", "small", "ink3", wrap=True
        )
        sheet = Sheet(
            f"年度报告：{self._counted.rules.title}", Text(text, "read", wrap=True), said, act="复制文字", parent=self
        )
        sheet.setMinimumWidth(look.px(720))
        sheet.accepted.connect(lambda: QGuiApplication.clipboard().setText(text))
        sheet.accepted.connect(lambda: self.desk.toasted.emit("已复制年度报告的文字", None))
        sheet.open()
        sheet.act.setFocus()


def _share(share: float | None) -> tuple[str, str]:
    """A share as its number and its unit."""
    said = per_cent(share)
    return (said[:-1], "%") if said.endswith("%") else (said, "")


def _term(year: Year, name: str) -> Part:
    return next(term for term in year.terms if term.name == name)


def _bar(name: str, mark: Mark, tone: str, begin: int = 0) -> Bar:
    return Bar(name, (Segment(mark, tone, f"{name}：{mark.value}"),), f"{mark.value:,}", begin=begin)


def _parts(part: Part) -> Bar:
    """What was put right, and what was not; the year before behind it."""
    rest = Mark(part.whole.value - part.part.value, part.whole.ids)
    before = f"，上年 {part.before:,}" if part.before else ""
    return Bar(
        part.name,
        (Segment(part.part, "brand", f"{part.name}：已整改 {part.part.value}"), Segment(rest, "rest", f"{part.name}：未完成 {rest.value}")),
        f"{part.whole.value:,}", f"改了 {part.share or 0:.0f}%{before}",
    )  # fmt: skip


def _groups(year: Year) -> list[Group]:
    made = []
    for kind, units in year.coverage.items():
        reached = [each for each in units if each.state == "done"]
        squares = tuple(
            Square(f"{each.unit.name}：{_STATES[each.state]}", each.state,
                   Mark(1, each.ids, () if each.ids else (each.unit.id,)))
            for each in units
        )  # fmt: skip
        ids = tuple(id for each in reached for id in each.ids)
        units_before = tuple(each.unit.id for each in reached if not each.ids)
        made.append(Group(kind.label, squares, f"{len(reached)}/{len(units)}", Mark(len(reached), ids, units_before)))
    return made


def _table(year: Year, title: str) -> Table:
    found = {table[0]: table for table in tables(year)}
    return found.get(title) or found["人员工作量和培训"]


def _html(name: str, table: Table) -> str:
    _, heads, rows = table
    lines = ["".join(f"<th>{head}</th>" for head in heads)]
    lines += ["".join(f"<td>{value}</td>" for value in line) for line in rows]
    return f"<table border='1'><caption>{name}</caption>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
