"""A text with signatures below it (C2SP signed-note): the form of checkpoints and of the bureau's receipts."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from .keys import DeviceKey, PublicKey


def sign_note(body: str, key: DeviceKey) -> str:
    """The note of a body, whose last line ends with a line feed."""
    signature = base64.b64encode(key.public.hash + key.sign(body.encode())).decode()
    return f"{body}\n— {key.name} {signature}\n"


def cosigned(note: str, key: DeviceKey) -> str:
    """The note with one more signature below it."""
    return note + sign_note(body_of(note), key).partition("\n\n")[2]


def body_of(note: str) -> str:
    """What a note says, without its signatures; "" where the text is no note."""
    body, separator, signatures = note.partition("\n\n")
    return f"{body}\n" if separator and signatures.startswith("— ") else ""


def signers_named(note: str) -> list[str]:
    """The names under which a note claims to be signed, in order; nothing is checked."""
    return [line.split(" ")[1] for line in note.partition("\n\n")[2].splitlines() if line.startswith("— ")]


def signer_of(note: str, keys: Iterable[PublicKey]) -> PublicKey | None:
    """The key among `keys` that signed this note, or None."""
    known = {key.hash: key for key in keys}
    body = body_of(note).encode()
    for line in note.partition("\n\n")[2].splitlines():
        parts = line.split(" ")
        if not body or len(parts) != 3 or parts[0] != "—":
            continue
        try:
            raw = base64.b64decode(parts[2], validate=True)
        except ValueError:
            continue
        key = known.get(raw[:4])
        if key is not None and key.name == parts[1] and key.verify(raw[4:], body):
            return key
    return None
