"""Asking where a file is to be written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from .buttons import Button
from .fields import Field
from .last_folder import SAVED, keep_folder, last_folder
from .notices import Sheet
from .panels import row
from .text import Text


def ask_target(parent: QWidget, title: str, sentence: str, name: str, act: str, then: Callable[[Path], object]) -> None:
    """Ask for a path, the last folder proposed; `then(path)` is called when its folder exists."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = last_folder(SAVED) or documents or str(Path.home())
    place = Field("存到", str(Path(folder) / name))
    choose = Button("选位置", "secondary", height=40)
    line = row(place, choose, spacing=8)
    line.setAlignment(choose, Qt.AlignmentFlag.AlignBottom)
    sheet = Sheet(title, Text(sentence, "small", "ink2", wrap=True), line, act=act, parent=parent)
    sheet.setMinimumWidth(640)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def pick() -> None:
        dialog = QFileDialog(sheet, title, place.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(place.input.setText)
        dialog.open()

    def check() -> str:
        target = Path(place.text().strip())
        if not target.is_absolute() or not target.parent.is_dir():
            return "没有这个文件夹。换一个位置。"
        if target.exists():
            return "已有同名文件，换一个名字。"
        return ""

    def accept() -> None:
        target = Path(place.text().strip())
        keep_folder(SAVED, str(target.parent))
        then(target)

    choose.clicked.connect(pick)
    sheet.check = check
    sheet.accepted.connect(accept)
    place.input.returnPressed.connect(sheet.try_accept)
    sheet.open()
    place.input.setFocus()
    place.input.selectAll()
