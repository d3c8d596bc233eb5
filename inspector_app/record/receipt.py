"""The bureau's receipts: a signed note for what it holds of a stream (a checkpoint in its hand), and one for a file."""

from __future__ import annotations

from .checkpoint import Checkpoint
from .keys import DeviceKey, PublicKey
from .note import body_of, sign_note, signer_of


def file_receipt(sha256: str, size: int, key: DeviceKey) -> str:
    """The bureau's word that a file with this digest and this many bytes is safe with it (C2SP signed note)."""
    return sign_note(_body(sha256, size), key)


def covers_file(note: str, sha256: str, size: int, bureau: PublicKey) -> bool:
    """Whether a note says in the bureau's hand that this file is safe there."""
    return body_of(note) == _body(sha256, size) and signer_of(note, [bureau]) is not None


def covers_stream(note: str, stream: str, bureau: PublicKey) -> bool:
    """Whether a note says in the bureau's hand how far it holds this stream."""
    made = Checkpoint.read(note)
    return made is not None and made.stream == stream and made.signed_by([bureau]) is not None


def _body(sha256: str, size: int) -> str:
    return f"inspector/file/v1\n{sha256}\n{size}\n"
