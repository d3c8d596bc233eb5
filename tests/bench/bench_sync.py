"""How fast a laptop and the bureau exchange: SQLCipher here, the command `bureau-server serve` there, TLS on loopback.

Prints medians and what the machine was doing besides; times are not tested. With `--write docs/benchmarks.md` the peers of
`tests.bench.peers` are measured in the same rounds and the tables of that page are filled in, the growth curve included.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bureau_server.office import Config
from inspector_app.actions import sending
from inspector_app.domain.event import Draft
from inspector_app.sync.client import exchange
from inspector_app.sync.door import Door
from inspector_app.sync.wire import Push
from tests.bench import bench_growth, peers
from tests.bench.drafts import PLAN, answer, answers, photo_event
from tests.bench.machine import machine
from tests.bench.running import Running, on_postgresql, on_sqlite, serving
from tests.sync import processes
from tests.sync.world import STREAM, Laptop

EVENTS, PHOTOS, PHOTO = 10_000, 200, 3_000_000
ROUNDS = 3

Measured = dict[str, float]

FIGURES = {
    "push": ("push of 10,000 events", "s", "1.0"),
    "pull": ("pull of 10,000 events, with projection", "s", "1.5"),
    "ingest": ("server, events for each second of its processor", "1/s", "20000"),
    "idle": ("nothing changed: the exchange", "ms", ""),
    "quiet": ("nothing changed: bytes both ways", "B", ""),
    "up": ("an event on the wire, up", "B", "90"),
    "down": ("an event on the wire, down", "B", ""),
    "photo": ("a photo's event on the wire", "B", "170"),
    "kept": ("200 photos of 3 MB into the vault", "MB/s", ""),
    "photos": ("200 photos of 3 MB from the vault to their receipts", "MB/s", "60"),
    "memory": ("server's memory at the most while the photos come", "MB", "100"),
}
"""Name -> what it is, its unit, its target."""


@dataclass
class Wire:
    """A door that counts."""

    door: Door
    up: int = 0
    down: int = 0

    def post(self, message: bytes) -> bytes:
        answer = self.door.post(message)
        self.up, self.down = self.up + len(message), self.down + len(answer)
        return answer


def exchanged(config: Config) -> Measured:
    """One new server and new laptops: push, nothing to do, pull on an empty laptop."""
    found: Measured = {}
    with serving(config) as server:
        laptop, other = (processes.laptop_at(config.folder / name) for name in "ab")
        answers(laptop, EVENTS)
        with Door(server.address, processes.enrolled(laptop, server.address)) as door:
            found |= _pushed(laptop, server, Wire(door)) | _idle(laptop, server, Wire(door))
        with Door(server.address, processes.enrolled(other, server.address, "team_lead")) as door:
            found |= _pulled(other, laptop, server, Wire(door))
        assert laptop.store.digest(STREAM) == other.store.digest(STREAM)
        laptop.close()
        other.close()
    return found


def _pushed(laptop: Laptop, server: Running, wire: Wire) -> Measured:
    before, begin = server.processor, time.perf_counter()
    outcome = exchange(processes.replica_of(laptop, server.key), wire.post)
    spent = time.perf_counter() - begin
    assert (outcome.sent, outcome.received, outcome.open) == (EVENTS, 0, ())
    return {"push": spent, "ingest": EVENTS / (server.processor - before), "up": wire.up / EVENTS}


def _idle(laptop: Laptop, server: Running, wire: Wire) -> Measured:
    spent = []
    for _ in range(20):
        begin = time.perf_counter()
        assert exchange(processes.replica_of(laptop, server.key), wire.post).rounds == 1
        spent.append(1000 * (time.perf_counter() - begin))
    return {"idle": statistics.median(spent), "quiet": (wire.up + wire.down) / 20}


def _pulled(other: Laptop, laptop: Laptop, server: Running, wire: Wire) -> Measured:
    replica = processes.replica_of(other, server.key)
    replica.keys = {**replica.keys, laptop.store.device: [laptop.store.device_key.public]}
    begin = time.perf_counter()
    outcome = exchange(replica, wire.post)
    spent = time.perf_counter() - begin
    assert (outcome.received, outcome.sent) == (EVENTS, 0)
    return {"pull": spent, "down": wire.down / EVENTS}


def photographed(config: Config, files: Sequence[Path]) -> Measured:
    """From a card into the vault (digests, seal, fsync), to the bureau (seal, fsync, digest), to the receipt."""
    laptop = processes.laptop_at(config.folder / "a")
    contents = [file.read_bytes() for file in files]
    events = [photo_event(n, content) for n, content in enumerate(contents)]
    laptop.write(*events)
    empty = len(Push(laptop.store.device, {}).pack())
    packed = len(Push(laptop.store.device, {}, {}, [], [entry.line for entry in laptop.store.entries(STREAM)]).pack())
    laptop.write(Draft(STREAM, "inspection_planned", PLAN))
    begin = time.perf_counter()
    for content in contents:
        laptop.book.vault.put(io.BytesIO(content))
    kept = time.perf_counter() - begin
    with serving(config) as server, Door(server.address, processes.enrolled(laptop, server.address)) as door:
        exchange(processes.replica_of(laptop, server.key), door.post)
        processes.forget_memory(server.pid)
        begin = time.perf_counter()
        assert sending.hand_in_files(laptop.book, server.key, door) == (len(events), False)
        sent, memory = time.perf_counter() - begin, server.memory
    laptop.close()
    megabytes = sum(map(len, contents)) / 1e6
    return {"photo": (packed - empty) / len(events), "kept": megabytes / kept, "photos": megabytes / sent,
            "memory": memory / 1e6}  # fmt: skip


# -- side by side ---------------------------------------------------------------------------------------------------


def side_by_side(folder: Path, others: Sequence[peers.Peer], rounds: int) -> dict[str, dict[str, list[float]]]:
    """Every system in turn, `rounds` times, so that whatever the machine does besides falls on all of them."""
    photos, events = folder / "photos", folder / "events.jsonl"
    photos.mkdir()
    for n in range(PHOTOS):
        (photos / f"ZJ-{n:03d}.jpg").write_bytes(os.urandom(PHOTO))
    events.write_text("".join(_plain(n) for n in range(EVENTS)), "utf-8")
    systems: dict[str, Callable[[Path], Measured]] = {
        "ours, SQLite": lambda place: (
            exchanged(on_sqlite(place / "events")) | photographed(on_sqlite(place / "photos"), sorted(photos.iterdir()))
        ),
        "ours, PostgreSQL": lambda place: exchanged(on_postgresql(place)),
        **{peer.name: partial(peer.measure, events=events, count=EVENTS, photos=photos) for peer in others},
    }
    found: dict[str, dict[str, list[float]]] = {name: {} for name in systems}
    for turn in range(rounds):
        for name, act in systems.items():
            with tempfile.TemporaryDirectory(dir=folder) as place:
                for figure, value in act(Path(place)).items():
                    found[name].setdefault(figure, []).append(value)
            print(f"sync: round {turn + 1}: {name}, load {os.getloadavg()[0]:.1f}", flush=True)
    return found


def _plain(n: int) -> str:
    """The same answer for a peer: what was said and by whom, without chain and signature."""
    made = answer(STREAM, n)
    record = {"_id": hashlib.sha256(str(n).encode()).hexdigest(), "kind": made.kind, **made.body, "by": "officer",
              "at": "2026-03-16T10:32:00+08:00"}  # fmt: skip
    return json.dumps(record, ensure_ascii=False) + "\n"


def told(found: dict[str, dict[str, list[float]]]) -> Iterator[str]:
    """A table of medians in Markdown."""
    yield f"| | target | {' | '.join(found)} |"
    yield f"|---|---|{'---|' * len(found)}"
    for figure, (what, unit, target) in FIGURES.items():
        values = (statistics.median(column[figure]) if figure in column else None for column in found.values())
        cells = " | ".join("–" if value is None else f"{value:,.{2 if value < 10 else 0}f}" for value in values)
        yield f"| {what}, {unit} | {target} | {cells} |"


def fill(page: Path, name: str, lines: Sequence[str]) -> None:
    """Put lines between `<!-- name -->` and `<!-- end -->`."""
    text = page.read_text("utf-8")
    before, mark, rest = text.partition(f"<!-- {name} -->\n")
    after = rest.partition("<!-- end -->")[2]
    page.write_text(f"{before}{mark}{chr(10).join(lines)}\n<!-- end -->{after}", "utf-8")


def _peers(folder: Path) -> Iterator[peers.Peer]:
    for get in (peers.pouchdb, peers.anki):
        try:
            yield get(folder / get.__name__)
        except (peers.Missing, OSError) as missing:
            print(f"sync: {get.__name__} is left out: {missing}", flush=True)


def main(argv: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_sync", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="measure the peers too and fill in this page")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--stored", type=int, default=1_000_000, help="events of the largest ledger of the growth curve"
    )
    chosen = parser.parse_args(argv)
    about = machine()
    print(f"sync: {about}")
    with tempfile.TemporaryDirectory(prefix="inspector-bench-") as name:
        found = side_by_side(Path(name), list(_peers(Path(name))) if chosen.write else [], chosen.rounds)
    table = list(told(found))
    print("\n".join(table), flush=True)
    if chosen.write:
        spread = f"Medians of {chosen.rounds} rounds. {about}; after it {os.getloadavg()[0]:.1f}."
        fill(chosen.write, "figures", [spread, "", *table])
        fill(chosen.write, "growth", bench_growth.grown(chosen.write.parent / "pictures", chosen.stored))


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
