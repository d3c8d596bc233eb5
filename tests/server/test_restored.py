"""The bureau's server is brought back from an old copy: every laptop hands in what came after it, files as well as events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bureau_server.office import Office
from bureau_server.serve import running
from bureau_server.upkeep import back_up, restore
from inspector_app.actions import check, evidence, sending, sync, whereabouts
from inspector_app.actions.book import Book
from tests.office import CASE, arrive, card
from tests.server.conftest import PASSWORD, QUICK, Served
from tests.server.test_laptop import joined, served_office
from tests.server.test_upkeep import at
from tests.sync.faults import proxy

__all__ = ["served_office"]


@contextmanager
def brought_back(served: Served, copy: Path, folder: Path, book: Book) -> Iterator[Office]:
    """A server restored from the copy, to which the laptop has found and where it has signed in again."""
    config = at(folder, served.office)
    restore(copy, config)
    office = Office(config, served.office.clock, QUICK)
    with running(office) as url:
        sync.follow(book, sync.Address(url, office.authority.certificate))
        sync.sign_in_again(book, PASSWORD)
        yield office


def test_originals_that_came_after_the_copy_are_handed_in_again(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    check.answer(book, CASE, "A01", "不符合")
    evidence.add_photos(book, CASE, card(3), item="A01")
    sending.set_metered(book, True)
    sync.hand_over(book)
    back_up(served_office.office, tmp_path / "copy")
    sending.set_metered(book, False)
    assert sync.hand_over(book).files == 3 and whereabouts.where(book, [CASE])[0].word == "已回执"
    assert not sync.hand_over(book).fell_back and sending.fell_back_at(book.store) == ""
    with brought_back(served_office, tmp_path / "copy", tmp_path / "new", book) as office:
        originals = [ref for ref in book.store.blobs(CASE) if ref.origin == "imported"]
        assert [office.blobs.offset(ref.sha256) for ref in originals] == [0, 0, 0]
        handed = sync.hand_over(book)
        assert handed.fell_back and sending.fell_back_at(book.store)
        for ref in originals:
            assert b"".join(office.blobs.stream(ref.sha256)) == book.vault.read(ref.sha256)
        assert whereabouts.where(book, [CASE])[0].word == "已回执"
        again = sync.hand_over(book)
        assert (again.files, again.fell_back) == (0, False), "told once, and nothing is asked any more"
    session.close()


def test_until_they_are_there_nobody_says_that_the_bureau_has_them(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    evidence.add_photos(book, CASE, card(2))
    back_up(served_office.office, tmp_path / "copy")
    sync.hand_over(book)
    named = whereabouts.where(book, [CASE])[0].files
    with brought_back(served_office, tmp_path / "copy", tmp_path / "new", book):
        sending.set_metered(book, True)
        sync.hand_over(book)
        stands = whereabouts.where(book, [CASE])[0]
        assert (stands.word, stands.files_waiting, stands.files) == ("等回执", 2, named)
        sending.set_metered(book, False)
        sync.hand_over(book)
        assert whereabouts.where(book, [CASE])[0].files_waiting == 0
    session.close()


def test_what_the_copy_holds_is_asked_for_and_not_sent_again(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    evidence.add_photos(book, CASE, card(4))
    sync.hand_over(book)
    size = sum(ref.size for ref in book.store.blobs(CASE))
    back_up(served_office.office, tmp_path / "copy")
    with (
        brought_back(served_office, tmp_path / "copy", tmp_path / "new", book) as office,
        proxy(sync.linked(book).url) as line,
    ):
        sync.follow(book, sync.Address(line.url, office.authority.certificate))
        assert sync.hand_over(book).files == len(book.store.blobs(CASE))
        assert line.total["up"] < size / 10
    session.close()
