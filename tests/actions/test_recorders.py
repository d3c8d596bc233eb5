"""The register of recorders and cameras: from hand to hand, booked by day, clocks compared; footage explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import evidence, footage, recorders
from inspector_app.actions.book import undo
from inspector_app.actions.intake import take_in
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.event import RECORDERS
from inspector_app.domain.evidence import STORED, Evidence
from inspector_app.domain.people import Officer
from tests.evidence.containers import BEGAN, mp4
from tests.office import CASE, arrive, card, office, refused


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = office(tmp_path)
    arrive(session.book)
    recorders.register(session.book, "SL-0012", "执法记录仪", "示例型号")
    yield session
    session.close()


def officer(session: Session, id: str) -> Officer:
    return session.queries.register().officers[id]


def test_one_device_is_in_one_hand(session: Session) -> None:
    book, shen, lu = session.book, officer(session, "shen"), officer(session, "lu")
    recorders.hand_over(book, "SL-0012", lu)
    held = recorders.recorder(book, "SL-0012")
    assert (held.holder, held.holder_name, held.title) == ("lu", "示例陆一鸣", "执法记录仪 SL-0012")
    refused("recorder_out", lambda: recorders.hand_over(book, "SL-0012", shen))
    recorders.give_back(book, "SL-0012")
    refused("not_found", lambda: recorders.give_back(book, "SL-0012"))
    assert recorders.recorder(book, "SL-0012").holder == ""
    refused("not_found", lambda: recorders.hand_over(book, "SL-0099", shen))
    refused("field_needed", lambda: recorders.register(book, " ", "执法记录仪"))
    refused("field_needed", lambda: recorders.register(book, "X", "示例"))


def test_a_booked_day_is_one_persons_until_it_is_given_free(session: Session) -> None:
    book, shen, lu = session.book, officer(session, "shen"), officer(session, "lu")
    today = book.clock.now().at.date()
    recorders.reserve(book, "SL-0012", today, lu, CASE)
    refused("recorder_booked", lambda: recorders.reserve(book, "SL-0012", today, shen))
    refused("recorder_booked", lambda: recorders.hand_over(book, "SL-0012", shen))
    recorders.reserve(book, "SL-0012", today + timedelta(days=1), shen)
    assert [b.officer for b in recorders.recorder(book, "SL-0012").bookings] == ["lu", "shen"]
    recorders.cancel(book, "SL-0012", today)
    refused("not_found", lambda: recorders.cancel(book, "SL-0012", today))
    recorders.hand_over(book, "SL-0012", shen)


def test_two_laptops_that_booked_one_day_both_show(session: Session, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    other = office(tmp_path / "second")
    other.book.store.receive(entry.line for entry in session.book.store.entries(RECORDERS))
    today = session.book.clock.now().at.date()
    recorders.reserve(session.book, "SL-0012", today, officer(session, "shen"))
    other.book.store.new_device()
    recorders.reserve(other.book, "SL-0012", today, officer(session, "lu"))
    session.book.store.receive(entry.line for entry in other.book.store.entries(RECORDERS))
    assert {b.officer for b in recorders.recorder(session.book, "SL-0012").bookings} == {"shen", "lu"}
    other.close()


def test_a_compared_clock_places_what_is_there_anew(session: Session, tmp_path: Path) -> None:
    book, now = session.book, session.book.clock.now().at
    contents = (mp4(), mp4(60, BEGAN + timedelta(days=30)), mp4(61))
    files = [tmp_path / f"{n}.MP4" for n in range(3)]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    numbers = take_in(book, CASE, files, device="SL-0012").value.numbers
    by_hand = BEGAN - timedelta(minutes=1)
    evidence.describe(book, CASE, numbers[2], {"taken_at": by_hand.isoformat()})
    assert pieces(session)[numbers[1]].time_from == STORED

    offset = recorders.compare_clock(book, "SL-0012", now + timedelta(seconds=95), now, CASE).value
    assert offset == -95 and recorders.recorder(book, "SL-0012").clock == "时钟快 1 分 35 秒"
    held = pieces(session)
    assert held[numbers[0]].taken_at == BEGAN - timedelta(seconds=95)
    assert held[numbers[0]].time_from == "文件信息，按设备时钟差校正"
    assert held[numbers[2]].taken_at == by_hand  # what an officer has said stands
    before = book.store.count()
    recorders.compare_clock(book, "SL-0012", now + timedelta(seconds=95), now, CASE)
    assert book.store.count() == before + 1

    recorders.compare_clock(book, "SL-0012", now, now - timedelta(days=30), CASE)
    assert pieces(session)[numbers[1]].taken_at == BEGAN  # a month ahead: now it is known by how much


def pieces(session: Session) -> dict[str, Evidence]:
    return {piece.number: piece for piece in session.queries.case(CASE).evidence}


def test_clocks_that_say_nothing_are_refused(session: Session, tmp_path: Path) -> None:
    book, now = session.book, session.book.clock.now().at
    refused("clock_absurd", lambda: recorders.compare_clock(book, "SL-0012", now - timedelta(days=4000), now))
    refused("date_ahead", lambda: recorders.compare_clock(book, "SL-0012", now, now + timedelta(hours=1)))
    refused("not_found", lambda: recorders.compare_clock(book, "SL-0099", now, now))
    photo = card(1)[0]
    assert recorders.time_shown_by(photo).isoformat() == "2026-03-16T10:33:13+08:00"
    bare = tmp_path / "bare.png"
    bare.write_bytes((Path(__file__).parents[1] / "evidence" / "sample.heic").read_bytes())
    refused("no_own_time", lambda: recorders.time_shown_by(bare))


def test_who_inspects_nothing_lends_nothing(session: Session) -> None:
    session.book.role = Role.AUDITOR
    refused("not_allowed", lambda: recorders.register(session.book, "SL-0013", "执法记录仪"))


def test_a_gap_is_explained_taken_back_and_closed_by_a_film(session: Session, tmp_path: Path) -> None:
    book = session.book

    def open_steps() -> set[str]:
        return {gap.step.key for gap in footage.gaps(book, session.queries.case(CASE)) if not gap.reason}

    assert open_steps() == {"arrival", "credentials", "rights"}
    refused("reason_needed", lambda: footage.explain(book, CASE, ["arrival"], " "))
    refused("not_found", lambda: footage.explain(book, CASE, ["signing"], "示例"))
    done = footage.explain(book, CASE, ["arrival", "credentials"], "示例：记录仪没电")
    assert open_steps() == {"rights"}
    undo(book, done)
    assert open_steps() == {"arrival", "credentials", "rights"}
    arrived = session.queries.case(CASE).visit.arrived
    assert arrived is not None
    film = tmp_path / "A.MP4"
    film.write_bytes(mp4(600, arrived))
    take_in(book, CASE, [film])
    assert open_steps() == set()
