"""Checkpoints: the heads of an inspection's strands as a signed note (C2SP signed-note), and its short code.

A checkpoint is fixed on the paper that the unit keeps, so a shorter history, even one signed again with the real
key, is exposed by the paper: local cryptography alone cannot do that.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..domain.event import Event, Heads
from ..domain.merge import strand_of
from .crockford import DIGITS, spelled, typed_code
from .keys import DeviceKey, PublicKey
from .note import body_of, sign_note, signer_of

_ORIGIN = "inspector/checkpoint/v1"
_EXTENSIONS = ("paper", "revision", "copy", "unit", "at")
"""Names of extension lines: of the paper it stands on, or of what another laptop is asked to cosign. No strand bears such a
name, as strands are named after devices."""
_PAGE = re.compile(r"\npage (\d{1,4})/(\d{1,4})\n\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The heads of one stream, signed. `note` is the text in the QR, `code` what a person can type.

    `about` are the note's extension lines (C2SP checkpoint): a name and its value, e.g. of the paper it stands on;
    signature and code cover them.
    """

    stream: str
    heads: Heads
    note: str
    about: tuple[tuple[str, str], ...] = ()

    @classmethod
    def sign(cls, stream: str, heads: Heads, key: DeviceKey, about: Mapping[str, str] | None = None) -> Checkpoint:
        """Fix these heads with the device's key, and what the note is put on."""
        named = tuple((name, value) for name, value in (about or {}).items() if value)
        body = _body(stream, heads, named)
        return cls(stream, dict(heads), sign_note(body, key), named)

    @classmethod
    def parse(cls, note: str) -> Checkpoint:
        """Raises ValueError when the text is not such a note; says nothing of the signature yet."""
        body = body_of(note)
        lines = body.split("\n")[:-1]
        if len(lines) < 3 or lines[0] != _ORIGIN:
            raise ValueError("not a checkpoint")
        heads: dict[str, tuple[int, str]] = {}
        about: list[tuple[str, str]] = []
        for line in lines[2:]:
            name, _, value = line.partition(" ")
            if name in _EXTENSIONS:
                about.append((name, value))
                continue
            count, digest = value.split(" ")
            heads[name] = (int(count), base64.b64decode(digest, validate=True).hex())
        made = cls(lines[1], heads, note, tuple(about))
        if made.body != body:
            raise ValueError("not a canonical checkpoint")
        return made

    @classmethod
    def read(cls, note: str) -> Checkpoint | None:
        """What `parse` makes of a text that came from elsewhere; None where it is no such note."""
        try:
            return cls.parse(note)
        except ValueError:
            return None

    @property
    def body(self) -> str:
        return _body(self.stream, self.heads, self.about)

    @property
    def count(self) -> int:
        """How many events it stands for."""
        return sum(count for count, _ in self.heads.values())

    @property
    def code(self) -> str:
        """32 characters: 160 bits of the body's SHA-256 in Crockford's base 32.

        Finding two histories with one code takes about 2^80 tries; an author who could choose both would need that
        many for a shorter code's half, which is why it is not shorter.
        """
        return spelled(hashlib.sha256(self.body.encode()).digest()[:20])

    def signed_by(self, keys: Iterable[PublicKey]) -> PublicKey | None:
        """The key among `keys` that signed this note, or None."""
        return signer_of(self.note, keys)

    def lies_in(self, events: Mapping[str, Event]) -> bool:
        """Whether every head lies in the record, `events` by id; a fork's name begins with its strand's and `~`."""
        return all(
            digest in events and events[digest].seq == count - 1 and events[digest].strand == strand_of(name)
            for name, (count, digest) in self.heads.items()
        )


def _body(stream: str, heads: Heads, about: Iterable[tuple[str, str]]) -> str:
    lines = [_ORIGIN, stream]
    for strand in sorted(heads):
        count, digest = heads[strand]
        lines.append(f"{strand} {count} {base64.b64encode(bytes.fromhex(digest)).decode()}")
    lines += [f"{name} {value}" for name, value in about]
    return "\n".join(lines) + "\n"


def on_page(note: str, page: int, pages: int) -> str:
    """What the QR of a page holds: the note, and below its signature which page of how many it stands on.

    The line is a label and not signed: the note says what paper a page was printed for, not what stands on it.
    """
    return f"{note}page {page}/{pages}\n"


def page_of(text: str) -> tuple[int, int]:
    """Which page of how many the text of a QR names; (0, 0) where it names none, as papers once did."""
    found = _PAGE.search(text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def claims(text: str) -> bool:
    """Whether a text wants to be a checkpoint of ours, whatever else is to be said of it."""
    return text.startswith("inspector/checkpoint/")


def is_code(text: str) -> bool:
    """Whether a text can be a code once it is brought to one form."""
    plain = typed_code(text)
    return len(plain) == 32 and set(plain) <= DIGITS
