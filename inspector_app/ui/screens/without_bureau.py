"""What can be done while the bureau is out of reach: a stick, another laptop in the same network, cosigning."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ...actions import stick, sync
from ...actions.trial import ADMIN, LEAD, REVIEWER
from ..desk import Desk
from ..offers import EXPORT, WORK
from ..widgets.buttons import Button
from ..widgets.fields import Field, Pick
from ..widgets.notices import Sheet
from ..widgets.panels import Card, Icon, column, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from . import cosign_ways, direct_ways

_COLLEAGUES = ((LEAD, "科室负责人"), (REVIEWER, "法制审核人员"), (ADMIN, "系统管理员"))


class WithoutBureau(Card):
    """The ways, each with its buttons; `host` is the screen that their sheets belong to and that outlives this card."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        out = Button("导出", "secondary", act=partial(_pack, host, desk), height=36)
        out.setAccessibleName("导出到 U 盘")
        back = Button("导入", "secondary", act=partial(_unpack, host, desk), height=36)
        back.setAccessibleName("从 U 盘导入")
        give = Button("给同事", "secondary", act=partial(direct_ways.give, host, desk), height=36)
        give.setAccessibleName("和同事的电脑合并")
        take = Button("从同事收", "secondary", act=partial(direct_ways.take, host, desk), height=36)
        cosign = Button("给同事会签", "secondary", act=partial(cosign_ways.answer, host, desk), height=36)
        may = desk.may(EXPORT)
        super().__init__(
            Text("连不上局里时", "h2"),
            _way("usb", "用 U 盘交换", "和局里或同事的电脑。文件加密，只有对方能打开。", *([out] if may else []), back),
            _way("laptop", "与另一台电脑合并", "网线或同一个无线网络，不经过局里。", *([give] if may else []), take),
            *([_way("signature", "会签", "给同事的电脑作证，不用网络。", cosign)] if desk.may(WORK) else []),
        )
        for id, who in _COLLEAGUES if desk.trial and not desk.colleague else ():
            self.body.addWidget(Button(f"打开{who}的窗口", "link", act=partial(desk.other_wanted.emit, id), height=32))


def _way(icon: str, name: str, said: str, *acts: Button) -> QHBoxLayout:
    words = column(Text(name, "strong"), Text(said, "small", "ink2", wrap=True), spacing=0)
    line = row(Icon(icon, "ink2", 22), words, *acts, spacing=10)
    line.setStretch(1, 1)
    return line


def _pack(host: QWidget, desk: Desk) -> None:
    """Choose for whom and which inspection, then where to."""
    book, link = desk.book, sync.link_of(desk.book.store)
    readers, begun = stick.readers(book), [each for each in desk.inspections() if each.step]
    if not readers:
        desk.told.emit("还不知道能交给谁。先登记到局里，交换一次。", "warn")
        return
    bureau = link.bureau if link else None
    whom = Pick("给谁", [(key.id, f"{'局里' if key == bureau else '电脑'} {key.name}") for key in readers])
    which = Pick("哪一件检查", [(each.id, each.unit) for each in begun])
    sheet = Sheet("导出到 U 盘", whom, which, act="选位置", parent=host)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.check = lambda: "" if begun else "还没有开始的检查。"

    def place() -> None:
        reader = next(key for key in readers if key.id == whom.value())
        stream = which.value()
        name = f"{stream.rpartition('/')[2]}-{reader.name}{stick.ENDING}"

        def pack(target: Path) -> None:
            desk.run(
                "导出",
                lambda: stick.pack_stick(book, reader, [stream], target),
                lambda made: desk.toasted.emit(f"已导出到 {made.name}", None),
            )

        ask_target(host, "导出到 U 盘", f"只有 {reader.name} 能打开。", name, "导出", pack)

    sheet.accepted.connect(place)
    sheet.open()
    whom.input.setFocus()


def _unpack(host: QWidget, desk: Desk) -> None:
    book = desk.book
    source = Field("U 盘上的文件", hint=f"以 {stick.ENDING} 结尾")
    sheet = Sheet("从 U 盘导入", source, act="导入", parent=host)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.check = lambda: "" if Path(source.text().strip()).is_file() else "没有这个文件。插好 U 盘再选。"

    def told(found: stick.Unpacked) -> None:
        refused = f"，{len(found.refused)} 处没有收" if found.refused else ""
        desk.toasted.emit(f"收到 {found.events} 条、{found.files} 个文件、{found.receipts} 份回执{refused}", None)
        desk.changed.emit()

    def take() -> None:
        file = Path(source.text().strip())
        desk.run("导入", lambda: stick.unpack_stick(book, file), told)

    sheet.accepted.connect(take)
    sheet.open()
    source.input.setFocus()
