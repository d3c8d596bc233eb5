"""What of an inspection is offered to whom: one rule over all its stages, asked of domain/access by the name of an action.

A stage builds itself for who does the inspection. Its acts and fields are the work on it (`inspect`) unless they say what
else they are (`needs`): another action, or the kind of event that they write, which has an end of its own. Tabs, filters and
links lead about and are everybody's. What may not be done is taken from view before it is painted, whenever a part is filled
anew; the words of the record stay to be read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDateTimeEdit, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from .widgets.buttons import Button
from .widgets.fields import Choice, Field, Pick, When

LOOK = "look"
"""Only looks: everybody who may open the inspection may do it."""
WORK = "inspect"
"""The work on the inspection: what an act is that does not say otherwise."""
PREPARE, FILL, ISSUE, DECIDE, CLOSE = "prepare", "fill", "issue", "decide", "close"
WAIVE, SECRECY, EXPORT, PUBLISH = "waive", "secrecy", "export", "publish"
"""The other actions of domain/access that a stage or a screen about an inspection offers."""
ANSWER, PRINT, RATE, COSIGN, SECRET = "item_answered", "paper_printed", "rated", "cosignature_taken", "secret_found"
DISPUTE, SETTLE, CALL_UP, SEND = "dispute_entered", "dispute_settled", "file_called_up", "file_sent"
"""Events that have an end of their own: earlier than the work, or after the closing (domain/inspection)."""

_NEEDS = "needs"
_LEADS = frozenset({"tab", "filter", "link"})
"""Kinds of buttons that lead about."""
_FIELDS = (Field, Pick, Choice, When)
_INPUTS = (QLineEdit, QPlainTextEdit, QComboBox, QDateTimeEdit)

W = TypeVar("W", bound=QWidget)


def needs(act: str, widget: W) -> W:
    """Say which action of domain/access this button, field or part takes, which event it writes, or that it only looks."""
    widget.setProperty(_NEEDS, act)
    return widget


def act_of(widget: QWidget, around: str = WORK) -> str:
    """The action that a widget takes, in a part whose acts and fields are `around`; "" where it is neither act nor field."""
    said = str(widget.property(_NEEDS) or "")
    if said:
        return said
    if isinstance(widget, Button):
        return LOOK if widget.kind in _LEADS else around
    return around if isinstance(widget, (*_FIELDS, *_INPUTS)) else ""


class Offers(QObject):
    """Keeps from view, in one part of the window, what may not be done; `act` is what its acts are that say nothing else."""

    def __init__(self, part: QWidget, act: str = WORK) -> None:
        super().__init__(part)
        self._part, self._act = part, act
        self._may: Callable[[str], bool] = lambda act: True
        self._back: list[tuple[QWidget, Callable[[], object]]] = []
        self._watched: dict[QWidget, str] = {}

    def lay_open(self) -> None:
        """Give back what was kept from view, before the part is filled for another person or another inspection."""
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched.clear()
        back, self._back = self._back, []
        for widget, undo in back:
            if isValid(widget):
                undo()

    def keep(self, may: Callable[[str], bool]) -> None:
        """Keep from view what `may(act)` refuses, from now on also in what is filled in later."""
        self._may = cache(lambda act: act == LOOK or may(act))
        if not self._may(self._act):
            self._look(self._part, self._act)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and isinstance(watched, QWidget) and watched in self._watched:
            self._look(watched, self._watched[watched])
        return False

    def _look(self, part: QWidget, around: str) -> None:
        """Walk down to the acts and fields; what is inside one belongs to it, and another window stands for itself."""
        if part not in self._watched:
            part.installEventFilter(self)
        self._watched[part] = around
        for child in part.children():
            if not isinstance(child, QWidget) or child.isWindow():
                continue
            act = act_of(child, around)
            if act and not self._may(act):
                self._withhold(child)
            elif not isinstance(child, (QAbstractButton, *_FIELDS, *_INPUTS)):
                self._look(child, act or around)

    def _withhold(self, widget: QWidget) -> None:
        if isinstance(widget, Choice) and widget.value():
            if widget.isEnabled():
                self._back.append((widget, partial(widget.setEnabled, True)))
                widget.setEnabled(False)
        elif isinstance(widget, QPlainTextEdit) and widget.toPlainText():
            if not widget.isReadOnly():
                self._back.append((widget, partial(widget.setReadOnly, False)))
                widget.setReadOnly(True)
        elif not widget.isHidden():
            self._back.append((widget, widget.show))
            widget.hide()
