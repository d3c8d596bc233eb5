"""Bad networks and bad input over real TLS: each ends in a sentence, and the next exchange finishes with nothing lost."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import event as sql

from bureau_server.authority import Authority, device_key_of
from bureau_server.blobs import Folder
from bureau_server.office import Config, Office
from bureau_server.serve import certificate_of, running
from inspector_app.domain.clock import CHINA, TrialClock
from inspector_app.domain.event import Draft
from inspector_app.domain.problems import Problem
from inspector_app.record.canonical import decode, encode
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.keys import DeviceKey
from inspector_app.sync.door import Address, Door
from inspector_app.sync.wire import PIECE, Pull, Push, pack
from tests.server.conftest import PASSWORD, QUICK, Served
from tests.server.test_doors import laptop_of, name_file
from tests.sync.faults import Fault, Proxy, portal, proxy
from tests.sync.world import STREAM, BigBureau, Bureau, Laptop

PLAN = Draft(STREAM, "inspection_planned", {"officers": [{"id": "officer"}], "unit_name": "示例单位"})


@dataclass
class Field:
    """A laptop whose way to the bureau leads through a proxy."""

    served: Served
    laptop: Laptop
    proxy: Proxy
    door: Door

    def server_ids(self) -> set[str]:
        return {entry.id for entry in self.served.office.ledger.entries(STREAM)}

    def good_door(self) -> Door:
        """A fresh connection past the proxy."""
        door = Door(self.served.address, self.door.token)
        self.served.doors.append(door)
        return door

    def finishes(self) -> None:
        """The next exchange over a good network: everything is there, and nothing differs."""
        self.proxy.set(Fault())
        assert self.laptop.sync(self.door.post).open == ()
        assert self.server_ids() == self.laptop.ids() >= self.laptop.acknowledged


@pytest.fixture
def field(served: Served, tmp_path: Path) -> Iterator[Field]:
    laptop, door = laptop_of(served, tmp_path / "a")
    laptop.write(PLAN)
    with proxy(served.address.url) as made, Door(Address(made.url, served.address.root), door.token) as through:
        assert laptop.sync(through.post).open == ()
        yield Field(served, laptop, made, through)
    laptop.close()


def some_work(laptop: Laptop, count: int = 40) -> None:
    laptop.write(
        *(Draft(STREAM, "item_noted", {"item": f"A{n:02d}", "text": os.urandom(300).hex()}) for n in range(count))
    )


# -- the network ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(cut_up=0), Fault(cut_up=3000), Fault(cut_up=3000, reset=True), Fault(cut_down=0),
        Fault(cut_down=0, reset=True), Fault(cut_down=100), Fault(refuse=True, cut_up=0),
    ],
    ids=["request lost", "request cut", "request reset", "reply lost after the commit", "reply reset", "reply cut", "no network"],
)  # fmt: skip
def test_an_interrupted_exchange_ends_in_a_sentence_and_the_next_one_finishes(field: Field, fault: Fault) -> None:
    some_work(field.laptop)
    field.proxy.set(fault)
    with pytest.raises(Problem) as told:
        field.laptop.sync(field.door.post)
    assert told.value.code == "no_connection" and "本机数据都在" in str(told.value)
    field.finishes()


def test_a_reply_lost_after_the_commit_sends_nothing_twice(field: Field) -> None:
    some_work(field.laptop)
    answers: list[bytes] = []

    def post(message: bytes) -> bytes:
        if answers:
            field.proxy.set(Fault(cut_down=0))  # the second message carries the events
        answers.append(field.door.post(message))
        return answers[-1]

    with pytest.raises(Problem):
        field.laptop.sync(post)
    assert field.server_ids() == field.laptop.ids(), "it was committed, and the laptop does not know"
    field.proxy.set(Fault())
    again = field.laptop.sync(field.door.post)
    assert (again.sent, again.open) == (0, ())
    field.finishes()


def test_a_slow_and_distant_network_only_takes_longer(field: Field) -> None:
    some_work(field.laptop, 10)
    field.proxy.set(Fault(latency=0.05, rate=20_000))
    assert field.laptop.sync(field.door.post).open == ()
    field.finishes()


def test_a_cut_upload_sends_at_most_one_piece_again(field: Field) -> None:
    content = os.urandom(9 << 20)
    sha256 = name_file(field.laptop, content)
    field.laptop.sync(field.door.post)
    field.proxy.total.clear()
    field.proxy.set(Fault(cut_up=6 << 20))
    with pytest.raises(Problem) as told:
        field.door.hand_in(sha256, io.BytesIO(content), len(content))
    assert told.value.code == "no_connection"
    field.proxy.set(Fault())
    assert field.door.safe_bytes(sha256) > (6 << 20) - PIECE - (1 << 17)
    assert field.door.hand_in(sha256, io.BytesIO(content), len(content)) is not None
    assert field.door.receipt(sha256)
    assert field.proxy.total["up"] < len(content) + PIECE + (1 << 17)


# -- others in the bureau's place -------------------------------------------------------------------------------------


def other_certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = Authority.make("示例别处", datetime.now(UTC)).server(["127.0.0.1"], datetime.now(UTC))
    paths = folder / "other.pem", folder / "other.key"
    for path, text in zip(paths, (certificate, key), strict=True):
        path.write_text(text)
    return paths


@pytest.mark.parametrize("kind", ["without TLS", "with another certificate", "with the right certificate", "expired"])
def test_a_captive_portal_gets_nothing_and_breaks_nothing(field: Field, tmp_path: Path, kind: str) -> None:
    some_work(field.laptop)
    made: AbstractContextManager[str]
    if kind == "without TLS":
        made, code = portal(), "no_connection"
    elif kind == "with another certificate":
        made, code = portal(*other_certificate(tmp_path)), "not_our_server"
    elif kind == "expired":
        old = datetime.now(UTC) - timedelta(days=800)
        for name, text in zip(
            ("old.pem", "old.key"), field.served.office.authority.server(["127.0.0.1"], old), strict=True
        ):
            (tmp_path / name).write_text(text)
        made, code = portal(tmp_path / "old.pem", tmp_path / "old.key"), "certificate_untimely"
    else:
        made, code = portal(*certificate_of(field.served.office)), "garbled"
    acts: list[Callable[[Door], object]] = [
        lambda door: field.laptop.sync(door.post),
        lambda door: door.sign_in("officer", PASSWORD, "", field.laptop.store.device),
        lambda door: door.safe_bytes("ab" * 32),
        lambda door: door.hand_in("ab" * 32, io.BytesIO(b"x"), 1),
        lambda door: door.receipt("ab" * 32),
        lambda door: door.device_keys(),
        lambda door: door.lease_numbers("notice", "示档检", 2026, 1),
    ]
    with made as url, Door(Address(url, field.served.address.root), field.door.token) as door:
        for act in acts:
            with pytest.raises(Problem) as told:
                act(door)
            assert told.value.code == code
    field.finishes()


@pytest.mark.parametrize("days", [-800, 800], ids=["expired", "not yet valid"])
def test_the_servers_own_certificate_out_of_its_time_is_told_as_that(tmp_path: Path, days: int) -> None:
    office = Office(Config.embedded(tmp_path, port=0), TrialClock(datetime.now(CHINA) + timedelta(days=days)), QUICK)
    root = office.authority.certificate
    valid = Authority.make("示例局", datetime.now(UTC)).certificate
    with running(office) as url:
        with Door(Address(url, root)) as door, pytest.raises(Problem) as told:
            door.sign_in("officer", PASSWORD, "", "QH-0001")
        assert told.value.code == "certificate_untimely" and "系统管理员" in str(told.value)
        with Door(Address(url, valid)) as door, pytest.raises(Problem) as told:
            door.sign_in("officer", PASSWORD, "", "QH-0001")
        assert told.value.code == "not_our_server", "another root comes before the time"


@pytest.mark.parametrize("days", [-800, 800], ids=["laptop ahead", "laptop behind"])
def test_a_laptop_whose_clock_is_wrong_is_told_both_times(served: Served, tmp_path: Path, days: int) -> None:
    """As seen from a laptop whose clock is wrong: a server whose certificate and clock agree with each other only."""
    there = datetime.now(UTC) + timedelta(days=days)
    paths = tmp_path / "server.pem", tmp_path / "server.key"
    for path, text in zip(paths, served.office.authority.server(["127.0.0.1"], there), strict=True):
        path.write_text(text)
    with (
        portal(*paths, date=format_datetime(there, usegmt=True)) as url,
        Door(Address(url, served.address.root)) as door,
        pytest.raises(Problem) as told,
    ):
        door.sign_in("officer", PASSWORD, "", "QH-0001")
    assert told.value.code == "clock_differs"
    for moment in (there, datetime.now(UTC)):
        assert f"{moment.astimezone(CHINA):%Y-%m-%d}" in str(told.value)


# -- several at once --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Bureau, BigBureau], ids=["sqlite", "postgresql"])
def test_two_processes_of_the_server_take_one_stream_at_once(tmp_path: Path, kind: type[Bureau]) -> None:
    """Two laptops hand in to one stream at one time, each through connections of its own, as two server processes."""
    first = kind(tmp_path / "bureau")
    second = first.twin()
    laptops = [Laptop(tmp_path / name, name, first) for name in "ab"]
    for laptop in laptops:
        for n in range(3):
            laptop.answer(f"A{n:02d}", "符合")
    failures: list[BaseException] = []

    def work(laptop: Laptop, bureau: Bureau) -> None:
        try:
            for n in range(8):
                laptop.answer(f"E{n:02d}", "不符合")
                laptop.sync(bureau.answer)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(laptops, (first, second), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for laptop in (*laptops, *laptops):
        laptop.sync()
    everything = laptops[0].acknowledged | laptops[1].acknowledged
    assert laptops[0].ids() == laptops[1].ids() == everything == {e.id for e in first.ledger.entries(STREAM)}
    assert laptops[0].store.digest(STREAM) == laptops[1].store.digest(STREAM)
    places = {e.id for e in second.ledger.entries(STREAM)}
    assert places == everything
    second.close()
    first.close()


# -- the server's disk ------------------------------------------------------------------------------------------------


def test_a_full_disk_at_the_bureau_refuses_files_and_the_laptop_keeps_them(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(5 << 20)
    sha256 = name_file(field.laptop, content)
    field.laptop.sync(field.door.post)

    def full(self: Folder, name: str, content: Iterable[bytes]) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "create", full)
        with pytest.raises(Problem) as told:
            field.door.hand_in(sha256, io.BytesIO(content), len(content))
        assert told.value.code == "server_disk_full"
        assert field.door.safe_bytes(sha256) == 0
        some_work(field.laptop, 3)
        assert field.laptop.sync(field.door.post).open == (), "events still go in"
    assert field.door.hand_in(sha256, io.BytesIO(content), len(content)) is not None and field.door.receipt(sha256)
    field.finishes()


def test_a_full_database_at_the_bureau_is_told_as_such(field: Field) -> None:
    """SQLite's own refusal, by a limit of pages."""
    field.laptop.write(
        *(Draft(STREAM, "item_noted", {"item": "A01", "text": os.urandom(20_000).hex()}) for _ in range(8))
    )
    engine = field.served.office.engine
    engine.dispose()
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 4}")  # type: ignore[attr-defined]

    engine.dispose()
    sql.listen(engine, "connect", limit)
    with pytest.raises(Problem) as told:
        field.laptop.sync(field.door.post)
    assert told.value.code == "server_disk_full"
    sql.remove(engine, "connect", limit)
    engine.dispose()
    field.finishes()


