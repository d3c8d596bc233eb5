"""Many laptops at once, and a file of four gigabytes: for the campaign."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bureau_server.office import Config
from inspector_app.domain.event import BlobRef, Draft
from inspector_app.record.keys import PublicKey
from inspector_app.sync.client import exchange
from inspector_app.sync.door import Door
from tests.sync import processes
from tests.sync.processes import Served
from tests.sync.world import STREAM, Laptop

LAPTOPS, ROUNDS = 20, 10
PLAN = Draft(STREAM, "inspection_planned", {"officers": [{"id": "officer"}], "unit_name": "示例单位"})


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = processes.serve(Config.embedded(tmp_path / "bureau", port=0))
    yield made
    made.child.kill()


def _exchange(laptop: Laptop, door: Door, served: Served) -> None:
    replica = processes.replica_of(laptop, served.key)
    keys = dict(replica.keys)
    for key in map(PublicKey.parse, door.device_keys()):
        keys[key.name] = [key]
    exchange(replace(replica, keys=keys), door.post)


@pytest.mark.campaign
def test_twenty_laptops_at_once(served: Served, tmp_path: Path) -> None:
    """All work on one inspection and exchange again and again; at the end everybody has everything."""
    laptops = [processes.laptop_at(tmp_path / str(n)) for n in range(LAPTOPS)]
    doors = [Door(served.address, processes.enrolled(laptop, served.address)) for laptop in laptops]
    laptops[0].write(PLAN)

    def work(n: int) -> None:
        for turn in range(ROUNDS):
            laptops[n].answer(f"A{turn:02d}", "符合")
            laptops[n].answer(f"E{n:02d}", "不符合")
            _exchange(laptops[n], doors[n], served)

    with ThreadPoolExecutor(LAPTOPS) as pool:
        list(pool.map(work, range(LAPTOPS)))
    for _ in range(2):
        for laptop, door in zip(laptops, doors, strict=True):
            _exchange(laptop, door, served)
    everything = {id for laptop in laptops for id in laptop.acknowledged}
    assert len(everything) == 2 * LAPTOPS * ROUNDS + 1
    assert {frozenset(laptop.ids()) for laptop in laptops} == {frozenset(everything)}
    assert len({laptop.store.digest(STREAM) for laptop in laptops}) == 1
    print(f"\n{LAPTOPS} laptops, {len(everything)} events, server {served.child.memory >> 20} MiB, "
          f"{served.child.processor:.1f} s of processor")  # fmt: skip
    for laptop, door in zip(laptops, doors, strict=True):
        door.close()
        laptop.close()


class Zeros(io.RawIOBase):
    """A file of zeros that lies nowhere."""

    def __init__(self, size: int) -> None:
        self._size, self._place = size, 0

    def seek(self, place: int, whence: int = 0) -> int:
        self._place = place
        return place

    def read(self, size: int = -1) -> bytes:
        part = bytes(min(size, self._size - self._place))
        self._place += len(part)
        return part


@pytest.mark.campaign
def test_four_gigabytes_pass_through_a_server_that_stays_small(served: Served, tmp_path: Path) -> None:
    size, digest, part = 4 << 30, hashlib.sha256(), bytes(4 << 20)
    for _ in range(size // len(part)):
        digest.update(part)
    sha256 = digest.hexdigest()
    laptop = processes.laptop_at(tmp_path / "a")
    laptop.write(PLAN, Draft(STREAM, "evidence_taken", {"number": "ZJ-1"},
                             blobs=(BlobRef(sha256, "", size, "video/x-matroska", "imported"),)))  # fmt: skip
    with Door(served.address, processes.enrolled(laptop, served.address)) as door:
        _exchange(laptop, door, served)
        before = served.child.memory
        assert door.hand_in(sha256, Zeros(size), size) is not None  # type: ignore[arg-type]  # all that is asked of a file here
        assert door.receipt(sha256)
    grown = served.child.memory - before
    print(f"\n4 GiB: server {served.child.memory / 1e6:.0f} MB at the most, {grown / 1e6:.0f} MB more than before")
    assert grown < 64 << 20
    laptop.close()
