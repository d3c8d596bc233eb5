"""Taking files in: photos, films and sounds of a card, a stick or a folder, straight into the vault and into the record.

A file is taken by what its bytes are and never by its name; it is kept once in a case, known by its digest. A bad one is told
and passed by; an intake that was stopped, cut off or begun again goes on where it was.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.casefile import CaseFile
from ..domain.event import BlobRef, Draft, Event
from ..domain.evidence import PROCESS, STORED
from ..domain.numbers import short_name
from ..domain.problems import Problem
from ..domain.recorder import Recorder, Sign, sign_of
from . import nameless
from .book import Book, Done
from .card import PHOTO, SUFFIXES, Film, Stopped, is_gone, look_at, opened, reading, safe_name
from .procedure import check_arrived, check_open
from .recorders import FILE, placed, recorders

if TYPE_CHECKING:
    from ..evidence.photo import Photo

STEP = "取证"

TOGETHER, LONGEST = 16, 1.0
"""Files that are written as one batch, and the seconds after which they are: what a crash in between leaves behind lies in
the vault without a name until the next sign-in (`nameless`), and comes in anew with the next intake."""

AHEAD = timedelta(minutes=10)
"""How far a device's clock may run ahead of this computer's before its time counts as none."""

_SAMPLES, _SAMPLE = 16, 64 * 1024
"""Of a file of the same name and size as one that is held so many places of so many bytes are compared; a smaller one than
that, and every photo, is compared whole."""

_HASHED = 64 * 1024 * 1024
"""Bytes up to which a file of the size of one that is held is read for its digest, before it is looked at: any photo."""

LATE = ("record_made", "frozen")
"""Problems of an intake after the 笔录: what it does not say may still come in."""

ENDING = ("disk_low", "disk_full", "disk_failed", "store_busy", "store_damaged", "secret_area")
"""Problems of this computer, or of where the team is: nothing that follows would be stored."""

Progress = Callable[[int, int], bool]
"""(files done, files in all), called before each file and after each MiB of a film; False stops there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Result of an intake: numbers given; for each file that was refused the sentence why, for each that the case holds
    already the sentence which it is, and what is to be known of those that were kept."""

    numbers: tuple[str, ...]
    refused: tuple[str, ...]
    twice: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()


def take_in(
    book: Book, stream: str, files: Sequence[Path], item: str = "", proves: str = "", device: str = "",
    progress: Progress = lambda done, total: True,
) -> Done[Taken]:  # fmt: skip
    """Take files in one by one; the bytes of each are in the vault before its event names them.

    `device` is the register number of what made them, "" to go by their names. Once the 笔录 is made only films and sounds
    come in, and for no item: they show what it does not say, e.g. its own signing.

    Raises:
        Problem: `move_refused` before the arrival; `record_made` or `frozen` where nothing of it may come in any more;
            those of the disk, what was stored before stays.
    """
    book.allow("inspect", stream)
    case = book.queries.case(stream)
    late = _late(book, case)
    if late is not None and item:
        raise late
    run = _Intake(book, case, item, proves, device, late, {each.number: each for each in recorders(book)})
    done = run.take(files, progress)
    if late is not None and not run.kept and run.too_late:
        raise late
    return done


def _late(book: Book, case: CaseFile) -> Problem | None:
    """Why photos may come in no more; None while they may. Raises `Problem` before the arrival."""
    check_arrived(book, case, "存入证据")
    try:
        check_open(book, case, "evidence_taken")
    except Problem as problem:
        if problem.code not in LATE:
            raise
        return problem
    return None


@dataclass(slots=True)
class _Intake:
    """One run over some files of one case."""

    book: Book
    case: CaseFile
    item: str
    proves: str
    device: str
    late: Problem | None
    recorders: Mapping[str, Recorder]
    kept: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    held: dict[int, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    """size -> (digest, number, name) of what the case holds."""
    last: int = 0
    waiting: list[Draft] = field(default_factory=list)
    since: float = 0.0
    events: tuple[Event, ...] = ()
    too_late: bool = False

    def take(self, files: Sequence[Path], progress: Progress) -> Done[Taken]:
        self.last = _last_number(self.case, series_of(self.book))
        for piece in self.case.evidence:
            if not piece.withdrawn:
                self._hold(piece.size, piece.sha256, piece.number, piece.original_name)
        try:
            with reading(files, self._look) as looks:
                for index, (_, look, pool) in enumerate(looks):
                    if not progress(index, len(files)) or not self._take(
                        files[index:], look, pool, index, len(files), progress
                    ):
                        break
                else:
                    progress(len(files), len(files))
        finally:
            self._write()
        taken = Taken(tuple(self.kept), tuple(self.refused), tuple(self.twice), tuple(self.noted))
        return Done(taken, frozenset({self.case.id} if self.kept else ()), self.events)

    def _take(
        self,
        left: Sequence[Path],
        look: Future[Photo | Film | str],
        pool: Executor,
        index: int,
        total: int,
        progress: Progress,
    ) -> bool:
        """Take the first of the files that are left in, or say why not; False ends the run."""
        file = left[0]

        def go_on() -> bool:
            self._watch()
            return progress(index, total)

        try:
            found = look.result()
            self._watch()
            if number := found if isinstance(found, str) else self._known(found, go_on):
                self.twice.append(f"“{safe_name(file)}”和证据 {number} 一模一样，没有再存。")
            elif not isinstance(found, str):
                self._keep(file, found, pool, go_on)
        except Stopped:
            return False
        except Problem as problem:
            if problem.code in ENDING:
                raise
            if problem.code == "file_unreadable" and is_gone(left):
                self.refused.append(str(Problem("card_gone", left=len(left))))
                return False
            self.refused.append(str(problem))
        return True

    def _watch(self) -> None:
        """Raises `Problem("secret_area")` where the team has gone into one since the intake began."""
        self.book.check_outside(self.case.id)

    def _write(self) -> None:
        """Write what waits: some files together, since every act reads the case anew."""
        waiting, self.waiting = self.waiting, []
        if waiting:
            with nameless.expected(self.book.store):
                self.events = self.book.write(*waiting)
            self.kept += [str(draft.body["number"]) for draft in waiting]

    def _hold(self, size: int, sha256: str, number: str, name: str) -> None:
        self.held[size] = (*self.held.get(size, ()), (sha256, number, name))

    # -- what is held already ---------------------------------------------------------------------------------

    def _look(self, file: Path) -> Photo | Film | str:
        """What a file is, or the number of the piece that has its bytes: of a card that comes a second time no photo is decoded.
        Called beside the run. Raises as `look_at` does."""
        with suppress(OSError, ValueError):  # `look_at` tells what is wrong with it
            size = file.stat().st_size
            if file.is_file() and size <= _HASHED and (same := self.held.get(size)):
                with file.open("rb") as source:
                    digest = hashlib.file_digest(source, "sha256").hexdigest()
                if number := _number_of(digest, same):
                    return number
        return look_at(file)

    def _known(self, found: Photo | Film, go_on: Callable[[], bool]) -> str:
        """Number of the piece that has the very bytes of this file; "" for none. Asked only where a size agrees."""
        same = self.held.get(found.size)
        if not same:
            return ""
        if isinstance(found, Film):
            mine = safe_name(found.path)
            for sha256, number, name in same:
                if name == mine and self._agrees(found, sha256):
                    return number
            with opened(found.path, found.size, go_on) as source:
                digest = hashlib.sha256()
                while part := source.read(1024 * 1024):
                    digest.update(part)
        else:
            digest = hashlib.sha256(found.original)
        return _number_of(digest.hexdigest(), same)

    def _agrees(self, film: Film, sha256: str) -> bool:
        """Whether a long film agrees with a stored one in places all over it: a card of 64 GB need not be read again."""
        vault = self.book.vault
        if film.size <= _SAMPLES * _SAMPLE or not vault.has(sha256):
            return False
        with opened(film.path, film.size) as mine, vault.open(sha256, film.size) as stored:
            for n in range(_SAMPLES):
                place = (film.size - _SAMPLE) * n // (_SAMPLES - 1)
                stored.seek(place)
                if mine.read_at(place, _SAMPLE) != stored.read(_SAMPLE):
                    return False
        return True

    # -- what is new ------------------------------------------------------------------------------------------

    def _keep(self, file: Path, found: Photo | Film, pool: Executor, go_on: Callable[[], bool]) -> None:
        if self.late is not None and not isinstance(found, Film):
            self.too_late = True
            raise self.late
        self.book.rules.room_for(self.book.store.path, found.size)
        name, sign = safe_name(file), sign_of(file.parts, self.book.rules.policy.recording.names, self.recorders)
        maker = self.recorders.get(self.device or sign.device)
        if isinstance(found, Film):
            with opened(file, found.size, go_on) as source:
                stored = self.book.vault.put(source)
            blobs: tuple[BlobRef, ...] = (
                BlobRef(stored.sha256, stored.sm3, stored.size, found.media.mime, "imported"),
            )
            body = self._film(found, sign, name, maker)
        else:
            small = found.thumbnail, found.print_copy
            made = pool.submit(lambda: [self.book.keep(each, "image/jpeg", "made") for each in small])
            original = self.book.keep(found.original, found.mime, "imported")
            blobs = (original, *made.result())
            body = self._photo(found, name, maker) | {"thumbnail": blobs[1].sha256, "copy": blobs[2].sha256}
        number = f"{series_of(self.book)}{self.last + len(self.kept) + len(self.waiting) + 1:03d}"
        body |= {"number": number, "item": self.item, "original_name": name, "proves": self._proves(found)}
        self._hold(found.size, blobs[0].sha256, number, name)
        self.since = self.since if self.waiting else time.monotonic()
        self.waiting.append(Draft(self.case.id, "evidence_taken", body, STEP, blobs=blobs))
        if len(self.waiting) >= TOGETHER or time.monotonic() - self.since > LONGEST:
            self._write()

    def _proves(self, found: Photo | Film) -> str:
        about = self.case.item(self.item)
        if about is None:
            return self.proves or (PROCESS if isinstance(found, Film) else "")
        return self.proves or about.note or f"{about.code} {about.text}"

    def _photo(self, photo: Photo, name: str, device: Recorder | None) -> dict[str, object]:
        self._check_suffix(name, PHOTO)
        carrier = f"相机存储卡（{photo.camera}）" if photo.camera else "相机存储卡"
        return {
            "kind": PHOTO, **self._time(photo.taken_at, "照片信息", device, name), **self._maker(device, carrier),
            "method": "数码相机现场拍摄，原始文件未经修改存入",
            "width": photo.width, "height": photo.height, "camera": photo.camera,
        }  # fmt: skip

    def _film(self, film: Film, sign: Sign, name: str, device: Recorder | None) -> dict[str, object]:
        media = film.media
        own, source = (sign.began_at, "文件名") if sign.began_at else (media.began_at, FILE)
        if not media.whole:
            self.noted.append(f"“{name}”没有录完整，照原样存入。核对能不能播放，原设备先不要清空。")
        self._check_suffix(name, media.kind)
        tool = device.kind if device is not None else "设备"
        return {
            "kind": media.kind, "duration": media.duration, **self._time(own, source, device, name),
            **self._maker(device, f"{tool}存储卡"), "method": f"{tool}现场{'录音' if media.kind == '录音' else '录像'}，原始文件未经修改存入",
        }  # fmt: skip

    def _check_suffix(self, name: str, kind: str) -> None:
        suffix = name.rpartition(".")[2].lower() if "." in name else ""
        if suffix and suffix not in SUFFIXES[kind]:
            self.noted.append(f"“{name}”的内容是{kind}，按{kind}存入。")

    def _time(self, own: datetime | None, source: str, device: Recorder | None, name: str) -> dict[str, object]:
        """Own time and where it lies on the timeline; a time that has not come is none."""
        now = self.book.clock.now().at
        if own is None:
            return {"taken_at": now.isoformat(), "time_from": STORED}
        at = placed(own, device.offset if device else None, source)
        if datetime.fromisoformat(at["taken_at"]) > now + AHEAD:
            self.noted.append(f"“{name}”自带的时间晚于现在，没有采用。核对设备时钟，或在说明里写明时间。")
            return {"taken_at": now.isoformat(), "time_from": STORED, "own_time": own.isoformat()}
        return {**at, "own_time": own.isoformat()}

    def _maker(self, device: Recorder | None, carrier: str) -> dict[str, object]:
        """Who made it: whoever holds the device, else who takes it in."""
        person = self.book.person
        if device is not None and device.holder:
            person = self.book.queries.register().officers.get(device.holder, person)
        return {
            "maker": person.name, "maker_credential": person.credential_number, "place": self.case.visit.place,
            "present": "、".join(a.name for a in self.case.visit.attendees),
            "carrier": f"{carrier.removesuffix('存储卡')}（{device.number}）存储卡" if device else carrier,
            "device": device.number if device else "",
        }  # fmt: skip


def _number_of(digest: str, same: Sequence[tuple[str, str, str]]) -> str:
    """The number of the one with this digest; "" for none."""
    return next((number for sha256, number, _ in same if sha256 == digest), "")


def series_of(book: Book) -> str:
    """What this laptop's numbers begin with: two laptops without a network must never give one number twice."""
    return f"ZJ-{short_name(book.store.device)}-"


def next_number(book: Book, case: CaseFile) -> str:
    """The number of the next piece that this laptop takes in."""
    series = series_of(book)
    return f"{series}{_last_number(case, series) + 1:03d}"


def _last_number(case: CaseFile, series: str) -> int:
    return max((int(e.number.removeprefix(series)) for e in case.evidence if e.number.startswith(series)), default=0)