# -- bad input --------------------------------------------------------------------------------------------------------


def test_messages_that_are_not_what_they_say_are_refused_with_a_named_problem(field: Field) -> None:
    device = field.laptop.store.device
    good = Push(device, {}).pack()
    head = decode(zstandard.ZstdDecompressor().decompress(good).split(b"\n")[0])
    squeeze = zstandard.ZstdCompressor(level=1).compress
    bomb = squeeze(bytes(256 << 20))
    assert len(bomb) < 32768, "a quarter of a gigabyte in some kilobytes"
    endless = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(64 << 20))
    for message, code in (
        (b"", "garbled"), (b"not packed", "garbled"), (good[:-3], "garbled"), (good + b"more", "garbled"),
        (bomb, "garbled"), (endless, "garbled"), (squeeze(b"[" * 200_000), "garbled"), (squeeze(b"\n\n\n"), "garbled"),
        (squeeze(b'{"protocol":1}'), "garbled"), (squeeze(b'{"protocol": 1}'), "garbled"), (squeeze(b"[]"), "another_protocol"),
        (pack({**head, "protocol": 2}, []), "another_protocol"), (pack({**head, "sums": []}, []), "garbled"),
        (pack({**head, "full": {"x": {"y": [1]}}}, []), "garbled"), (pack({**head, "notes": [1]}, []), "garbled"),
        (os.urandom(5 << 20), "refused_by_bureau"),
    ):  # fmt: skip
        with pytest.raises(Problem) as told:
            field.door.post(message)
        assert told.value.code == code, (message[:40], told.value)
    with pytest.raises(Problem, match="不能办理"):
        field.door.post(Push("QH-FFFF", {}).pack())
    field.finishes()


