"""The window types through fcitx 4: keys go there first, what comes back stands in the field, and nothing hangs on it.

A bus of the tests' own; at its other end stands an input method that makes 档案 of letters and a space.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector_app.ui import fcitx, input_method
from inspector_app.ui.fcitx import SERVICE, Fcitx
from tests.patience import WAIT

pytestmark = [pytest.mark.real, pytest.mark.skipif(sys.platform != "linux", reason="an input method of Linux")]
CONTEXT = DBusAddress("/org/freedesktop/portal/inputcontext/1", SERVICE, "org.fcitx.Fcitx.InputContext1")
SPACE, ESCAPE, SHIFT = 0x20, 0xFF1B, 0xFFE1


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bus of this test's own, which is the session's."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("not installed: dbus-daemon")
    line = [program, "--session", "--nofork", "--print-address", f"--address=unix:path={tmp_path}/bus"]
    daemon = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    assert daemon.stdout is not None
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
    yield str(tmp_path / "bus")
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


class Pinyin:
    """What stands for fcitx: letters are kept until a space, which makes a word of them; `silent` answers no key."""

    def __init__(self, name: str = SERVICE) -> None:
        self.bus: DBusConnection = open_dbus_connection("SESSION")
        self.calls: list[tuple[str, tuple[object, ...]]] = []
        self.silent = False
        daemon = Proxy(message_bus, self.bus)  # asked before it has a name: a call that came meanwhile would be lost
        daemon.AddMatch("interface='example.End'")
        assert daemon.RequestName(name)[0] == 1
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def called(self, name: str) -> list[tuple[object, ...]]:
        return [body for called, body in self.calls if called == name]

    def write(self, text: str) -> None:
        self.bus.send(new_signal(CONTEXT, "CommitString", "s", (text,)))

    def close(self) -> None:
        """As a process ends: its names leave the bus."""
        with open_dbus_connection("SESSION") as other:
            other.send(new_signal(DBusAddress("/end", interface="example.End"), "End"))
        self.thread.join()

    def _serve(self) -> None:
        while (message := self.bus.receive()).header.fields.get(HeaderFields.interface) != "example.End":
            if message.header.message_type is MessageType.method_call:
                self._answer(message)
        self.bus.close()

    def _answer(self, message: Message) -> None:
        name = str(message.header.fields[HeaderFields.member])
        self.calls.append((name, tuple(message.body)))
        if name == "CreateInputContext":
            self.bus.send(new_method_return(message, "oay", (CONTEXT.object_path, b"1")))
        elif name != "ProcessKeyEvent":
            self.bus.send(new_method_return(message))
        elif not self.silent:
            self.bus.send(new_method_return(message, "b", (self._keeps(*message.body),)))

    def _keeps(self, symbol: int, code: int, state: int, released: bool, time: int) -> bool:
        if released:
            return False
        if symbol == SPACE:
            self.write("档案")
        return symbol in (SPACE, ESCAPE) or chr(symbol).islower()


@pytest.fixture
def pinyin(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pinyin]:
    """It stands on the bus; a busy machine is no method that has stopped, so it is waited for longer than in the product."""
    monkeypatch.setattr(fcitx, "PATIENCE", 60)
    one = Pinyin()
    yield one
    if one.thread.is_alive():
        one.close()


class Form(QWidget):
    """Two fields, of which the second hides what is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.secret = QLineEdit(), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        box = QVBoxLayout(self)
        box.addWidget(self.field)
        box.addWidget(self.secret)


@pytest.fixture
def form(pinyin: Pinyin, qtbot: QtBot, qapp: QApplication) -> Iterator[Form]:
    client = Fcitx.open(qapp)
    assert client is not None
    made = Form()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.field.setFocus()
    qtbot.waitUntil(lambda: len(pinyin.called("FocusIn")) > 0, timeout=WAIT)
    yield made
    client.close()
    client.deleteLater()


def press(field: QLineEdit, symbol: int, text: str = "") -> None:
    """As the window system brings a key: whether it is a shortcut, down, up."""
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, 38, symbol, 0, text or chr(symbol))
        QApplication.sendEvent(field, event)


