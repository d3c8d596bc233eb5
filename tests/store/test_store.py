"""The store through its doors: append-only tables, rebuilt projections, exchange, keys, refusals."""

from __future__ import annotations

import random
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy import inspect

from inspector_app.actions import check, evidence, findings, sign_in
from inspector_app.actions.devices import device_keys
from inspector_app.actions.exchange import check_record, exchange
from inspector_app.domain.clock import CHINA, TrialClock
from inspector_app.domain.event import Actor, Draft
from inspector_app.domain.people import Bureau, Officer
from inspector_app.domain.problems import Problem
from inspector_app.store import schema
from inspector_app.store.engine import SCHEMA_VERSION, open_engine, prepare
from inspector_app.store.ledger import Store
from inspector_app.store.migration import upgrade
from tests.office import CASE, arrive, card, laptop_at, office, refused

KEY = bytes(range(32))
ME = Actor("shen", "09120017", "officer")
SNAPSHOT = Path(__file__).parents[2] / "db" / "laptop" / "schema.sql"


def store_at(folder: Path, name: str = "a") -> Store:
    return Store(folder / f"{name}.db", KEY)


def write(store: Store, stream: str, *kinds: tuple[str, dict[str, object]]) -> None:
    clock = TrialClock(datetime(2026, 3, 16, 9, tzinfo=CHINA))
    for kind, body in kinds:
        store.append(
            [Draft(stream, kind, body)], actor=ME, bureau="示例区档案局", moment=clock.now(), app={"version": "0"}
        )


def answer(item: str, value: str) -> tuple[str, dict[str, object]]:
    return "item_answered", {"item": item, "value": value}


# -- tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["event", "blob"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET stream = 'x'", "DELETE FROM {}", "REPLACE INTO {0} SELECT * FROM {0}"])
def test_record_tables_know_no_change(tmp_path: Path, table: str, verb: str) -> None:
    session = office(tmp_path)
    key, path = session.key, session.book.store.path
    session.close()
    connection = driver.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA recursive_triggers = ON")
    before = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert before[0] > 0
    with pytest.raises(driver.IntegrityError, match="append-only"):
        connection.execute(verb.format(table))
    assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == before
    connection.close()


def test_head_of_the_migrations_is_the_committed_schema(tmp_path: Path) -> None:
    """db/laptop/schema.sql is what a new store looks like; the models say the same."""
    engine = open_engine(tmp_path / "a.db", KEY)
    prepare(engine, tmp_path / "a.db")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type, name"
        ).scalars()
        found = _plain(list(rows))
        tables = set(inspect(connection).get_table_names())
    assert found == SNAPSHOT.read_text("utf-8")
    tables = {name for name in tables if not name.startswith(schema.LAW_INDEX)}  # the index and what it keeps itself in
    assert tables - {"alembic_version"} == {*schema.kept.tables, *schema.derived.tables}
    engine.dispose()


def _plain(statements: list[str]) -> str:
    return "".join(f"{' '.join(sql.split())};\n" for sql in statements)


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    write(store, CASE, answer("A01", "符合"))
    store.close()
    engine = open_engine(tmp_path / "a.db", KEY)
    upgrade(engine)
    engine.dispose()
    again = store_at(tmp_path)
    assert again.count() == 1
    again.close()


# -- projections ----------------------------------------------------------------------------------------------


def test_projections_are_dropped_and_rebuilt_to_the_same_digest(tmp_path: Path) -> None:
    session = office(tmp_path)
    arrive(session.book)
    for item in ("A01", "A02", "E03"):
        check.answer(session.book, CASE, item, "不符合")
    findings.record(session.book, CASE, "E03")
    store = session.book.store
    before = {stream: store.digest(stream) for stream in store.streams()}
    store.rebuild()
    assert {stream: store.digest(stream) for stream in store.streams()} == before
    session.close()


def test_a_kind_of_a_later_version_is_kept_counted_and_named(tmp_path: Path) -> None:
    session = office(tmp_path)
    session.book.write(Draft(CASE, "hologram_taken", {"number": "H-1"}, "取证"))
    assert session.queries.case(CASE).unknown_events == 1
    assert any("需升级后查看" in row.text for row in session.queries.journal(CASE))
    assert check_record(session.book, CASE)[1] == ""
    session.close()


# -- exchange -------------------------------------------------------------------------------------------------


def twins(folder: Path) -> tuple[Store, Store]:
    """Two laptops with a common beginning."""
    a, b = store_at(folder, "a"), store_at(folder, "b")
    plan: dict[str, object] = {"unit_name": "示例区水务局", "kind": "routine", "checklist": {"key": "organ"}}
    write(a, CASE, ("inspection_planned", plan))
    exchange(a, b)
    return a, b


