"""局里的电脑: what is enrolled at the bureau, and a lost one revoked; for who keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ...actions import bureau_devices
from ...actions.bureau_devices import Enrolled
from ...domain.access import may
from ...domain.calendar import zh_date
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.notices import Sheet
from ..widgets.panels import Card, Line, Tag, column, row
from ..widgets.text import Text


def show_devices(
    into: QVBoxLayout, parent: QWidget, desk: Desk, found: Sequence[Enrolled], names: Mapping[str, str],
    then: Callable[[], object],
) -> None:  # fmt: skip
    """All laptops, those in use first; `names` are those of the accounts, `then` asks the bureau anew."""
    used = sum(each.revoked is None for each in found)
    into.addLayout(row(Text("电脑", "h1"), Text(f"登记过 {len(found)} 台，在用 {used} 台", "small", "ink2"), None))
    card = Card(padding=16, spacing=10)
    for nth, each in enumerate(found):
        if nth:
            card.body.addWidget(Line())
        card.body.addWidget(_line(desk, each, names, partial(_revoke, parent, desk, each, then)))
    into.addWidget(card)


def line_of(title: str, said: str, tags: Sequence[QWidget], acts: Sequence[QWidget]) -> QWidget:
    """Two lines, beside them what they are in a word, and at the right what can be done."""
    line = QWidget()
    words = column(row(Text(title, "strong"), *tags, None, spacing=8), Text(said, "small", "ink2"), spacing=2)
    both = row(words, *acts, spacing=8)
    both.setStretch(0, 1)
    line.setLayout(both)
    return line


def _line(desk: Desk, each: Enrolled, names: Mapping[str, str], revoke: Callable[[], object]) -> QWidget:
    own = each.name == desk.book.store.device
    state = Tag("已撤销", "na", "prohibit") if each.revoked else Tag("这台电脑", "brand") if own else Tag("在用", "ok")
    who = names.get(each.account, f"账号 {each.account}")
    since = f"{who}，{zh_date(each.since)}登记" + (f"，{zh_date(each.revoked)}撤销" if each.revoked else "")
    acts: list[QWidget] = []
    if each.revoked is None and not own and may(desk.book.actor, "manage_devices"):
        acts.append(Button("撤销", "danger", act=revoke, height=36))
        acts[0].setAccessibleName(f"撤销 {each.name}")
    return line_of(each.name, since, [state], acts)


def _revoke(parent: QWidget, desk: Desk, each: Enrolled, then: Callable[[], object]) -> None:
    """Asked once more: there is no way back."""
    book = desk.book
    said = (f"电脑 {each.name}（账号 {each.account}）丢失或者不再使用的，才撤销。撤销以后它收不到局里的任何内容，再交来的记录会标明；"
            "没有撤回，要用重新登记。")  # fmt: skip
    sheet = Sheet(f"撤销电脑 {each.name}", Text(said, "body", wrap=True), act="撤销", parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def done(_: None) -> None:
        desk.toasted.emit(f"已撤销电脑 {each.name}", None)
        then()

    sheet.accepted.connect(
        lambda: desk.run("撤销电脑", lambda: bureau_devices.revoke(book, each.name), done, network=True)
    )
    sheet.open()
