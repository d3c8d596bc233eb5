"""The ways to the sheets of 会签, which bring the camera with them: loaded when one is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ..desk import Desk


def ask(parent: QWidget, desk: Desk) -> None:
    """请另一台电脑会签: for the open inspection."""
    from ..capture.cosigning import AskSheet

    AskSheet.open_for(parent, desk)


def answer(parent: QWidget, desk: Desk) -> None:
    """给同事会签."""
    from ..capture.cosigning import AnswerSheet

    AnswerSheet.open_for(parent, desk)
