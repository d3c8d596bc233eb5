"""Which file is where, and giving back the room of originals: nothing goes that the bureau does not hold this moment."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import evidence, sending, sync, whereabouts
from inspector_app.actions.book import Book
from inspector_app.actions.exchange import check_record, export_record
from inspector_app.actions.file_state import FileState
from inspector_app.domain.problems import Problem
from inspector_app.sync.door import Door
from tests.office import CASE, arrive, card, check_all, finish_visit
from tests.server.conftest import Served
from tests.server.test_laptop import joined, lead_laptop, served_office

__all__ = ["served_office"]


def states(book: Book) -> list[FileState]:
    """Of the evidence, without the notice that was made before."""
    return [place.state for place in whereabouts.files(book, CASE) if place.name.startswith("证据")]


def agreed(book: Book) -> whereabouts.Where:
    """How the inspection stands; what is counted is what a fresh look, the list of each file and the exchange say."""
    (counted,) = whereabouts.where(book, [CASE])
    book.obey(book.rules)  # counts anew
    assert whereabouts.where(book, [CASE]) == [counted]
    waiting = {ref.sha256: ref.size for ref in sending.waiting_files(book)}
    assert (len(waiting), sum(waiting.values())) == (counted.files_waiting, counted.bytes_waiting)
    listed = Counter(place.state for place in whereabouts.files(book, CASE) if place.ref.origin != "made")
    originals = [ref for ref in book.store.blobs(CASE) if ref.origin != "made" and ref.sha256 in waiting]
    assert listed[FileState.HERE] + listed[FileState.DELIVERED] == len(originals)
    return counted


def test_room_is_given_back_and_every_byte_comes_home(
    served_office: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    check_all(session)
    assert agreed(book).files_received == 0
    sync.hand_over(book)
    assert agreed(book).files_waiting == 0
    assert whereabouts.freeable(book, CASE) == [], "the visit goes on"
    finish_visit(session)
    assert {p.state for p in whereabouts.files(book, CASE)} == {FileState.HERE, FileState.RECEIVED}
    sync.hand_over(book)
    assert whereabouts.freeable(book, CASE) == [] and whereabouts.retire(book) == 0, "the days of policy are not over"
    book.clock.skip(timedelta(days=book.rules.policy.originals_days))  # type: ignore[attr-defined]
    originals = whereabouts.freeable(book, CASE)
    contents = {ref.sha256: book.vault.read(ref.sha256) for ref in originals}
    assert len(originals) == len(session.queries.case(CASE).evidence) == 8
    with monkeypatch.context() as cut:
        cut.setattr(Door, "safe_bytes", lambda *_: (_ for _ in ()).throw(Problem("no_connection", detail="没有回应")))
        with pytest.raises(Problem, match="连不上"):
            whereabouts.retire(book)
    assert whereabouts.freeable(book, CASE) == originals, "without an answer of this moment nothing goes"
    lost = originals[0].sha256  # the bureau signed for it once; its disk has lost it since
    shutil.rmtree(tmp_path / "bureau" / "files" / "blobs" / lost[:2] / lost)
    copies = {book.vault.path(ref.sha256): book.vault.path(ref.sha256).read_bytes() for ref in originals[1:]}
    given = whereabouts.give_room(book, CASE)
    assert given.value == sum(ref.size for ref in originals[1:])
    assert [e.kind for e in given.events] == ["room_given"] and given.events[0].body["files"] == 7
    assert book.vault.has(lost)
    for path, copy in copies.items():
        path.write_bytes(copy)  # from an old disk
        with pytest.raises(Problem, match="变了"):
            book.vault.read(path.name)
        path.unlink()
    assert Counter(states(book))[FileState.AT_BUREAU] == 7
    assert (agreed(book).files_waiting, agreed(book).elsewhere, agreed(book).word) == (0, 0, "已回执")
    assert check_record(book, CASE)[1:] == ("", 0, 7)
    with pytest.raises(Problem, match="7 个原件已让出本机空间"):
        export_record(book, CASE, tmp_path / "r.zip")
    assert all(
        session.queries.thumbnail(session.queries.case(CASE), p.number) for p in session.queries.case(CASE).evidence
    )
    assert whereabouts.bring_back(book, CASE) == (7, 0)
    assert {sha256: book.vault.read(sha256) for sha256 in contents} == contents
    assert export_record(book, CASE, tmp_path / "r.zip") is not None
    session.close()


def test_a_file_without_its_receipt_is_delivered_and_no_more(
    served_office: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = joined(served_office, tmp_path / "a")
    arrive(session.book)
    evidence.add_photos(session.book, CASE, card(1))
    real = Door.receipt

    def lost(door: Door, sha256: str, size: int) -> str:
        if sha256 == session.queries.case(CASE).evidence[0].sha256:
            raise Problem("no_connection", detail="中途断了")
        return real(door, sha256, size)

    monkeypatch.setattr(Door, "receipt", lost)
    # nor did it come with the last piece's answer
    monkeypatch.setattr("inspector_app.sync.door._note", lambda text: "")
    with pytest.raises(Problem, match="中途断了"):
        sync.hand_over(session.book)
    assert states(session.book) == [FileState.DELIVERED]
    where = agreed(session.book)
    assert where.files_waiting == 1, "all but the original: the notice and small pictures"
    monkeypatch.undo()
    sync.hand_over(session.book)
    assert states(session.book) == [FileState.RECEIVED]
    session.close()


def test_a_colleagues_original_is_at_the_colleague_until_it_comes(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    arrive(session.book)
    evidence.add_photos(session.book, CASE, card(2))
    sending.set_metered(session.book, True)
    sync.hand_over(session.book)
    lead = lead_laptop(served_office, tmp_path / "lead")
    sync.hand_over(lead.book)
    assert states(lead.book) == [FileState.AT_COLLEAGUE] * 2
    seen = agreed(lead.book)
    assert (seen.files_waiting, seen.word) == (0, "已回执"), "what came from the bureau waits for nothing"
    assert seen.elsewhere == len(lead.book.store.blobs(CASE)) - seen.files_received >= 2
    assert whereabouts.bring_back(lead.book, CASE) == (1, 2), "the notice came, the originals are not there yet"
    assert agreed(lead.book).elsewhere == seen.elsewhere - 1
    sending.set_metered(session.book, False)
    sync.hand_over(session.book)
    assert whereabouts.bring_back(lead.book, CASE) == (2, 0)
    assert agreed(lead.book).files_received == seen.files_received + 3
    for ref in lead.book.store.blobs(CASE):
        assert not lead.book.vault.has(ref.sha256) or lead.book.vault.read(ref.sha256) == session.book.vault.read(
            ref.sha256
        )
    session.close()
    lead.close()


def test_what_is_not_the_file_never_gets_into_the_vault(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    with pytest.raises(Problem, match="变了"):
        session.book.vault.put(io.BytesIO(b"something else"), expected="0" * 64)
    assert not [p for p in (tmp_path / "a" / "laptop" / "vault").iterdir() if p.is_file()], "nothing half-written stays"
    session.close()
