"""The second copy: made, made again, pulled out in between, brought back, opened by the bureau."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import check, evidence, safekeeping, sign_in, trial
from inspector_app.actions.exchange import exchange
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.event import Draft
from inspector_app.domain.people import Bureau, Officer
from inspector_app.domain.problems import Problem
from inspector_app.store.backup import read_backup
from inspector_app.store.keys import new_recovery_key
from tests.office import CASE, arrive, card, laptop_at, office


def test_a_copy_comes_back_as_it_was_and_begins_new_strands(tmp_path: Path) -> None:
    session = office(tmp_path)
    medium = tmp_path / "stick"
    medium.mkdir()
    assert not safekeeping.is_due(session.book)
    safekeeping.choose_medium(session.book, medium)
    assert safekeeping.is_due(session.book)
    arrive(session.book)
    assert not evidence.add_photos(session.book, CASE, card(2)).value.refused
    made = safekeeping.back_up(session.book)
    assert made is not None and made.events == session.book.store.count() and made.files > 0
    assert not safekeeping.is_due(session.book)
    assert isinstance(session.book.clock, TrialClock)
    session.book.clock.skip(timedelta(days=1))
    assert safekeeping.is_due(session.book)
    strand, digest = session.book.store.strand, session.book.store.digest(CASE)
    check.answer(session.book, CASE, "A01", "符合")
    session.close()

    back = laptop_at(tmp_path / "new")
    safekeeping.restore(back, medium)
    again = sign_in.sign_in(back, "shen", trial.SECRET)
    assert again.book.store.digest(CASE) == digest
    assert again.book.store.strand != strand
    case = again.queries.case(CASE)
    assert again.queries.picture(case, case.evidence[0].number)
    check.answer(again.book, CASE, "A02", "符合")
    original = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", trial.SECRET)
    exchange(original.book.store, again.book.store)
    assert original.book.store.digest(CASE) == again.book.store.digest(CASE)
    assert {i.code for i in original.queries.case(CASE).items if i.value} == {"A01", "A02"}
    with pytest.raises(Problem) as caught:
        safekeeping.restore(back, medium)
    assert caught.value.code == "restore_over"
    again.close()
    original.close()


def test_a_second_copy_adds_only_what_is_new(tmp_path: Path) -> None:
    session = office(tmp_path)
    medium = tmp_path / "stick"
    medium.mkdir()
    safekeeping.choose_medium(session.book, medium)
    safekeeping.back_up(session.book)
    folder = next(medium.iterdir())
    sealed = {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file() and "vault" in p.parts}
    arrive(session.book)
    evidence.add_photos(session.book, CASE, card(1))
    safekeeping.back_up(session.book)
    assert {p: p.stat().st_mtime_ns for p in sealed} == sealed
    assert read_backup(folder).events == session.book.store.count()
    session.close()


def test_what_was_erased_is_erased_in_the_next_copy_too(tmp_path: Path) -> None:
    session = office(tmp_path)
    book, medium = session.book, tmp_path / "stick"
    medium.mkdir()
    safekeeping.choose_medium(book, medium)
    arrive(book)
    evidence.add_photos(book, CASE, card(2))
    gone, back = (piece.sha256 for piece in session.queries.case(CASE).evidence)
    content = book.vault.read(back)
    safekeeping.back_up(book)
    names = [book.vault.key_name(sha256) for sha256 in (gone, back)]
    book.write(
        Draft(f"device/{book.store.device}", "room_given", {"files": 2, "sha256": [gone, back]}), erase=(gone, back)
    )
    assert [book.store.file_key(name) for name in names] == [None, None]
    assert Path(f"{book.store.path}-wal").stat().st_size == 0, "nor does the log hold the keys"
    lost = next(p for p in (tmp_path / "laptop" / "vault").glob("??/*") if p.name not in (gone, back))
    lost.unlink()  # by a fault of the disk: the copy is what is left of it
    book.vault.put(content)  # the bureau gave it back, sealed with another key
    safekeeping.back_up(book)
    session.close()
    assert not list(medium.rglob(gone)) and list(medium.rglob(lost.name))
    safekeeping.restore(laptop_at(tmp_path / "new"), medium)
    again = sign_in.sign_in(laptop_at(tmp_path / "new"), "lu", trial.SECRET)
    assert again.book.vault.read(back) == content
    again.close()


def test_stopping_leaves_the_last_copy_whole(tmp_path: Path) -> None:
    session = office(tmp_path)
    medium = tmp_path / "stick"
    medium.mkdir()
    safekeeping.choose_medium(session.book, medium)
    first = safekeeping.back_up(session.book)
    arrive(session.book)
    evidence.add_photos(session.book, CASE, card(2))
    assert safekeeping.back_up(session.book, lambda done, total: done < 2) is None
    folder = next(medium.iterdir())
    assert read_backup(folder) == first
    session.close()
    safekeeping.restore(laptop_at(tmp_path / "new"), medium)
    sign_in.sign_in(laptop_at(tmp_path / "new"), "lu", trial.SECRET).close()


def test_places_that_cannot_serve_are_refused(tmp_path: Path) -> None:
    session = office(tmp_path)
    for place, code in (
        (Path(), "no_folder"),
        (tmp_path / "away", "no_folder"),
        (tmp_path / "laptop", "backup_inside"),
    ):
        with pytest.raises(Problem) as caught:
            safekeeping.choose_medium(session.book, place)
        assert caught.value.code == code
    with pytest.raises(Problem):
        safekeeping.back_up(session.book)
    medium = tmp_path / "stick"
    medium.mkdir()
    safekeeping.choose_medium(session.book, medium)
    (medium / f"inspector-{session.book.store.device}").write_bytes(b"a file in the way")
    with pytest.raises(Problem) as caught:
        safekeeping.back_up(session.book)
    assert caught.value.code == "file_unwritable"
    session.close()
    with pytest.raises(Problem) as caught:
        safekeeping.restore(laptop_at(tmp_path / "new"), tmp_path)
    assert caught.value.code == "not_found"


def test_lost_pins_are_made_anew_by_the_recovery_key(tmp_path: Path) -> None:
    pem, public = new_recovery_key("保险柜里的通行短语一二三")
    laptop = laptop_at(tmp_path / "laptop")
    bureau, person = Bureau("示例区档案局", "示档"), Officer("p1", "示例沈岚")
    sign_in.set_up(laptop, bureau, person, "忘记了的通行短语一二三四", public).close()
    fresh = "新的通行短语一二三四五六"
    assert safekeeping.recoverable(laptop, "示例沈岚") == safekeeping.recoverable(laptop, "p1") == "p1"
    for phrase, secret, code in (
        ("错的短语", fresh, "recovery_phrase"),
        ("保险柜里的通行短语一二三", "短", "no_keyring"),
    ):
        with pytest.raises(Problem) as caught:
            safekeeping.recover(laptop, pem, phrase, "p1", secret)
        assert caught.value.code == code
    safekeeping.recover(laptop, pem, "保险柜里的通行短语一二三", "p1", fresh)
    with pytest.raises(Problem):
        sign_in.sign_in(laptop, "p1", "忘记了的通行短语一二三四")
    session = sign_in.sign_in(laptop, "p1", fresh)
    assert resets(session) == [("示例沈岚", "本局恢复密钥")]
    for act in (lambda: safekeeping.recoverable(laptop, "p1"),
                lambda: safekeeping.recover(laptop, pem, "保险柜里的通行短语一二三", "p1", fresh)):  # fmt: skip
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.code == "store_locked", "not while the window is open"
    session.close()


def resets(session: sign_in.Session) -> list[tuple[str, str]]:
    events = session.book.store.events(f"device/{session.book.store.device}")
    return [(e.body["name"], e.body["means"]) for e in events if e.kind == "pin_reset"]


def test_what_stands_in_the_way_of_recovery_is_told_before_secrets_are_asked_for(tmp_path: Path) -> None:
    laptop = laptop_at(tmp_path / "laptop")
    person = Officer("p1", "示例沈岚")
    session = sign_in.set_up(laptop, Bureau("示例区档案局", "示档"), person, "忘记了的通行短语一二三四")
    sign_in.add_person(session, Officer("p2", "示例同名"), "一个足够长的通行短语示例甲")
    sign_in.add_person(session, Officer("p3", "示例同名"), "一个足够长的通行短语示例甲")
    session.close()
    for name, code in (("示例没有", "not_found"), ("示例同名", "person_ambiguous"), ("p2", "recovery_absent")):
        with pytest.raises(Problem) as caught:
            safekeeping.recoverable(laptop, name)
        assert caught.value.code == code


def test_another_officer_resets_a_pin_and_the_record_says_so(tmp_path: Path) -> None:
    session = office(tmp_path)
    fresh = "示例陆一鸣的新通行短语"
    with pytest.raises(Problem) as caught:
        sign_in.reset_pin(session, "shen", fresh)
    assert caught.value.code == "same_person"
    with pytest.raises(Problem) as caught:
        sign_in.reset_pin(session, "lu", "短")
    assert caught.value.code == "no_keyring" and not resets(session), "nothing is noted of a PIN that is refused"
    sign_in.reset_pin(session, "lu", "示例陆一鸣的新的通行短语")
    assert resets(session) == [("示例陆一鸣", "示例沈岚登录")]
    session.close()
    with pytest.raises(Problem):
        sign_in.sign_in(laptop_at(tmp_path / "laptop"), "lu", trial.SECRET)
    sign_in.sign_in(laptop_at(tmp_path / "laptop"), "lu", "示例陆一鸣的新的通行短语").close()


def test_nobody_is_entered_twice_and_a_known_officer_keeps_the_id(tmp_path: Path) -> None:
    session = office(tmp_path)
    officers = session.queries.register().officers
    held = officers["shen"].credential
    assert held is not None
    with pytest.raises(Problem) as caught:
        sign_in.join(session, "示例沈岚", "", held, "一个足够长的通行短语示例甲")
    assert caught.value.code == "person_known"
    elsewhere = officers["he"].credential
    assert elsewhere is not None and "he" not in session.laptop.people()
    joined = sign_in.join(session, "示例何人", "", elsewhere, "一个足够长的通行短语示例甲")
    assert joined.id == "he" and set(session.queries.register().officers) == set(officers)
    session.close()


def test_a_recovery_key_set_by_an_officer_opens_the_laptop(tmp_path: Path) -> None:
    pem, public = new_recovery_key("保险柜里的通行短语一二三")
    session = office(tmp_path)
    safekeeping.set_recovery_key(session, public.hex())
    kinds = [e.kind for e in session.book.store.events(f"device/{session.book.store.device}")]
    assert kinds.count("recovery_key_set") == 1
    session.close()
    laptop = laptop_at(tmp_path / "laptop")
    safekeeping.recover(laptop, pem, "保险柜里的通行短语一二三", "lu", "新的通行短语一二三四五六")
    sign_in.sign_in(laptop, "lu", "新的通行短语一二三四五六").close()