def handed(field: Field, lines: list[bytes], notes: list[str]) -> dict[str, str]:
    """Hand in lines as a client of one's own making; returns id -> code of what was refused."""
    pull = Pull.unpack(field.door.post(Push(field.laptop.store.device, {}, {}, notes, lines).pack()))
    return {refused.id: refused.code for refused in pull.refused}


def forged(line: bytes, **changes: object) -> bytes:
    return encode({**decode(line), **changes})


def test_bad_events_are_put_aside_by_name_and_what_stands_behind_them_goes_on(field: Field) -> None:
    field.laptop.write(Draft(STREAM, "item_noted", {"item": "A01", "text": "第一句"}))
    entries = field.laptop.store.entries(STREAM)
    key, last = field.laptop.store.device_key, entries[-1]
    strand = last.strand

    def signed(*lines: bytes, by: DeviceKey = key) -> list[str]:
        return [
            Checkpoint.sign(STREAM, {plain["strand"]: (plain["seq"] + 1, hashlib.sha256(line).hexdigest())}, by).note
            for line in lines
            for plain in (decode(line),)
        ]

    stranger = DeviceKey.generate("QH-9999")
    of_bureau = forged(last.line, strand=f"{field.served.office.key.name}.1", seq=0, prev="")
    unknown = forged(last.line, strand="QH-9999.1", device="QH-9999", seq=0, prev="")
    gap = forged(last.line, seq=99, prev="ab" * 32)
    unsigned = forged(last.line, at="2026-01-01T00:00:00+08:00")
    foreign = forged(last.line, stream="plan/2026", seq=0, prev="")
    path = forged(last.line, stream="../../etc/passwd", seq=0, prev="")
    shell = forged(last.line, stream="inspection/$(id)", seq=0, prev="")
    deep = b"[" * 5000
    lines = [of_bureau, unknown, gap, unsigned, foreign, path, shell, deep, b"{}", b"\xff", last.line + b" ", last.line]
    notes = [*signed(of_bureau, unknown, by=stranger), *signed(gap, of_bureau), *signed(last.line), "no note", ""]
    found = sorted(handed(field, lines, notes).values())
    assert found == sorted(["forged_author", "unknown_device", "gap", "unsigned", "not_allowed", "not_allowed",
                            *["garbled"] * 5])  # fmt: skip
    assert last.id in field.server_ids() and len(field.server_ids()) == len(entries), strand
    field.finishes()