def test_letters_become_words(form: Form, pinyin: Pinyin) -> None:
    for letter in "dangan":
        press(form.field, ord(letter))
        assert form.field.text() == ""
    press(form.field, SPACE)
    press(form.field, ord("1"))
    assert form.field.text() == "档案1"
    downs = [body for body in pinyin.called("ProcessKeyEvent") if not body[3]]
    assert [chr(int(str(body[0]))) for body in downs] == list("dangan 1"), "each key is asked about once"
    assert pinyin.called("CreateInputContext") == [([("program", "inspector-app")],)]
    assert len(pinyin.called("SetCursorRect")) > 1, "the candidates go with the cursor"
    corner = form.field.mapToGlobal(QPoint(0, 0))
    x, y, _, height = (int(str(each)) for each in pinyin.called("SetCursorRect")[-1])
    assert (
        corner.x() < x < corner.x() + form.field.width()
        and corner.y() <= y < y + height <= corner.y() + form.field.height()
    )


def test_a_key_that_is_kept_is_no_shortcut(form: Form) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, 9, ESCAPE, 0, "")
    event.ignore()
    QApplication.sendEvent(form.field, event)
    assert event.isAccepted()


def test_a_word_chosen_with_the_mouse_comes_without_a_key(form: Form, pinyin: Pinyin, qtbot: QtBot) -> None:
    pinyin.write("库房")
    qtbot.waitUntil(lambda: form.field.text() == "库房", timeout=WAIT)


def test_what_is_hidden_is_not_told(form: Form, pinyin: Pinyin, qtbot: QtBot) -> None:
    form.secret.setFocus()
    assert pinyin.called("FocusOut")
    press(form.secret, ord("x"))
    assert form.secret.text() == "x" and not pinyin.called("ProcessKeyEvent")


def test_a_field_that_is_gone_is_left(form: Form, pinyin: Pinyin, qtbot: QtBot) -> None:
    press(form.field, ord("d"))
    before = pinyin.called("FocusIn")
    shiboken6.delete(form.field)
    other = QLineEdit(form)
    other.show()
    other.setFocus()
    qtbot.waitUntil(lambda: len(pinyin.called("FocusIn")) > len(before), timeout=WAIT)
    press(other, SPACE)
    assert other.text() == "档案"


@pytest.mark.parametrize("silent", [True, False])
def test_where_it_stops_the_window_types_on(
    form: Form, pinyin: Pinyin, silent: bool, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    if silent:
        pinyin.silent = True
        monkeypatch.setattr(fcitx, "PATIENCE", 0.5)
    else:
        pinyin.close()
    for letter in "abc":
        press(form.field, ord(letter))
    assert form.field.text() == "abc"
    if silent:
        qtbot.waitUntil(lambda: bool(pinyin.called("ProcessKeyEvent")), timeout=WAIT)  # its thread may come to it later
    form.secret.setFocus()
    form.field.setFocus()
    assert len(pinyin.called("ProcessKeyEvent")) == (1 if silent else 0), "it is not waited for at each key"


def test_it_is_taken_where_it_stands_and_no_fcitx5_does(pinyin: Pinyin) -> None:
    environment = {"QT_IM_MODULE": "fcitx"}
    assert fcitx.stands() and input_method.choose(environment) and environment == {"QT_IM_MODULE": "fcitx"}
    assert input_method.answering(environment) == ("fcitx", True)
    later = Pinyin("org.fcitx.Fcitx5")
    assert not fcitx.stands() and not input_method.choose(environment) and environment == {"QT_IM_MODULE": "ibus"}
    assert input_method.answering(environment) == ("ibus", False)
    speaks_ibus = Pinyin("org.freedesktop.IBus")
    assert input_method.answering(environment) == ("ibus", True)
    later.close()
    speaks_ibus.close()


@pytest.mark.parametrize("told", ["", "unix:path=/nowhere", "autolaunch:", "tcp:host=localhost", None])
def test_without_a_bus_there_is_none(told: str | None, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if told is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", told)
    assert not fcitx.stands() and Fcitx.open(qapp) is None


def test_a_bus_without_it_gives_none(address: str, qapp: QApplication) -> None:
    assert not fcitx.stands() and Fcitx.open(qapp) is None
