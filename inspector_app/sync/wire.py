"""What goes over the wire: one header and the canonical lines of events, packed with Zstandard (RFC 8878).

A message is a header in canonical JSON, a line feed, then one line an event; the lines are the very bytes that were
signed and stored. Whatever is larger than it may be, or is not what it says, is refused before it is unpacked whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import zstandard

from ..domain.event import Heads
from ..record.canonical import decode, encode

PROTOCOL = 1
MIME = "application/vnd.inspector.sync"
RECEIPT = "Receipt"
"""Header of the answer to a file's last piece: the bureau's signed note, in base64."""
PIECE, TOGETHER = 2 << 20, 2
"""Bytes of a file that go at once at the most, and files that are on their way at a time: a cut sends as many pieces again."""
FIRST_PIECE, LEAST_PIECE = 256 << 10, 64 << 10
"""Bytes of the first piece, while nobody knows how fast the line is, and of one on the slowest line."""
MOST_LINES = 2_000
"""Events of one batch; a strand of somebody else is sent up to a signed tip, also when that makes a few more."""
MOST_BYTES = 2 << 20
"""Bytes of the lines of one batch, before packing."""
_HARD_BYTES = 16 << 20
_LEVEL = 1  # of canonical lines, which repeat themselves, higher ones take ten times as long and find no more

Full = Mapping[str, Heads]
"""For each stream the tips of its strands."""


class Garbled(ValueError):
    """A message that is not what it says: too large, not packed as agreed, no header, no canonical form."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that was put aside: its id, stream, the code of the problem and the facts for its sentence."""

    id: str
    stream: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Push:
    """What a laptop says: what it has (`sums` of all streams, `full` where they differ) and what it hands in."""

    device: str
    sums: Mapping[str, str]
    full: Full = field(default_factory=dict)
    notes: Sequence[str] = ()
    lines: Sequence[bytes] = ()

    def pack(self) -> bytes:
        head = {"protocol": PROTOCOL, "device": self.device, "sums": dict(self.sums), "full": _plain(self.full),
                "notes": list(self.notes)}  # fmt: skip
        return pack(head, self.lines)

    @classmethod
    def unpack(cls, message: bytes | memoryview) -> Push:
        """Raises Garbled, also for another version of the protocol."""
        head, lines = unpack(message)
        try:
            return cls(_text(head["device"]), {_text(s): _text(v) for s, v in head["sums"].items()},
                       _full(head["full"]), [_text(n) for n in head["notes"]], lines)  # fmt: skip
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise Garbled("not a push") from error


@dataclass(frozen=True, slots=True)
class Pull:
    """What the other side answers: tips where they differ, signed notes, receipts, what it put aside, and events.

    `epoch` names this life of the server's ledger; `more` says that another round brings further events.
    """

    epoch: str
    differ: Full = field(default_factory=dict)
    notes: Sequence[str] = ()
    receipts: Mapping[str, str] = field(default_factory=dict)
    refused: Sequence[Refused] = ()
    more: bool = False
    lines: Sequence[bytes] = ()

    def pack(self) -> bytes:
        head = {
            "protocol": PROTOCOL, "epoch": self.epoch, "differ": _plain(self.differ), "notes": list(self.notes),
            "receipts": dict(self.receipts), "more": self.more,
            "refused": [{"id": r.id, "stream": r.stream, "code": r.code, "facts": dict(r.facts)} for r in self.refused],
        }  # fmt: skip
        return pack(head, self.lines)

    @classmethod
    def unpack(cls, message: bytes) -> Pull:
        """Raises Garbled."""
        head, lines = unpack(message)
        try:
            return cls(
                _text(head["epoch"]), _full(head["differ"]), [_text(n) for n in head["notes"]],
                {_text(s): _text(n) for s, n in head["receipts"].items()},
                [Refused(_text(r["id"]), _text(r["stream"]), _text(r["code"]), r["facts"]) for r in head["refused"]],
                bool(head["more"]), lines,
            )  # fmt: skip
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise Garbled("not a pull") from error


def pack(head: Mapping[str, Any], lines: Sequence[bytes]) -> bytes:
    """One message."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(b"\n".join((encode(head), *lines)))


def unpack(message: bytes | memoryview) -> tuple[Mapping[str, Any], list[bytes]]:
    """Header and lines of a message. Raises Garbled."""
    try:
        # A frame that does not tell its size, or tells a larger one, is refused before anything is unpacked.
        told = zstandard.frame_content_size(message)
        if not 0 <= told <= _HARD_BYTES:
            raise Garbled("too large")
        plain = zstandard.ZstdDecompressor().decompress(message, max_output_size=_HARD_BYTES, allow_extra_data=False)
        first, *lines = plain.split(b"\n")
        head = decode(first)
    except (zstandard.ZstdError, ValueError, MemoryError) as error:
        raise Garbled("not a message") from error
    if not isinstance(head, Mapping) or head.get("protocol") != PROTOCOL:
        raise Garbled("another protocol")
    return head, lines


def _plain(full: Full) -> dict[str, dict[str, list[object]]]:
    return {stream: {name: [count, digest] for name, (count, digest) in tips.items()} for stream, tips in full.items()}


def _full(plain: Mapping[str, Any]) -> dict[str, dict[str, tuple[int, str]]]:
    return {
        _text(stream): {_text(name): (_whole(tip[0]), _text(tip[1])) for name, tip in tips.items()}
        for stream, tips in plain.items()
    }


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("a count expected")
    return value
