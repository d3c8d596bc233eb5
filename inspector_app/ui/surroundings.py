"""What stands around the window: screen, browser, cards, clipboard, battery, and the signals of a terminal."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QSocketNotifier, QStorageInfo, QUrl
from PySide6.QtGui import QClipboard, QDesktopServices, QGuiApplication


def has_screen() -> bool:
    """Whether Qt finds a screen that it can use, or was told to do without one; without it Qt aborts in words of its own."""
    told = os.environ.get
    if not sys.platform.startswith("linux") or told("DISPLAY") or told("QT_QPA_PLATFORM"):
        return True
    return bool(told("WAYLAND_DISPLAY")) and _wayland_is_new()


def _wayland_is_new() -> bool:
    """Whether the system's Wayland is 1.20 or later, as Qt's way to it asks; before that Qt goes through X11 alone."""
    try:
        return hasattr(ctypes.CDLL("libwayland-client.so.0"), "wl_proxy_marshal_flags")
    except OSError:
        return False


def open_page(address: str) -> bool:
    """Open a page in the system's browser; False where there is none."""
    return QDesktopServices.openUrl(QUrl(address))


class Clipboard(Protocol):
    """What Qt tells of the system's clipboard."""

    def ownsClipboard(self) -> bool: ...

    def ownsSelection(self) -> bool: ...

    def clear(self, mode: QClipboard.Mode, /) -> None: ...


def take_back_copied(clipboard: Clipboard | None = None) -> None:
    """Take out of the clipboard what was copied or marked in this program; what another program put there stays."""
    held: Clipboard = clipboard or QGuiApplication.clipboard()
    if held.ownsClipboard():
        held.clear(QClipboard.Mode.Clipboard)
    if held.ownsSelection():
        held.clear(QClipboard.Mode.Selection)


def removable() -> list[tuple[str, str]]:
    """(name, folder) of the cards, sticks and recorders that are plugged in, as far as the system shows them as disks."""
    found = []
    for volume in QStorageInfo.mountedVolumes():
        root = volume.rootPath()
        plugged = root.startswith(("/media/", "/run/media/", "/Volumes/"))
        card = bytes(volume.fileSystemType().data()).lower() in (
            b"vfat",
            b"fat32",
            b"exfat",
            b"fat",
        ) and not root.startswith("/boot")
        if volume.isReady() and (plugged or card):
            found.append((volume.displayName() or root, root))
    return found


@contextmanager
def interrupts(parent: QObject, act: Callable[[], object]) -> Iterator[None]:
    """Ctrl+C and `kill` become `act()`, called by the event loop and never in the midst of painting.

    Python runs handlers of signals between its own instructions only, and none are run while Qt waits: so the signal
    is written to a socket that Qt listens to.
    """
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    bell = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, parent)

    def rung() -> None:
        reader.recv(64)
        act()

    bell.activated.connect(rung)
    before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    held = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        bell.setEnabled(False)
        bell.deleteLater()
        reader.close()
        writer.close()


def battery() -> int | None:
    """Percent of the battery where one runs down; None on mains, without a battery, or where the system does not say."""
    for place in sorted(Path("/sys/class/power_supply").glob("BAT*")):
        try:
            if (place / "status").read_text().strip() == "Discharging":
                return int((place / "capacity").read_text())
        except (OSError, ValueError):
            continue
    return None
