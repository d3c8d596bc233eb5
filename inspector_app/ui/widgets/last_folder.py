"""The folders that were used last, until the program ends. They are never on the disk: people name folders after units."""

from __future__ import annotations

PHOTOS, SAVED = "photos", "saved"

_held: dict[str, str] = {}


def last_folder(what: str, else_: str = "") -> str:
    """The folder that was used last for this, or what is given where none was."""
    return _held.get(what) or else_


def keep_folder(what: str, folder: str) -> None:
    """Propose this folder the next time; "" forgets it."""
    _held[what] = folder
