"""What is where: events and files here and at the bureau, and erasing here what the bureau holds (清理本机).

Three words are never mixed: kept here, handed in, received. Only the bureau's signed receipt makes the third.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.event import FORMS_STREAM, PLANNING, REGISTER, RULES_STREAM, BlobRef, Draft
from ..domain.problems import Problem
from ..record.checkpoint import Checkpoint
from ..record.receipt import covers_file
from ..store.files import Handed
from ..sync.heads import lacking
from .book import Book, Done
from .file_state import WAITING, FileState, state_of, unsigned
from .secrecy import kept_back
from .sync import PRIVATE, fetch_file, linked

Step = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Where:
    """Where the parts of one inspection are: events and files here, and those that the bureau has signed for."""

    stream: str
    events: int
    events_received: int
    files: int
    """Those that the bureau has signed for, and those that lie here and wait for it."""
    files_received: int
    elsewhere: int
    """Files of colleagues that are not here; whether the bureau has them is not known here."""
    bytes_waiting: int
    at: str = ""
    """When the last receipt for it came."""

    @property
    def files_waiting(self) -> int:
        return self.files - self.files_received

    @property
    def word(self) -> str:
        """The one word for its state: never more than is known."""
        if not self.events_received and not self.files_received:
            return "已存本机"
        return "已回执" if self.events_received >= self.events and not self.files_waiting else "等回执"


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Of the files that an inspection names: how many the bureau has signed for, how many wait here for that, of how many
    bytes, and how many lie with colleagues."""

    named: int
    signed: int
    waiting: int
    elsewhere: int
    size: int

    @property
    def settled(self) -> bool:
        """Whether nothing but a new entry of the record changes it."""
        return self.signed == self.named


def where(book: Book, streams: Sequence[str]) -> list[Where]:
    """Where inspections are. An event counts as received when a receipt of the bureau covers it, a file as waiting when it lies
    here without one (`file_state`)."""
    store = book.store
    receipts, counts, files = store.receipts("inspection/"), store.counts(), _files(book, streams)
    found = []
    for stream in streams:
        note, at = receipts.get(stream, ("", ""))
        count, held = counts.get(stream, 0), files[stream]
        events, named = _received(book, stream, note, count), held.signed + held.waiting
        found.append(Where(stream, count, events, named, held.signed, held.elsewhere, held.size, at))
    return found


def _files(book: Book, streams: Sequence[str]) -> dict[str, FileCounts]:
    """How the files of inspections stand, counted anew only where something may have changed: of one that is settled, its
    record, unless receipts are dropped; of any other also what the bureau signed, what came into the vault and what is kept back."""
    store = book.store
    known: dict[str, tuple[tuple[object, ...], FileCounts]] = book.queries.held("files", None, dict)
    moved = (store.receipts_version(), book.vault.changes, frozenset(kept_back(book).items()))

    def version(stream: str, held: FileCounts | None) -> tuple[object, ...]:
        return (store.version(stream), store.receipts_dropped(), *(() if held is None or held.settled else moved))

    stale = [stream for stream in streams if (held := known.get(stream)) is None or held[0] != version(stream, held[1])]
    if stale:
        waiting, sizes = Counter[str](), Counter[str]()
        away = Counter[str]()
        for stream, ref, state in unsigned(book, stale):
            waiting[stream] += state in WAITING
            sizes[stream] += ref.size if state in WAITING else 0
            away[stream] += state is FileState.AT_COLLEAGUE
        named = store.file_counts(stale)
        for stream in stale:
            counted = FileCounts(*named.get(stream, (0, 0)), waiting[stream], away[stream], sizes[stream])
            known[stream] = (version(stream, counted), counted)
    return {stream: known[stream][1] for stream in streams}


def _received(book: Book, stream: str, note: str, count: int) -> int:
    """How many events of a stream a receipt covers; they are read only where it covers some and not all."""
    if not note:
        return 0
    signed = Checkpoint.parse(note).heads
    return count if signed == book.store.heads(stream) else count - len(lacking(book.store.entries(stream), signed))


def only_here(book: Book) -> int:
    """Entries of the registers, plans, rules and pre-stamped forms that the bureau has not signed for: not handed in yet, or
    written by somebody from whom the bureau takes none."""
    receipts, counts = book.store.receipts(), book.store.counts()
    own = (REGISTER, PLANNING, RULES_STREAM, FORMS_STREAM)
    held = [(stream, counts[stream]) for stream in own if stream in counts]
    return sum(count - _received(book, stream, receipts.get(stream, ("", ""))[0], count) for stream, count in held)


@dataclass(frozen=True, slots=True)
class FilePlace:
    """One file of an inspection, under the name by which a person knows it."""

    ref: BlobRef
    name: str
    state: FileState


