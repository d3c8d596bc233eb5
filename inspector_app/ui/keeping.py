"""Half-typed text of a form: kept like a remark, so that neither a kill nor a change of person takes it away."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget

from .desk import Desk

DELAY_MS = 400


class Keeper(QObject):
    """Keeps the fields of one form under one place, for the acting person only.

    What was kept is shown again when a field is held; `forget` is called once the act is written.
    """

    def __init__(self, desk: Desk, place: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._place = desk, place
        self._fields: dict[str, tuple[QLineEdit | QPlainTextEdit, str]] = {}
        self._kept: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.save)
        desk.leaving.connect(self.save)
        if isinstance(parent, QDialog):
            parent.rejected.connect(self.save)

    def hold(self, name: str, field: QLineEdit | QPlainTextEdit) -> None:
        """Show what was kept of this field, and keep what is typed from now on."""
        self._fields[name] = (field, _text(field))
        kept = self._kept[name] = self._desk.kept(f"{self._place}/{name}")
        if kept:
            field.setText(kept) if isinstance(field, QLineEdit) else field.setPlainText(kept)
        field.textChanged.connect(self._timer.start)

    def save(self) -> None:
        """Keep now what differs from what the form was opened with."""
        self._timer.stop()
        for name, (field, first) in self._fields.items():
            self._keep(name, "" if _text(field) == first else _text(field))

    def settle(self, name: str) -> None:
        """What a field holds is written: it is half-typed no more."""
        field = self._fields[name][0]
        self._fields[name] = (field, _text(field))
        self._keep(name, "")

    def forget(self) -> None:
        """The act is written: nothing is half-typed any more."""
        self._timer.stop()
        for name in self._fields:
            self._keep(name, "")

    def _keep(self, name: str, text: str) -> None:
        if text != self._kept[name]:
            self._kept[name] = text
            self._desk.keep(f"{self._place}/{name}", text)


def _text(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()
