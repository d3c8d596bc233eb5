"""How fast a laptop and the bureau exchange: SQLCipher here, SQLite there, TLS on loopback, the server in a process of
its own. Prints medians and what the machine was doing besides; times are not tested.

A server on PostgreSQL stands beside it, in the wheel that the tests use, without fsync.
"""

from __future__ import annotations

import hashlib
import io
import os
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bureau_server.office import Config
from inspector_app.domain.event import BlobRef, Draft
from inspector_app.evidence.vault import Vault
from inspector_app.sync.client import exchange
from inspector_app.sync.door import Door
from inspector_app.sync.wire import Push
from tests import services
from tests.sync import processes
from tests.sync.processes import Served
from tests.sync.world import KEY, STREAM, Laptop

EVENTS, PHOTOS, PHOTO = 10_000, 200, 3_000_000


def answers(laptop: Laptop, count: int, stream: str = STREAM) -> None:
    """An officer's answers as a visit writes them: a value, now and then a sentence."""
    laptop.write(Draft(stream, "inspection_planned", {"officers": [{"id": "officer"}], "unit_name": "示例单位"}))
    for start in range(0, count - 1, 500):
        laptop.write(*(_answer(stream, n) for n in range(start, min(start + 500, count - 1))))


def _answer(stream: str, n: int) -> Draft:
    if n % 10 == 9:
        return Draft(stream, "item_noted", {"item": f"A{n % 107:03d}", "text": f"第{n % 12 + 1}排密集架有积尘"}, "检查")
    value = ("符合", "符合", "符合", "基本符合", "不符合")[n % 5]
    return Draft(stream, "item_answered", {"item": f"A{n % 107:03d}", "value": value}, "检查")


def photo_event(n: int, content: bytes) -> Draft:
    """The event that names a photo, with digests that nothing can shorten."""

    sha256, sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    ref = BlobRef(sha256, sm3, len(content), "image/jpeg", "captured")
    return Draft(STREAM, "evidence_taken", {"number": f"ZJ-{n:03d}", "item": f"A{n % 107:03d}"}, "取证", blobs=(ref,))


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


@dataclass
class Figures:
    """What the exchanges of one kind of server measured."""

    push: list[float] = field(default_factory=list)
    pull: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    ingest: list[float] = field(default_factory=list)
    up: list[float] = field(default_factory=list)
    down: list[float] = field(default_factory=list)
    quiet: list[float] = field(default_factory=list)

    def take(self, config: Config, folder: Path) -> None:
        """Push, rounds with nothing to do, pull on an empty laptop; with a new server and new laptops."""
        served = processes.serve(config)
        laptop, other = processes.laptop_at(folder / "a"), processes.laptop_at(folder / "b")
        answers(laptop, EVENTS)
        with Door(served.address, processes.enrolled(laptop, served.address)) as door:
            self._push(laptop, served, Wire(door))
            self._idle(laptop, served, Wire(door))
        with Door(served.address, processes.enrolled(other, served.address, "team_lead")) as door:
            self._pull(other, laptop, served, Wire(door))
        assert laptop.store.digest(STREAM) == other.store.digest(STREAM)
        served.child.kill()
        laptop.close()
        other.close()

    def _push(self, laptop: Laptop, served: Served, wire: Wire) -> None:
        before, begin = served.child.processor, time.perf_counter()
        outcome = exchange(processes.replica_of(laptop, served.key), wire.post)
        self.push.append(time.perf_counter() - begin)
        self.ingest.append(EVENTS / (served.child.processor - before))
        self.up.append(wire.up / EVENTS)
        assert (outcome.sent, outcome.received, outcome.open) == (EVENTS, 0, ())

    def _idle(self, laptop: Laptop, served: Served, wire: Wire) -> None:
        for _ in range(20):
            begin = time.perf_counter()
            assert exchange(processes.replica_of(laptop, served.key), wire.post).rounds == 1
            self.idle.append(1000 * (time.perf_counter() - begin))
        self.quiet.append((wire.up + wire.down) / 20)

    def _pull(self, other: Laptop, laptop: Laptop, served: Served, wire: Wire) -> None:
        replica = processes.replica_of(other, served.key)
        replica.keys = {**replica.keys, laptop.store.device: [laptop.store.device_key.public]}
        begin = time.perf_counter()
        outcome = exchange(replica, wire.post)
        self.pull.append(time.perf_counter() - begin)
        self.down.append(wire.down / EVENTS)
        assert (outcome.received, outcome.sent) == (EVENTS, 0)


