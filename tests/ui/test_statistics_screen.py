"""统计 on the screen: every figure opens its inspections, charts go to the clipboard, the report, the unit's rating."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector_app.actions.rules import Rules
from inspector_app.tour.hand import Hand
from inspector_app.ui.screens.inspections import InspectionsScreen
from inspector_app.ui.screens.statistics import StatisticsScreen
from inspector_app.ui.widgets.charts import Chart
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, check_all, finish_visit, office


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The laptop of the sample bureau after one visit."""
    folder = tmp_path_factory.mktemp("visited")
    session = office(folder)
    arrive(session.book)
    check_all(session, photos=0)
    finish_visit(session)
    session.close()
    return folder / "laptop"


@pytest.fixture
def counted(open_window: Callable[..., Window], visited: Path, tmp_path: Path) -> Hand:
    """A window over it, standing before the statistics."""
    shutil.copytree(visited, tmp_path / "laptop")
    window = open_window(tmp_path / "laptop")
    window.desk.open("statistics")
    hand = Hand(window)
    hand.settle()
    return hand


def screen_of(hand: Hand) -> StatisticsScreen:
    screen = hand.window.screens["statistics"]
    assert isinstance(screen, StatisticsScreen)
    return screen


def listed(hand: Hand) -> tuple[str, int]:
    """The heading over the list of inspections, and how many rows it has."""
    assert hand.window.current == "inspections"
    screen = hand.window.screens["inspections"]
    assert isinstance(screen, InspectionsScreen)
    return screen._title.text(), screen.rows.model().rowCount()


def test_a_figure_opens_its_inspections_and_back_to_all(counted: Hand) -> None:
    assert "检查单位 1家，计划 30 家，完成 3%" in [w.accessibleName() for w in screen_of(counted)._figures.values()]
    counted.press("检查单位 1家，计划 30 家，完成 3%")
    assert listed(counted) == ("2026年 检查单位：检查单位", 1)
    counted.press("看全部")
    assert listed(counted)[1] == len(counted.window.desk.queries.inspections())
    counted.key("Alt+2")
    counted.key("Return")
    assert counted.window.current == "case" and counted.window.desk.case_id


def test_a_chart_is_walked_by_keys_and_opened(counted: Hand) -> None:
    chart = screen_of(counted).categories
    chart.setFocus()
    assert chart.accessibleDescription() == "库房与设施设备：未完成 5"
    counted.key("Right")
    assert chart.accessibleDescription().endswith("：未完成 1")
    counted.key("Return")
    name, rows = listed(counted)
    assert name.startswith("2026年 问题类别和整改率：") and rows == 1


def test_every_mark_that_is_not_nought_leads_somewhere(counted: Hand) -> None:
    screen = screen_of(counted)
    charts = screen.findChildren(Chart)
    assert len(charts) == 8
    for chart in charts:
        for spot in chart._spots:
            assert not spot.mark.value or spot.mark.ids or spot.mark.units or chart is screen.training, spot.words


def test_a_chart_goes_to_the_clipboard_as_picture_and_table(counted: Hand) -> None:
    counted.press("复制图表：每月检查")
    held = QGuiApplication.clipboard().mimeData()
    assert (
        held.hasImage()
        and "<td>3月</td>" in held.html()
        and held.text().splitlines()[3].split("\t")[::2] == ["3月", "1"]
    )


def test_the_year_before_leads_to_the_units(counted: Hand) -> None:
    counted.press("2023年")
    assert screen_of(counted)._figures["检查单位"].accessibleName().startswith("检查单位 25家")
    counted.press(screen_of(counted)._figures["检查单位"].accessibleName())
    assert counted.window.current == "units"


def test_the_report_is_copied_as_text(counted: Hand) -> None:
    counted.key("Ctrl+Return")
    counted.key("Return")
    assert QApplication.activeModalWidget() is None
    assert QGuiApplication.clipboard().text().startswith("2026年，示例区档案局对1家单位开展档案行政检查1次")


def test_the_statistics_are_written_as_a_workbook(counted: Hand, tmp_path: Path) -> None:
    counted.press("导出统计表")
    counted.fill("存到", str(tmp_path / "统计.xlsx"))
    counted.key("Ctrl+Return")
    assert (tmp_path / "统计.xlsx").read_bytes().startswith(b"PK")


def test_the_unit_rates_in_the_record(counted: Hand) -> None:
    counted.window.desk.open("case", CASE)
    counted.window.desk.open_stage(4)
    counted.settle()
    book = counted.window.desk.book
    text = book.rules.shelf.text("publicity.toml").replace('site = ""', 'site = "https://gongshi.example.cn"')
    book.obey(Rules(replace(book.rules.shelf, published={"publicity.toml": text})))
    counted.press("请单位评价")
    counted.press("用手机评价")
    assert counted.read(r"评价码 ([0-9A-F ]{39})") and counted.window.desk.queries.case(CASE).rating_code
    if folder := os.environ.get("PICTURES"):
        counted.root.grab().save(f"{folder}/code.png")
    counted.press("看完了")
    counted.press("请单位评价")
    counted.key("Ctrl+Return")
    assert QApplication.activeModalWidget() is not None, "a level has to be chosen"
    counted.press("满意")
    counted.fill("评价人", "示例吴晓")
    counted.key("Ctrl+Return")
    given = counted.window.desk.queries.case(CASE).rating
    assert given is not None and given.word == "满意" and given.by_name == "示例吴晓"
    assert not [b for b in counted.all(type(screen_of(counted).late)) if b.text() == "请单位评价"]
