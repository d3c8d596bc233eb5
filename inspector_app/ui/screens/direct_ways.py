"""The ways to the sheets of two laptops in one network, which bring TLS with them: loaded when one is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ..desk import Desk


def give(parent: QWidget, desk: Desk) -> None:
    """给同事: wait for another laptop."""
    from . import direct_sheets

    direct_sheets.give(parent, desk)


def take(parent: QWidget, desk: Desk) -> None:
    """从同事收: come to another laptop that waits."""
    from . import direct_sheets

    direct_sheets.take(parent, desk)
