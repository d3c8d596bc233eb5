"""Those of other authorities at a joint inspection: who came, noted at the door, and who has signed the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from ...actions import arrival
from ...actions.book import Book, Done
from ...actions.signing import Signer
from ...domain.casefile import CaseFile
from ...domain.paper import GUEST
from ...domain.problems import Problem
from ...domain.together import Guest
from ..desk import Desk
from ..widgets.fields import Choice, Field, Note
from ..widgets.panels import Card, column, row
from ..widgets.text import Text
from .begin import ask

CAME, AWAY = "出示证件，参加检查", "没有到场"
SIGNED, UNSIGNED = "已签字", "没有签"


class GuestRow(Card):
    """One of them: name and number as the approval has them, or as they are on the credential that was shown."""

    def __init__(self, guest: Guest, held: Callable[[str, Field], Field]) -> None:
        self._guest = guest
        self.name = held("name", Field(f"{guest.office}参加人员", guest.name))
        self.credential = held("credential", Field("执法证号", guest.credential))
        self.why = held("why", Field("没有到场的原因", guest.absent))
        self.came = Choice("", (CAME, AWAY))
        super().__init__(row(self.name, self.credential, spacing=12), self.came, self.why, padding=12, spacing=8)
        self.came.chosen.connect(self._chosen)
        self._chosen("")

    def noted(self) -> None:
        """Show what was noted before."""
        self.came.show_value(AWAY if self._guest.absent else CAME)
        self._chosen(self.came.value())

    def _chosen(self, value: str) -> None:
        self.why.setVisible(value == AWAY)

    def guest(self) -> Guest:
        """Who it is, and why they did not come. Raises `Problem`: `field_needed`, `reason_needed`."""
        if not self.came.value():
            raise Problem("field_needed", what=f"{self._guest.office}{self.name.text().strip()}到没到场")
        away = self.came.value() == AWAY
        if away and not self.why.text().strip():
            raise Problem("reason_needed", what=f"{self._guest.office}没有到场")
        return Guest(self._guest.office, self.name.text(), self.credential.text(), self.why.text() if away else "")


def guests_said(case: CaseFile) -> str:
    """Who came and who did not, in a line."""
    came = "、".join(guest.office + guest.name for guest in case.guests if not guest.absent)
    away = "、".join(f"{guest.office}{guest.name}" for guest in case.guests if guest.absent)
    return "；".join(part for part in (came, f"{away}没有到场" if away else "") if part)


def note(rows: Sequence[GuestRow], book: Book, stream: str) -> Done[str]:
    """Raises like `GuestRow.guest` and `arrival.note_guests`."""
    return arrival.note_guests(book, stream, [each.guest() for each in rows])


def put_right(parent: QWidget, desk: Desk, case: CaseFile) -> None:
    """Who came after all, as long as the record is not made."""
    held: dict[str, Field | Note] = {}
    rows = [GuestRow(guest, partial(_held, held, str(n))) for n, guest in enumerate(case.guests)]
    for each in rows:
        each.noted()
    ask(
        parent,
        desk,
        f"{case.id}/guests",
        "改正联合检查人员",
        list(rows),
        "登记",
        partial(note, rows, desk.book, case.id),
        held,
    )


def _held(held: dict[str, Field | Note], of: str, name: str, field: Field) -> Field:
    held[f"{of}/{name}"] = field
    return field


class GuestSignatures(QWidget):
    """Whether each of them signed the record, asked where signatures are noted; why not is seen by an officer of the team."""

    def __init__(self, guests: Sequence[Guest], seen_by: str) -> None:
        super().__init__()
        self._guests, self._seen_by = guests, seen_by
        self.replies = [Choice(f"{guest.office}{guest.name}是否签字", (SIGNED, UNSIGNED)) for guest in guests]
        self.reasons = [Field("没有签的原因", hint="例如：已经离开") for _ in guests]
        lines = [row(reply, reason, spacing=12) for reply, reason in zip(self.replies, self.reasons, strict=True)]
        for reply, reason in zip(self.replies, self.reasons, strict=True):
            reason.hide()
            reply.chosen.connect(lambda value, reason=reason: reason.setVisible(value == UNSIGNED))
        self.setLayout(column(Text("联合检查人员", "strong"), *lines, spacing=8))

    def lacking(self) -> str:
        """What is wrong with what was chosen. Who has neither signed nor refused may be noted later."""
        for guest, reply, reason in zip(self._guests, self.replies, self.reasons, strict=True):
            if reply.value() == UNSIGNED and not reason.text().strip():
                return f"{guest.name}没有签的，写明原因。"
        return ""

    @property
    def is_empty(self) -> bool:
        return not any(reply.value() for reply in self.replies)

    def signers(self, at: datetime) -> list[Signer]:
        """Those of whom something was chosen."""
        return [
            Signer(guest.name, GUEST, at) if reply.value() == SIGNED
            else Signer(guest.name, GUEST, at, reason.text(), self._seen_by)
            for guest, reply, reason in zip(self._guests, self.replies, self.reasons, strict=True) if reply.value()
        ]  # fmt: skip