def exchanged(folder: Path, times: int = 3) -> None:
    """The exchange with a server on SQLite and with one on PostgreSQL."""
    made = {"SQLite": lambda place: Config.embedded(place, port=0), "PostgreSQL": _on_postgresql}
    for name, config in made.items():
        found = Figures()
        for n in range(times):
            place = folder / f"{name}{n}"
            place.mkdir()
            found.take(config(place), place)
        _say(f"{name}: push of {EVENTS} events", found.push, "s", "1.0")
        _say(f"{name}: pull of {EVENTS} events, with projection", found.pull, "s", "1.5")
        _say(f"{name}: server ingest, HTTP and TLS with it, per core", found.ingest, "events/s", "20000")
        _say(f"{name}: nothing changed: one round", found.idle, "ms", "")
        _say(f"{name}: nothing changed: both ways", found.quiet, "B", "")
        _say(f"{name}: an answer's event on the wire, up", found.up, "B", "90")
        _say(f"{name}: an answer's event on the wire, down", found.down, "B", "")


def _on_postgresql(place: Path) -> Config:
    database = services.address(services.new_database(services.template()), services.APP)
    return Config(place, database, bytes(32), port=0)


def photo_events(folder: Path) -> None:
    """Bytes of a photo's event on the wire, in a batch of one visit's photos."""
    laptop = processes.laptop_at(folder / "events")
    laptop.write(*(photo_event(n, os.urandom(64)) for n in range(PHOTOS)))
    lines = [entry.line for entry in laptop.store.entries(STREAM)]
    empty = len(Push(laptop.store.device, {}).pack())
    packed = len(Push(laptop.store.device, {}, {}, [], lines).pack())
    _say("a photo's event on the wire", [(packed - empty) / PHOTOS], "B", "170")


def photos(folder: Path) -> None:
    """Photos from a card into the vault (digests, seal, fsync), to the bureau (seal, fsync, digest), to the receipt."""
    served: Served = processes.serve(Config.embedded(folder / "photos", port=0))
    laptop = processes.laptop_at(folder / "camera")
    contents = [os.urandom(PHOTO) for _ in range(PHOTOS)]
    events = [photo_event(n, content) for n, content in enumerate(contents)]
    laptop.write(
        Draft(STREAM, "inspection_planned", {"officers": [{"id": "officer"}], "unit_name": "示例单位"}), *events
    )
    vault = Vault(folder / "camera" / "vault", KEY)
    begin = time.perf_counter()
    for content in contents:
        vault.put(io.BytesIO(content))
    kept = time.perf_counter() - begin
    token = processes.enrolled(laptop, served.address)
    with Door(served.address, token) as door:
        exchange(processes.replica_of(laptop, served.key), door.post)
        begin = time.perf_counter()
        for event in events:
            (ref,) = event.blobs
            with vault.open(ref.sha256, ref.size) as file:
                door.hand_in(ref.sha256, file, ref.size)
            assert door.receipt(ref.sha256)
        sent = time.perf_counter() - begin
    megabytes = PHOTOS * PHOTO / 1e6
    _say(f"{PHOTOS} photos of 3 MB into the vault", [megabytes / kept], "MB/s", "")
    _say(f"{PHOTOS} photos of 3 MB from the vault to their receipts", [megabytes / sent], "MB/s", "60")
    _say("server's memory at the most", [served.child.memory / 1e6], "MB", "")
    served.child.kill()


def _say(what: str, values: list[float], unit: str, target: str) -> None:
    print(
        f"sync: {what:62s} {statistics.median(values):10.2f} {unit}" + (f"  (target {target})" if target else ""),
        flush=True,
    )


def main() -> None:
    load = os.getloadavg()
    print(f"sync: load of the machine before: {load[0]:.1f} over a minute on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="inspector-bench-") as name:
        for part in (exchanged, photo_events, photos):
            part(Path(name))


if __name__ == "__main__":
    main()
