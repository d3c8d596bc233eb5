"""What the record withstands: forged colleagues, lost keys, copied disks, moved clocks, failing disks."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event as sql

from inspector_app import app
from inspector_app.actions import arrival, check, evidence, safekeeping, sign_in, trial
from inspector_app.actions.exchange import check_record, exchange, export_record
from inspector_app.actions.sign_in import Session
from inspector_app.domain.clock import Moment, TrialClock
from inspector_app.domain.event import Draft, Event
from inspector_app.domain.people import Bureau, Officer
from inspector_app.domain.problems import Problem
from inspector_app.record.verify import NOT_CHECKED, verify
from inspector_app.store import keys as keys_room
from inspector_app.store.place import Place, place_of
from tests.office import CASE, arrive, card, laptop_at, office


def second(folder: Path, person: str = "lu") -> Session:
    """A colleague's laptop: a copy of the first that became a device of its own."""
    shutil.copytree(folder / "laptop", folder / "second")
    other = sign_in.sign_in(laptop_at(folder / "second"), person, trial.SECRET)
    sign_in.renew(other.book)
    return other


def of_kind(session: Session, kind: str) -> list[Event]:
    store = session.book.store
    return [event for stream in store.streams() for event in store.events(stream) if event.kind == kind]


def test_a_restored_laptop_still_signs_for_what_it_was(session: Session, tmp_path: Path) -> None:
    arrive(session.book)
    check.answer(session.book, CASE, "A01", "符合")  # no signature after it
    other = second(tmp_path, "shen")
    check.answer(other.book, CASE, "A02", "符合")
    export_record(other.book, CASE, tmp_path / "r.zip")
    assert verify(tmp_path / "r.zip").status == 2
    other.close()


# -- copies and moves -----------------------------------------------------------------------------------------


def test_a_copied_laptop_becomes_a_device_and_a_moved_folder_stays_one(tmp_path: Path) -> None:
    def at(folder: Path, machine: str = "here") -> Session:
        def place(database: Path) -> Place:
            return replace(place_of(database), machine=machine)

        return sign_in.sign_in(replace(laptop_at(folder), place_of=place), "shen", trial.SECRET)

    office(tmp_path).close()
    folder = tmp_path / "laptop"
    first = at(folder, "test")
    device = first.book.store.device
    first.close()
    moved = folder.rename(tmp_path / "moved")
    for _ in range(2):
        again = at(moved, "test")
        assert again.book.store.device == device, "only moved: it is what it was"
        again.close()
    shutil.copytree(moved, tmp_path / "copy")
    copied = at(tmp_path / "copy", "test")
    assert copied.book.store.device != device
    assert device in [e.body.get("before") for e in of_kind(copied, "device_enrolled")]
    assert any("新设备" in said for said in copied.book.notices)
    named = copied.book.store.device
    copied.close()
    again = at(tmp_path / "copy", "test")
    assert again.book.store.device == named, "told once"
    again.close()
    elsewhere = at(moved, "another computer")
    assert elsewhere.book.store.device != device
    elsewhere.close()


def test_a_place_is_told_by_computer_and_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    here = place_of(tmp_path / "a")
    assert here.machine and Place.read(here.plain()) == here
    assert here.is_same(replace(here, path="elsewhere")) and here.is_same(replace(here, inode=-1))
    assert not here.is_same(replace(here, path="elsewhere", inode=-1))
    assert not here.is_same(replace(here, machine="another"))


def test_a_fork_is_counted_and_is_no_damage(session: Session, tmp_path: Path) -> None:
    """A copied disk that could not be told from the inside: both went on under one name."""
    arrive(session.book)
    shutil.copytree(tmp_path / "laptop", tmp_path / "second")
    other = sign_in.sign_in(laptop_at(tmp_path / "second"), "lu", trial.SECRET)
    check.answer(session.book, CASE, "A01", "符合")
    check.answer(other.book, CASE, "A02", "符合")
    exchange(session.book.store, other.book.store)
    found = check_record(session.book, CASE)
    assert (found.broken, found.forks) == ("", 1)
    other.close()


