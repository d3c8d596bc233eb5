"""The bureau's own PostgreSQL and S3: the same doors, and a database role that cannot change the ledger."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from bureau_server import schema
from bureau_server.blobs import Blobs, Bucket, Folder, Pieces
from bureau_server.office import Config, Office
from inspector_app.domain.clock import CHINA, TrialClock
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.sync.wire import PIECE
from tests import services
from tests.server.conftest import PASSWORD, QUICK, Served, serving
from tests.server.test_doors import laptop_of, name_file


def big_config(folder: Path) -> Config:
    """PostgreSQL with the server's own role, and a bucket."""
    database = services.address(services.new_database(services.template()), services.APP)
    return Config(folder, database, bytes(32), port=0, bucket=services.object_store())


@pytest.fixture
def big(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "bureau"
    folder.mkdir()
    with serving(Office(big_config(folder), TrialClock(datetime.now(CHINA)), QUICK)) as made:
        yield made


def test_an_inspection_and_a_file_go_to_postgresql_and_s3(big: Served, tmp_path: Path) -> None:
    laptop, door = laptop_of(big, tmp_path / "a")
    content = os.urandom(5 << 20)
    sha256 = name_file(laptop, content)
    assert laptop.sync(door.post).open == ()
    assert door.hand_in(sha256, io.BytesIO(content), len(content), lambda done, total: done < PIECE) is None
    assert PIECE <= door.safe_bytes(sha256) < len(content)
    assert door.hand_in(sha256, io.BytesIO(content), len(content)) is not None
    assert door.receipt(sha256)
    with door.fetch(sha256) as (file, _):
        assert file.read() == content
    sealed = Bucket(**services.object_store())
    first, *_ = sealed.names(f"blobs/{sha256[:2]}/{sha256}")
    assert content[:64] not in sealed.read(first)
    other = os.urandom(1000)
    wrong = name_file(laptop, other)
    laptop.sync(door.post)
    with pytest.raises(Problem, match="变了"):
        door.hand_in(wrong, io.BytesIO(bytes(1000)), 1000)
    assert door.safe_bytes(wrong) == 0 and door.hand_in(wrong, io.BytesIO(other), 1000) is not None
    lead, lead_door = laptop_of(big, tmp_path / "b", "team_lead")
    for key in map(PublicKey.parse, lead_door.device_keys()):
        lead.bureau.devices.setdefault(key.name, []).append(key)
    lead.sync(lead_door.post)
    assert lead.ids() == laptop.ids()
    assert door.lease_numbers("notice", "示档检", 2026, 5) == (1, 5)
    assert lead_door.lease_numbers("notice", "示档检", 2026, 5) == (6, 10)


def test_a_text_that_postgresql_does_not_hold_is_refused_and_no_fault(big: Served) -> None:
    door = big.door("bureau_admin")
    for method, path, body in (
        ("POST", "/session", {"account": "a\0b", "password": PASSWORD, "device": "QH-0001"}), ("DELETE", "/devices/a%00b", None),
    ):  # fmt: skip
        answer = door._ask(method, path, json=body) if body else door._ask(method, path)
        assert (answer.status_code, answer.headers["Problem"]) == (400, "garbled")


def test_the_servers_role_cannot_change_or_thin_out_the_ledger(big: Served, tmp_path: Path) -> None:
    laptop, door = laptop_of(big, tmp_path / "a")
    name_file(laptop, b"x")
    laptop.sync(door.post)
    url = big.office.config.database.replace("+psycopg", "")
    verbs = ("DELETE FROM", "TRUNCATE", "DROP TABLE")
    with psycopg.connect(url, autocommit=True) as connection:
        for table in schema.ledger.sorted_tables:
            if table.name not in ("stamp", "token", "flag"):  # no authority here, nothing to look at
                count = connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()
                assert count is not None and count[0] > 0
            parts = [f"{table.name}_{part}" for part in range(2 if table.name != "token" else 0)]
            for statement in (
                *(f"{verb} {name}" for name in (table.name, *parts) for verb in verbs),
                *(f"UPDATE {name} SET {table.columns[0].name} = ''" for name in (table.name, *parts)),
                f"ALTER TABLE {table.name} ADD COLUMN more text",
                *(f"ALTER TABLE {table.name} DETACH PARTITION {part}" for part in parts[:1]),
            ):
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE own (x int)")
    big.office.ledger.rebuild()
    assert {e.id for e in big.office.ledger.entries("inspection/2026-01")} == laptop.ids()


def test_two_processes_that_start_at_once_are_one_bureau(tmp_path: Path) -> None:
    config = big_config(tmp_path)

    def start(_: int) -> tuple[str, str, str]:
        office = Office(config, TrialClock(datetime.now(CHINA)), QUICK)
        found = office.key.public.text(), office.ledger.epoch, office.authority.certificate
        office.close()
        return found

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_of_many_who_keep_one_piece_one_wins_and_nothing_is_replaced(tmp_path: Path, kind: str) -> None:
    pieces: Pieces = Folder(tmp_path) if kind == "folder" else Bucket(**services.object_store())
    prefix = f"blobs/aa/{hashlib.sha256(os.urandom(8)).hexdigest()}"
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: pieces.create(f"{prefix}/{0:015d}-1", [b"%d" % n]), range(8)))
    assert sum(won) == 1
    assert pieces.read(f"{prefix}/{0:015d}-1") == b"%d" % won.index(True)
    assert not pieces.create(f"{prefix}/{0:015d}-1", [b"other"])
    assert pieces.names(prefix) == [f"{prefix}/{0:015d}-1"]
    pieces.discard(prefix)
    assert pieces.names(prefix) == []
    with pytest.raises(FileNotFoundError):
        pieces.read(f"{prefix}/{0:015d}-1")


def test_a_store_of_files_that_does_not_let_us_in_is_a_problem_with_a_sentence() -> None:
    blobs = Blobs(Bucket(**{**services.object_store(), "secret_key": "wrong"}), bytes(32))
    with pytest.raises(Problem, match="文件库没有回应") as refused:
        blobs.add("ab" * 32, 0, b"x")
    assert refused.value.code == "no_connection"


def test_a_file_that_came_through_two_processes_is_whole_to_either(tmp_path: Path) -> None:
    one, other = (Blobs(Folder(tmp_path), bytes(32)) for _ in range(2))
    content = os.urandom(3_000)
    sha256 = hashlib.sha256(content).hexdigest()
    assert one.add(sha256, 0, content[:1_000])
    assert other.add(sha256, 1_000, content[1_000:2_000])
    assert one.add(sha256, 2_000, content[2_000:]), "its process knows the beginning, and not what came between"
    assert one.is_whole(sha256)
    assert other.is_whole(sha256)


def test_what_is_not_what_it_said_is_taken_away_by_either(tmp_path: Path) -> None:
    for name in ("one", "two"):
        came, reads = (Blobs(Folder(tmp_path / name), bytes(32)) for _ in range(2))
        sha256 = hashlib.sha256(b"right").hexdigest()
        assert came.add(sha256, 0, b"wrong")
        assert not (came if name == "one" else reads).is_whole(sha256)
        assert came.offset(sha256) == 0
        assert came.add(sha256, 0, b"right")
        assert came.is_whole(sha256)
