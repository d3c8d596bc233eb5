"""The files of an inspection and where each of them is; bringing back and giving up originals."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import sync, whereabouts
from ...actions.book import Done
from ...actions.file_state import FileState
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.notices import Sheet
from ..widgets.panels import Empty, Tag, row
from ..widgets.text import Text

_TONES = {
    FileState.HERE: ("warn", "cloud-arrow-up"), FileState.DELIVERED: ("warn", "clock"), FileState.RECEIVED: ("ok", "seal-check"),
    FileState.AT_BUREAU: ("ok", "buildings"), FileState.AT_COLLEAGUE: ("na", "laptop"),
    FileState.FROZEN: ("bad", "lock"), FileState.DESTROYED: ("na", "prohibit"),
}  # fmt: skip


def show_files(parent: QWidget, desk: Desk, stream: str, name: str) -> Sheet:
    """Open the list; its main act brings what is missing here, its second gives back the room of what is received."""
    book = desk.book
    places = whereabouts.files(book, stream)
    counts = Counter(place.state for place in places)
    missing = counts[FileState.AT_BUREAU] + counts[FileState.AT_COLLEAGUE]
    said = "，".join(f"{state} {counts[state]} 个" for state in FileState if counts[state])
    lines: list[QWidget] = [Text(said, "body", "ink2", wrap=True)] if said else []
    refs = whereabouts.freeable(book, stream) if sync.link_of(book.store) else []
    room = Button(f"让出 {sum(ref.size for ref in refs) / 1e6:.0f} MB 本机空间", "secondary", height=40)
    if refs:
        words = (f"{len(refs)} 个原件局里已回执，规定的天数已过。让出前逐个再问一次局里，然后销毁本机的密钥；文书和小图留在本机，"
                 "原件随时可以取回。")  # fmt: skip
        lines += [Text(words, "small", "ink2", wrap=True), _line(room)]
    lines += [_line(Text(p.name, "small"), None, Text(f"{p.ref.size / 1e6:.1f} MB", "small", "ink3"),
                    Tag(p.state.value, *_TONES[p.state])) for p in places]  # fmt: skip
    sheet = Sheet(f"{name}的文件", *(lines or [Empty("cloud-check", "还没有文件。")]),
                  act=f"取回 {missing} 个" if missing else "看完了", parent=parent)  # fmt: skip
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.back.setVisible(missing > 0)
    if missing:
        sheet.check = lambda: "" if sync.link_of(book.store) else "这台电脑还没有登记到局里，登记以后才能取回。"
        sheet.accepted.connect(partial(_bring_back, desk, stream))
    room.clicked.connect(sheet.reject)
    room.clicked.connect(partial(_give_room, desk, stream))
    sheet.open()
    return sheet


def _line(*parts: QWidget | None) -> QWidget:
    line = QWidget()
    line.setLayout(row(*parts, *(() if None in parts else (None,)), spacing=10))
    return line


def _bring_back(desk: Desk, stream: str) -> None:
    book = desk.book

    def told(found: tuple[int, int]) -> None:
        came, refused = found
        rest = f"，{refused} 个局里还没有收到" if refused else ""
        desk.toasted.emit(f"取回 {came} 个文件{rest}", None)
        desk.changed.emit()

    desk.run("取回文件", lambda: whereabouts.bring_back(book, stream, partial(desk.step, "取回文件")), told, can_stop=True,
             network=True)  # fmt: skip


def _give_room(desk: Desk, stream: str) -> None:
    book = desk.book

    def told(done: Done[int]) -> None:
        desk.finished(done)
        desk.toasted.emit(f"让出 {done.value / 1e6:.0f} MB，原件在局里", None)

    desk.run("让出本机空间", lambda: whereabouts.give_room(book, stream, partial(desk.step, "让出本机空间")), told, can_stop=True,
             network=True)  # fmt: skip