def test_check_record_reads_every_byte(session: Session) -> None:
    arrive(session.book)
    evidence.add_photos(session.book, CASE, card(1))
    path = session.book.vault.path(session.queries.case(CASE).evidence[0].sha256)
    raw = bytearray(path.read_bytes())
    raw[-20] ^= 1
    path.write_bytes(raw)
    assert "变了" in check_record(session.book, CASE).broken
    path.unlink()
    assert "不在" in check_record(session.book, CASE).broken


# -- keys and set-up ------------------------------------------------------------------------------------------


def test_data_whose_keys_are_lost_are_never_set_up_over(tmp_path: Path) -> None:
    session = office(tmp_path)
    medium = tmp_path / "stick"
    medium.mkdir()
    safekeeping.choose_medium(session.book, medium)
    safekeeping.back_up(session.book)
    count = session.book.store.count()
    session.close()
    laptop = laptop_at(tmp_path / "laptop")
    held = (laptop.folder / "store.db").read_bytes()
    (laptop.folder / "keys.json").unlink()
    with pytest.raises(Problem) as caught:
        sign_in.set_up(laptop, Bureau("示例区档案局", "示档"), Officer("p1", "示例沈岚"), trial.SECRET)
    assert caught.value.code == "keys_missing" and "恢复" in caught.value.way_out
    assert (laptop.folder / "store.db").read_bytes() == held
    safekeeping.restore(laptop, medium)
    assert (laptop.folder / "aside-1" / "store.db").read_bytes() == held
    again = sign_in.sign_in(laptop, "shen", trial.SECRET)
    assert again.book.store.count() >= count
    again.close()


def test_an_unfinished_set_up_is_put_aside(tmp_path: Path) -> None:
    office(tmp_path).close()
    folder = tmp_path / "laptop"
    held = (folder / "store.db").read_bytes()
    (folder / "keys.json").rename(folder / "keys.new")
    sign_in.set_up(laptop_at(folder), Bureau("示例区档案局", "示档"), Officer("p1", "示例沈岚"), trial.SECRET).close()
    assert (folder / "aside-1" / "store.db").read_bytes() == held
    assert (folder / "aside-1" / "keys.new").exists()


def test_a_keyring_that_fails_is_a_sentence(tmp_path: Path) -> None:
    class Locked:
        def get(self, name: str) -> bytes | None:
            raise RuntimeError("locked")

        def set(self, name: str, secret: bytes) -> None:
            raise LookupError("the keyring did not keep the secret")

    with pytest.raises(Problem) as caught:
        keys_room.KeyBox(tmp_path / "k.json", Locked()).create("p", "n", "135790")
    assert caught.value.code == "keyring_failed"


# -- the second copy ------------------------------------------------------------------------------------------


def test_a_photo_taken_during_the_copy_is_whole_or_not_in_it(session: Session, tmp_path: Path) -> None:
    arrive(session.book)
    medium = tmp_path / "stick"
    medium.mkdir()
    safekeeping.choose_medium(session.book, medium)
    evidence.add_photos(session.book, CASE, card(1))
    late: list[int] = []

    def step(done: int, total: int) -> bool:
        if not late:
            late.append(done)
            evidence.add_photos(session.book, CASE, card(2)[1:])
        return True

    assert safekeeping.back_up(session.book, step) is not None
    back = laptop_at(tmp_path / "new")
    safekeeping.restore(back, medium)
    restored = sign_in.sign_in(back, "shen", trial.SECRET)
    assert check_record(restored.book, CASE).broken == ""
    restored.close()


# -- clocks ---------------------------------------------------------------------------------------------------


def moved_clocks(session: Session) -> list[int]:
    return [event.body["seconds"] for event in of_kind(session, "clock_moved")]


