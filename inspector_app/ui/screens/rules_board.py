"""规则: every text of policy, law catalogue, wording and checklists in force; a copy to work on, and a changed one published."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from ...actions import rulebook, rules_shown
from ...actions.book import Done
from ...actions.rules import Rules
from ...actions.rules_shown import Rule
from ...domain.access import may
from ...domain.calendar import zh_date
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.notices import Sheet
from ..widgets.panels import Card, Line, Tag, row
from ..widgets.save import ask_target
from ..widgets.text import Text
from .devices_board import line_of

SHOWN_NAMES = 12
"""Texts that are named before they are published; of the others the number is said."""


class RulesBoard:
    """Fills a column with the rules."""

    def __init__(self, into: QVBoxLayout, parent: QWidget, desk: Desk) -> None:
        self._into, self._parent, self._desk = into, parent, desk

    def show(self) -> None:
        book = self._desk.book
        found = rules_shown.in_force(book)
        every = [each for group in found.values() for each in group]
        published, unchecked = sum(bool(each.since) for each in every), sum(bool(each.unchecked) for each in every)
        said = f"{len(every)} 份，{published} 份由本局发布，{unchecked} 份有待核对的"
        acts = [Button("取出一份来改", "secondary", "export", act=self._take_out, height=40)]
        if may(book.actor, "register"):
            acts.append(Button("发布改好的", "primary", "paper-plane-tilt", act=self._choose, height=40))
        self._into.addLayout(row(Text("规则", "h1"), Text(said, "small", "ink2"), None, *acts, spacing=8))
        for group, rules in found.items():
            card = Card(Text(group, "h2"), padding=16, spacing=8)
            for each in rules:
                card.body.addWidget(Line())
                card.body.addWidget(self._line(each))
            self._into.addWidget(card)

    def _line(self, each: Rule) -> QWidget:
        state = Tag("待核对", "warn") if each.unchecked else Tag("已核对", "ok", "check-circle")
        tags = [Tag(each.source, "brand" if each.since else "na"), state]
        if each.waits:
            tags.append(Tag("新的下次登录起用", "brand", "clock"))
        left = f"{each.unchecked} 处" if each.unchecked < each.parts else f"{each.parts} 处都"
        checked = f"，{left}没有核对" if each.parts > 1 and each.unchecked else ""
        since = f"，{zh_date(each.since)}{each.by}发布" if each.since else ""
        see = Button("看", "secondary", act=partial(self._see, each), height=36)
        see.setAccessibleName(f"看 {each.title}")
        return line_of(each.title, f"{each.name}{since}{checked}", tags, [see])

    def _see(self, each: Rule) -> None:
        text = QPlainTextEdit(rules_shown.text_of(self._desk.book, each.name))
        text.setReadOnly(True)
        text.setAccessibleName(each.title)
        text.setMinimumHeight(look.px(440))
        sheet = Sheet(each.title, text, act="看完了", parent=self._parent)
        sheet.setMinimumWidth(look.px(860))
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.back.hide()
        sheet.open()
        text.setFocus()

    def _take_out(self) -> None:
        book = self._desk.book
        said = "现行的规则写成一个文件夹，改里面的文件，再“发布改好的”。检查表在 Excel 里改的，先做成 xml。"
        ask_target(self._parent, "取出一份来改", said, f"规则-{book.clock.now().at:%Y%m%d}", "取出",
                   lambda target: self._desk.run("取出规则", lambda: rules_shown.take_out(book, target),
                                                 lambda made: self._desk.toasted.emit(f"已写到 {made}", None)))  # fmt: skip

    def _choose(self) -> None:
        dialog = QFileDialog(self._parent, "选放着规则的文件夹")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.look_at(Path(path)))
        dialog.open()

    def look_at(self, folder: Path) -> None:
        """Say what would be published, and ask: it goes to every laptop and is never taken out of the record."""
        book = self._desk.book
        self._desk.run("核对规则", lambda: rulebook.differing(book, folder), lambda names: self._confirm(folder, names))

    def _confirm(self, folder: Path, names: tuple[str, ...]) -> None:
        book = self._desk.book
        shown = "、".join(names[:SHOWN_NAMES]) + (f" 等 {len(names)} 份" if len(names) > SHOWN_NAMES else "")
        said = "各电脑交换以后，下次登录起用；正在办的检查仍用列入时的检查表。发布以后不能收回，要改的再发布一次。"
        sheet = Sheet(f"发布 {len(names)} 份规则", Text(shown, "strong", wrap=True), Text(said, "body", "ink2", wrap=True),
                      act="发布给所有电脑", parent=self._parent)  # fmt: skip
        sheet.setMinimumWidth(look.px(560))
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def told(done: Done[tuple[str, ...]]) -> None:
            self._desk.finished(done)
            self._desk.toasted.emit(f"已发布 {len(done.value)} 份规则", None)
            self._desk.hand_over(quiet=True)

        sheet.accepted.connect(lambda: self._desk.run("发布规则", lambda: rulebook.publish(book, folder), told))
        sheet.open()


def rules_checked(rules: Rules) -> tuple[tuple[str, str], ...]:
    """Laws, deadlines and checklists: how many there are, and how many the bureau has not yet checked against the official text."""
    return (
        ("法规库", _checked("部", [law.verified_by for law in rules.laws.laws])),
        ("期限", _checked("项", [term.verified_by for term in rules.policy.deadlines.values()])),
        ("检查表", _checked("份", [head.verified_by for head in rules.checklist_heads])),
    )


def _checked(measure: str, checkers: Sequence[str]) -> str:
    open_ = sum(not checker for checker in checkers)
    return f"{len(checkers)} {measure}，" + (f"其中 {open_} {measure}待本局核对" if open_ else "都已核对")
