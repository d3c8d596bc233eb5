"""What a crash leaves in the vault without a name goes at the next sign-in, and the record says so; nothing else goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.actions import evidence, recording, sign_in, trial
from inspector_app.actions.sign_in import Session
from inspector_app.domain.event import Draft
from inspector_app.domain.problems import Problem
from tests.actions.test_recording import begin
from tests.office import CASE, arrive, card, laptop_at, office


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = office(tmp_path)
    arrive(made.book)
    return made


def crash(session: Session) -> Session:
    """The system gives lock and database back, and nobody was told that the session ends; signed in again."""
    session.book.store.close()
    session.lock.release()
    return sign_in.sign_in(laptop_at(session.laptop.folder), "shen", trial.SECRET)


def swept(session: Session) -> list[object]:
    events = session.book.store.events(f"device/{session.book.store.device}")
    return [event.body["files"] for event in events if event.kind == "vault_swept"]


def test_a_crash_before_the_event_leaves_nothing_for_good(session: Session) -> None:
    number = evidence.add_photos(session.book, CASE, card(1)).value.numbers[0]
    vault = session.book.vault
    loose = vault.put(b"sealed and never named").sha256
    name = vault.key_name(loose)
    (session.laptop.folder / "vault" / "tmp-0123").write_bytes(bytes(5000))
    again = crash(session)
    assert swept(again) == [2]
    store, vault = again.book.store, again.book.vault
    assert not vault.has(loose) and store.file_key(name) is None
    assert not list((again.laptop.folder / "vault").glob("tmp-*"))
    assert "记录里没有的文件：2 个" in [row.text for row in again.queries.journal(f"device/{store.device}")][-1]
    case = again.queries.case(CASE)
    piece = evidence.evidence_of(case, number)
    vault.check(piece.sha256)
    assert again.queries.thumbnail(case, number) and again.queries.picture(case, number)
    again.close()
    assert swept(sign_in.sign_in(laptop_at(again.laptop.folder), "shen", trial.SECRET)) == [2], "once"


def test_after_a_good_end_nothing_is_looked_for(session: Session) -> None:
    loose = session.book.vault.put(b"loose").sha256
    session.close()
    again = sign_in.sign_in(laptop_at(session.laptop.folder), "shen", trial.SECRET)
    assert again.book.vault.has(loose) and swept(again) == []


def test_a_recording_that_has_its_place_and_no_event_yet_is_kept(session: Session) -> None:
    running = begin(session, b"film" * 1000)
    running.sealer.join()
    running.film.close()
    session.book.vault.take_over(running.id)
    again = crash(session)
    assert swept(again) == [] and recording.recover(again.book).value == (CASE,)
    piece = again.queries.case(CASE).evidence[0]
    assert again.book.vault.read(piece.sha256) == b"film" * 1000


def test_what_stands_anywhere_in_the_record_is_kept(session: Session) -> None:
    """Also where no event names it as its file, as one of a later version may."""
    told = session.book.vault.put(b"told of").sha256
    session.book.write(Draft(f"device/{session.book.store.device}", "clock_moved", {"about": f"x {told}"}))
    assert crash(session).book.vault.has(told)


def test_what_an_intake_could_not_write_goes_with_the_next_sign_in(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Problem("disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(session.book.store, "append", full)
        with pytest.raises(Problem):
            evidence.add_photos(session.book, CASE, card(1))
    session.close()
    again = sign_in.sign_in(laptop_at(session.laptop.folder), "shen", trial.SECRET)
    assert swept(again) == [3], "the photo and its two copies"
    assert len(evidence.add_photos(again.book, CASE, card(1)).value.numbers) == 1
