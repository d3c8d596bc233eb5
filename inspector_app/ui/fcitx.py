"""Typing Chinese through fcitx 4, which domestic desktops have: its plug-in is for the system's Qt, and it speaks no ibus.

What it offers to programs in boxes is a plain way over D-Bus (`org.freedesktop.portal.Fcitx`, SDL's too): every key goes there
first, and what comes of them comes back as text. Candidates, and the letters so far, stand in its own window beside the cursor.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, HeaderFields, MatchRule, Message, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, QSocketNotifier, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

SERVICE = "org.freedesktop.portal.Fcitx"
_METHOD = DBusAddress("/org/freedesktop/portal/inputmethod", SERVICE, "org.fcitx.Fcitx.InputMethod1")
_CONTEXT = "org.fcitx.Fcitx.InputContext1"
PATIENCE = 0.5
"""Seconds an answer is waited for. Who is slower has stopped: keys go to the window again."""

_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_FAULTS = (OSError, DBusErrorResponse)


def on_the_bus(*services: str) -> frozenset[str]:
    """Those of these services that stand on the session's bus; none without a bus."""
    try:
        with _session() as bus:
            there = Proxy(message_bus, bus, timeout=PATIENCE)
            return frozenset(each for each in services if there.NameHasOwner(each)[0])
    except _FAULTS:
        return frozenset()


def stands() -> bool:
    """Whether fcitx is there and is not fcitx5, which speaks ibus and is better asked that way."""
    return on_the_bus(SERVICE, "org.fcitx.Fcitx5") == {SERVICE}


def _session() -> DBusConnection:
    """The session's bus; OSError where none is named, or not where one can be reached."""
    try:
        return open_dbus_connection("SESSION")
    except (KeyError, ValueError, RuntimeError) as error:
        raise OSError(str(error)) from error


def _answer(bus: DBusConnection, message: Message) -> tuple[Any, ...]:
    """Ask, and wait at most so long; what it tells meanwhile is kept by the filters of the connection."""
    reply = bus.send_and_get_reply(message, timeout=PATIENCE)
    if HeaderFields.error_name in reply.header.fields:
        raise DBusErrorResponse(reply)
    return tuple(reply.body)


