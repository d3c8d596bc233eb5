"""Every screen at every size, theme and type size: nothing is cut, nothing overlaps, everything has a name."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLineEdit, QWidget

from inspector_app.actions import findings
from inspector_app.domain.inspection import Stage
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.places import BY_NAME
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.widgets.buttons import AnswerButton, Button
from inspector_app.ui.widgets.notices import Sheet
from inspector_app.ui.widgets.panels import Body, Tag
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import CASE, laid_out, visited

SMALLEST = (1100, 600)
SIZES = ((1280, 640), (1366, 697), (1366, 768), (1536, 800), (1920, 1080))


@pytest.fixture
def late(open_window: Callable[..., Window], tmp_path: Path, request: pytest.FixtureRequest) -> Window:
    """A window whose case is as full as can be: findings, photos, papers, signatures."""
    window = open_window(laid_out(visited, tmp_path), scale=getattr(request, "param", 1.0))
    session = window.desk.open_session
    findings.confirm(session.book, CASE, [f.id for f in session.queries.case(CASE).findings])
    return window


def places(window: Window) -> Iterator[str]:
    """Go through all screens and stages."""
    hand = Hand(window)
    for name in BY_NAME:
        if name != "case":
            window.desk.open(name)
            hand.settle()
            yield name
    window.desk.open("case", CASE)
    case = window.screens["case"]
    assert isinstance(case, CaseScreen)
    for stage in range(10):
        window.desk.open_stage(stage)
        hand.settle()
        yield f"stage {stage + 1} {type(case.stage).__name__}"


BEFORE: tuple[tuple[str | int, Sequence[str]], ...] = (
    ("settings", ("加入人员", "作废一个文号")), (2, ("看条文",)), (3, ("改说明", "撤下")), (4, ("另存 PDF", "存签字页")),
    (5, ("改这个问题", "撤销问题", "合议")),
)  # fmt: skip
AFTER: tuple[tuple[str | int, Sequence[str]], ...] = ((5, ("正式制作并锁定",)),)
"""The sheets of a case before and after the deliberation, by screen or stage."""


def sheets(window: Window, offered: Sequence[tuple[str | int, Sequence[str]]]) -> Iterator[str]:
    """Open every sheet that the screens offer to this case, one after the other."""
    hand = Hand(window)
    for place, buttons in offered:
        for name in buttons:
            if isinstance(place, int):
                window.desk.open("case", CASE)
                window.desk.open_stage(place)
            else:
                window.desk.open(place)
            hand.settle()
            for way in ("A03", "看文书"):  # where it is narrow a finding and the papers share one place
                if not [b for b in hand.all(Button) if b.text() == name]:
                    hand.press(way)
            found = [b for b in hand.all(Button) if b.text() == name]
            assert found, f"{name} is not on view"
            found[0].click()
            hand.settle()
            yield name
            sheet = QApplication.activeModalWidget()
            assert isinstance(sheet, Sheet), f"{name} opens no sheet"
            sheet.reject()
            hand.settle()
    window.keys.toggle()
    hand.settle()
    yield "F1"
    window.keys.hide()
    window.palette_.open()
    hand.settle()
    yield "Ctrl K"
    window.palette_.hide()


def visible(window: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [w for w in window.findChildren(kind) if w.isVisible() and not w.visibleRegion().isEmpty()]


def faults(window: QWidget) -> list[str]:
    """What is cut or laid over something else."""
    found = []
    seen = visible(window, QWidget)
    for text in seen:
        if not isinstance(text, Text):
            continue
        if text._wrap and text.height() < text.heightForWidth(text.width()) - 1:
            found.append(f"text cut: {text.text()[:20]}")
        if text.width() < 8 and text.text():
            found.append(f"text squeezed away: {text.text()[:20]}")
    for body in seen:
        if not isinstance(body, Body):
            continue
        inner = body.widget()
        if inner is not None and inner.width() > body.viewport().width():
            found.append(f"a body is wider than its view by {inner.width() - body.viewport().width()}")
    groups: dict[QWidget, list[QWidget]] = {}
    for widget in seen:
        wanted = widget.sizeHint() if isinstance(widget, Button | AnswerButton | Tag) else QSize(0, 0)
        if widget.width() < wanted.width() - 1 or widget.height() < wanted.height() - 1:
            found.append(f"{type(widget).__name__} cut: {widget.accessibleName()[:20]} {widget.size()} {wanted}")
        parent = widget.parentWidget()
        place = widget.mapTo(window, widget.rect().topLeft()).x()
        if isinstance(widget, Button | AnswerButton) and not 0 <= place <= window.width() - widget.width():
            found.append(f"out of the window: {widget.accessibleName()[:20]}")
        if isinstance(widget, Text | QAbstractButton | Tag | QLineEdit) and parent is not None:
            groups.setdefault(parent, []).append(widget)
    for mine in groups.values():
        for index, one in enumerate(mine):
            for other in mine[index + 1 :]:
                over: QRect = one.geometry().intersected(other.geometry())
                if over.width() > 2 and over.height() > 2:
                    found.append(f"overlap: {one.accessibleName()[:16]} / {other.accessibleName()[:16]}")
    return found


@pytest.mark.parametrize("late", [1.0, 1.3], indirect=True, ids=["100", "130"])
def test_nothing_is_cut_or_overlaps(late: Window) -> None:
    """All sizes in light; 1280x640 also in dark and high contrast. At 130 % also the smallest window there is."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    scale = theme.look.scale
    found = {}
    for size in SIZES if scale == 1.0 else (SMALLEST, *SIZES):
        for name in theme.THEMES if size == SIZES[0] else ("light",):
            theme.apply(app, name, scale)
            late.resize(*size)
            for place in places(late):
                if wrong := faults(late):
                    found[f"{size} {name} {place}"] = wrong[:4]
        if (late.width(), late.height()) != size:
            found[f"{size}"] = [f"the window is pushed open to {late.size()}"]
    assert not found, found


