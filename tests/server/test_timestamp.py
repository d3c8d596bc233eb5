"""Time stamps: a real authority (openssl), honest and not; the exchange never waits for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from bureau_server import schema, timestamp
from bureau_server.main import main
from bureau_server.office import Config, Office
from bureau_server.serve import running
from bureau_server.time_authority import Authority as TimeAuthority
from bureau_server.upkeep import back_up, faults, restore
from inspector_app.domain.access import Role
from inspector_app.domain.event import REGISTER, Draft
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.sync.door import Address
from tests.patience import SECONDS
from tests.server.conftest import PASSWORD, Served, office_at
from tests.server.stamps import Authority, Hand, authority
from tests.server.test_doors import laptop_of
from tests.server.test_upkeep import at
from tests.sync.world import STREAM


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return Hand(tmp_path_factory.mktemp("authority") / "hand")


@pytest.fixture
def tsa(hand: Hand) -> Iterator[Authority]:
    with authority(hand) as made:
        yield made


@pytest.fixture
def office(tmp_path: Path, tsa: Authority) -> Iterator[Office]:
    """A bureau with a unit in its register and an inspection."""
    made = office_at(tmp_path / "bureau", timestamp={"url": tsa.url, "ca": str(tsa.hand.root)})
    made.write(Draft(REGISTER, "unit_registered", {"id": "u", "name": "示例单位"}))
    made.write(Draft(STREAM, "inspection_planned", {"officers": [{"id": "officer"}], "unit_name": "示例单位"}))
    yield made
    made.close()


def test_what_moved_on_is_stamped_once_in_one_list_and_checked(office: Office, tsa: Authority, tmp_path: Path) -> None:
    assert timestamp.due(office) == [STREAM, REGISTER]
    assert timestamp.stamp(office) == 2 and len(tsa.asked) == 1, "one token for all"
    assert timestamp.due(office) == [] and timestamp.stamp(office) == 0 and len(tsa.asked) == 1
    office.write(Draft(REGISTER, "unit_registered", {"id": "v", "name": "示例馆"}))
    assert timestamp.due(office) == [REGISTER] and timestamp.stamp(office) == 1
    assert timestamp.check(office) == (3, []) and faults(office) == []
    with office.ledger.reader.connect() as connection:
        row = connection.execute(select(schema.token)).first()
    assert row is not None and STREAM not in row.list
    assert office.time is not None
    told = office.time.time_of(row.answer, row.list.encode())
    assert abs(told - datetime.now(UTC)) < timedelta(minutes=1)
    back_up(office, tmp_path / "copy")
    config = at(tmp_path / "new", office)
    restore(tmp_path / "copy", config)
    again = Office(Config.embedded(tmp_path / "new", timestamp=office.config.timestamp))
    assert timestamp.check(again) == (3, []) and timestamp.due(again) == []
    again.close()


def test_an_answer_that_is_none_is_refused_and_asked_for_again(office: Office, tsa: Authority) -> None:
    for fault in ("down", "page", "long", "refuses", "other query"):
        tsa.fault = fault
        with pytest.raises(Problem, match="Nonce" if fault == "other query" else "没有取得时间戳"):
            timestamp.stamp(office)
        assert timestamp.due(office) == [STREAM, REGISTER] and timestamp.check(office) == (0, [])
    tsa.fault = ""
    assert timestamp.stamp(office) == 2


def test_a_signer_that_is_not_trusted_is_refused(office: Office, tsa: Authority, tmp_path: Path) -> None:
    tsa.hand = Hand(tmp_path / "hand")  # the same names, another root
    with pytest.raises(Problem, match="certificate"):
        timestamp.stamp(office)
    assert timestamp.check(office) == (0, [])


def test_another_digest_a_lost_event_and_a_foreign_receipt_are_found(office: Office, tmp_path: Path) -> None:
    timestamp.stamp(office)
    path = tmp_path / "bureau" / "ledger.db"

    def harm(statement: str) -> str:
        copy = sqlite3.connect(":memory:")
        source = sqlite3.connect(path)
        source.backup(copy)
        source.executescript(
            "DROP TRIGGER token_no_update; DROP TRIGGER stamp_no_update; DROP TRIGGER event_no_delete;" + statement
        )
        found = "\n".join(timestamp.check(office)[1])
        copy.backup(source)
        for connection in (copy, source):
            connection.close()
        return found

    assert "Mismatch between messages" in harm("UPDATE token SET list = list || 'x';")
    assert "不在盖过时间戳的清单里" in harm("UPDATE stamp SET token = 'x';")
    assert "不是本局签的" in harm(f"UPDATE stamp SET note = replace(note, '{STREAM}', 'inspection/2026-02');")
    assert "现在没有了" in harm(f"DELETE FROM event WHERE stream = '{STREAM}';")
    assert timestamp.check(office) == (2, [])


def test_a_slow_authority_never_holds_back_the_exchange(tsa: Authority, tmp_path: Path) -> None:
    tsa.fault = "slow"
    bureau = office_at(tmp_path / "bureau", timestamp={"url": tsa.url, "ca": str(tsa.hand.root)})
    bureau.write(Draft(REGISTER, "unit_registered", {"id": "u", "name": "示例单位"}))
    bureau.accounts.add("officer", "示例人员", Role.OFFICER, PASSWORD)
    with running(bureau) as url:
        served = Served(bureau, Address(url, bureau.authority.certificate))
        laptop, door = laptop_of(served, tmp_path / "a")
        for key in map(PublicKey.parse, door.device_keys()):
            laptop.bureau.devices.setdefault(key.name, []).append(key)
        laptop.answer("A01", "符合")
        assert tsa.called.wait(SECONDS)
        assert laptop.sync(door.post).open == ()
        assert timestamp.check(bureau) == (0, [])
        assert "inspector_unstamped 2.0" in door._send("GET", "/metrics").text
        tsa.released.set()
        laptop.close()
        door.close()


def test_the_server_stamps_by_itself_when_it_starts(office: Office, tsa: Authority) -> None:
    with timestamp.stamping(office):
        assert tsa.called.wait(SECONDS)
    assert timestamp.due(office) == []  # it ends only after the round that it has begun


def test_the_command_line_stamps_and_verifies(
    tsa: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bureau.toml"
    start = f'folder = "{tmp_path}/b"\ndatabase = "sqlite:///{tmp_path}/b/l.db"\nsecret_file = "{tmp_path}/secret"\n'
    table = f'[timestamp]\nurl = "{tsa.url}"\nca = "{tsa.hand.root}"\nevery = 30\n'
    file.write_text(start + table)
    office = Office(Config.read(file), hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    office.write(Draft(REGISTER, "unit_registered", {"id": "u", "name": "示例单位"}))
    office.close()
    assert main(["--config", str(file), "stamp"]) == 0
    assert main(["--config", str(file), "verify"]) == 0
    file.write_text(start)
    assert main(["--config", str(file), "verify"]) == 0
    assert main(["--config", str(file), "stamp"]) == 1
    told: dict[str, str | int] = {"url": tsa.url, "ca": str(tsa.hand.root)}
    for wrong in ({"address": tsa.url}, {**told, "every": 0}, {**told, "url": "x"}, {**told, "ca": str(tsa.hand.leaf)}):
        with pytest.raises(ValueError, match=r"\[timestamp\]"):
            TimeAuthority.configured(wrong)
    said = capsys.readouterr()
    assert "已为 1 份回执取得时间戳" in said.out and "时间戳 1 份。" in said.out and "没有核对" in said.out
    assert "[timestamp]" in said.err