class Fcitx(QObject):
    """One conversation with fcitx for all windows of the application: a connection, and the path of what it made for us."""

    def __init__(self, app: QGuiApplication, bus: DBusConnection, path: str) -> None:
        super().__init__(app)
        self.bus = bus
        self._context = DBusAddress(path, SERVICE, _CONTEXT)
        self._said: deque[Message] = deque()
        self._field: QWidget | None = None
        self._seen: tuple[int, ...] = ()
        self._asked: tuple[int, int, bool] | None = None
        bus.filter(MatchRule(type="signal", interface=_CONTEXT, path=path), queue=self._said)
        self._bell = QSocketNotifier(bus.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._bell.activated.connect(self._rung)
        app.focusObjectChanged.connect(self._moved)

    @classmethod
    def open(cls, app: QGuiApplication) -> Fcitx | None:
        """After Qt's application object was made; None where it does not answer."""
        try:
            bus = _session()
        except OSError:
            return None
        try:
            ask = new_method_call(_METHOD, "CreateInputContext", "a(ss)", ([("program", "inspector-app")],))
            path = _answer(bus, ask)[0]
            Proxy(message_bus, bus, timeout=PATIENCE).AddMatch(MatchRule(type="signal", interface=_CONTEXT, path=path))
        except _FAULTS:
            bus.close()
            return None
        return cls(app, bus, path)

    # -- to fcitx ---------------------------------------------------------------------------------------------------

    def _tell(self, name: str, signature: str | None = None, body: tuple[object, ...] = ()) -> None:
        try:
            _answer(self.bus, new_method_call(self._context, name, signature, body))
        except _FAULTS:
            self.close()

    def _takes(self, event: QKeyEvent, released: bool) -> bool:
        """Whether fcitx keeps this key for itself; what it wrote meanwhile is in the field before the answer is known."""
        body = (
            event.nativeVirtualKey(),
            event.nativeScanCode(),
            event.nativeModifiers(),
            released,
            event.timestamp() & 0xFFFFFFFF,
        )
        try:
            kept = _answer(self.bus, new_method_call(self._context, "ProcessKeyEvent", "uuubu", body))
        except _FAULTS:
            self.close()
            return False
        self._write()
        return bool(kept[0])

    def close(self) -> None:
        """It went away: the window takes its keys itself."""
        self._bell.setEnabled(False)
        self._leave()
        self.bus.close()

    def _leave(self) -> bool:
        """Listen to no field; whether one was listened to. It may have been destroyed since."""
        left, self._field = self._field, None
        if left is not None and isValid(left):
            left.removeEventFilter(self)
        return left is not None

    # -- from the window --------------------------------------------------------------------------------------------

    def _moved(self, field: QObject | None) -> None:
        """The cursor stands elsewhere: only fields of text are listened to, and none that hide what is typed."""
        if not self._bell.isEnabled():
            return
        if self._leave():
            self._tell("FocusOut")
        self._field = field if isinstance(field, QWidget) and _writes(field) else None
        if self._field is not None and self._bell.isEnabled():
            self._field.installEventFilter(self)
            self._seen = ()
            self._tell("FocusIn")

    def _follow(self) -> None:
        """Tell where the cursor stands, where that is not known: the candidates lie beside it."""
        if self._field is None:
            return
        at: QRect = _queried(self._field, Qt.InputMethodQuery.ImCursorRectangle)
        factor = self._field.devicePixelRatioF()  # it measures in the screen's own pixels
        corner = self._field.mapToGlobal(at.topLeft())
        seen = tuple(round(each * factor) for each in (corner.x(), corner.y(), at.width(), at.height()))
        if seen != self._seen:
            self._seen = seen
            self._tell("SetCursorRect", "iiii", seen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key is asked about once: where Qt asks whether it is a shortcut, which comes before the key itself."""
        if event.type() not in _KEYS or not isinstance(event, QKeyEvent) or watched is not self._field:
            return False
        if not event.nativeVirtualKey():  # pressed by no keyboard
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return self._takes(event, released=True)
        key = (event.timestamp(), event.nativeScanCode())
        if self._asked is not None and self._asked[:2] == key and event.type() == QEvent.Type.KeyPress:
            kept = self._asked[2]
            self._asked = None
        else:
            self._follow()
            kept = self._takes(event, released=False)
            self._asked = (*key, kept) if event.type() == QEvent.Type.ShortcutOverride else None
        if kept:
            event.accept()  # a key that chooses a word is no shortcut of the window
        return kept

    # -- from fcitx -------------------------------------------------------------------------------------------------

    def _rung(self) -> None:
        try:
            while True:
                self.bus.recv_messages(timeout=0)
        except TimeoutError:
            self._write()
        except OSError:
            self.close()

    def _write(self) -> None:
        while self._said:
            message = self._said.popleft()
            if (
                message.header.fields.get(HeaderFields.member) == "CommitString"
                and self._field is not None
                and isValid(self._field)
            ):
                written = QInputMethodEvent()
                written.setCommitString(message.body[0])
                QCoreApplication.sendEvent(self._field, written)


def _queried(field: QObject, what: Qt.InputMethodQuery) -> Any:
    asked = QInputMethodQueryEvent(what)
    QCoreApplication.sendEvent(field, asked)
    return asked.value(what)


def _writes(field: QObject) -> bool:
    """Whether text is written there that may be seen."""
    hints = Qt.InputMethodHint(_queried(field, Qt.InputMethodQuery.ImHints) or 0)
    return bool(_queried(field, Qt.InputMethodQuery.ImEnabled)) and not hints & Qt.InputMethodHint.ImhHiddenText
