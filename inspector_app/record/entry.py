"""From a draft to a line of the record and back. The line's SHA-256 is the name of the event."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Any

from ..domain.event import VERSION, Actor, BlobRef, Draft, Event
from .canonical import decode, encode


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
    return _event(plain, line), line


def event_of(line: bytes) -> Event:
    """The event of a line. Fields that a later version added stay in the bytes and are not looked at.

    Raises:
        ValueError: the bytes are not canonical, or a field of the envelope is missing or of the wrong type.
    """
    plain = decode(line)
    try:
        return _event(plain, line)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an event: {error}") from error


def _event(plain: Mapping[str, Any], line: bytes) -> Event:
    if not isinstance(plain["body"], Mapping) or not isinstance(plain["seq"], int) or plain["seq"] < 0:
        raise TypeError("body or seq")
    return Event(
        id=hashlib.sha256(line).hexdigest(), v=plain["v"], kind=plain["kind"], schema=plain["schema"],
        bureau=plain["bureau"], stream=plain["stream"], strand=plain["strand"], seq=plain["seq"], prev=plain["prev"],
        parents=tuple(plain["parents"]), at=plain["at"], mono=plain["mono"], boot=plain["boot"],
        anchor=plain["anchor"],
        actor=Actor(plain["actor"]["id"], plain["actor"]["credential"], plain["actor"]["role"]),
        witness=plain["witness"], device=plain["device"], step=plain["step"], body=plain["body"],
        blobs=tuple(BlobRef(b["sha256"], b["sm3"], b["size"], b["mime"], b["origin"]) for b in plain["blobs"]),
        app=plain["app"],
    )  # fmt: skip


def _nfc(plain: Any) -> Any:
    """Typed text may come decomposed from an input method; the record holds the composed form."""
    if isinstance(plain, str):
        return plain if plain.isascii() else unicodedata.normalize("NFC", plain)
    if isinstance(plain, Mapping):
        return {key: _nfc(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_nfc(value) for value in plain]
    return plain
