"""Two laptops exchange one inspection over the network that both are in, without any server: the bundles of the stick, both ways.

The one opens a door and chooses whom and what; the other types where it is and its code. Each seals for the key of the other
that the bureau has told, and checks what comes as if it had come on a stick. A cut costs no more than the file under way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from ..domain.problems import Problem
from ..record.keys import PublicKey
from ..record.sealed import NotForUs
from ..sync.direct import Doorway as Doorway
from ..sync.direct import Line, Stopped, Words, call
from ..sync.wire import Garbled
from .book import Book
from .secrecy import kept_back
from .stick import Unpacked, colleagues, files_to_carry, pack, unpack

Step = Callable[[str, int, int], bool]
"""Called with what is being done, and bytes of how many; False stops."""
_GIVES, _TAKES = "发给同事", "从同事收"


@dataclass(frozen=True, slots=True)
class Swapped:
    """What came of it: the inspection, what this laptop took in, and how many events and files the other one did."""

    stream: str
    taken: Unpacked
    events_there: int
    files_there: int


def open_door(book: Book, host: str = "") -> Doorway:
    """Begin to listen, for one transfer. Raises `direct_no_network`, `not_allowed`, `secret_area`."""
    book.allow("export")
    book.check_outside()
    return Doorway(host)


def give(book: Book, door: Doorway, reader: PublicKey, stream: str, step: Step) -> Swapped | None:
    """Wait for the laptop with this key, give it the inspection and take in what it has of it. The door is closed at the end;
    None where `step` said stop.

    Raises:
        Problem: `direct_left`, `direct_strangers`, `direct_unknown`, `direct_cut`; what was taken in is kept.
    """
    with door:
        line = door.wait(reader, lambda: step("", 0, 0))
    if line is None:
        return None
    with line:
        return _quietly(lambda: _give(book, line, reader, stream, step))


def take(book: Book, address: str, code: str, step: Step) -> Swapped | None:
    """Come to a colleague's door, take in what is given there, and give what this laptop has of the same inspection.

    Raises:
        Problem: `direct_nobody`, `direct_wrong_code`, `direct_another`, `direct_unknown`, `direct_cut`.
    """
    book.check_outside()
    with call(address, code, book.store.device_key) as line:
        return _quietly(lambda: _take(book, line, step))


def _give(book: Book, line: Line, reader: PublicKey, stream: str, step: Step) -> Swapped:
    line.tell(key=book.store.device_key.public.text(), stream=stream, has=_has(book, stream))
    there = _digests(line.hear())
    _send(book, line, reader, stream, there, step)
    events, files = _counts(line.hear())
    taken = _receive(book, line, step)
    line.tell(events=taken.events, files=taken.files)
    return Swapped(stream, taken, events, files)


def _take(book: Book, line: Line, step: Step) -> Swapped:
    words = line.hear()
    giver = next((key for key in colleagues(book) if key.text() == words.get("key")), None)
    stream = str(words.get("stream", ""))
    if giver is None or not stream.startswith("inspection/"):
        raise line.refuse("direct_unknown")
    line.tell(has=_has(book, stream))
    taken = _receive(book, line, step)
    line.tell(events=taken.events, files=taken.files)
    _send(book, line, giver, stream, _digests(words), step)
    events, files = _counts(line.hear())
    return Swapped(stream, taken, events, files)


def _send(book: Book, line: Line, reader: PublicKey, stream: str, there: Collection[str], step: Step) -> None:
    files = files_to_carry(book, [stream], there)
    line.step = lambda done, total: step(_GIVES, done, total)
    lines = sum(len(entry.line) for entry in book.store.entries(stream))
    with line.giving(lines + sum(ref.size for ref in files)) as bundle:
        pack(book, reader, [stream], files, bundle)


def _receive(book: Book, line: Line, step: Step) -> Unpacked:
    line.step = lambda done, total: step(_TAKES, done, total)
    try:
        return unpack(book, line.taking())
    except (NotForUs, Garbled) as error:
        raise Problem("direct_cut") from error


def _has(book: Book, stream: str) -> list[str]:
    """The files of an inspection that need not come: they are here, or are kept back and would not be taken."""
    named = {ref.sha256 for ref in book.store.blobs(stream)}
    return sorted({*book.vault.standing(named), *(kept_back(book).keys() & named)})


def _digests(words: Words) -> set[str]:
    has = words.get("has")
    return {str(each) for each in has} if isinstance(has, list) else set()


def _counts(words: Words) -> tuple[int, int]:
    events, files = words.get("events"), words.get("files")
    return (events, files) if isinstance(events, int) and isinstance(files, int) else (0, 0)


def _quietly(swap: Callable[[], Swapped]) -> Swapped | None:
    try:
        return swap()
    except Stopped:
        return None
