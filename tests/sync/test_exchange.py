"""Laptops and bureau exchange events and agree; the ordering cases and faults that have names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event as sql

from bureau_server.exchange import answer
from inspector_app.domain.event import Draft
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.sync.client import exchange
from inspector_app.sync.wire import MOST_LINES, Pull, Push
from tests.sync.world import STREAM, BigBureau, Bureau, Laptop, settle


@pytest.fixture(params=[Bureau, BigBureau], ids=["sqlite", "postgresql"])
def bureau(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bureau]:
    made: Bureau = request.param(tmp_path / "bureau")
    yield made
    made.close()


@pytest.fixture
def laptops(tmp_path: Path, bureau: Bureau) -> Iterator[list[Laptop]]:
    made = [Laptop(tmp_path / name, name, bureau) for name in ("a", "b", "c")]
    yield made
    for laptop in made:
        laptop.close()


def test_what_one_writes_the_others_have_and_all_project_the_same(bureau: Bureau, laptops: list[Laptop]) -> None:
    a, b, c = laptops
    a.answer("A01", "符合")
    b.answer("A02", "不符合")
    settle(laptops, 2)
    assert a.ids() == b.ids() == c.ids() and len(a.ids()) == 2
    digests = {laptop.store.digest(STREAM) for laptop in laptops}
    assert len(digests) == 1
    bureau.ledger.refresh()
    assert bureau.ledger.rows(STREAM) == a.store.rows(STREAM)


def test_two_devices_that_signed_for_the_same_are_both_remembered(bureau: Bureau, laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    a.answer("A01", "符合")
    settle([a, b], 1)
    heads, lines = a.store.heads(STREAM), [entry.line for entry in a.store.entries(STREAM)]
    notes = {Checkpoint.sign(STREAM, heads, laptop.store.device_key).note for laptop in (a, b)}
    bureau.ledger.take(lines, sorted(notes), lambda stream: True)
    assert notes <= set(bureau.ledger.notes(STREAM)), "one code, two signatures"


def test_more_than_a_batch_of_an_unknown_device_is_asked_for_once(laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    a.write(*(Draft(STREAM, "item_noted", {"item": "A01", "text": str(n)}) for n in range(MOST_LINES + 1)))
    a.sync()
    assert isinstance(b.bureau, Bureau)
    stranger = replace(b.replica(), keys={b.bureau.key.name: [b.bureau.key.public]})
    outcome = exchange(stranger, b.bureau.answer)
    assert (outcome.received, outcome.open) == (0, (STREAM,)) and outcome.rounds < 4
    assert b.sync().received == MOST_LINES + 1


def test_nothing_to_do_is_one_round(laptops: list[Laptop]) -> None:
    a = laptops[0]
    for n in range(30):
        a.answer(f"A{n:02d}", "符合")
    first = a.sync()
    assert first.sent == 30 and first.open == ()
    again = a.sync()
    assert (again.rounds, again.sent, again.received) == (1, 0, 0)


def test_many_events_go_in_batches_and_come_back_on_an_empty_laptop(laptops: list[Laptop]) -> None:
    a, b, _ = laptops
    count = MOST_LINES + 100
    for start in range(0, count, count // 2):
        a.write(*(Draft(STREAM, "item_answered", {"item": f"X{n}", "value": "符合"}, "检查")
                  for n in range(start, start + count // 2)))  # fmt: skip
    up, down = a.sync(), b.sync()
    assert up.sent == count and up.rounds >= 3
    assert (down.received, down.sent) == (count, 0)
    assert a.store.digest(STREAM) == b.store.digest(STREAM)


def test_batches_are_gathered_ahead_and_a_colleague_who_comes_between_costs_nothing(
    bureau: Bureau, laptops: list[Laptop]
) -> None:
    """The answer is not the one that was expected while the second batch is under way: it is gathered anew."""
    a, b, _ = laptops
    count = 3 * MOST_LINES
    for start in range(0, count, MOST_LINES):
        a.write(
            *(Draft(STREAM, "item_noted", {"item": "A01", "text": str(n)}) for n in range(start, start + MOST_LINES))
        )
    b.answer("A02", "符合")
    posts = 0

    def post(message: bytes) -> bytes:
        nonlocal posts
        posts += 1
        if posts == 3:
            b.sync()
        return bureau.answer(message)

    outcome = exchange(a.replica(), post)
    assert (outcome.sent, outcome.open) == (count, ()), "nothing was sent twice, and nothing is left"
    assert len(a.ids()) == count + 1
    b.sync()
    assert a.store.digest(STREAM) == b.store.digest(STREAM)


def test_an_old_image_that_goes_on_is_a_fork_and_both_branches_arrive(
    tmp_path: Path, bureau: Bureau, laptops: list[Laptop]
) -> None:
    a, b, _ = laptops
    a.answer("A01", "符合")
    a.copy_to(tmp_path / "image.db")
    kept = a.answer("A01", "不符合")
    a.sync()
    a.put_back(tmp_path / "image.db")
    other = a.answer("A01", "基本符合")
    settle([a, b], 2)
    assert {kept, other} <= a.ids() == b.ids()
    assert a.store.digest(STREAM) == b.store.digest(STREAM)
    assert len(bureau.ledger.heads(STREAM)) == 2


def test_the_directed_double_fault_loses_nothing(tmp_path: Path, bureau: Bureau, laptops: list[Laptop]) -> None:
    """Image rollback, the server restored, and a colleague who holds the other branch syncs first."""
    a, b, _ = laptops
    first = a.answer("A01", "符合")
    a.copy_to(tmp_path / "image.db")
    a.sync()
    bureau.copy_to(tmp_path / "server.db")
    lost = a.answer("A02", "不符合")
    a.sync()
    b.sync()
    bureau.put_back(tmp_path / "server.db")
    a.put_back(tmp_path / "image.db")
    new = a.answer("A03", "基本符合")
    b.sync()
    settle([a, b], 2)
    assert {first, lost, new} <= a.ids() == b.ids()
    assert {e.id for e in bureau.ledger.entries(STREAM)} == a.ids()
    assert a.store.digest(STREAM) == b.store.digest(STREAM)


def test_a_restored_server_is_noticed(tmp_path: Path, bureau: Bureau, laptops: list[Laptop]) -> None:
    a = laptops[0]
    a.answer("A01", "符合")
    bureau.copy_to(tmp_path / "server.db")
    a.sync()
    bureau.put_back(tmp_path / "server.db")
    replica = a.replica()
    from inspector_app.sync.client import exchange

    outcome = exchange(replica, bureau.answer)
    assert replica.fell_back
    assert outcome.sent == 1 and outcome.open == ()


def test_a_forged_author_is_refused(bureau: Bureau, laptops: list[Laptop]) -> None:
    """Lines in another device's name that this device never signed do not get in."""
    a, b, _ = laptops
    a.answer("A01", "符合")
    entry = a.store.entries(STREAM)[0]
    made = Push(b.store.device, {}, {}, [b.replica().sign(STREAM, {entry.strand: (1, entry.id)})], [entry.line])
    pull = answer(bureau.ledger, made, lambda s: True, lambda s: True)
    assert [refused.code for refused in pull.refused] == ["unsigned"]
    assert bureau.ledger.count() == 0


