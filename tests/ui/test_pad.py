"""The pad that is signed on: strokes of pen, finger and mouse as data, taken back and cleared, reached and left by keys."""

from __future__ import annotations

import cmath
import time

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from inspector_app.domain.drawing import Drawing, Point, Stroke
from inspector_app.ui.widgets.buttons import Button
from inspector_app.ui.widgets.pad import Pad, SmallDrawing
from inspector_app.ui.widgets.panels import column
from tests.patience import WAIT

PEN = QPointingDevice(
    "示例笔", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
)  # fmt: skip


@pytest.fixture
def pad(qtbot: QtBot) -> Pad:
    made = Pad("签名板")
    qtbot.addWidget(made)
    made.resize(1000, 500)
    made.show()
    return made


def pen(pad: Pad, kind: QEvent.Type, x: float, y: float, pressure: float, ms: int) -> None:
    at = QPointF(x, y)
    button = Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind, PEN, at, QPointF(pad.mapToGlobal(at)), pressure, 0.0, 0.0, 0.0, 0.0, 0.0, Qt.KeyboardModifier.NoModifier,
        button, button,
    )  # fmt: skip
    event.setTimestamp(ms)
    QApplication.sendEvent(pad, event)
    assert event.isAccepted(), "else it would come again as a mouse"


def mouse(pad: Pad, kind: QEvent.Type, x: float, y: float, ms: int) -> None:
    at, button = QPointF(x, y), Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, at, QPointF(pad.mapToGlobal(at)), button, button, Qt.KeyboardModifier.NoModifier)
    event.setTimestamp(ms)
    QApplication.sendEvent(pad, event)


def pen_line(pad: Pad, start: int = 5000) -> None:
    pen(pad, QEvent.Type.TabletPress, 100, 50, 0.2, start)
    pen(pad, QEvent.Type.TabletMove, 500, 250, 0.875, start + 16)
    pen(pad, QEvent.Type.TabletMove, 1100, 250, 1.5, start + 33)  # beyond the edge, harder than there is
    pen(pad, QEvent.Type.TabletRelease, 1100, 250, 0.0, start + 40)


def test_a_pen_gives_place_pressure_and_time(pad: Pad) -> None:
    assert pad.is_empty and "还没有签名" in pad.accessibleDescription() and pad.accessibleName() == "签名板"
    pen_line(pad)
    points = (Point(1000, 1000, 200, 0), Point(5000, 5000, 875, 16), Point(10000, 5000, 1000, 33))
    assert pad.drawing == Drawing(1000, 500, (Stroke("pen", points),))
    assert pad.accessibleDescription() == "已写 1 笔"
    pen_line(pad, 6000)
    assert [point.ms for point in pad.drawing.strokes[1].points] == [1000, 1016, 1033], "since the first point of all"
    assert Drawing.read(pad.drawing.plain()) == pad.drawing


def test_a_mouse_has_no_pressure_and_says_so(pad: Pad) -> None:
    mouse(pad, QEvent.Type.MouseButtonPress, 250, 100, 70)
    mouse(pad, QEvent.Type.MouseMove, 250, 100, 75)  # not moved: no point
    mouse(pad, QEvent.Type.MouseMove, 500, 400, 60)  # a clock that runs back
    mouse(pad, QEvent.Type.MouseButtonRelease, 500, 400, 90)
    assert pad.drawing.strokes == (Stroke("mouse", (Point(2500, 2000, 500, 0), Point(5000, 8000, 500, 0))),)
    mouse(pad, QEvent.Type.MouseMove, 900, 400, 95)
    assert len(pad.drawing.strokes[0].points) == 2, "what moves over the pad without pressing draws nothing"