@pytest.mark.parametrize("seed", range(12))
def test_two_stores_converge_in_any_order_with_duplicates(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    a, b = twins(tmp_path)
    for _ in range(chance.randrange(6, 18)):
        store = chance.choice((a, b))
        write(store, CASE, answer(chance.choice(("A01", "A02", "E03")), chance.choice(("符合", "基本符合", "不符合"))))
        if chance.random() < 0.25:
            exchange(a, b)
    lines = [e.line for s in (a, b) for e in s.entries(CASE)]
    for store in (a, b):
        mixed = lines * 2
        chance.shuffle(mixed)
        store.receive(mixed)
    assert a.digest(CASE) == b.digest(CASE)
    assert a.count() == b.count()
    again_a, again_b = exchange(a, b)
    assert (again_a.new, again_b.new) == (0, 0)
    before = a.digest(CASE)
    a.rebuild()
    assert a.digest(CASE) == before
    a.close()
    b.close()


def test_two_officers_on_one_item_give_a_conflict_that_shows_both(tmp_path: Path) -> None:
    session = office(tmp_path)
    arrive(session.book)
    shutil.copytree(tmp_path / "laptop", tmp_path / "second")
    other = sign_in.sign_in(laptop_at(tmp_path / "second"), "lu", "shili-tongxing-2026")
    other.book.store.new_device()
    check.answer(session.book, CASE, "E03", "基本符合")
    check.answer(other.book, CASE, "E03", "不符合")
    exchange(session.book.store, other.book.store)
    for each in (session, other):
        fact = each.queries.case(CASE).item("E03")
        assert fact is not None
        assert {(v.value, v.by) for v in fact.conflict} == {("基本符合", "示例沈岚"), ("不符合", "示例陆一鸣")}
        assert fact.value == "不符合", "the stricter one counts meanwhile"
    assert session.book.store.digest(CASE) == other.book.store.digest(CASE)
    with pytest.raises(Problem) as caught:
        check.answer(session.book, CASE, "E03", "不符合")
    assert caught.value.code == "reason_needed"
    check.answer(session.book, CASE, "E03", "不符合", "手触吊顶潮湿")
    settled = session.queries.case(CASE).item("E03")
    assert settled is not None and not settled.conflict
    assert device_keys(session.book.store)
    session.close()
    other.close()


def test_photos_of_two_laptops_stand_side_by_side(tmp_path: Path) -> None:
    """Both number their photos without a network; after the exchange none hides another."""
    session = office(tmp_path)
    arrive(session.book)
    shutil.copytree(tmp_path / "laptop", tmp_path / "second")
    other = sign_in.sign_in(laptop_at(tmp_path / "second"), "lu", "shili-tongxing-2026")
    other.book.store.new_device()
    evidence.add_photos(session.book, CASE, card(2), item="E03")
    evidence.add_photos(other.book, CASE, card(4)[2:], item="E03")
    exchange(session.book.store, other.book.store)
    for each in (session, other):
        pieces = each.queries.case(CASE).evidence
        assert len({piece.number for piece in pieces}) == 4
        assert len({piece.sha256 for piece in pieces}) == 4
    session.close()
    other.close()


def test_bad_lines_are_named_and_passed_by(tmp_path: Path) -> None:
    a, b = twins(tmp_path)
    write(a, CASE, answer("A01", "符合"))
    good = [e.line for e in a.entries(CASE)]
    got = b.receive([b"{}", good[-1][:-1], *good])
    assert (got.new, got.known, len(got.refused)) == (1, 1, 2)
    a.close()
    b.close()


def test_a_plan_that_cannot_be_read_keeps_nobody_from_the_others(tmp_path: Path) -> None:
    session = office(tmp_path)
    before = session.queries.inspections()
    for number, body in enumerate(({"unit_name": "示例单位"}, {"unit_name": "示例单位", "kind": "of a later version"})):
        session.book.write(Draft(f"inspection/示例-{number}", "inspection_planned", body))
    assert session.queries.inspections() == before and session.queries.unreadable() == 2
    with pytest.raises(Problem, match="没有找到"):
        session.queries.case("inspection/示例-0")
    session.close()


# -- keys and refusals ----------------------------------------------------------------------------------------


def test_no_key_and_no_text_stands_in_the_clear_in_any_file(tmp_path: Path) -> None:
    session = office(tmp_path)
    key, device = session.key, session.book.store.device_key.to_bytes()
    session.book.store.save_draft("shen", "x", "半句话在这里", "2026-03-16")
    wal = b"".join(
        p.read_bytes() for p in (tmp_path / "laptop").rglob("*") if p.is_file() and "示例存储卡" not in str(p)
    )
    session.close()
    raw = wal + b"".join(p.read_bytes() for p in (tmp_path / "laptop").rglob("*") if p.is_file())
    for secret in (key, key.hex().encode(), device, device.hex().encode(), "半句话".encode(), "水务局".encode(),
                   b"shili-tongxing"):  # fmt: skip
        assert secret not in raw


def test_a_wrong_key_is_a_sentence(tmp_path: Path) -> None:
    store_at(tmp_path).close()
    with pytest.raises(Problem) as caught:
        Store(tmp_path / "a.db", bytes(32))
    assert caught.value.code == "store_damaged"
    assert KEY.hex() not in str(caught.value)


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    session = office(tmp_path)
    with session.book.store._engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    session.close()
    path = tmp_path / "laptop" / "store.db"
    before = path.read_bytes()
    with pytest.raises(Problem) as caught:
        sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", "shili-tongxing-2026")
    assert caught.value.code == "store_newer"
    assert path.read_bytes() == before


@pytest.mark.parametrize("at", [0, 2000, 50_000])
def test_a_damaged_database_is_a_sentence_and_keeps_its_file(tmp_path: Path, at: int) -> None:
    session = office(tmp_path)
    session.close()
    path = tmp_path / "laptop" / "store.db"
    raw = bytearray(path.read_bytes())
    raw[at : at + 512] = bytes(512)
    path.write_bytes(raw)
    with pytest.raises(Problem) as caught:
        again = sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", "shili-tongxing-2026")
        try:
            again.book.store.check()
        finally:
            again.close()
    assert caught.value.code == "store_damaged"
    assert not re.search("[A-Za-z]", caught.value.fact), "what the database says is told in Chinese"
    assert path.read_bytes() == bytes(raw)


@pytest.mark.parametrize("left", [None, 0, 1, 700, 4095, 9000])
def test_a_store_of_which_little_or_nothing_is_left_is_never_begun_anew(tmp_path: Path, left: int | None) -> None:
    office(tmp_path).close()
    path = tmp_path / "laptop" / "store.db"
    kept = path.read_bytes()[: left or 0]
    path.unlink()
    if left is not None:
        path.write_bytes(kept)
    refused("store_damaged", lambda: sign_in.sign_in(laptop_at(tmp_path / "laptop"), "shen", "shili-tongxing-2026"))
    assert path.exists() is (left is not None) and (left is None or path.read_bytes() == kept)


def test_a_second_start_on_the_same_store_names_the_first(tmp_path: Path) -> None:
    session = office(tmp_path)
    with pytest.raises(Problem) as caught:
        sign_in.sign_in(laptop_at(tmp_path / "laptop"), "lu", "shili-tongxing-2026")
    assert caught.value.code == "store_locked"
    session.close()
    sign_in.sign_in(laptop_at(tmp_path / "laptop"), "lu", "shili-tongxing-2026").close()


def test_a_data_folder_that_takes_nothing_is_told_and_opens_when_it_does(tmp_path: Path) -> None:
    session = office(tmp_path)
    digest, lock = session.book.store.digest(CASE), session.laptop.folder / "lock"
    session.close()
    lock.unlink()
    lock.mkdir()  # what nobody can open for writing, root included
    told = refused("folder_closed", lambda: sign_in.sign_in(session.laptop, "shen", "shili-tongxing-2026"))
    assert str(session.laptop.folder) in told.fact and "数据没有改动" in told.way_out
    lock.rmdir()
    reserve = session.laptop.folder / "reserve"
    reserve.unlink()
    reserve.mkdir()
    told = refused("folder_closed", lambda: sign_in.sign_in(session.laptop, "shen", "shili-tongxing-2026"))
    assert "这是文件夹" in told.fact
    reserve.rmdir()
    again = sign_in.sign_in(session.laptop, "shen", "shili-tongxing-2026")
    assert again.book.store.digest(CASE) == digest
    again.close()


def test_a_busy_database_is_a_sentence(tmp_path: Path) -> None:
    session = office(tmp_path)
    other = driver.connect(str(session.book.store.path), isolation_level=None)
    other.execute(f"PRAGMA key = \"x'{session.key.hex()}'\"")
    other.execute("BEGIN IMMEDIATE")
    with session.book.store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with pytest.raises(Problem) as caught:
        session.book.write(Draft(CASE, "item_answered", {"item": "A01", "value": "符合"}))
    assert caught.value.code == "store_busy"
    other.execute("ROLLBACK")
    other.close()
    session.book.write(Draft(CASE, "item_answered", {"item": "A01", "value": "符合"}))
    session.close()


def test_an_interrupted_set_up_can_be_done_again(tmp_path: Path) -> None:
    """Killed before its keys stood: what is left opens for nobody, so the next set-up takes its place."""
    laptop = laptop_at(tmp_path / "laptop")
    session = office(tmp_path)
    session.close()
    (tmp_path / "laptop" / "keys.json").rename(tmp_path / "laptop" / "keys.new")
    assert not laptop.is_set_up
    again = sign_in.set_up(laptop, Bureau("示例区档案局", "示档"), Officer("p1", "示例沈岚"), "shili-tongxing-2026")
    assert again.queries.register().bureau.name == "示例区档案局"
    again.close()
    with pytest.raises(Problem) as caught:
        sign_in.set_up(laptop, Bureau("示例区档案局", "示档"), Officer("p1", "示例沈岚"), "shili-tongxing-2026")
    assert caught.value.code == "restore_over"
