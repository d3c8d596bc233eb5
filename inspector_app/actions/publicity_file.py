"""What is public as files: a page that anybody opens, and data for the platform of the city (JSON and CSV)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ..domain import notice_page
from ..domain.event import Draft
from ..domain.problems import Problem
from ..domain.publicity import EXPORTED
from ..domain.published import Notice, as_csv, as_json, read_notices
from .book import Book, Done
from .handing_out import write_new
from .publicity import STEP
from .queries import Queries


def notices(book: Book) -> tuple[tuple[str, str, Notice], ...]:
    """What is public as this laptop knows it: stream, subject and notice, the newest first."""
    today = book.clock.now().at.date()
    found = [(stream, key, notice) for stream, key, row in book.store.topic("publication")
             for notice in read_notices([row], today)]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each[2].day, each[2].id), reverse=True))


def export(book: Book, target: Path, chosen: Sequence[tuple[str, str, Notice]]) -> Done[tuple[Path, ...]]:
    """Write some notices as a page, and beside it under the same name as JSON and CSV; each inspection notes it with the
    digests of the files.

    Raises:
        Problem: `publication_none`, `no_folder`, `file_exists`, `file_unwritable`, `not_allowed`.
    """
    if not chosen:
        raise Problem("publication_none")
    if not target.parent.is_dir():
        raise Problem("no_folder")
    for stream in {stream for stream, _, _ in chosen}:
        book.allow("publish", stream)
    held = [notice for _, _, notice in chosen]
    names = {channel.key: channel.name for channel in book.rules.publicity.channels}
    page = notice_page.document(
        "执法公示", Queries(book).register().bureau.name, "".join(map(notice_page.notice, held))
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