def files(book: Book, stream: str) -> list[FilePlace]:
    """Every file of an inspection that a person would ask for: papers, originals, pages; copies made here are not."""
    names, open_ = _names(book, stream), {ref.sha256: state for _, ref, state in unsigned(book, [stream])}
    secret = kept_back(book)
    found = []
    for ref in book.store.blobs(stream):
        if ref.origin == "made" and ref.sha256 not in names:
            continue  # small pictures and the like can be made again from their original
        signed = state_of(book.vault.has(ref.sha256), Handed.SIGNED, secret.get(ref.sha256, ""))
        state = open_.get(ref.sha256, signed)
        found.append(FilePlace(ref, names.get(ref.sha256, "签字页照片"), state))
    return sorted(found, key=lambda place: (place.name, place.ref.sha256))


def _names(book: Book, stream: str) -> dict[str, str]:
    case = book.queries.case(stream)
    evidence = {piece.sha256: f"证据 {piece.number}" for piece in case.evidence}
    evidence |= {picture.sha256: f"送达过程照片 {picture.number}" for picture in case.filmed}
    return evidence | {paper.sha256: f"《{paper.title}》{paper.number}" for paper in case.papers}


def away(book: Book, refs: Iterable[BlobRef]) -> list[BlobRef]:
    """Files that are not on this laptop and that the bureau has signed for; not what is kept back as a secret."""
    known = book.store.receipts().keys() - kept_back(book).keys()
    return [ref for ref in refs if ref.sha256 in known and not book.vault.has(ref.sha256)]


# -- room -----------------------------------------------------------------------------------------------------------


def freeable(book: Book, stream: str) -> list[BlobRef]:
    """Originals that may be erased here: taken in on the visit, still here, and received as many days ago as policy asks.

    Papers and the small pictures stay: without a network they are what is looked at.
    """
    if not book.queries.case(stream).visit.ended:
        return []
    term = timedelta(days=book.rules.policy.originals_days)
    receipts, now = book.store.receipts(), book.clock.now().at
    return [
        p.ref for p in files(book, stream)
        if p.state is FileState.RECEIVED and p.ref.origin != "made"
        and now - datetime.fromisoformat(receipts[p.ref.sha256][1]) >= term
    ]  # fmt: skip


def give_room(book: Book, stream: str, step: Step = lambda done, total: True) -> Done[int]:
    """Erase an inspection's originals here by destroying their keys; returns the bytes.

    A file goes only with the bureau's signed receipt in hand, after the days of `freeable`, and when the bureau, asked
    again this moment, still has every byte of it. `step(done, total)` is called before each file; False stops there.

    Raises:
        Problem: as `sync.hand_over`; what was given back before stays given back, and is in the record.
    """
    link = linked(book)
    wanted, receipts, gone = freeable(book, stream), book.store.receipts(), list[BlobRef]()
    try:
        with link.door() as door:
            for number, ref in enumerate(wanted):
                if not step(number, len(wanted)):
                    break
                note, _ = receipts[ref.sha256]
                if covers_file(note, ref.sha256, ref.size, link.bureau) and door.safe_bytes(ref.sha256) == ref.size:
                    gone.append(ref)
    finally:
        done = _note_given(book, stream, gone)
    return done


def retire(book: Book) -> int:
    """Erase here whatever is `freeable` of all inspections; returns the bytes. Raises as `give_room`."""
    streams = [i.id for i in book.queries.inspections()]
    return sum(give_room(book, stream).value for stream in streams if freeable(book, stream))


def finish(book: Book) -> None:
    """Take away what the last act erased where the computer went off before the files were gone."""
    given = book.store.rows(f"{PRIVATE}{book.store.device}").get(("device", ""), {}).get("room", [])
    for sha256 in given[-1].get("sha256", ()) if given else ():
        if book.vault.has(sha256) and not book.vault.opens(sha256):
            book.vault.discard(sha256)


def _note_given(book: Book, stream: str, gone: Sequence[BlobRef]) -> Done[int]:
    size = sum(ref.size for ref in gone)
    if not gone:
        return Done(0, frozenset())
    digests = [ref.sha256 for ref in gone]
    body = {"about": stream, "files": len(gone), "bytes": size, "sha256": digests}
    draft = Draft(f"{PRIVATE}{book.store.device}", "room_given", body)
    return Done(size, frozenset({draft.stream}), book.write(draft, erase=digests))


def bring_back(book: Book, stream: str, step: Step = lambda done, total: True) -> tuple[int, int]:
    """Bring the files of an inspection that are not here from the bureau: how many came, and how many it has not.

    Raises:
        Problem: as `sync.hand_over`.
    """
    missing = [p for p in files(book, stream) if p.state in (FileState.AT_BUREAU, FileState.AT_COLLEAGUE)]
    came = refused = 0
    for number, place in enumerate(missing):
        if not step(number, len(missing)):
            break
        try:
            fetch_file(book, place.ref.sha256)
            came += 1
        except Problem as problem:
            if problem.code != "refused_by_bureau":
                raise
            refused += 1
    return came, refused
