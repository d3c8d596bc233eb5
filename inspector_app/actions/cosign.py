"""会签 on two laptops: one asks, the other looks, signs and answers, the first takes it in. Pictures or small files carry it.

Whoever owns a laptop can sign a changed history again with its real key; what the other one signed shows it. That one
is a witness besides: it refuses what does not agree with its own record, or with what it has cosigned before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ..domain.calendar import zh_date
from ..domain.cosigning import GIVEN, TAKEN
from ..domain.event import Draft
from ..domain.merge import strand_of
from ..domain.problems import Problem
from ..papers.qr import modules as modules
from ..record.checkpoint import Checkpoint as Checkpoint
from ..record.cosignature import Cosignature as Cosignature
from ..record.keys import DeviceKey, PublicKey
from ..record.note import signers_named
from ..record.proof import device_of
from .book import Book, Done
from .devices import is_revoked
from .sign_in import Session
from .sync import known_keys

_MOST = 16 << 10
"""Bytes of a file that may be a request or an answer; a picture is longer or does not begin like one."""
_OURS = ("inspector/checkpoint/", "inspector/cosignature/")


# -- the laptop that asks ---------------------------------------------------------------------------------------------


def ask(book: Book, stream: str) -> Checkpoint:
    """Fix how far the record has come, as a note that says for people of which unit and when. Raises `Problem("not_allowed")`."""
    book.allow("inspect", stream)
    unit = " ".join(book.queries.case(stream).unit.name.split())
    return book.store.fix_checkpoint(stream, {"unit": unit, "at": book.clock.now().at.isoformat()})


def take(book: Book, stream: str, text: str) -> Done[Cosignature]:
    """Take in the answer of the other laptop.

    Raises:
        Problem: `cosign_no_answer`, `cosign_other_case`, `cosign_own`, `cosign_stranger`, `cosign_forged`, `cosign_revoked`,
            `cosign_other_point`, `cosign_known`, and `same_person` or `not_allowed` for who may not cosign this inspection.
    """
    try:
        made = Cosignature.parse(text)
    except ValueError:
        raise Problem("cosign_no_answer") from None
    if made.stream != stream:
        raise Problem("cosign_other_case", number=_number(made.stream))
    _check_signer(book, made.device, made.signed_by)
    point = _fixed_here(book, stream, made.code)
    key = made.key.text()
    if ("cosigned", f"{made.code} {key}") in book.store.rows(stream):
        raise Problem("cosign_known")
    body = {
        "id": made.person, "name": book.queries.register().name_of(made.person), "device": made.device, "key": key,
        "code": made.code, "count": point.count, "signed_at": made.at.isoformat(), "note": point.note, "answer": made.note,
    }  # fmt: skip
    done = book.done(made, [Draft(stream, TAKEN, body, witness=made.person)])
    book.store.fix_checkpoint(stream)
    return done


def taken(book: Book, stream: str) -> list[tuple[str, datetime, int]]:
    """Who cosigned on another laptop, when by its clock, and how many entries, the latest last."""
    rows = [row for (topic, _), row in book.store.rows(stream).items() if topic == "cosigned"]
    found = [(str(row["name"]), datetime.fromisoformat(row["signed_at"]), int(row["count"])) for row in rows]
    return sorted(found, key=lambda one: one[1])


def _fixed_here(book: Book, stream: str, code: str) -> Checkpoint:
    """The checkpoint of this code as this laptop signed it."""
    own = [book.store.device_key.public]
    for held, text in book.store.checkpoints(stream):
        if held == code and (note := Checkpoint.parse(text)).signed_by(own) is not None:
            return note
    raise Problem("cosign_other_point")


# -- the laptop that cosigns ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is asked to cosign, read and checked. `agrees`: all of it lies in this laptop's own record."""

    point: Checkpoint
    device: str
    unit: str
    at: datetime
    agrees: bool = False

    @property
    def number(self) -> str:
        return _number(self.point.stream)

    @property
    def ends(self) -> tuple[tuple[str, int], ...]:
        """Each laptop that wrote, with the number of its last entry."""
        return tuple((device_of(strand_of(name)), count) for name, (count, _) in sorted(self.point.heads.items()))


def asked_in(point: Checkpoint) -> Asked:
    """What a request asks for; nothing is checked. Raises `Problem("cosign_no_request")` for a checkpoint that is none."""
    about = dict(point.about)
    try:
        return Asked(point, signers_named(point.note)[0], about["unit"], datetime.fromisoformat(about["at"]))
    except (ValueError, KeyError, IndexError):
        raise Problem("cosign_no_request") from None


