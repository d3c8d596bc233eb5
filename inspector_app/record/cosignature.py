"""A checkpoint cosigned on another laptop: what comes back from there, small enough for one QR.

The owner of a laptop can sign a changed history again with its real key, and has neither of the keys that sign here: that of
the other laptop, and that of the person there, which only the own PIN opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .checkpoint import Checkpoint
from .keys import DeviceKey, PublicKey
from .note import body_of, cosigned, sign_note, signer_of

_ORIGIN = "inspector/cosignature/v1"


@dataclass(frozen=True, slots=True)
class Cosignature:
    """Who cosigned which checkpoint, and when by the clock of the laptop where that was done.

    `note` is a signed note (C2SP signed-note) of the stream, the checkpoint's code, the time and the person's key; below
    it stand the signatures of the laptop and of the person.
    """

    stream: str
    code: str
    at: datetime
    key: PublicKey
    """Of the person, named `person@device`."""
    note: str

    @classmethod
    def sign(cls, checkpoint: Checkpoint, at: datetime, person: DeviceKey, device: DeviceKey) -> Cosignature:
        """Cosign a checkpoint with the key of a person on a device, and with that of the device."""
        note = cosigned(sign_note(_body(checkpoint.stream, checkpoint.code, at, person.public), device), person)
        return cls(checkpoint.stream, checkpoint.code, at, person.public, note)

    @classmethod
    def parse(cls, note: str) -> Cosignature:
        """Raises ValueError when the text is not such a note; says nothing of its signatures yet."""
        body = body_of(note)
        lines = body.split("\n")[:-1]
        if len(lines) != 5 or lines[0] != _ORIGIN:
            raise ValueError("not a cosignature")
        made = cls(lines[1], lines[2], datetime.fromisoformat(lines[3]), PublicKey.parse(lines[4]), note)
        if (
            made.at.tzinfo is None
            or _body(made.stream, made.code, made.at, made.key) != body
            or not made.person
            or not made.device
        ):
            raise ValueError("not a canonical cosignature")
        return made

    @property
    def person(self) -> str:
        """The id of who cosigned."""
        return self.key.name.partition("@")[0]

    @property
    def device(self) -> str:
        """The laptop where that was done."""
        return self.key.name.partition("@")[2]

    @property
    def by_person(self) -> bool:
        """Whether the key that it names has signed it."""
        return signer_of(self.note, [self.key]) is not None

    def signed_by(self, keys: Iterable[PublicKey]) -> PublicKey | None:
        """The key of the device among `keys` that vouches for the person's; None unless both have signed."""
        own: Sequence[PublicKey] = [key for key in keys if key.name == self.device]
        return signer_of(self.note, own) if self.by_person else None


def _body(stream: str, code: str, at: datetime, key: PublicKey) -> str:
    return "\n".join((_ORIGIN, stream, code, at.isoformat(), key.text())) + "\n"
