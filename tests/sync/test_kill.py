"""kill -9 of the laptop and of the server in the middle of an exchange: nothing acknowledged is lost, both verify."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bureau_server.filing import receipt_of
from bureau_server.office import Config, Office
from bureau_server.upkeep import faults
from inspector_app.actions.exchange import check_record
from inspector_app.domain.clock import SystemClock
from inspector_app.domain.event import Draft
from inspector_app.sync.client import exchange
from inspector_app.sync.door import Door
from tests.server.conftest import QUICK
from tests.sync import processes
from tests.sync.processes import Child, Said, Served
from tests.sync.world import STREAM


@dataclass
class Field:
    """A laptop and a server on two folders, and what each was told is safe."""

    folder: Path
    written: set[str] = field(default_factory=set)
    at_bureau: set[str] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)
    killed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.config = Config.embedded(self.folder / "bureau", port=0)
        self.server = self.serve()
        laptop = processes.laptop_at(self.folder / "laptop")
        self.token = processes.enrolled(laptop, self.server.address)
        laptop.write(Draft(STREAM, "inspection_planned", {"officers": [{"id": "officer"}], "unit_name": "示例单位"}))
        laptop.close()

    def serve(self) -> Served:
        """The server, always on one port."""
        made = processes.serve(self.config)
        self.config = replace(self.config, port=urlsplit(made.address.url).port or 0)
        return made

    def start(self, seed: int) -> Child:
        made = self.server
        return Child(processes.work, self.folder / "laptop", made.address, self.token, made.key.text(), seed)

    def hear(self, said: Said) -> str:
        kind, what = str(said[0]), said[1]
        if kind == "written":
            self.written |= set(what)
        elif kind == "exchanged":
            self.at_bureau |= set(what)
        elif kind == "receipt":
            self.receipts.add(what)
        return kind

    def kill(self, seed: int) -> None:
        """Let the laptop work, and after so many acknowledgements and so much time kill it or the server."""
        chance = random.Random(seed)
        laptop, last = self.start(seed), ""
        for count, said in enumerate(laptop.said()):
            last = self.hear(said)
            if count >= 2 + chance.randrange(12):
                break
        if laptop.says_within(chance.random() * 0.03):
            last = self.hear(next(laptop.said()))
        if seed % 2:
            self.server.child.kill()
            self.bureau_holds()
            self.server = self.serve()
            for said in laptop.said():  # the laptop notices, and goes on by itself when the server is back
                if self.hear(said) == "exchanged":
                    break
        for said in laptop.kill():
            self.hear(said)
        self.killed[f"{'server' if seed % 2 else 'laptop'} after {last}"] += 1
        self.laptop_holds()

    @contextmanager
    def office(self) -> Iterator[Office]:
        made = Office(self.config, SystemClock(), QUICK)
        yield made
        made.close()

    def bureau_holds(self) -> None:
        with self.office() as office:
            assert faults(office) == []
            assert self.at_bureau <= {entry.id for entry in office.ledger.entries(STREAM)}
            for sha256 in self.receipts:
                assert receipt_of(office, sha256) and office.blobs.is_whole(sha256)

    def laptop_holds(self) -> None:
        laptop = processes.laptop_at(self.folder / "laptop")
        laptop.store.check()
        assert self.written <= laptop.ids()
        count, broken = check_record(laptop.book, STREAM)[:2]
        assert (count, broken) == (len(laptop.ids()), "")
        before = laptop.store.digest(STREAM)
        laptop.store.rebuild()
        assert laptop.store.digest(STREAM) == before, "projections agree with the events"
        laptop.close()

    def settle(self) -> None:
        """After a last exchange both have everything and see the same."""
        laptop = processes.laptop_at(self.folder / "laptop")
        with Door(self.server.address, self.token) as door:
            assert exchange(processes.replica_of(laptop, self.server.key), door.post).open == ()
        self.server.child.kill()
        with self.office() as office:
            assert {entry.id for entry in office.ledger.entries(STREAM)} == laptop.ids() >= self.written
            assert office.ledger.rows(STREAM) == laptop.store.rows(STREAM)
        self.bureau_holds()
        laptop.close()


def kills(folder: Path, seeds: range) -> Counter[str]:
    run = Field(folder)
    for seed in seeds:
        try:
            run.kill(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
    run.settle()
    print(
        f"\nkilled: {dict(sorted(run.killed.items()))}; {len(run.written)} events, {len(run.receipts)} files acknowledged"
    )
    return run.killed


def test_twenty_kills_of_laptop_and_server_lose_nothing_acknowledged(tmp_path: Path) -> None:
    killed = kills(tmp_path, range(20))
    assert sum(n for point, n in killed.items() if point.startswith("server")) == 10
    assert sum(killed.values()) == 20


@pytest.mark.campaign
def test_two_hundred_kills(tmp_path: Path) -> None:
    """`make campaign`: ten histories of twenty kills, so that a record does not grow beyond a visit."""
    total: Counter[str] = Counter()
    for part in range(10):
        total += kills(tmp_path / str(part), range(1000 + 20 * part, 1020 + 20 * part))
    print("kill points:", dict(sorted(total.items())))
    assert sum(total.values()) == 200
