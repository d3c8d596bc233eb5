"""The words of the interface: source strings are Chinese and go through Qt's translators, context "ui"."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    """A word or sentence as the loaded translators give it; without one, as it stands in the source."""
    return QCoreApplication.translate("ui", text) if text else text