def look(book: Book, text: str) -> Asked:
    """Read a request and check it against what is known here. Writes nothing.

    Raises:
        Problem: `cosign_no_request`, `cosign_own`, `cosign_stranger`, `cosign_forged`, `cosign_revoked`, `cosign_rewritten`.
    """
    point = Checkpoint.read(text)
    if point is None:
        raise Problem("cosign_no_request")
    asked = asked_in(point)
    _check_signer(book, asked.device, point.signed_by)
    _check_grown(book, point)
    return replace(asked, agrees=_lies_here(book, point))


def give(session: Session, text: str, person: str, secret: str) -> Done[str]:
    """Cosign what was looked at, as a person of this laptop with the own PIN; returns the answer for the other one.

    Raises:
        Problem: `wrong_pin`, and as `look`.
    """
    book = session.book
    asked = look(book, text)
    key = DeviceKey.from_bytes(f"{person}@{book.store.device}", session.laptop.keys.cosigner(person, secret))
    made = Cosignature.sign(asked.point, book.clock.now().at, key, book.store.device_key)
    body = {
        "id": person, "name": book.queries.register().name_of(person), "key": key.public.text(), "number": asked.number,
        "unit_name": asked.unit, "code": made.code, "count": asked.point.count, "note": text, "answer": made.note,
    }  # fmt: skip
    witness = person if person != book.person.id else None
    return book.done(made.note, [Draft(f"device/{book.store.device}", GIVEN, body, witness=witness)])


def _check_grown(book: Book, point: Checkpoint) -> None:
    """A record only grows: what this laptop cosigned before must still be in it. Raises `Problem("cosign_rewritten")`."""
    for _, _, row in book.store.topic("cosigned_elsewhere"):
        before = Checkpoint.parse(str(row["note"]))
        if before.stream != point.stream:
            continue
        for name, (count, digest) in before.heads.items():
            now = [end for other, end in point.heads.items() if strand_of(other) == strand_of(name)]
            if max((c for c, _ in now), default=0) < count or (count in dict(now) and (count, digest) not in now):
                day = zh_date(datetime.fromisoformat(dict(before.about)["at"]).date())
                raise Problem("cosign_rewritten", what=f"{day}会签过的")


def _lies_here(book: Book, point: Checkpoint) -> bool:
    """Whether this laptop holds all that the checkpoint stands for. Raises `Problem("cosign_rewritten")` for what differs."""
    wanted = {(strand_of(name), count - 1) for name, (count, _) in point.heads.items()}
    held = {(e.strand, e.seq): e.id for e in book.store.entries(point.stream) if (e.strand, e.seq) in wanted}
    digests = {digest for _, digest in point.heads.values()}
    if not digests >= set(held.values()):
        raise Problem("cosign_rewritten", what="这台电脑里的记录")
    return held.keys() == wanted


# -- between them -----------------------------------------------------------------------------------------------------


def read(file: Path) -> str:
    """A request or an answer from a file or from a picture of its code.

    Raises:
        Problem: `cosign_unread`, `not_found`, and what `photo.take_in` raises for a picture that cannot be opened.
    """
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST + 1).decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    except OSError as error:
        raise Problem("not_found", what=f"文件“{file.name}”") from error
    if text.startswith(_OURS):
        return text
    from ..evidence.scan import texts_on  # Pillow is imported with the first picture

    found = [text for text in texts_on(file) if text.startswith(_OURS)]
    if len(found) != 1:
        raise Problem("cosign_unread", name=file.name)
    return found[0]


def in_frame(grey: bytes, width: int, height: int) -> str:
    """A request or an answer on a frame of a live picture, one byte a pixel; "" where there is none, or more than one."""
    from ..evidence.scan import texts_in

    found = [text for text in texts_in(grey, width, height) if text.startswith(_OURS)]
    return found[0] if len(found) == 1 else ""


def _check_signer(book: Book, device: str, signed_by: Callable[[Sequence[PublicKey]], PublicKey | None]) -> None:
    """What comes in was signed by another laptop of this bureau that is in use."""
    if device == book.store.device:
        raise Problem("cosign_own")
    keys = known_keys(book.store).get(device)
    if not keys:
        raise Problem("cosign_stranger", device=device)
    key = signed_by(keys)
    if key is None:
        raise Problem("cosign_forged", device=device)
    if is_revoked(book.store, key):
        raise Problem("cosign_revoked", device=device)


def _number(stream: str) -> str:
    return stream.partition("/")[2]
