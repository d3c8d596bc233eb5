"""Two laptops exchange an inspection over real sockets on loopback, without any server."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

from inspector_app.actions import check, direct, evidence, review, stick
from inspector_app.actions.devices import keep_told
from inspector_app.actions.sign_in import Session, set_up
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.domain.problems import Problem
from inspector_app.record.crockford import DIGITS
from inspector_app.record.keys import DeviceKey, PublicKey
from inspector_app.sync.direct import STRANGERS, Doorway, call, own_addresses
from tests.office import CASE, arrive, card, laptop_at, office, refused
from tests.sync.faults import Fault, proxy
from tests.sync.world import START

HOST = "127.0.0.1"
Swap = direct.Swapped | None


def go_on(what: str, done: int, total: int) -> bool:
    return True


class Pair:
    """An officer with an inspection under way, and the other one of the team with a laptop of the own; each knows the other's key."""

    def __init__(self, folder: Path) -> None:
        self.mine = office(folder / "a")
        officer = Officer("lu", "示例陆一鸣", "主任科员", Credential("09120023", START.date(), START.date()))
        self.theirs = set_up(laptop_at(folder / "b"), Bureau("示例区档案局", "示档"), officer, "shili-tongxing-2026")
        self.keys = [session.book.store.device_key.public for session in (self.mine, self.theirs)]
        self.know(*self.keys)
        self._pool = ThreadPoolExecutor(2)

    def know(self, *keys: PublicKey, revoked: tuple[PublicKey, ...] = ()) -> None:
        """What the bureau told both of them once."""
        for session in (self.mine, self.theirs):
            keep_told(session.book.store, [key.text() for key in keys], [key.text() for key in revoked])

    @property
    def reader(self) -> PublicKey:
        return self.keys[1]

    def door(self, **more: float) -> Doorway:
        return Doorway(HOST, **more)

    def giving(self, door: Doorway, step: direct.Step = go_on) -> Future[Swap]:
        return self._pool.submit(direct.give, self.mine.book, door, self.reader, CASE, step)

    def taking(self, address: str, code: str, step: direct.Step = go_on) -> Swap:
        return direct.take(self.theirs.book, address, code, step)

    def swap(self) -> tuple[direct.Swapped, direct.Swapped]:
        """One good transfer: what the giver and the taker say of it."""
        door = self.door()
        there = self.giving(door)
        here, done = self.taking(door.addresses[0], door.code), there.result()
        assert here is not None and done is not None
        return done, here

    def same(self) -> bool:
        mine, theirs = (session.book.store for session in (self.mine, self.theirs))
        return bool(mine.digest(CASE) == theirs.digest(CASE))


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    arrive(made.mine.book)
    evidence.add_photos(made.mine.book, CASE, card(3))
    yield made
    made._pool.shutdown()
    made.mine.close()
    made.theirs.close()


def files(session: Session) -> int:
    return sum(session.book.vault.has(ref.sha256) for ref in session.book.store.blobs(CASE))


def closed(door: Doorway) -> bool:
    """Whether nobody listens there any more."""
    host, port = door.addresses[0].split(":")
    with suppress(ConnectionRefusedError), socket.create_connection((host, int(port)), timeout=5):
        return False
    return True


def test_an_inspection_goes_over_with_its_files_and_what_the_other_wrote_comes_back(pair: Pair) -> None:
    given, taken = pair.swap()
    assert pair.same() and files(pair.theirs) == files(pair.mine) > 3
    assert (taken.stream, taken.taken.files, taken.taken.refused) == (CASE, files(pair.mine), [])
    assert (given.events_there, given.files_there) == (taken.taken.events, taken.taken.files)
    review.comment(pair.theirs.book, CASE, "", "示例：补一张全景")
    check.answer(pair.mine.book, CASE, "A01", "符合")
    given, taken = pair.swap()
    assert pair.same() and (given.taken.events, taken.taken.events) == (1, 1)
    assert taken.taken.files == given.taken.files == 0, "no file goes twice"
    assert [said.text for said in pair.mine.queries.case(CASE).review.comments] == ["示例：补一张全景"]


def test_a_wrong_code_says_nothing_and_the_right_one_still_opens(pair: Pair) -> None:
    door = pair.door()
    assert len(door.code) == 8 and set(door.code) <= DIGITS
    there = pair.giving(door)
    wrong = ("0" if door.code[0] != "0" else "1") + door.code[1:]
    refused("direct_wrong_code", lambda: pair.taking(door.addresses[0], wrong))
    typed = f" {door.code[:4].lower()}-{door.code[4:].lower()} "
    assert pair.taking(door.addresses[0].replace(":", "："), typed) is not None and there.result() is not None
    assert pair.same()


def test_a_stranger_who_tries_again_and_again_gets_nothing_and_the_door_closes(pair: Pair) -> None:
    door = pair.door()
    there = pair.giving(door)
    stranger = DeviceKey.generate(pair.reader.name)  # the name of the chosen laptop, and another key
    for _ in range(STRANGERS):
        with call(door.addresses[0], door.code, stranger) as line:
            refused("direct_another", line.hear)
    refused("direct_strangers", there.result)
    assert closed(door)


