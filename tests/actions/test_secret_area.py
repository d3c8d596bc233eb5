"""An area of state secrets is entered while something comes in: it ends there, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.actions import evidence, intake, recording
from inspector_app.actions.sign_in import Session
from inspector_app.domain.event import BlobRef, Draft
from tests.evidence.containers import matroska
from tests.office import CASE, arrive, card, office, refused


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = office(tmp_path)
    arrive(made.book)
    return made


def entering(session: Session, at: int) -> Callable[[int, int], bool]:
    """A progress in which somebody of the team says, at one of its steps, that they go in."""
    steps = iter(range(1000))

    def progress(done: int, total: int) -> bool:
        if next(steps) == at:
            recording.enter_secret_area(session.book, CASE)
        return True

    return progress


def kinds_after(session: Session) -> list[str]:
    """What the record says behind the entering."""
    kinds = [event.kind for event in session.book.store.events(CASE)]
    return kinds[kinds.index("secret_area_entered") + 1 :]


def test_an_import_under_way_ends_at_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "TOGETHER", 1)
    refused("secret_area", lambda: intake.take_in(session.book, CASE, card(6), progress=entering(session, 3)))
    assert len(session.queries.case(CASE).evidence) == 3 and kinds_after(session) == []
    recording.leave_secret_area(session.book, CASE)
    taken = evidence.add_photos(session.book, CASE, card(6)).value
    assert (len(taken.numbers), len(taken.twice)) == (3, 3), "it goes on where it was"


def test_what_waits_to_be_written_is_not_written_inside(session: Session) -> None:
    refused("secret_area", lambda: intake.take_in(session.book, CASE, card(6), progress=entering(session, 3)))
    assert kinds_after(session) == []


def test_a_film_ends_in_the_middle_of_its_copy(session: Session, tmp_path: Path) -> None:
    film = tmp_path / "LONG.MKV"
    film.write_bytes(matroska() + bytes(4 << 20))
    refused("secret_area", lambda: intake.take_in(session.book, CASE, [film], progress=entering(session, 2)))
    assert session.queries.case(CASE).evidence == ()
    assert not list((session.laptop.folder / "vault").glob("tmp-*"))


def test_pictures_of_a_service_end_as_well(session: Session) -> None:
    act = lambda: evidence.film_service(session.book, CASE, card(3), progress=entering(session, 1))  # noqa: E731
    refused("secret_area", act)
    assert len(session.queries.case(CASE).filmed) == 1 and kinds_after(session) == []


def test_no_act_brings_a_file_in_from_elsewhere(session: Session) -> None:
    """E.g. the photo of a fingerprint, which is no evidence and belongs to a signature."""
    recording.enter_secret_area(session.book, CASE)
    blob = session.book.keep(card(1)[0].read_bytes(), "image/jpeg", "imported")
    body = {"paper": "p", "name": "示例吴晓", "role": "被检查单位", "fingerprint": blob.sha256}
    for origin, may in (("imported", False), ("made", True)):
        ref = BlobRef(blob.sha256, blob.sm3, blob.size, blob.mime, origin)
        draft = Draft(CASE, "paper_signed", body, "签字", blobs=(ref,))
        if may:
            session.book.write(draft)
        else:
            refused("secret_area", lambda draft=draft: session.book.write(draft))  # type: ignore[misc]
