"""Where one file is: the one definition by which files are listed, counted and handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum

from ..domain import secrecy
from ..domain.event import BlobRef
from ..store.files import Handed
from .book import Book
from .secrecy import kept_back


class FileState(StrEnum):
    """The word for one file."""

    HERE = "未上传"
    DELIVERED = "已送达"
    """The bureau has every byte, and its signed receipt has not come yet."""
    RECEIVED = "已回执"
    AT_BUREAU = "在局里"
    """Received, and not on this laptop any more."""
    AT_COLLEAGUE = "同事设备上"
    """Named by a colleague's event; whether the bureau has it is not known here."""
    FROZEN = "涉密封存"
    """It may hold a secret: it stays where it is and is not exchanged."""
    DESTROYED = "已按命令销毁"
    """Its key is destroyed, here and wherever the order came to."""


WAITING = frozenset({FileState.HERE, FileState.DELIVERED})
"""What this laptop still has to see through to a receipt."""


def state_of(here: bool, handed: Handed, secret: str = "") -> FileState:
    """`here`: it lies in the vault; `secret`: of `domain.secrecy`, "" for what is not kept back."""
    if secret:
        return FileState.DESTROYED if secret == secrecy.DESTROYED else FileState.FROZEN
    if handed is Handed.SIGNED:
        return FileState.RECEIVED if here else FileState.AT_BUREAU
    if not here:
        return FileState.AT_COLLEAGUE
    return FileState.DELIVERED if handed is Handed.BYTES else FileState.HERE


def unsigned(book: Book, streams: Collection[str] | None = None) -> Iterator[tuple[str, BlobRef, FileState]]:
    """The files of these inspections, or of all, that the bureau has not signed for; each with where it is."""
    held = book.store.unsigned(streams)
    here, secret = book.vault.standing({ref.sha256 for _, ref, _ in held}), kept_back(book)
    for stream, ref, handed in held:
        yield stream, ref, state_of(ref.sha256 in here, handed, secret.get(ref.sha256, ""))
