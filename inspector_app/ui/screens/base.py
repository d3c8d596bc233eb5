"""What a screen is: a widget with a name, a title and an icon that fills itself when asked."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from ...domain.access import Role
from ...domain.casefile import CaseFile
from ..desk import Desk


class Screen(QWidget):
    """A place of the application."""

    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    ICON: ClassVar[str] = ""
    LOWER: ClassVar[bool] = False
    """Whether it stands at the bottom of the rail."""
    HIDDEN: ClassVar[bool] = False
    """Whether it is reached from other screens only."""

    ROLES: ClassVar[frozenset[Role]] = frozenset()
    """Who sees it; empty: everybody."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def refresh(self) -> None:
        """Read again what is on view."""

    def primary(self) -> None:
        """The one main act of the screen (Ctrl+Enter)."""


class Stage(Screen):
    """A stage of the open case. `show_case` gets the case file whenever something has changed."""

    def show_case(self, case: CaseFile) -> None:
        """Fill the stage from the case file."""

    def chip(self, case: CaseFile) -> tuple[str, str]:
        """What is missing in a few characters, with its tone; empty when nothing is."""
        return "", "brand"
