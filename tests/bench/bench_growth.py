"""How the exchange grows: with the laptops that work at once, and with the events that the bureau's ledger holds already.

`python -m tests.bench.bench_growth` prints the figures; `bench_sync --write` puts them and the curves into the documents.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from bureau_server.office import Config, Office
from inspector_app.domain.access import Role
from inspector_app.domain.event import Actor, Draft
from inspector_app.domain.problems import Problem
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.entry import write
from inspector_app.record.keys import DeviceKey, PublicKey
from inspector_app.sync.client import exchange
from inspector_app.sync.door import Door
from inspector_app.sync.wire import Push
from tests.bench.curve import curve
from tests.bench.drafts import answer, answers
from tests.bench.running import Running, office_of, on_sqlite, serving
from tests.server.conftest import PASSWORD
from tests.sync import processes
from tests.sync.world import Laptop

EVENTS, LAPTOPS = 10_000, (1, 10, 100)
INSPECTION = 1_000
"""Events of one stored inspection."""


class Point(NamedTuple):
    """Seconds of a push and a pull of 10,000 events, milliseconds and bytes of a round without news."""

    push: float
    pull: float
    idle: float
    quiet: int


def by_laptops(folder: Path, laptops: int) -> Point:
    """So many laptops hand in 10,000 events in all, at once and each in its own inspection; then a lead takes them in."""
    config = on_sqlite(folder)
    _officers(config, laptops)
    with serving(config) as server:
        made = [processes.laptop_at(folder / str(n)) for n in range(laptops)]
        doors = [
            Door(server.address, processes.enrolled(laptop, server.address, f"officer{n}"))
            for n, laptop in enumerate(made)
        ]
        for n, laptop in enumerate(made):
            _answers(laptop, n, EVENTS // laptops)
        begin = time.perf_counter()
        with ThreadPoolExecutor(laptops) as pool:
            list(pool.map(lambda n: _handed_in(made[n], doors[n], server), range(laptops)))
        push = time.perf_counter() - begin
        lead = processes.laptop_at(folder / "lead")
        with Door(server.address, processes.enrolled(lead, server.address, "team_lead")) as door:
            pull = _pulled(lead, door, server, EVENTS)
            point = Point(
                push, pull, *_idle(door, Push(lead.store.device, processes.replica_of(lead, server.key).sums()))
            )
        for laptop, door in zip(made, doors, strict=True):
            door.close()
            laptop.close()
        lead.close()
    return point


def _handed_in(laptop: Laptop, door: Door, server: Running) -> None:
    """As a laptop does it: where the bureau does not answer in time, it asks again."""
    for _ in range(5):
        with contextlib.suppress(Problem):
            exchange(processes.replica_of(laptop, server.key), door.post)
            return
    raise OSError("the bureau did not answer")


def _officers(config: Config, count: int) -> None:
    """So many officers, of whom none sees the inspections of another."""
    office = office_of(config)
    for n in range(count):
        office.accounts.add(f"officer{n}", f"示例{n}", Role.OFFICER, PASSWORD)
    office.engine.dispose()


def by_stored(folder: Path, config: Config, turn: int) -> Point:
    """An officer hands in 10,000 events of a new inspection, a colleague takes them in; both see nothing of the rest.
    The round without news is the one of somebody who holds everything."""
    _officers(config, turn + 1)
    account, office = f"officer{turn}", office_of(config)
    with serving(config) as server:
        laptop, other = (processes.laptop_at(folder / f"{name}{turn}") for name in "ab")
        _answers(laptop, turn, EVENTS)
        with Door(server.address, processes.enrolled(laptop, server.address, account)) as door:
            begin = time.perf_counter()
            assert exchange(processes.replica_of(laptop, server.key), door.post).sent == EVENTS
            push = time.perf_counter() - begin
        with Door(server.address, processes.enrolled(other, server.address, account)) as door:
            pull = _pulled(other, door, server, EVENTS)
        with Door(server.address, processes.enrolled(other, server.address, "auditor")) as door:
            point = Point(push, pull, *_idle(door, Push(other.store.device, office.ledger.summaries())))
        laptop.close()
        other.close()
    office.engine.dispose()
    return point


def _answers(laptop: Laptop, n: int, count: int) -> None:
    answers(laptop, count, f"inspection/2027-{n:03d}", f"officer{n}")


def _pulled(laptop: Laptop, door: Door, server: Running, count: int) -> float:
    keys: dict[str, list[PublicKey]] = {}
    for key in map(PublicKey.parse, door.device_keys()):
        keys.setdefault(key.name, []).append(key)
    replica = processes.replica_of(laptop, server.key)
    replica.keys = {**replica.keys, **keys}
    begin = time.perf_counter()
    outcome = exchange(replica, door.post)
    assert outcome.received == count, outcome
    return time.perf_counter() - begin


def _idle(door: Door, push: Push) -> tuple[float, int]:
    """The median round that brings nothing, in milliseconds, and its bytes."""
    message, spent, size = push.pack(), [], 0
    for _ in range(11):
        begin = time.perf_counter()
        size = len(message) + len(door.post(message))
        spent.append(1000 * (time.perf_counter() - begin))
    return sorted(spent)[5], size


def store(office: Office, begin: int, end: int) -> None:
    """Fill the ledger up to `end` events in inspections of a thousand, each by one device and signed by it."""
    person = office.accounts.people()[0]
    key = DeviceKey.generate(f"QH-{begin:06d}")
    office.accounts.enrol(person, key.public, "")
    for place in range(begin, end, INSPECTION):
        stream, strand = f"inspection/2026-{place // INSPECTION:05d}", f"{key.name}.00000000"
        lines, tip = _lines(stream, strand, key.name, min(INSPECTION, end - place))
        note = Checkpoint.sign(stream, {strand: (len(lines), tip)}, key).note
        taken = office.ledger.take(lines, [note], lambda s: True)
        assert not taken.refused


def _lines(stream: str, strand: str, device: str, count: int) -> tuple[list[bytes], str]:
    plan = Draft(stream, "inspection_planned", {"officers": [{"id": "somebody"}], "unit_name": "示例单位"})
    lines, prev = [], ""
    for n in range(count):
        event, line = write(
            plan if n == 0 else answer(stream, n), bureau="", strand=strand, seq=n, prev=prev,
            parents=(prev,) if prev else (), at="2026-03-16T10:32:00+08:00", mono=n, boot="", anchor=None,
            actor=Actor("somebody", "", "officer"), device=device, app={},
        )  # fmt: skip
        lines.append(line)
        prev = event.id
    return lines, prev


def measured(most: int) -> tuple[dict[int, Point], dict[int, Point]]:
    """By laptops, and by stored events up to `most`."""
    with tempfile.TemporaryDirectory(prefix="inspector-growth-") as name:
        folder = Path(name)
        laptops = {n: by_laptops(folder / f"laptops{n}", n) for n in LAPTOPS}
        config, stored, held = on_sqlite(folder / "stored"), dict[int, Point](), 0
        for turn, size in enumerate(size for size in (10_000, 100_000, 1_000_000) if size <= most):
            office = office_of(config)
            store(office, held, size)
            office.engine.dispose()
            stored[size], held = by_stored(folder, config, turn), size
    return laptops, stored


def grown(pictures: Path, most: int) -> Sequence[str]:
    """Measure, draw the curves, and tell the table in Markdown."""
    laptops, stored = measured(most)
    for name, across, points in (
        ("growth-laptops", "laptops that hand in at once", laptops), ("growth-stored", "events in the ledger before", stored)
    ):  # fmt: skip
        lines = {
            "push of 10,000, s": [(x, p.push) for x, p in points.items()],
            "pull of 10,000, s": [(x, p.pull) for x, p in points.items()],
            "round without news, s": [(x, p.idle / 1000) for x, p in points.items()],
        }
        (pictures / f"{name}.svg").write_text(curve("The exchange, server on SQLite", across, "s", lines), "utf-8")
    return list(_table(laptops, stored))


def _table(laptops: dict[int, Point], stored: dict[int, Point]) -> Iterator[str]:
    yield "| | push of 10,000, s | pull of 10,000, s | round without news, ms | its bytes |"
    yield "|---|---|---|---|---|"
    for words, points in (("{} laptops at once", laptops), ("{} events stored", stored)):
        for x, p in points.items():
            yield f"| {words.format(f'{x:,}')} | {p.push:.2f} | {p.pull:.2f} | {p.idle:.0f} | {p.quiet:,} |"


def main() -> None:
    laptops, stored = measured(1_000_000)
    print("\n".join(_table(laptops, stored)))


if __name__ == "__main__":
    main()
