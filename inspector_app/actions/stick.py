"""Exchange by stick: with the bureau or with a colleague's laptop, without any network, checked like everything else."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ..domain.event import BlobRef
from ..domain.problems import Problem
from ..durable import settle, sync_file
from ..record.checkpoint import Checkpoint
from ..record.keys import PublicKey
from ..record.proof import proven
from ..record.receipt import covers_file, covers_stream
from ..record.sealed import NotForUs
from ..sync.bundle import Carried, Parcel, read_bundle, write_bundle
from ..sync.pieces import as_file
from ..sync.wire import Garbled
from .book import Book
from .devices import is_revoked
from .secrecy import carry_out, kept_back
from .sync import Link, known_keys, link_of

ENDING = ".inspector"


@dataclass(slots=True)
class Unpacked:
    """What a stick brought: new events and files, what was refused with its reason, receipts."""

    events: int = 0
    files: int = 0
    receipts: int = 0
    refused: list[str] = field(default_factory=list)


def readers(book: Book) -> list[PublicKey]:
    """For whom a stick can be written: the bureau first, then the laptops that are known here and not revoked."""
    link = link_of(book.store)
    bureau = [link.bureau] if link else []
    return bureau + [key for key in colleagues(book) if key not in bureau]


def colleagues(book: Book) -> list[PublicKey]:
    """The keys of the other laptops that the bureau has told of and not revoked."""
    keys = (key for keys in known_keys(book.store).values() for key in keys)
    return [key for key in keys if key.name != book.store.device and not is_revoked(book.store, key)]


def pack_stick(book: Book, reader: PublicKey, streams: Sequence[str], target: Path) -> Path:
    """Write inspections with their files to a stick, sealed for `reader`; an unfinished file never stands there.

    Raises:
        Problem: `file_unwritable`.
    """
    book.allow("export")
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            pack(book, reader, streams, files_to_carry(book, streams), file)
        sync_file(part)
        settle(part, target)
    except OSError as error:
        raise Problem("file_unwritable", name=str(target), detail="U 盘满了、拔掉了或不能写。") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def files_to_carry(book: Book, streams: Sequence[str], there: Container[str] = ()) -> list[BlobRef]:
    """The files of inspections that lie here, are not kept back as a secret, and are not `there` already."""
    secret = kept_back(book)
    named = {ref.sha256: ref for stream in streams for ref in book.store.blobs(stream)}
    return [
        ref for sha256, ref in named.items() if sha256 not in secret and sha256 not in there and book.vault.has(sha256)
    ]


def pack(book: Book, reader: PublicKey, streams: Sequence[str], files: Sequence[BlobRef], target: BinaryIO) -> None:
    """Write a bundle of inspections and these files, sealed for `reader`."""
    carried = (Carried(ref.sha256, ref.size, book.vault.stream(ref.sha256)) for ref in files)
    write_bundle(target, reader, _parcels(book, streams), carried)


def _parcels(book: Book, streams: Sequence[str]) -> Iterator[Parcel]:
    for stream in streams:
        heads = book.store.heads(stream)
        own = {name: tip for name, tip in heads.items() if name.startswith(f"{book.store.device}.")}
        notes = [text for _, text in book.store.checkpoints(stream)]
        if own:
            notes.append(Checkpoint.sign(stream, own, book.store.device_key).note)
        yield Parcel(notes, {}, [entry.line for entry in book.store.entries(stream)])


def unpack_stick(book: Book, source: Path) -> Unpacked:
    """Take in what a stick holds for this laptop: events that their devices signed for, files with their digests.

    Raises:
        Problem: `stick_not_ours` when it is sealed for another one, damaged or cut off; what came before is kept.
    """
    try:
        with source.open("rb") as opened:
            return unpack(book, opened)
    except (NotForUs, Garbled) as error:
        raise Problem("stick_not_ours", name=source.name) from error
    except OSError as error:
        raise Problem("not_found", what=f"文件“{source.name}”") from error


def unpack(book: Book, source: BinaryIO) -> Unpacked:
    """Take in a bundle. Raises NotForUs, Garbled; what came before is kept."""
    found = Unpacked()
    keys, link = known_keys(book.store), link_of(book.store)
    bureau = link.bureau if link else None
    named: dict[str, int] = {}

    def parcel(made: Parcel) -> None:
        received = book.store.receive(
            made.lines,
            lambda events, held: proven(events, made.notes, lambda d: keys.get(d, ()), held, bureau),
            made.notes,
        )
        found.events += received.new
        found.refused += received.refused
        named.clear()
        if link is not None:
            found.receipts += _take_receipts(book, link, made)

    def file(sha256: str, size: int, pieces: Iterator[bytes]) -> None:
        if not named:
            named.update(_named(book))
        if sha256 not in named or sha256 in kept_back(book) or book.vault.has(sha256):
            return
        try:
            book.vault.put(as_file(lambda: next(pieces, b"")), expected=sha256)
            found.files += 1
        except Problem as problem:
            if problem.code != "blob_changed":
                raise
            found.refused.append(f"文件 {sha256[:8]} 变了")

    try:
        read_bundle(source, book.store.device_key, parcel, file)
    finally:
        carry_out(book)
    return found


def _take_receipts(book: Book, link: Link, made: Parcel) -> int:
    """Receipts that the bureau signed: of streams as notes over their tips, of files by digest and size."""
    sizes = _named(book)
    good = {
        name: text for name, text in made.receipts.items()
        if (covers_file(text, name, sizes[name], link.bureau) if name in sizes
            else covers_stream(text, name, link.bureau))
    }  # fmt: skip
    book.store.keep_receipts(good, book.clock.now().at.isoformat())
    return len(good)


def _named(book: Book) -> dict[str, int]:
    """The files that inspections name, with their sizes."""
    return {ref.sha256: ref.size for refs in book.store.blobs_by_stream("inspection/").values() for ref in refs}
