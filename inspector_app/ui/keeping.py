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

    def hold(self, name: str, field: QLineEdit | QPlainTextEdit, *, typed: bool = False) -> None:
        """Show what was kept of this field, and keep what is typed from now on; with `typed` what it shows already is
        half-typed, and counts instead of what was kept."""
        self._fields[name] = (field, "" if typed else text_of(field))
        kept = self._kept[name] = self._desk.kept(f"{self._place}/{name}")
        if kept and not typed:
            field.setText(kept) if isinstance(field, QLineEdit) else field.setPlainText(kept)
        field.textChanged.connect(self._timer.start)

    def save(self) -> None:
        """Keep now what differs from what the form was opened with."""
        self._timer.stop()
        for name, (field, first) in self._fields.items():
            self._keep(name, "" if text_of(field) == first else text_of(field))

    def is_kept(self, name: str) -> bool:
        """Whether text of a field is kept that is not written."""
        return bool(self._kept[name])

    def release(self, prefix: str, *, forget: bool) -> None:
        """Hold the fields of this prefix no more; what was kept of them stays unless it is to be forgotten."""
        for name in [name for name in self._fields if name.startswith(prefix)]:
            if forget:
                self._keep(name, "")
            del self._fields[name], self._kept[name]

    def settle(self, name: str) -> None:
        """What a field holds is written: it is half-typed no more."""
        field = self._fields[name][0]
        self._fields[name] = (field, text_of(field))
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


def text_of(field: QLineEdit | QPlainTextEdit) -> str:
    """What stands in a field of one line or of several."""
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()
