"""Three laptops and a bureau under everything that can go wrong between them: nothing acknowledged is lost.

The real stores, ledger and exchange; only the wire is a function, so that it can lose, cut, repeat and reorder.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

import pytest

from inspector_app.domain.event import Draft
from inspector_app.sync.client import exchange
from tests.sync.world import STREAM, Bureau, Laptop, settle

RUNS = 300
FAULTS: Counter[str] = Counter()
OTHER = "inspection/2026-02"


class Lost(OSError):
    """The message or its answer did not get through."""


class Wire:
    """Carries messages to the bureau, badly. Old messages may come again, late."""

    def __init__(self, bureau: Bureau, chance: random.Random) -> None:
        self.bureau, self.chance = bureau, chance
        self.old: list[bytes] = []

    def post(self, message: bytes) -> bytes:
        fate = self.chance.choice(("through",) * 5 + ("lost request", "lost reply", "twice", "late one first"))
        FAULTS[fate] += 1
        self.old.append(message)
        if fate == "lost request":
            raise Lost(fate)
        if fate == "late one first":
            self.bureau.answer(self.chance.choice(self.old))
        answer = self.bureau.answer(message)
        if fate == "twice":
            answer = self.bureau.answer(message)
        if fate == "lost reply":
            raise Lost(fate)
        return answer


class Run:
    """One random history; `acknowledged` is what somebody was told is saved."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.bureau = Bureau(folder / "bureau")
        self.laptops = [Laptop(folder / name, name, self.bureau) for name in "abc"]
        self.wire = Wire(self.bureau, chance)
        self.images: dict[str, Path] = {}
        self.server_copy: Path | None = None
        self.excused: set[str] = set()

    def step(self) -> None:
        act = self.chance.choice((self.write,) * 6 + (self.sync,) * 6 + (self.image, self.copy, self.roll_back,
                                  self.restore, self.hand_to_colleague, self.move_clock))  # fmt: skip
        act()

    def write(self) -> None:
        laptop, stream = self.chance.choice(self.laptops), self.chance.choice((STREAM, STREAM, OTHER))
        item = self.chance.choice(("A01", "A02", "E03"))
        kind, body = self.chance.choice(
            (("item_answered", {"item": item, "value": self.chance.choice(("符合", "不符合", "基本符合"))}),
             ("item_noted", {"item": item, "text": f"第{self.chance.randrange(99)}句"}),
             ("remark_recorded", {"text": f"第{self.chance.randrange(99)}句"}),
             ("of_a_later_version", {"x": 1}), ("item_answered", {"wrong": "body"}))
        )  # fmt: skip
        laptop.write(*(Draft(stream, kind, body) for _ in range(self.chance.choice((1, 1, 3)))))

    def sync(self) -> None:
        laptop = self.chance.choice(self.laptops)
        stop = self.chance.random() < 0.2
        try:
            exchange(laptop.replica(), self.wire.post, lambda sent, received: not stop)
        except Lost:
            return

    def image(self) -> None:
        laptop = self.chance.choice(self.laptops)
        FAULTS["image taken"] += 1
        self.images[laptop.person] = self.folder / f"{laptop.person}.image"
        laptop.copy_to(self.images[laptop.person])

    def roll_back(self) -> None:
        """An old image is put back. What was on that laptop alone is gone with its disk; all else must come back."""
        laptop = self.chance.choice(self.laptops)
        if laptop.person not in self.images:
            return
        FAULTS["image put back"] += 1
        gone = self.all_of(laptop)
        laptop.put_back(self.images[laptop.person])
        elsewhere = self.server_ids() | {id for other in self.laptops for id in self.all_of(other)}
        self.excused |= gone - elsewhere

    def copy(self) -> None:
        FAULTS["server copied"] += 1
        self.server_copy = self.folder / "server.copy"
        self.bureau.copy_to(self.server_copy)

    def restore(self) -> None:
        if self.server_copy is None:
            return
        FAULTS["server restored"] += 1
        before = self.server_ids()
        self.bureau.put_back(self.server_copy)
        elsewhere = self.server_ids() | {id for laptop in self.laptops for id in self.all_of(laptop)}
        self.excused |= before - elsewhere

    def hand_to_colleague(self) -> None:
        """Two laptops without a server: one gives the other what it has."""
        giver, taker = self.chance.sample(self.laptops, 2)
        FAULTS["colleague"] += 1
        for stream in (STREAM, OTHER):
            if giver.store.heads(stream):
                giver.store.fix_checkpoint(stream)
            lines = [entry.line for entry in giver.store.entries(stream)]
            taker.store.receive(lines, notes=[note for _, note in giver.store.checkpoints(stream)])

    def move_clock(self) -> None:
        FAULTS["clock moved"] += 1
        from datetime import timedelta

        self.bureau.clock.skip(timedelta(days=self.chance.choice((-365, 3650, 1))))

    def all_of(self, laptop: Laptop) -> set[str]:
        return laptop.ids(STREAM) | laptop.ids(OTHER)

    def server_ids(self) -> set[str]:
        return {e.id for stream in (STREAM, OTHER) for e in self.bureau.ledger.entries(stream)}

    def end(self) -> None:
        """After a quiet while everybody has everything, and all see the same."""
        settle(self.laptops)
        acknowledged = {id for laptop in self.laptops for id in laptop.acknowledged} - self.excused
        server = self.server_ids()
        assert acknowledged <= server
        self.bureau.ledger.refresh()
        for stream in (STREAM, OTHER):
            digests = {laptop.store.digest(stream) for laptop in self.laptops}
            assert len(digests) == 1
            assert {frozenset(laptop.ids(stream)) for laptop in self.laptops} == {
                frozenset(e.id for e in self.bureau.ledger.entries(stream))
            }
            assert self.bureau.ledger.rows(stream) == self.laptops[0].store.rows(stream)
        for laptop in self.laptops:
            assert laptop.sync().rounds == 1

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.close()
        self.bureau.close()


def play(seed: int) -> None:
    folder = Path(mkdtemp(prefix="inspector-machine-"))
    run = Run(folder, random.Random(seed))
    try:
        for _ in range(run.chance.randrange(5, 30)):
            run.step()
        run.end()
    finally:
        run.close()
        shutil.rmtree(folder)


def play_all(seeds: range) -> None:
    """Play many; a failure names its seed."""
    FAULTS.clear()
    for seed in seeds:
        try:
            play(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
    print(f"\nfaults in {len(seeds)} runs from seed {seeds.start}: {dict(sorted(FAULTS.items()))}")
    named = ("lost request", "lost reply", "twice", "image put back", "server restored")
    assert min(FAULTS[name] for name in named) > 0


@pytest.mark.parametrize("part", range(2))
def test_nothing_acknowledged_is_lost(part: int) -> None:
    """Half of the runs each, so that two workers share them."""
    play_all(range(part, RUNS, 2))


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(40))
def test_nothing_acknowledged_is_lost_in_twenty_thousand_runs(part: int) -> None:
    """Five hundred runs each, so that they can be run in pieces: `-k "twenty_thousand_runs and 17"`."""
    play_all(range(1000 + 500 * part, 1500 + 500 * part))
