"""Strokes of a signature bound to the document they were drawn for, so that they cannot be used for another one.

The file names the SHA-256 of the archived PDF, the signed heads of the record at that moment, who signed, in which role
and which pages; the event names the file's SHA-256. Who the hand belonged to is for a person to say, not for this file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..domain.drawing import Drawing
from ..domain.paper import Signature
from .canonical import decode, encode
from .checkpoint import Checkpoint

MIME = "application/json"
_FORM = "inspector/strokes/v1"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a file of strokes holds: the drawing, and the checkpoint over the record as it was before the signature."""

    drawing: Drawing
    checkpoint: Checkpoint


def bind(
    drawing: Drawing, pdf: str, checkpoint: Checkpoint, name: str, role: str, at: datetime, pages: Sequence[int]
) -> bytes:
    """The bytes of the file."""
    return encode(
        {
            "form": _FORM, "pdf": pdf, "code": checkpoint.code, "note": checkpoint.note, "name": name, "role": role,
            "signed_at": at.isoformat(), "pages": list(pages), **drawing.plain(),
        }
    )  # fmt: skip


def check_strokes(content: bytes, signature: Signature) -> Bound:
    """What a file of strokes holds, once it is the one of this signature.

    Raises:
        ValueError: in Chinese, why these strokes do not belong to this signature and its document.
    """
    if hashlib.sha256(content).hexdigest() != signature.strokes:
        raise ValueError("笔迹变了")
    try:
        held = decode(content)
        form, bound = held["form"], Bound(Drawing.read(held), Checkpoint.parse(held["note"]))
        said = (held["name"], held["role"], datetime.fromisoformat(held["signed_at"]), tuple(held["pages"]))
        pdf, code = held["pdf"], held["code"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("笔迹读不出来") from error
    if form != _FORM or code != bound.checkpoint.code:
        raise ValueError("笔迹读不出来")
    if pdf != signature.pdf:
        raise ValueError("笔迹是在另一份文书上签的")
    if said != (signature.name, signature.role, signature.at, signature.pages):
        raise ValueError("笔迹的签字人、时间或者页码与记录不同")
    return bound