@pytest.mark.parametrize(
    "said", [b"", b"GET / HTTP/1.1\r\n\r\n", os.urandom(3000)], ids=["nothing", "another tongue", "noise"]
)
def test_whatever_comes_to_the_door_the_chosen_laptop_still_gets_in(pair: Pair, said: bytes) -> None:
    door = pair.door()
    there = pair.giving(door)
    host, port = door.addresses[0].split(":")
    with socket.create_connection((host, int(port))) as noise:
        noise.sendall(said)
    assert pair.taking(door.addresses[0], door.code) is not None and there.result() is not None


@pytest.mark.parametrize(
    "said", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02[]", b'\x00\x00\x00\x08{"a": 1}'], ids=["size", "list", "form"]
)
def test_who_speaks_tls_and_is_no_laptop_is_sent_away(pair: Pair, said: bytes) -> None:
    door = pair.door()
    there = pair.giving(door)
    host, port = door.addresses[0].split(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(socket.create_connection((host, int(port)))) as noise:
        noise.sendall(said)
        with suppress(OSError):
            assert noise.recv(100) == b""
    assert pair.taking(door.addresses[0], door.code) is not None and there.result() is not None


def test_two_come_at_once_and_one_is_served(pair: Pair) -> None:
    door = pair.door()
    there = pair.giving(door)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(outcome, lambda: pair.taking(door.addresses[0], door.code)) for _ in range(2)]
        told = sorted((future.result() for future in both), key=str)
    assert told.count("") == 1 and {*told} - {""} <= {"direct_nobody", "direct_cut"}, told
    assert there.result() is not None and pair.same() and closed(door)


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Problem as problem:
        return problem.code
    return ""


@pytest.mark.parametrize(
    "fault",
    [Fault(cut_down=2_000), Fault(cut_down=300_000), Fault(cut_down=300_000, reset=True), Fault(cut_up=2_500)],
    ids=["in the greeting", "among the files", "reset there", "on the way back"],
)
def test_a_cut_is_told_on_both_sides_and_the_next_time_goes_on(pair: Pair, fault: Fault) -> None:
    door = pair.door()
    there = pair.giving(door)
    with proxy(f"https://{door.addresses[0]}") as line:
        line.set(fault)
        refused("direct_cut", lambda: pair.taking(line.url.removeprefix("https://"), door.code))
    assert outcome(there.result) in ("direct_cut", "")  # what is given may all be on its way before the line is cut
    came = files(pair.theirs)
    _, taken = pair.swap()
    assert pair.same() and taken.taken.files == files(pair.mine) - came, "what came before the cut does not come again"


def test_somebody_elses_door_at_the_address_hears_nothing(pair: Pair) -> None:
    """Who sits in the middle has another certificate, and so another code."""
    door, other, asked = pair.door(), pair.door(), Event()
    with door, ThreadPoolExecutor(1) as pool:
        let_in = pool.submit(other.wait, pair.reader, lambda: not asked.is_set())
        refused("direct_wrong_code", lambda: pair.taking(other.addresses[0], door.code))
        asked.set()
        assert let_in.result() is None, "the laptop did not show its key"


def test_laptops_that_do_not_know_each_other_say_so_on_both_sides(pair: Pair) -> None:
    keep_told(pair.theirs.book.store, [pair.reader.text()])
    door = pair.door()
    there = pair.giving(door)
    refused("direct_unknown", lambda: pair.taking(door.addresses[0], door.code))
    refused("direct_unknown", there.result)


def test_a_revoked_laptop_is_given_nothing_and_believed_nothing(pair: Pair) -> None:
    pair.know(*pair.keys, revoked=(pair.keys[1],))
    assert pair.reader not in stick.readers(pair.mine.book)
    pair.know(*pair.keys, revoked=(pair.keys[0],))
    door = pair.door()
    there = pair.giving(door)
    refused("direct_unknown", lambda: pair.taking(door.addresses[0], door.code))
    refused("direct_unknown", there.result)


def test_what_a_revoked_laptop_wrote_before_is_marked_and_found(pair: Pair) -> None:
    queries = pair.mine.book.queries
    assert not queries.journal(CASE, "已撤销")
    pair.know(*pair.keys, revoked=(pair.keys[0],))
    rows = queries.journal(CASE)
    assert queries.journal(CASE, f"{pair.keys[0].name}（已撤销）") == rows and all(row.revoked for row in rows)
    pair.know(*pair.keys, revoked=(pair.keys[1],))
    assert not any(row.revoked for row in queries.journal(CASE))


def test_nobody_listens_before_and_after(pair: Pair) -> None:
    door = pair.door()
    assert direct.give(pair.mine.book, door, pair.reader, CASE, lambda what, done, total: False) is None
    assert closed(door)
    late = pair.door(patience=0.0)
    refused("direct_left", lambda: direct.give(pair.mine.book, late, pair.reader, CASE, go_on))
    assert closed(late)
    refused("direct_nobody", lambda: pair.taking(door.addresses[0], door.code))
    refused("direct_nobody", lambda: pair.taking("示例", door.code))


def test_stopping_half_way_is_no_fault(pair: Pair) -> None:
    door = pair.door()
    there = pair.giving(door)
    assert pair.taking(door.addresses[0], door.code, lambda what, done, total: not done) is None
    assert outcome(there.result) in ("direct_cut", "")
    pair.swap()
    assert pair.same()


def test_own_addresses_are_such() -> None:
    for address in own_addresses():
        assert socket.inet_aton(address) and not address.startswith("127.")
