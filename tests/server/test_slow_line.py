"""A slow line: pieces that fit it, and files that make way for what is written meanwhile."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from inspector_app.actions import check, evidence, sending, sync
from inspector_app.sync.door import fitting
from inspector_app.sync.wire import LEAST_PIECE, PIECE
from tests.office import CASE, arrive, card
from tests.server.conftest import Served
from tests.server.test_laptop import joined, served_office
from tests.sync.faults import Fault, proxy

__all__ = ["served_office"]


@given(some.integers(1, PIECE), some.floats(0.0, 1000.0))
def test_a_piece_takes_ten_seconds_at_the_most_but_on_the_slowest_line(size: int, seconds: float) -> None:
    made = fitting(size, seconds)
    assert LEAST_PIECE <= made <= PIECE
    assert made == LEAST_PIECE or made * seconds / size <= 10.001


def test_what_the_bureau_refuses_each_time_is_not_tried_for_ever() -> None:
    turns = sending.Turns(lambda done, total: True, seconds=-1.0)
    assert turns.begin() and not turns.files(3, 10), "time is up"
    assert turns.begin() and not turns.files(0, 7), "nothing moved"
    assert not turns.begin() and not turns.stopped


def test_what_is_written_while_files_go_is_there_before_the_last_of_them(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book, ledger = session.book, served_office.office.ledger
    arrive(book)
    evidence.add_photos(book, CASE, card(4))
    files, written, seen = len(sending.waiting_files(book)), [""], list[tuple[int, int]]()
    left: list[int] = []

    def step(done: int, total: int) -> bool:
        if total:
            seen.append((done, total))
        if total and done and not written[0]:
            check.answer(book, CASE, "A01", "符合")
            written[0] = book.store.entries(CASE)[-1].id
        if written[0] and not left and any(entry.id == written[0] for entry in ledger.entries(CASE)):
            left.append(len(sending.waiting_files(book)))
        return True

    with proxy(served_office.address.url) as line:
        sync.follow(book, sync.Address(line.url, served_office.address.root))
        line.set(Fault(rate=400_000))
        handed = sync.hand_over(book, step, turn=0.2)
    assert left and 0 < left[0] < files, "files were still waiting"
    assert (handed.files, handed.stopped, sending.waiting_files(book)) == (files, False, [])
    assert seen == sorted(seen) and len({total for _, total in seen}) == 1, "it never goes back"
    session.close()
