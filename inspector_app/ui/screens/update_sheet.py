"""Updates in the settings: choose a file, see what it brings, who signed it and what will happen, take it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from ...actions import updates
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.notices import Sheet
from ..widgets.panels import Card, Line, pair, row
from ..widgets.text import Text

_RULES_THEN = "锁定后再登录就起用。正在办的检查接着用开始时的检查表；局里发布的规则仍然优先。"
_PROGRAM_THEN = "放在现在的版本旁边，下次打开程序时换过去。数据先存一份再升级；没有升成的，程序和数据都回到现在这样。"


class UpdateCard(Card):
    """The way to an update file."""

    def __init__(self, desk: Desk) -> None:
        choose = Button("选更新文件", "secondary", act=lambda: choose_file(self, desk), height=36)
        ask = Button("向局里要", "secondary", act=lambda: ask_bureau(self, desk), height=36)
        words = "带签名的更新文件，不联网的用 U 盘拷来，在这里选它。签名不对、过期或比这台电脑认过的旧，一律不用。"
        super().__init__(
            row(Text("更新", "h2"), None, ask, choose), Text(words, "small", "ink2", wrap=True), spacing=10
        )


def rules_source(desk: Desk) -> str:
    """Where the rules come from that no bureau has published."""
    held = updates.in_force(desk.book)
    return f"更新“{held['said']}”，签名：{'、'.join(held['signers'])}" if held else "程序自带"


def choose_file(parent: QWidget, desk: Desk) -> None:
    """选更新文件: choose it, look at it, and only then take it."""
    dialog = QFileDialog(parent, "选更新文件", "", "更新文件 (*.zip)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: look_into(parent, desk, Path(path)))
    dialog.open()


def ask_bureau(parent: QWidget, desk: Desk) -> None:
    """向局里要: bring the file that the bureau holds ready, then look at it like at one from a stick."""
    laptop, book = desk.laptop, desk.book
    desk.run(
        "向局里要更新",
        lambda: updates.from_bureau(laptop, book),
        lambda file: look_into(parent, desk, file),
        network=True,
    )


def look_into(parent: QWidget, desk: Desk, file: Path) -> None:
    """Read the file on the worker; what does not hold is told, and the rest is shown before anything is taken."""

    def show(offer: updates.Offer) -> None:
        if offer.rules is None and offer.program is None:
            desk.toasted.emit(str(Problem("update_nothing")), None)
        else:
            _sheet(parent, desk, file, offer).open()

    desk.run("核对更新文件", lambda: updates.look(desk.laptop, file, desk.book), show)


def _sheet(parent: QWidget, desk: Desk, file: Path, offer: updates.Offer) -> Sheet:
    parts: list[QWidget | QLayout] = [Text("签名核对过了。下面是这台电脑要换的。", "body", "ink2", wrap=True)]
    if offer.rules is not None:
        parts += [Line(), *_piece(f"规则，给程序 {offer.rules.version}", offer.rules, _RULES_THEN)]
    if offer.program is not None:
        parts += [Line(), *_piece(f"程序 {offer.program.version}", offer.program, _PROGRAM_THEN)]
    sheet = Sheet("更新", *parts, act="采用", parent=parent)
    sheet.setMinimumWidth(look.px(620))
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.accepted.connect(partial(_take, desk, file))
    return sheet


def _piece(name: str, piece: updates.Piece, then: str) -> Iterator[QWidget | QLayout]:
    yield Text(name, "strong")
    size = f"{piece.size / 1e6:.1f} MB" if piece.size > 1e5 else f"{piece.size // 1000 + 1} KB"
    for label, value in (("带来", piece.said), ("签名", "、".join(piece.signers)), ("大小", size), ("采用以后", then)):
        yield pair(label, value)


def _take(desk: Desk, file: Path) -> None:
    def passed(step: str) -> None:
        desk.step("采用更新", updates.STEPS.index(step) + 1, len(updates.STEPS))

    def told(offer: updates.Offer) -> None:
        said = [f"程序 {offer.program.version}，下次打开起用"] if offer.program else []
        said = [*(["规则，锁定后再登录起用"] if offer.rules else []), *said]
        desk.toasted.emit(f"已采用{'；'.join(said)}", None)
        desk.changed.emit()

    desk.run("采用更新", lambda: updates.take(desk.laptop, file, desk.book, passed), told)