class Hands:
    """Clocks that a test sets."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    def now(self) -> Moment:
        return self.moment


def test_a_moved_clock_is_an_event_told_once_and_leaves_its_times_in_doubt(session: Session, tmp_path: Path) -> None:
    book = session.book
    arrive(book)
    assert moved_clocks(session) == [] and book.notices == []
    start = book.clock.now()
    clock = Hands(replace(start, at=start.at + timedelta(minutes=10), mono=start.mono + 600_000))
    book.clock = clock
    check.answer(book, CASE, "A01", "符合")
    assert moved_clocks(session) == [], "ten minutes passed on both clocks"
    clock.moment = replace(clock.moment, at=clock.moment.at - timedelta(hours=1), mono=clock.moment.mono + 1000)
    done = check.answer(book, CASE, "A02", "符合")
    assert [event.kind for event in done.events] == ["item_answered"], "the act's own events only"
    assert moved_clocks(session) == [-3601]
    assert len(book.notices) == 1 and "往回拨了 3601 秒" in book.notices.pop()
    check.answer(book, CASE, "A03", "符合")
    assert len(moved_clocks(session)) == 1 and book.notices == []
    early, *late = (row.slack for row in session.queries.journal(CASE)[-3:])
    assert early == (3601, 0) and late == [(0, 3601)] * 2, "which of its settings was right nobody knows"
    export_record(book, CASE, tmp_path / "moved.zip")
    (told,) = (check for check in verify(tmp_path / "moved.zip").checks if check.name == "时间")
    assert told.result == NOT_CHECKED and "最多早 3601 秒、晚 3601 秒" in told.said


def test_a_clock_set_back_between_two_starts_is_noticed(session: Session, tmp_path: Path) -> None:
    arrive(session.book)
    last = session.book.clock.now()
    session.close()
    laptop = replace(laptop_at(tmp_path / "laptop"), clock=Hands(Moment(last.at - timedelta(days=365), 0, "next boot")))
    again = sign_in.sign_in(laptop, "shen", trial.SECRET)
    assert len(moved_clocks(again)) == 1 and len(again.book.notices) == 1
    again.close()


def test_a_trial_opened_again_goes_on_where_it_was_left(session: Session, tmp_path: Path) -> None:
    assert isinstance(session.book.clock, TrialClock)
    session.book.clock.skip(timedelta(hours=3))
    arrival.begin_visit(session.book, CASE, "示例地点")
    last = session.book.clock.now().at
    session.close()
    again = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", trial.SECRET)
    assert again.book.clock.now().at >= last and moved_clocks(again) == []
    again.close()


# -- failures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["receive", "rebuild"])
def test_what_failed_at_the_commit_is_forgotten(session: Session, tmp_path: Path, act: str) -> None:
    arrive(session.book)
    other = second(tmp_path)
    check.answer(other.book, CASE, "A02", "符合")
    store, failing = session.book.store, [1]

    def fail(connection: object) -> None:
        if failing:
            failing.pop()
            raise RuntimeError("no power")

    sql.listen(store._engine, "commit", fail)
    acts: dict[str, Callable[[], object]] = {
        "receive": lambda: store.receive([e.line for e in other.book.store.entries(CASE)]), "rebuild": store.rebuild
    }  # fmt: skip
    with pytest.raises(RuntimeError):
        acts[act]()
    check.answer(session.book, CASE, "A03", "符合")
    ids = {event.id for event in store.events(CASE)}
    assert all(parent in ids for event in store.events(CASE) for parent in event.parents)
    other.close()


def test_what_people_wrote_stands_in_no_error(session: Session) -> None:
    store = session.book.store
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    text = "-".join(("机密", "单位意见"))  # not as one word: a traceback shows the lines of this file
    with pytest.raises(Problem) as caught:
        session.book.write(Draft(CASE, "remark_recorded", {"text": text}))
    told = "".join(traceback.format_exception(caught.value))
    assert text not in told and repr(text.encode())[2:-1] not in told
    assert store._engine.hide_parameters


def test_a_crash_leaves_no_memory_behind() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        app.no_core_dumps()
        assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_a_disk_that_fails_is_not_told_as_full() -> None:
    from inspector_app.store.engine import _problem

    assert _problem("database or disk is full").code == "disk_full"
    assert _problem("disk I/O error").code == "disk_failed"