@pytest.mark.parametrize("late", [1.0, 1.3], indirect=True, ids=["100", "130"])
def test_every_sheet_fits_the_window(late: Window) -> None:
    """Title and buttons are on view, nothing is cut, in the smallest window and at 1280x640."""
    found = {}
    for offered, size in itertools.product((BEFORE, AFTER), (SMALLEST, SIZES[0])):
        late.resize(*size)
        if offered is AFTER and late.desk.queries.case(CASE).stage == Stage.RECORDED:
            findings.deliberate(late.desk.book, CASE, "一致同意")
        for name in sheets(late, offered):
            sheet = QApplication.activeModalWidget()
            assert sheet is not None, name
            wrong = faults(sheet)
            if sheet.width() > size[0] or sheet.height() > size[1]:
                wrong.append(f"the sheet is {sheet.width()}x{sheet.height()}")
            if isinstance(sheet, Sheet) and sheet.act.geometry().bottom() >= sheet.height():
                wrong.append("the act lies below the edge")
            if wrong:
                found[f"{size} {name}"] = wrong[:4]
    assert not found, found


def test_everything_that_takes_the_focus_has_a_name_and_room(late: Window) -> None:
    nameless = []
    for place in places(late):
        for widget in visible(late, QWidget):
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not isinstance(
                widget, QAbstractButton | QLineEdit | QAbstractScrollArea
            ):
                continue
            if not widget.accessibleName():
                nameless.append(f"{place}: {type(widget).__name__}")
            if isinstance(widget, QAbstractButton) and widget.height() < theme.look.px(30):
                nameless.append(f"{place}: {widget.accessibleName()} is {widget.height()} high")
            if isinstance(widget, AnswerButton) and widget.height() < theme.look.px(44):
                nameless.append(f"{place}: answer {widget.height()} high")
    assert not nameless, sorted(set(nameless))


def test_no_english_is_shown(late: Window) -> None:
    import re

    allowed = re.compile(r"[A-Z]{1,4}-?[\dA-F]*|PDF|SHA|SM3|Ctrl|KB|MB|GB|F\d+|SHILI|JPG|IMG|x|Apache|HEIC|s", re.ASCII)
    strange = set()
    for _ in places(late):
        for widget in (*visible(late, Text), *visible(late, Button)):
            for word in re.findall(r"[A-Za-z]{3,}", widget.text()):  # type: ignore[attr-defined]
                if not allowed.fullmatch(word) and not re.fullmatch("[a-f]+", word):  # digits of a key
                    strange.add(word)
    assert strange <= {"shili", "tongxing"}, strange
