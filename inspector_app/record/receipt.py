"""The bureau's receipts: a signed note for what it holds of a stream (a checkpoint in its hand), and one for a file."""

from __future__ import annotations

import base64

from .keys import DeviceKey, PublicKey

_ORIGIN = "inspector/file/v1"


def file_receipt(sha256: str, size: int, key: DeviceKey) -> str:
    """The bureau's word that a file with this digest and this many bytes is safe with it (C2SP signed note)."""
    body = f"{_ORIGIN}\n{sha256}\n{size}\n"
    signature = base64.b64encode(key.public.hash + key.sign(body.encode())).decode()
    return f"{body}\n— {key.name} {signature}\n"


def covers_file(note: str, sha256: str, size: int, bureau: PublicKey) -> bool:
    """Whether a note says in the bureau's hand that this file is safe there."""
    body, separator, rest = note.partition("\n\n")
    parts = rest.strip().split(" ")
    if not separator or f"{body}\n" != f"{_ORIGIN}\n{sha256}\n{size}\n" or len(parts) != 3:
        return False
    try:
        raw = base64.b64decode(parts[2], validate=True)
    except ValueError:
        return False
    return parts[1] == bureau.name and raw[:4] == bureau.hash and bureau.verify(raw[4:], f"{body}\n".encode())
