"""What is public as files: a page that anybody opens, and data for the platform of the city (JSON and CSV)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..domain import notice_page
from ..domain.event import Draft
from ..domain.problems import Problem
from ..domain.publicity import EXPORTED
from ..domain.published import Notice, as_csv, as_json, read_notices
from .book import Book, Done
from .handing_out import write_new
from .publicity import STEP
from .secrecy import kept_back


def notices(book: Book) -> tuple[tuple[str, str, Notice], ...]:
    """What is public as this laptop knows it: stream, subject and notice, the newest first."""
    today = book.clock.now().at.date()
    found = [(stream, key, notice) for stream, key, row in book.store.topic("publication")
             for notice in read_notices([row], today)]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each[2].day, each[2].id), reverse=True))


def _photos(book: Book, held: Iterable[Notice]) -> Mapping[str, str]:
    """The photos that are shown, in the page itself. Raises `Problem("blob_missing")` for one that is not on this laptop."""
    secret = kept_back(book)
    wanted = {sha256: text for each in held for sha256, text in each.pictures if sha256 not in secret}
    return {
        sha256: notice_page.embedded(book.queries.content(sha256, f"公示的照片“{text}”"))
        for sha256, text in wanted.items()
    }


def export(book: Book, target: Path, chosen: Sequence[tuple[str, str, Notice]]) -> Done[tuple[Path, ...]]:
    """Write some notices as a page, and beside it under the same name as JSON and CSV; each inspection notes it with the
    digests of the files.

    Raises:
        Problem: `publication_none`, `no_folder`, `file_exists`, `file_unwritable`, `not_allowed`, `blob_missing`.
    """
    if not chosen:
        raise Problem("publication_none")
    if not target.parent.is_dir():
        raise Problem("no_folder")
    for stream in {stream for stream, _, _ in chosen}:
        book.allow("publish", stream)
    held = [notice for _, _, notice in chosen]
    names = {channel.key: channel.name for channel in book.rules.publicity.channels}
    photos = _photos(book, held)
    page = notice_page.document(
        "执法公示", book.queries.register().bureau.name, "".join(notice_page.notice(each, photos) for each in held)
    )
    texts = {".html": page, ".json": as_json(held), ".csv": as_csv(held, names)}
    made = {target.with_suffix(suffix): text for suffix, text in texts.items()}
    if there := [path for path in made if path.exists()]:
        raise Problem("file_exists", name=there[0].name)
    for path, text in made.items():
        write_new(path, text.encode())
    digests = [{"name": path.name, "sha256": hashlib.sha256(text.encode()).hexdigest()} for path, text in made.items()]
    drafts = [Draft(stream, EXPORTED, {"subject": subject, "title": f"{n.unit}{n.name}", "id": n.id, "files": digests}, STEP)
              for stream, subject, n in chosen]  # fmt: skip
    return book.done(tuple(made), drafts)
