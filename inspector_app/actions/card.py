"""What is on a card: its files, what each is by its bytes, and reading them into the vault. Nothing here is written down."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from ..domain.problems import Problem
from ..domain.recorder import span
from ..domain.signs import visible

if TYPE_CHECKING:
    from ..evidence.media import Media
    from ..evidence.photo import Photo

T = TypeVar("T")

PHOTO = "照片"

SUFFIXES = {
    PHOTO: ("jpg", "jpeg", "png", "heic", "heif"), "录像": ("mp4", "mov", "mkv", "webm", "m4v"), "录音": ("wav", "m4a", "mka"),
}  # fmt: skip
"""How files of each kind are named; the bytes decide."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film or sound that is still where it came from."""

    path: Path
    size: int
    media: Media


class Stopped(Exception):
    """The person stopped the intake within a file; nothing of that file is kept."""


def safe_name(path: Path) -> str:
    """The name of a file as it may be shown and kept: signs that steer, hide or are none are written out."""
    return visible(path.name)[:200]


def files_of(
    places: Iterable[Path], kinds: Collection[str] = tuple(SUFFIXES), depth: int = 6
) -> list[tuple[Path, int]]:
    """(file, bytes) of what is named like one of these kinds, in folders and in the folders in them, by name.

    What may not be read, and what is a link to elsewhere, is left out.
    """
    wanted = {f".{suffix}" for kind in kinds for suffix in SUFFIXES[kind]}
    found: list[tuple[Path, int]] = []
    for place in places:
        try:
            if place.is_dir():
                if depth and not place.name.startswith("."):
                    inside = sorted(each for each in place.iterdir() if not each.is_symlink())
                    found += files_of(inside, kinds, depth - 1)
            elif place.suffix.lower() in wanted and place.is_file():
                found.append((place, place.stat().st_size))
        except (OSError, ValueError):  # gone, not to be read, or a name no system knows
            continue
    return found


def is_gone(left: Sequence[Path]) -> bool:
    """Whether the card of these files was pulled out: its folder is away, or the folder where it was mounted is left and all of
    several files are away at once."""
    return not _stands(left[0].parent) or (len(left) > 1 and not any(map(_stands, left)))


def _stands(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:  # a card that is out, and whose system does not know it yet
        return False


@dataclass(frozen=True, slots=True)
class Glance:
    """What a file shows before it is taken in: a small JPEG of a photo, the length of a film or sound in words."""

    kind: str
    picture: bytes = b""
    length: str = ""


def glance(file: Path) -> Glance:
    """Look at a file that is not taken in yet. Raises as `look_at` does."""
    from ..evidence.photo import glance as small  # Pillow is imported with the first photo

    found = _film_or_photo(file)
    if found is None:
        return Glance(PHOTO, small(file))
    seconds = found.media.duration // 1000
    return Glance(found.media.kind, length=span(seconds) if seconds else "")


@contextmanager
def reading(files: Sequence[Path], look: Callable[[Path], T]) -> Iterator[Iterator[tuple[Path, Future[T], Executor]]]:
    """Look at the next two files while the last one is sealed: two threads read, the third is for who keeps them."""
    with ThreadPoolExecutor(max_workers=3, thread_name_prefix="intake") as pool:
        coming = deque(pool.submit(look, file) for file in files[:2])

        def each() -> Iterator[tuple[Path, Future[T], Executor]]:
            for index, file in enumerate(files):
                seen = coming.popleft()
                if index + 2 < len(files):
                    coming.append(pool.submit(look, files[index + 2]))
                yield file, seen, pool

        yield each()


def look_at(file: Path) -> Photo | Film:
    """What a file is by its bytes: a photo with its copies, or the header of a film or sound.

    Raises `Problem`: `file_empty`, `file_unreadable`, `media_kind`, and those of a photo.
    """
    from ..evidence.photo import take_in as read_photo  # Pillow is imported with the first photo

    if film := _film_or_photo(file):
        return film
    try:
        return read_photo(file)
    except Problem as problem:
        raise Problem(problem.code, **{**problem.facts, "name": safe_name(file)}) from None


def _film_or_photo(file: Path) -> Film | None:
    """The film or sound in a file, None for a photo."""
    from ..evidence.media import is_photo, read_media

    name = safe_name(file)
    try:
        if not file.is_file():  # a pipe or a device would keep us waiting, or never end
            raise OSError
        with file.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            if size == 0:
                raise Problem("file_empty", name=name)
            if not is_photo(source.read(16)):
                media = read_media(source)
                if media is None:
                    raise Problem("media_kind", name=name)
                return Film(file, size, media)
            return None
    except (OSError, ValueError):
        raise Problem("file_unreadable", name=name) from None


@contextmanager
def opened(path: Path, size: int, go_on: Callable[[], bool] = lambda: True) -> Iterator[Source]:
    """A file on its way into the vault. Raises `Problem("file_unreadable")` when it ends early or its card is gone."""
    try:
        file = path.open("rb")
    except OSError:
        raise Problem("file_unreadable", name=safe_name(path)) from None
    try:
        yield Source(file, size, safe_name(path), go_on)
    finally:
        with suppress(OSError):
            file.close()


class Source:
    """Reads a card: its faults are no faults of the disk that is written to, and it can be stopped."""

    def __init__(self, file: BinaryIO, size: int, name: str, go_on: Callable[[], bool]) -> None:
        self._file, self._left, self._name, self._go_on = file, size, name, go_on

    def read(self, most: int) -> bytes:
        """Raises `Stopped`; `Problem("file_unreadable")` also for a file that ends before or after its size."""
        if not self._go_on():
            raise Stopped
        part = self._read(most)
        self._left -= len(part)
        if self._left < 0 or (not part and self._left):
            raise Problem("file_unreadable", name=self._name)
        return part

    def read_at(self, place: int, length: int) -> bytes:
        try:
            self._file.seek(place)
        except OSError:
            raise Problem("file_unreadable", name=self._name) from None
        return self._read(length)

    def _read(self, most: int) -> bytes:
        try:
            return self._file.read(most)
        except OSError:
            raise Problem("file_unreadable", name=self._name) from None
