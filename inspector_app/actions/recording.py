"""Recording the process: sound and film go sealed into the vault as they come, and become evidence when they end.

The record names a recording before its first byte is kept. So whatever a crash leaves is found again (`recover`), kept
up to its last whole part, and the interruption stands in the record until somebody says why.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from ..domain.access import Resource, may
from ..domain.casefile import CaseFile
from ..domain.event import BlobRef, Draft
from ..domain.evidence import PROCESS
from ..domain.footage import OWN_SCREEN as OWN_SCREEN
from ..domain.inspection import check_recording
from ..domain.problems import Problem
from ..domain.recorded import Recording
from ..evidence.recording import Growing, Sealer, Whole
from ..store.disk import MARGIN, free_bytes
from .book import Book, Done
from .evidence import STEP, evidence_of
from .intake import next_number

FILM, SOUND = "录像", "录音"
_FILES = {FILM: ("video/x-matroska", "mkv"), SOUND: ("audio/flac", "flac")}

LEAST = 600
"""Seconds that the disk must have room for when a recording starts."""


@dataclass(slots=True)
class Running:
    """A recording under way. `sink` is where the recorder writes to; whoever closes it ends the sealing."""

    stream: str
    id: str
    what: str
    device: str
    started: datetime
    sink: int
    film: Growing
    sealer: Sealer


def seconds_left(book: Book, rate: float) -> int:
    """For how long the disk has room at `rate` bytes a second, what is held back for answers left alone."""
    return int(max(free_bytes(book.store.path) - MARGIN, 0) / rate)


def check_start(book: Book, stream: str) -> None:
    """Raises `Problem` unless a recording of this inspection may start: `secret_area`; see `inspection.check_recording`."""
    if not stream:
        raise Problem("not_found", what="要录的检查")
    book.allow("inspect", stream)
    book.check_outside(stream)
    check_recording(book.queries.case(stream), book.rules.procedure.hooks)


def start(
    book: Book, stream: str, what: str, device: str, rate: float, failed: Callable[[OSError], object] = lambda error: None
) -> Done[Running]:  # fmt: skip
    """Begin a recording; `rate` is what it takes, in bytes a second. `failed` is called when the disk refuses.

    Raises:
        Problem: as `check_start`, and `disk_low`.
    """
    check_start(book, stream)
    book.rules.room_for(book.store.path, int(LEAST * rate) // 2)
    id, now = uuid.uuid4().hex, book.clock.now().at
    body = {"recording": id, "what": what, "device": device, "laptop": book.store.device}
    done = book.done(id, [Draft(stream, "recording_started", body, STEP)])
    film = book.vault.recording(id)
    source, sink = os.pipe()
    running = Running(stream, id, what, device, now, sink, film, Sealer(source, film, failed))
    return Done(running, done.touched, done.events)


def stop(book: Book, running: Running, duration: int, reason: str = "", *, broken: bool = False, poster: bytes = b""
         ) -> Done[str]:  # fmt: skip
    """End a recording whose `sink` is closed: it becomes evidence. Returns the number, "" where nothing had come.

    `duration` in milliseconds, 0 where the recorder cannot say; `reason` where no person stopped it; `broken`: the source
    or the disk failed, which asks for a reason. `poster` is a JPEG of it.

    Raises:
        Problem: `disk_full`, `disk_failed`: what is sealed stays, and `recover` finds it at the next sign-in.
    """
    running.sealer.join()
    whole = _closed(book, running)
    known, kind = _known(book, running.stream, running.id), "recording_interrupted" if broken else "recording_stopped"
    return _ended(book, known, whole, duration or whole.duration, kind, reason, poster)


def _closed(book: Book, running: Running) -> Whole:
    if running.sealer.error is not None:
        running.film.abandon()
        return book.vault.take_over(running.id)
    try:
        whole = running.film.close()
    except OSError:
        running.film.abandon()
        return book.vault.take_over(running.id)  # the disk may have been full for a moment
    return book.vault.take_over(running.id, whole)


def left_over(book: Book) -> bool:
    """Whether a recording of this laptop never ended; reads no file."""
    rows = (row for _, _, row in book.store.topic("recording"))
    return bool(book.vault.unfinished()) or any(
        not row.keys() & {"stopped", "interrupted"} and row.get("started", {}).get("laptop") == book.store.device
        for row in rows
    )


def recover(book: Book) -> Done[tuple[str, ...]]:
    """Take up what a crash left: every recording of this laptop that never ended, in inspections that the person works on.

    Returns the inspections in which the record now asks for a reason. What a crash left of another's inspection waits for
    one of its team; a file that the disk or the key refuses stays where it is.
    """
    left = set(book.vault.unfinished())
    done: list[Done[str]] = []
    for stream, id, row in book.store.topic("recording"):
        ended = "stopped" in row or "interrupted" in row
        if ended:
            if id in left:
                book.vault.forget(id)
        elif row.get("started", {}).get("laptop") == book.store.device and _mine(book, stream):
            empty = Whole("", "", 0, 0)
            try:
                whole = book.vault.take_over(id) if id in left else empty
            except Problem as problem:
                if problem.code != "blob_changed":
                    raise
                whole = empty  # it ended before its key was written
            known = _known(book, stream, id)
            done.append(_ended(book, known, whole, whole.duration, "recording_interrupted", ""))
    touched = frozenset(stream for each in done for stream in each.touched)
    return Done(tuple(sorted(touched)), touched, tuple(event for each in done for event in each.events))


def _mine(book: Book, stream: str) -> bool:
    case = book.queries.case(stream)
    team = frozenset(officer.id for officer in case.able)
    return may(book.actor, "inspect", Resource("inspection", team)) and book.person.id not in case.recused


def _known(book: Book, stream: str, id: str) -> tuple[CaseFile, Recording]:
    case = book.queries.case(stream)
    return case, next(each for each in case.recordings if each.id == id)


def _ended(
    book: Book, known: tuple[CaseFile, Recording], whole: Whole, duration: int, kind: str, reason: str, poster: bytes = b""
) -> Done[str]:  # fmt: skip
    """One batch: how it ended, and the piece of evidence that it is. The file has its place before the record names it."""
    case, recording = known
    number = next_number(book, case) if whole.size else ""
    body = {"recording": recording.id, "what": recording.what, "duration": duration, "length": length(duration),
            "number": number, "reason": reason}  # fmt: skip
    drafts = [Draft(case.id, kind, body, STEP)]
    if number:
        drafts.append(_piece(book, case, recording, whole, duration, number, poster))
    done = book.done(number, drafts)
    book.vault.forget(recording.id)
    return done


def _piece(
    book: Book, case: CaseFile, recording: Recording, whole: Whole, duration: int, number: str, poster: bytes
) -> Draft:  # fmt: skip
    mime, ending = _FILES[recording.what]
    maker = next((officer for officer in case.officers if officer.id == recording.person), book.person)
    screen = recording.device == OWN_SCREEN
    way = f"录下{OWN_SCREEN}的画面" if screen else f"{recording.device}现场{recording.what}"
    blobs = [BlobRef(whole.sha256, whole.sm3, whole.size, mime, "captured")]
    body = {
        "number": number, "kind": recording.what, "item": "", "recording": recording.id,
        "original_name": f"{recording.what}-{recording.started:%Y%m%d-%H%M%S}.{ending}",
        "taken_at": recording.started.isoformat(), "time_from": "本机时钟", "duration": duration,
        "device": book.store.device, "place": case.visit.place, "maker": maker.name,
        "maker_credential": maker.credential_number, "proves": "" if screen else PROCESS,
        "method": f"{way}，边录边加密存入，没有剪辑", "carrier": f"本机硬盘（{book.store.device}）",
        "present": "、".join(a.name for a in case.visit.attendees),
    }  # fmt: skip
    if poster:
        from ..evidence.photo import smaller  # Pillow is imported with the first picture

        for name, content in zip(("thumbnail", "copy"), smaller(poster), strict=True):
            blobs.append(book.keep(content, "image/jpeg", "made"))
            body[name] = blobs[-1].sha256
    return Draft(case.id, "evidence_taken", body, STEP, blobs=tuple(blobs))


def explain(book: Book, stream: str, recording: str, reason: str) -> Done[str]:
    """Say why a recording was interrupted. Raises `Problem`: `reason_needed`, `not_found`."""
    case = book.queries.case(stream)
    known = next((each for each in case.recordings if each.id == recording and each.interrupted), None)
    if known is None:
        raise Problem("not_found", what="中断的录制")
    if not reason.strip():
        raise Problem("reason_needed", what=f"{known.what}中断")
    body = {"recording": recording, "what": known.what, "reason": reason.strip()}
    return book.done(recording, [Draft(stream, "recording_interrupted", body, STEP)])


def unexplained(case: CaseFile) -> list[Recording]:
    """Interruptions that ask for their reason."""
    return [each for each in case.recordings if each.interrupted and not each.reason]


def enter_secret_area(book: Book, stream: str) -> Done[str]:
    """The team enters an area of state secrets: from here on nothing is captured or imported (保守国家秘密法31)."""
    case = book.queries.case(stream)
    if case.visit.secret_area:
        raise Problem("secret_area", officer=case.visit.secret_area)
    return book.done(stream, [Draft(stream, "secret_area_entered", {"name": book.person.name}, STEP)])


def leave_secret_area(book: Book, stream: str) -> Done[str]:
    """Somebody of the team says by name that the area is left behind. Raises `Problem("not_found")`."""
    if not book.queries.case(stream).visit.secret_area:
        raise Problem("not_found", what="正在进行的涉密区域登记")
    return book.done(stream, [Draft(stream, "secret_area_left", {"name": book.person.name}, STEP)])


def open_film(book: Book, stream: str, number: str) -> BinaryIO:
    """The content of a recording, to be read from anywhere; one part of it is in the clear at a time.

    Raises:
        Problem: `not_found`, `blob_missing`, `blob_changed` (also while reading).
    """
    piece = evidence_of(book.queries.case(stream), number)
    try:
        return book.vault.open(piece.sha256, piece.size)
    except Problem as problem:
        raise Problem(problem.code, number=f"证据 {number}") from None


def codecs_of(book: Book, stream: str, number: str) -> str:
    """What the header of a recording says of how it is coded, e.g. V_MPEGH/ISO/HEVC、A_AAC. Raises as `open_film` does."""
    from ..evidence.media import read_media

    with open_film(book, stream, number) as film:
        media = read_media(film)
    return "、".join(media.codecs if media is not None else ()) or "文件里没有写明"


def length(ms: int) -> str:
    """A length in words, e.g. 3分07秒 or 1时02分09秒."""
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}时{minutes:02d}分{seconds:02d}秒" if hours else f"{minutes}分{seconds:02d}秒"