def test_a_replay_changes_nothing(field: Field) -> None:
    some_work(field.laptop, 5)
    sent: list[bytes] = []

    def post(message: bytes) -> bytes:
        sent.append(message)
        return field.door.post(message)

    field.laptop.sync(post)
    before = field.served.office.ledger.receipt(STREAM), field.served.office.ledger.count()
    for message in (*sent, *reversed(sent)):
        assert Pull.unpack(field.door.post(message)).refused == []
    assert (field.served.office.ledger.receipt(STREAM), field.served.office.ledger.count()) == before


def test_a_rewritten_chain_stands_beside_the_first_one(field: Field) -> None:
    """The owner of the laptop signs another history with the real key: it replaces nothing, and both are seen."""
    some_work(field.laptop, 3)
    field.laptop.sync(field.door.post)
    kept = field.server_ids()
    first, second = field.laptop.store.entries(STREAM)[:2]
    rewritten = forged(second.line, body={"item": "A00", "text": "改写"})
    id = hashlib.sha256(rewritten).hexdigest()
    note = Checkpoint.sign(STREAM, {second.strand: (2, id)}, field.laptop.store.device_key).note
    assert handed(field, [rewritten], [note]) == {}
    assert field.server_ids() == kept | {id} and first.id in kept
    assert len(field.served.office.ledger.heads(STREAM)) == 2
    assert field.laptop.sync(field.door.post).received == 1


def test_a_wrong_clock_holds_up_nothing(field: Field) -> None:
    for days in (-365, 3650, -3650):
        field.served.office.clock.skip(timedelta(days=days))  # type: ignore[attr-defined]
        field.laptop.answer("A01", "符合")
        field.served.office.clock.skip(timedelta(days=-days))  # type: ignore[attr-defined]
        field.finishes()


def test_an_expired_certificate_of_a_device_is_seen_and_its_work_still_comes_in(field: Field) -> None:
    authority = field.served.office.authority
    now = datetime.now(UTC)
    raw = field.laptop.store.device_key.public.raw
    made = authority.device(field.laptop.store.device, raw, now - timedelta(days=500))
    assert device_key_of(made, authority.certificate, now - timedelta(days=400)) == raw
    with pytest.raises(ValueError, match="not valid now"):
        device_key_of(made, authority.certificate, now)
    some_work(field.laptop, 2)
    field.finishes()


def test_an_expired_session_is_told_and_loses_nothing(field: Field) -> None:
    some_work(field.laptop, 2)
    field.served.office.clock.skip(timedelta(days=15))  # type: ignore[attr-defined]
    with pytest.raises(Problem) as told:
        field.laptop.sync(field.door.post)
    assert told.value.code == "signed_out"
    field.door.sign_in("officer", PASSWORD, "", field.laptop.store.device)
    field.finishes()