def test_a_stream_that_one_may_not_write_is_refused_and_the_rest_goes_on(bureau: Bureau, laptops: list[Laptop]) -> None:
    a = laptops[0]
    a.answer("A01", "符合", "plan/2026")
    a.answer("A01", "符合")

    def own(stream: str) -> bool:
        return stream.startswith("inspection/")

    outcome = a.sync(lambda message: answer(bureau.ledger, Push.unpack(message), own, own).pack())
    assert {e.id for e in bureau.ledger.entries(STREAM)} == a.ids()
    assert not outcome.refused and bureau.ledger.count() == 1  # what is not told of is not offered
    entry = a.store.entries("plan/2026")[0]
    note = a.replica().sign("plan/2026", {entry.strand: (1, entry.id)})
    pushed = answer(bureau.ledger, Push(a.store.device, {}, {}, [note], [entry.line]), own, own)
    assert [refused.code for refused in pushed.refused] == ["not_allowed"]
    assert bureau.ledger.count() == 1


def test_a_message_that_names_any_number_of_streams_asks_nothing_of_those_that_are_not_here(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path / "bureau")
    asked = Counter[str]()
    sql.listen(bureau.ledger.engine, "before_cursor_execute", lambda *_: asked.update(["asked"]))
    answers = []
    for count in (1, 5_000):
        asked.clear()
        push = Push("QH-0001", {f"device/{n}": "AAAAAAAAAAA" for n in range(count)})
        answers.append((len(Pull.unpack(bureau.answer(push.pack())).differ), asked["asked"]))
    assert answers[1] == (5_000, answers[0][1])
    bureau.close()