def test_a_finger_draws_and_a_second_one_does_not(pad: Pad) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(pad, screen).press(0, QPoint(100, 100), pad).commit()
    QTest.touchEvent(pad, screen).move(0, QPoint(200, 200), pad).press(1, QPoint(900, 400), pad).commit()
    QTest.touchEvent(pad, screen).move(0, QPoint(300, 200), pad).move(1, QPoint(800, 400), pad).commit()
    QTest.touchEvent(pad, screen).release(0, QPoint(300, 200), pad).release(1, QPoint(800, 400), pad).commit()
    (stroke,) = pad.drawing.strokes
    assert stroke.by == "touch" and [point.x for point in stroke.points] == [1000, 2000, 3000]
    assert {point.pressure for point in stroke.points} == {500}


def test_a_palm_beside_the_pen_draws_nothing(pad: Pad) -> None:
    pen(pad, QEvent.Type.TabletPress, 100, 50, 0.2, 1)
    mouse(pad, QEvent.Type.MouseButtonPress, 900, 400, 2)
    mouse(pad, QEvent.Type.MouseMove, 800, 400, 3)
    mouse(pad, QEvent.Type.MouseButtonRelease, 800, 400, 4)
    pen(pad, QEvent.Type.TabletMove, 200, 50, 0.2, 5)
    pen(pad, QEvent.Type.TabletRelease, 200, 50, 0.0, 6)
    assert [stroke.by for stroke in pad.drawing.strokes] == ["pen"]
    assert len(pad.drawing.strokes[0].points) == 2


def test_the_last_stroke_is_taken_back_and_all_are_cleared(pad: Pad, qtbot: QtBot) -> None:
    for start in (0, 1000, 2000):
        pen_line(pad, start)
    with qtbot.waitSignal(pad.changed, timeout=WAIT):
        QTest.keyClick(pad, Qt.Key.Key_Backspace)
    assert [stroke.points[0].ms for stroke in pad.drawing.strokes] == [0, 1000]
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty and "还没有签名" in pad.accessibleDescription()
    pad.take_back()  # nothing to take back
    pen_line(pad, 9000)
    assert pad.drawing.strokes[0].points[0].ms == 0


def test_a_resized_pad_keeps_the_shape_of_what_was_drawn(pad: Pad) -> None:
    pen_line(pad)
    before = pad.drawing
    pad.resize(1000, 1000)
    assert pad.drawing == before
    pen(pad, QEvent.Type.TabletPress, 100, 300, 0.2, 9000)  # where the first stroke is shown now
    pen(pad, QEvent.Type.TabletRelease, 100, 300, 0.0, 9001)
    assert pad.drawing.strokes[1].points[0][:2] == before.strokes[0].points[0][:2]


def scrawl(pad: Pad, strokes: int, points: int) -> None:
    """Spirals by the mouse, painted while they come."""
    for stroke in range(strokes):
        for n in range(points):
            turn = cmath.rect(20 + 200 * n / points, n / 9 + stroke)
            kind = QEvent.Type.MouseMove if n else QEvent.Type.MouseButtonPress
            mouse(pad, kind, 500 + 2 * turn.real, 250 + turn.imag, stroke * points + n)
            if n % 50 == 0:
                pad.repaint()
        mouse(pad, QEvent.Type.MouseButtonRelease, 500, 250, stroke * points + points)


def apart(pad: Pad, before: QImage) -> int:
    """Pixels in which the pad looks otherwise after all of it was painted anew."""
    whole = pad.size()
    pad.resize(whole + QSize(1, 0))
    pad.grab()
    pad.resize(whole)
    now = pad.grab().toImage()
    lightness = [
        [image.pixelColor(x, y).lightness() for x in range(0, 1000, 2) for y in range(0, 500, 2)]
        for image in (before, now)
    ]
    return sum(abs(one - other) > 96 for one, other in zip(*lightness, strict=True))


def test_what_is_painted_bit_by_bit_is_the_whole_picture(pad: Pad) -> None:
    scrawl(pad, 3, 200)
    assert apart(pad, pad.grab().toImage()) == 0
    pad.take_back()
    pad.repaint()
    assert apart(pad, pad.grab().toImage()) == 0 and dark(pad, 300, 50, 700, 450)
    pad.clear()
    assert apart(pad, pad.grab().toImage()) == 0 and not dark(pad, 300, 50, 700, 350)


