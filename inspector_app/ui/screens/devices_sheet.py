"""局里的电脑: what is enrolled at the bureau, and a lost one revoked; for who keeps them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...actions import bureau_devices
from ...actions.bureau_devices import Enrolled
from ...domain.access import may
from ...domain.calendar import zh_date
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.notices import Sheet
from ..widgets.panels import Tag, column, row
from ..widgets.text import Text


def show_devices(parent: QWidget, desk: Desk) -> None:
    """Ask the bureau, then list them."""
    book = desk.book
    desk.run("查看局里的电脑", lambda: bureau_devices.enrolled(book), lambda found: _list(parent, desk, found), network=True)


def _list(parent: QWidget, desk: Desk, found: tuple[Enrolled, ...]) -> None:
    def revoke(each: Enrolled) -> None:
        sheet.reject()
        _revoke(parent, desk, each)

    said = Text(f"登记过 {len(found)} 台，在用 {sum(each.revoked is None for each in found)} 台。", "body", "ink2")
    sheet = Sheet("局里的电脑", said, *(_line(desk, each, partial(revoke, each)) for each in found), act="看完了", parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.back.hide()
    sheet.open()


def _line(desk: Desk, each: Enrolled, revoke: Callable[[], object]) -> QWidget:
    own = each.name == desk.book.store.device
    state = Tag("已撤销", "na", "prohibit") if each.revoked else Tag("这台电脑", "brand") if own else Tag("在用", "ok")
    since = f"账号 {each.account}，{zh_date(each.since)}登记" + (f"，{zh_date(each.revoked)}撤销" if each.revoked else "")
    acts: list[QWidget] = []
    if each.revoked is None and not own and may(desk.book.actor, "manage_devices"):
        acts.append(Button("撤销", "danger", act=revoke, height=36))
        acts[0].setAccessibleName(f"撤销 {each.name}")
    line = QWidget()
    line.setLayout(row(column(Text(each.name, "strong"), Text(since, "small", "ink2"), spacing=0), state, None, *acts, spacing=10))
    return line


def _revoke(parent: QWidget, desk: Desk, each: Enrolled) -> None:
    """Asked once more: there is no way back."""
    book = desk.book
    said = (f"电脑 {each.name}（账号 {each.account}）丢失或者不再使用的，才撤销。撤销以后它收不到局里的任何内容，再交来的记录会标明；"
            "没有撤回，要用重新登记。")  # fmt: skip
    sheet = Sheet(f"撤销电脑 {each.name}", Text(said, "body", wrap=True), act="撤销", parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def done(_: None) -> None:
        desk.toasted.emit(f"已撤销电脑 {each.name}", None)
        show_devices(parent, desk)

    sheet.accepted.connect(lambda: desk.run("撤销电脑", lambda: bureau_devices.revoke(book, each.name), done, network=True))
    sheet.open()
