"""Recording the process: told first, sealed as it comes, evidence when it ends, and found again after a crash."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from inspector_app.actions import (
    arrival,
    evidence,
    filecheck,
    footage,
    onsite,
    readiness,
    recording,
    shooting,
    sign_in,
    signed_pages,
    sync,
    trial,
)
from inspector_app.actions.recording import FILM, SOUND, Running
from inspector_app.actions.sign_in import Session
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.problems import Problem
from inspector_app.domain.visit import Ready
from inspector_app.evidence.recording import LARGEST
from inspector_app.store import disk
from tests.office import CASE, at_checklist, card, check_all, copied, laptop_at, office, refused, sign_record

RATE = 250_000.0


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return copied(at_checklist, tmp_path)


def case_of(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def begin(session: Session, content: bytes = b"film" * 1000, what: str = FILM) -> Running:
    """A recording into which something has come, and nothing more will."""
    running = recording.start(session.book, CASE, what, "示例摄像头", RATE).value
    with os.fdopen(running.sink, "wb") as sink:
        sink.write(content)
    return running


def crashed(session: Session) -> Running:
    """A recording that nobody ended: a part of it is sealed, and another is not."""
    running = begin(session, b"x" * (LARGEST + 5))
    running.sealer.join()
    running.film.abandon()
    return running


def after_a_crash(tmp_path: Path, session: Session) -> Session:
    """Sign in again; nothing of what was running was told that it ends."""
    session.close()
    return sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", trial.SECRET)


def test_nothing_is_recorded_before_those_present_were_told(tmp_path: Path) -> None:
    session = office(tmp_path)
    refused("move_refused", lambda: begin(session))
    arrival.begin_visit(session.book, CASE, "示例地点")
    refused("recording_untold", lambda: begin(session))
    arrival.tell_recording(session.book, CASE, "v1")
    recording.stop(session.book, begin(session), 1000)
    assert [row.kind for row in session.queries.journal(CASE)].count("recording_started") == 1


def test_a_recording_becomes_evidence(session: Session) -> None:
    number = recording.stop(session.book, begin(session), 187_000, poster=card(1)[0].read_bytes()).value
    case = case_of(session)
    piece = evidence.evidence_of(case, number)
    assert (piece.kind, piece.mime, piece.duration) == (FILM, "video/x-matroska", 187_000)
    assert piece.device == session.book.store.device
    assert piece.missing == () and piece.of_process and piece.maker_credential == session.book.person.credential_number
    assert session.book.vault.read(piece.sha256) == b"film" * 1000
    assert session.queries.thumbnail(case, number) and session.queries.picture(case, number)
    refs = {ref.sha256: ref for ref in session.book.store.blobs(CASE)}
    assert refs[piece.sha256].origin == "captured"
    told = [row.text for row in session.queries.journal(CASE)][-3:]
    assert told == ["开始录像：示例摄像头", "停止录像：3分07秒", f"存入证据 {number}"]
    made = case.recordings[0]
    assert (made.evidence, made.duration, made.interrupted, made.reason) == (number, 187_000, False, "")
    assert session.book.vault.unfinished() == ()
    with recording.open_film(session.book, CASE, number) as film:
        film.seek(4)
        assert film.read(4) == b"film"


def test_sound_is_a_kind_of_its_own(session: Session) -> None:
    number = recording.stop(session.book, begin(session, what=SOUND), 1000).value
    piece = evidence.evidence_of(case_of(session), number)
    assert (piece.kind, piece.mime) == (SOUND, "audio/flac") and piece.original_name.endswith(".flac")


def test_what_brought_nothing_is_no_evidence(session: Session) -> None:
    assert recording.stop(session.book, begin(session, b""), 0).value == ""
    assert case_of(session).evidence == () and session.book.vault.unfinished() == ()


def test_the_signing_is_recorded_without_making_the_record_stale(session: Session) -> None:
    """What ends after the 笔录 and the list of evidence were made still becomes evidence, and they stand."""
    check_all(session)
    running = begin(session)
    sign_record(session, "evidence_list")
    onsite.record_statement(session.book, CASE, "不陈述申辩")
    sign_record(session)
    recording.stop(session.book, running, 1000)
    case = case_of(session)
    assert [paper.kind for paper in case.papers if paper.stale] == []
    onsite.end_visit(session.book, CASE)
    recording.stop(session.book, begin(session, b"service"), 2000)
    codes = {remark.check.code for remark in filecheck.look(session.book, CASE).remarks}
    assert not codes & {"D4", "D25", "D52", "N9"}, "a recording of the process as a whole is no remark"


def test_a_film_of_the_own_screen_shows_no_step_of_the_visit(session: Session) -> None:
    """It is evidence like any other, asks what it proves, and closes no gap."""
    bare = footage.gaps(session.book, case_of(session))
    running = recording.start(session.book, CASE, FILM, recording.OWN_SCREEN, RATE).value
    with os.fdopen(running.sink, "wb") as sink:
        sink.write(b"film")
    recording.stop(session.book, running, 3_600_000)
    (piece,) = case_of(session).evidence
    assert piece.missing == ("证明对象",) and "录下本机屏幕的画面" in piece.method
    assert [gap.step for gap in footage.gaps(session.book, case_of(session))] == [gap.step for gap in bare] != []
    recording.stop(session.book, begin(session), 3_600_000)
    assert len(footage.gaps(session.book, case_of(session))) < len(bare), "a film of a camera does"


# -- areas of state secrets -------------------------------------------------------------------------------------------


def test_in_a_secret_area_nothing_is_captured_or_imported(session: Session) -> None:
    book = session.book
    running = begin(session)
    recording.enter_secret_area(book, CASE)
    assert case_of(session).visit.secret_area == book.person.name
    acts: tuple[Callable[[], object], ...] = (
        lambda: begin(session),
        lambda: evidence.add_photos(book, CASE, card(1)),
        lambda: shooting.take_shot(book, CASE, card(1)[0].read_bytes(), "示例摄像头", book.clock.now().at),
        lambda: recording.enter_secret_area(book, CASE),
    )
    for act in acts:
        assert book.person.name in refused("secret_area", act).fact
    assert recording.stop(book, running, 1000, "进入涉密区域").value, "what was recorded before is kept"
    assert case_of(session).recordings[0].reason == "进入涉密区域"
    recording.leave_secret_area(book, CASE)
    refused("not_found", lambda: recording.leave_secret_area(book, CASE))
    assert evidence.add_photos(book, CASE, card(1)).value.numbers


def test_signed_pages_are_no_way_around_it(session: Session) -> None:
    recording.enter_secret_area(session.book, CASE)
    refused("secret_area", lambda: signed_pages.keep(session.book, CASE, []))
    refused("secret_area", lambda: evidence.film_service(session.book, CASE, card(1)))


OTHER = "inspection/2026-20"
"""Of another unit; planned for later."""


def test_a_word_of_this_laptop_counts_for_every_inspection_on_it(session: Session) -> None:
    """One laptop stands in one room, whichever inspection is open on it."""
    book, unit = session.book, session.queries.case(OTHER).unit.name
    running = begin(session)
    recording.enter_secret_area(book, OTHER)
    acts: tuple[Callable[[], object], ...] = (
        lambda: begin(session),
        lambda: evidence.add_photos(book, CASE, card(1)),
        lambda: shooting.take_shot(book, CASE, card(1)[0].read_bytes(), "示例摄像头", book.clock.now().at),
        lambda: signed_pages.keep(book, CASE, []),
        book.check_outside,
    )
    for act in acts:
        assert f"{book.person.name}在{unit}的检查里登记了" in refused("secret_area", act).fact
    assert recording.stop(book, running, 1000, "进入涉密区域").value, "what was recorded before is kept"
    recording.leave_secret_area(book, OTHER)
    assert evidence.add_photos(book, CASE, card(1)).value.numbers


def test_a_colleagues_word_of_an_inspection_elsewhere_does_not_block_this_laptop(
    session: Session, tmp_path: Path
) -> None:
    colleague = copied(at_checklist, tmp_path / "colleague")
    colleague.book.store.new_device()

    def told(stream: str) -> None:
        recording.enter_secret_area(colleague.book, stream)
        session.book.store.receive(entry.line for entry in colleague.book.store.entries(stream))

    told(OTHER)
    assert session.queries.case(OTHER).visit.secret_area, "it came"
    assert evidence.add_photos(session.book, CASE, card(1)).value.numbers
    assert session.book.areas(OTHER) and not session.book.areas()
    told(CASE)
    refused("secret_area", lambda: evidence.add_photos(session.book, CASE, card(2)))
    assert [area.inspection for area in session.book.areas()] == [CASE], "both are on this visit"
    colleague.close()


# -- what a crash leaves ----------------------------------------------------------------------------------------------


def test_a_crash_is_found_told_and_asks_for_its_reason(tmp_path: Path, session: Session) -> None:
    crashed(session)
    again = after_a_crash(tmp_path, session)
    assert recording.recover(again.book).value == (CASE,)
    assert recording.recover(again.book).value == ()
    case = case_of(again)
    made = case.recordings[0]
    assert made.interrupted and recording.unexplained(case) == [made]
    assert again.book.vault.read(evidence.evidence_of(case, made.evidence).sha256) == b"x" * LARGEST
    assert [row.text for row in again.queries.journal(CASE)][-2] == "录像中断，原因还没有说明"
    refused("reason_needed", lambda: recording.explain(again.book, CASE, made.id, " "))
    recording.explain(again.book, CASE, made.id, "电脑断电")
    assert recording.unexplained(case_of(again)) == [] and case_of(again).recordings[0].reason == "电脑断电"
    assert case_of(again).recordings[0].evidence == made.evidence
    assert again.book.vault.unfinished() == ()


def test_a_crash_before_the_first_byte_leaves_no_evidence(tmp_path: Path, session: Session) -> None:
    running = recording.start(session.book, CASE, FILM, "示例摄像头", RATE).value
    os.close(running.sink)
    running.film.abandon()
    (session.book.vault._left(running.id)).unlink()  # the event was written, the file was not yet
    again = after_a_crash(tmp_path, session)
    recording.recover(again.book)
    assert case_of(again).recordings[0].interrupted and case_of(again).evidence == ()


def test_a_crash_between_the_record_and_the_name_is_cleared(tmp_path: Path, session: Session) -> None:
    number = recording.stop(session.book, begin(session), 1000).value
    piece = evidence.evidence_of(case_of(session), number)
    left = session.book.vault._left(case_of(session).recordings[0].id)
    os.link(session.book.vault.path(piece.sha256), left)
    again = after_a_crash(tmp_path, session)
    assert recording.recover(again.book).value == ()
    assert again.book.vault.unfinished() == () and again.book.vault.read(piece.sha256)


def test_one_who_is_not_of_the_team_leaves_it_for_those_who_are(tmp_path: Path, session: Session) -> None:
    crashed(session)
    session.close()
    other = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "zhou", trial.SECRET)
    assert recording.recover(other.book).value == ()
    assert len(other.book.vault.unfinished()) == 1


def test_another_laptop_does_not_end_what_runs_here(session: Session) -> None:
    """Its store holds the same record, and none of the files."""
    running = crashed(session)
    session.book.store.new_device()
    assert recording.recover(session.book).value == ()
    assert session.book.vault.unfinished() == (running.id,)


# -- the disk ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_before_it_starts(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda place: disk.MARGIN)
    monkeypatch.setattr(disk.room_for, "__defaults__", (lambda place: disk.MARGIN,))
    refused("disk_low", lambda: begin(session))
    assert case_of(session).recordings == (), "nothing was begun"


def test_what_a_failing_disk_has_taken_is_kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    running = recording.start(session.book, CASE, FILM, "示例摄像头", RATE).value

    def full(data: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(running.film, "_write", full)
    with os.fdopen(running.sink, "wb") as sink:
        sink.write(os.urandom(2_000_000))
    recording.stop(session.book, running, 0, "磁盘满了", broken=True)
    made = case_of(session).recordings[0]
    assert (made.interrupted, made.evidence, made.reason) == (True, "", "磁盘满了")


# -- photos of the live source ----------------------------------------------------------------------------------------


def test_a_shot_keeps_its_bytes_and_stamps_a_copy(session: Session) -> None:
    book, original = session.book, card(1)[0].read_bytes()
    number = shooting.take_shot(book, CASE, original, "示例摄像头", book.clock.now().at, "E01").value
    case = case_of(session)
    piece = evidence.evidence_of(case, number)
    assert book.vault.read(piece.sha256) == original
    assert (piece.item, piece.maker, piece.device) == ("E01", book.person.name, book.store.device)
    assert piece.missing == () and number in case.item("E01").evidence  # type: ignore[union-attr]
    copy = Image.open(io.BytesIO(session.queries.picture(case, number)))
    plain = Image.open(io.BytesIO(original)).resize(copy.size)
    band = (0, copy.height - 20, copy.width // 2, copy.height)
    bright, dark = (ImageStat.Stat(image.convert("L").crop(band)).mean[0] for image in (plain, copy))
    assert dark < bright, "the stamp stands at the lower edge"
    refused("photo_damaged", lambda: shooting.take_shot(book, CASE, b"\xff\xd8\xff no", "示例", book.clock.now().at))


# -- readiness --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("battery", "state"), [(None, "ok"), (80, "ok"), (15, "warn")])
def test_readiness_is_kept_as_one_event(session: Session, battery: int | None, state: str) -> None:
    found = (*readiness.of_laptop(session.book, battery), Ready("摄像头", "warn", "没有找到"))
    assert [check.name for check in found] == ["磁盘", "电量", "时钟", "摄像头"]
    assert found[1].state == state
    said = readiness.note(session.book, CASE, found).value
    assert "摄像头：没有找到" in said and "磁盘" not in said
    kept = case_of(session).visit.readiness[-1]
    assert kept.checks == found and kept.by == session.book.person.name


def test_the_clock_is_vouched_for_by_an_exchange_only(session: Session) -> None:
    book = session.book
    assert readiness.of_laptop(book, None)[2].state == "warn"
    book.store.set_meta(sync._LAST, book.clock.now().at.isoformat().encode())
    assert readiness.of_laptop(book, None)[2].state == "ok"


def test_nobody_else_may_record(session: Session) -> None:
    session.book.person = replace(session.book.person, id="he")
    with pytest.raises(Problem) as caught:
        begin(session)
    assert caught.value.code == "not_allowed"