def test_ten_thousand_points_do_not_slow_the_pen(pad: Pad) -> None:
    def spent() -> float:
        """Of one more point and its painting, in seconds."""
        mouse(pad, QEvent.Type.MouseButtonPress, 5, 10, 98_000)
        times = []
        for n in range(15):
            start = time.perf_counter()
            mouse(pad, QEvent.Type.MouseMove, 10 + n, 10, 98_001 + n)
            pad.repaint()
            times.append(time.perf_counter() - start)
        mouse(pad, QEvent.Type.MouseButtonRelease, 30, 10, 99_000)
        return min(times)

    few = spent()
    scrawl(pad, 20, 500)
    many = spent()
    assert sum(len(stroke.points) for stroke in pad.drawing.strokes) > 9_900
    assert many < 5 * few, f"{many * 1000:.1f} ms with ten thousand points, {few * 1000:.1f} ms with none"


def test_a_stroke_whose_end_goes_to_a_sheet_is_over(pad: Pad, qtbot: QtBot) -> None:
    """Else a finger could never write after a pen that was lifted elsewhere."""
    pen(pad, QEvent.Type.TabletPress, 100, 50, 0.2, 1)
    pen(pad, QEvent.Type.TabletMove, 200, 50, 0.2, 5)
    sheet = QDialog(pad)
    sheet.open()
    sheet.reject()
    mouse(pad, QEvent.Type.MouseButtonPress, 900, 400, 20)
    mouse(pad, QEvent.Type.MouseMove, 800, 400, 30)
    mouse(pad, QEvent.Type.MouseButtonRelease, 800, 400, 40)
    assert [stroke.by for stroke in pad.drawing.strokes] == ["pen", "mouse"]


def test_it_is_reached_and_left_by_keys(qtbot: QtBot) -> None:
    place, pad, before, after = QWidget(), Pad("签名板"), Button("前"), Button("后")
    place.setLayout(column(before, pad, after))
    qtbot.addWidget(place)
    place.show()
    qtbot.waitUntil(place.isActiveWindow, timeout=WAIT)
    before.setFocus()
    for key, there in (
        (Qt.Key.Key_Tab, pad),
        (Qt.Key.Key_Tab, after),
        (Qt.Key.Key_Backtab, pad),
        (Qt.Key.Key_Backtab, before),
    ):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        assert QApplication.focusWidget() is there


def dark(widget: QWidget, left: int, top: int, right: int, bottom: int) -> int:
    image = widget.grab().toImage()
    return sum(image.pixelColor(x, y).lightness() < 90 for x in range(left, right) for y in range(top, bottom))


def test_where_the_pen_pressed_harder_the_line_is_wider(pad: Pad) -> None:
    for y, pressure in ((100, 0.1), (200, 1.0)):
        pen(pad, QEvent.Type.TabletPress, 200, y, pressure, y)
        pen(pad, QEvent.Type.TabletMove, 300, y, pressure, y + 9)
        pen(pad, QEvent.Type.TabletRelease, 300, y, 0.0, y + 10)
    assert dark(pad, 240, 180, 260, 220) > 2 * dark(pad, 240, 80, 260, 120) > 0


def test_the_small_picture_is_cut_to_what_was_drawn(qtbot: QtBot) -> None:
    corner = Stroke("pen", (Point(100, 100, 900, 0), Point(600, 700, 900, 9)))
    picture = SmallDrawing(Drawing(1000, 500, (corner,)), "示例吴晓的签名")
    qtbot.addWidget(picture)
    middle, size = picture.rect().center(), picture.size()
    assert dark(picture, middle.x() - 3, middle.y() - 3, middle.x() + 3, middle.y() + 3)
    dot = SmallDrawing(Drawing(1000, 500, (Stroke("touch", (Point(9000, 9000, 500, 0),)),)), "示例吴晓的签名")
    qtbot.addWidget(dot)
    assert dark(dot, 0, 0, size.width(), size.height()), "a dot is seen too"
