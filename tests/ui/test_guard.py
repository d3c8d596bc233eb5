"""A window left alone: locked by itself, with nothing half-typed lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.actions import evidence
from inspector_app.tour.hand import Hand
from inspector_app.ui.guard import Guard
from inspector_app.ui.widgets.buttons import Button
from inspector_app.ui.widgets.fields import Field
from tests.office import CASE, card
from tests.patience import WAIT
from tests.ui.test_leaving import enter, fact

MINUTES = 10


class Watch:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def guard(case_hand: Hand, watch: Watch) -> Iterator[Guard]:
    made = Guard(case_hand.window.lock_alone, case_hand.window.minutes_alone, watch)
    yield made
    made.deleteLater()


def open_(hand: Hand) -> bool:
    return hand.window.desk.session is not None


def test_a_remark_in_the_making_survives_the_minutes(case_hand: Hand, guard: Guard, watch: Watch) -> None:
    case_hand.key("R")
    case_hand.type("没有人动以前没写完")
    watch.now += 60 * MINUTES - 1
    guard.look()
    assert open_(case_hand)
    watch.now += 1
    guard.look()
    assert not open_(case_hand), "the database is closed and its key forgotten"
    enter(case_hand, "shen")
    assert fact(case_hand, "A01").note == "没有人动以前没写完"


def test_every_touch_begins_the_minutes_anew(case_hand: Hand, guard: Guard, watch: Watch) -> None:
    window = case_hand.window.windowHandle()
    assert window is not None
    guard._watch(window)  # without a window system nobody tells which one has the focus
    for _ in range(3):
        watch.now += 60 * MINUTES - 1
        QTest.keyClick(window, Qt.Key.Key_J)
        guard.look()
    assert open_(case_hand)


def test_a_sheet_is_closed_and_its_words_are_kept(case_hand: Hand, guard: Guard) -> None:
    desk = case_hand.window.desk
    evidence.add_photos(desk.book, CASE, card(1))
    desk.open_stage(3)
    desk.changed.emit()
    case_hand.settle()
    case_hand.click(case_hand.find(Button, "撤下"))
    case_hand.type("原因只写了一")
    guard.lock()
    assert desk.session is None and QApplication.activeModalWidget() is None
    enter(case_hand, "shen")
    desk.open("case", CASE)
    desk.open_stage(3)
    case_hand.settle()
    case_hand.click(case_hand.find(Button, "撤下"))
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    assert [field.text() for field in sheet.findChildren(Field)] == ["原因只写了一"]


def test_work_under_way_is_finished_first(case_hand: Hand, guard: Guard) -> None:
    desk = case_hand.window.desk
    desk.busy += 1
    case_hand.key("R")
    case_hand.type("写到一半")
    guard.lock()
    assert open_(case_hand)
    desk.busy -= 1
    guard.look()
    assert not open_(case_hand)
    enter(case_hand, "shen")
    assert fact(case_hand, "A01").note == "写到一半"


# -- what the system says ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], QDBusConnection]]:
    """A bus of the tests' own; each name is a connection to it."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("not installed: dbus-daemon")
    place = tmp_path_factory.mktemp("bus") / "bus"
    daemon = subprocess.Popen(
        [program, "--session", "--nofork", "--print-address", f"--address=unix:path={place}"], stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    names = set[str]()

    def connection(name: str) -> QDBusConnection:
        names.add(name)
        return QDBusConnection.connectToBus(address, name)

    yield connection
    for name in names:
        QDBusConnection.disconnectFromBus(name)
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


LOGIN, POWER = "org.freedesktop.login1", "org.freedesktop.UPower"
SIGNALS: dict[str, tuple[str, str, str, str, list[object]]] = {
    "sleep": (LOGIN, "/org/freedesktop/login1", f"{LOGIN}.Manager", "PrepareForSleep", [True]),
    "lock": (LOGIN, "/org/freedesktop/login1/session/_31", f"{LOGIN}.Session", "Lock", []),
    "lid": (POWER, "/org/freedesktop/UPower", "org.freedesktop.DBus.Properties", "PropertiesChanged",
            [POWER, {"LidIsClosed": True}, []]),
}  # fmt: skip


@pytest.mark.real
@pytest.mark.parametrize("signal", SIGNALS)
def test_the_system_says_that_the_laptop_goes(
    case_hand: Hand, guard: Guard, bus: Callable[[str], QDBusConnection], signal: str, qtbot: QtBot
) -> None:
    service, path, interface, name, values = SIGNALS[signal]
    system = bus("system")
    assert system.registerService(service)
    assert guard.listen(bus("window"))
    case_hand.key("R")
    case_hand.type("合上以前没写完")

    def say(said: list[object]) -> None:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(said)
        assert system.send(message)

    if signal == "sleep":
        say([False])  # it wakes up
    say(values)
    qtbot.waitUntil(lambda: case_hand.window.desk.session is None, timeout=WAIT)
    system.unregisterService(service)
    enter(case_hand, "shen")
    assert fact(case_hand, "A01").note == "合上以前没写完"


def test_without_a_bus_the_minutes_still_count(guard: Guard, case_hand: Hand, tmp_path: Path) -> None:
    nowhere = QDBusConnection.connectToBus(f"unix:path={tmp_path}/none", "nowhere")
    assert not guard.listen(nowhere)
    guard.lock()
    assert not open_(case_hand)
