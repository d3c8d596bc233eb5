"""From a draft to a line of the record and back. The line's SHA-256 is the name of the event."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from ..domain.event import VERSION, Actor, BlobRef, Draft, Event
from .canonical import LARGEST, check, decode, encode

_Whole = Annotated[int, msgspec.Meta(gt=-LARGEST, lt=LARGEST)]


class _Line(msgspec.Struct, gc=False):  # it lives for one line
    """The envelope of this version, read in C."""

    actor: Actor
    anchor: str | None
    app: dict[str, str]
    at: str
    blobs: tuple[BlobRef, ...]
    body: dict[str, Any]
    boot: str
    bureau: str
    device: str
    kind: str
    mono: _Whole
    parents: tuple[str, ...]
    prev: str
    schema: _Whole
    seq: Annotated[int, msgspec.Meta(ge=0, lt=LARGEST)]
    step: str
    strand: str
    stream: str
    v: _Whole
    witness: str | None


_READ = msgspec.json.Decoder(_Line).decode
_WRITE = msgspec.json.Encoder(order="sorted").encode


def write(
    draft: Draft, *, bureau: str, strand: str, seq: int, prev: str, parents: tuple[str, ...], at: str, mono: int,
    boot: str, anchor: str | None, actor: Actor, device: str, app: Mapping[str, str],
) -> tuple[Event, bytes]:  # fmt: skip
    """Put a draft in its place in the chain; returns the event and its canonical bytes."""
    plain = {
        "v": VERSION, "kind": draft.kind, "schema": 1, "bureau": bureau, "stream": draft.stream, "strand": strand,
        "seq": seq, "prev": prev, "parents": list(parents), "at": at, "mono": mono, "boot": boot, "anchor": anchor,
        "actor": {"id": actor.id, "credential": actor.credential, "role": actor.role}, "witness": draft.witness,
        "device": device, "step": draft.step, "body": _nfc(dict(draft.body)), "app": dict(app),
        "blobs": [
            {"sha256": b.sha256, "sm3": b.sm3, "size": b.size, "mime": b.mime, "origin": b.origin} for b in draft.blobs
        ],
    }  # fmt: skip
    line = encode(plain)
    return _event(_typed(plain), line), line  # not read back: the words are those that the draft holds already


def event_of(line: bytes) -> Event:
    """The event of a line. Fields that a later version added stay in the bytes and are not looked at.

    Raises:
        ValueError: the bytes are not canonical, or a field of the envelope is missing or of the wrong type.
    """
    return _event(_plainly(line) or _typed(decode(line)), line)


def _event(read: _Line, line: bytes) -> Event:
    return Event(
        hashlib.sha256(line).hexdigest(), read.v, read.kind, read.schema, read.bureau, read.stream, read.strand,
        read.seq, read.prev, read.parents, read.at, read.mono, read.boot, read.anchor, read.actor, read.witness,
        read.device, read.step, read.body, read.blobs, read.app,
    )  # fmt: skip


def _plainly(line: bytes) -> _Line | None:
    """A canonical line with this version's fields and no others; None where it takes the longer look of `decode`.

    A line in NFC holds only texts in NFC: a part of one is in NFC, and nothing composes with what stands between.
    """
    try:
        read = _READ(line)
        if _WRITE(read) != line:
            return None
        if not line.isascii() and not (
            unicodedata.is_normalized("NFC", line.decode()) and all(map(str.isascii, (*read.body, *read.app)))
        ):
            return None
        for value in read.body.values():
            if type(value) is not str:
                check(value)
        for ref in read.blobs:
            check(ref.size)
    except (ValueError, RecursionError):
        return None
    return read


def _typed(plain: Mapping[str, Any]) -> _Line:
    """An envelope whatever fields it has besides; those of this version have the types of this version. Raises ValueError."""
    try:
        return msgspec.convert(plain, _Line)
    except msgspec.ValidationError as error:
        raise ValueError(f"not an event: {error}") from error


def _nfc(plain: Any) -> Any:
    """Typed text may come decomposed from an input method; the record holds the composed form."""
    if isinstance(plain, str):
        return plain if plain.isascii() else unicodedata.normalize("NFC", plain)
    if isinstance(plain, Mapping):
        return {key: _nfc(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_nfc(value) for value in plain]
    return plain
