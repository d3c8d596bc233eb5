"""kill -9 at seeded times and at every named write step: what was acknowledged is there, and the chain holds."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from inspector_app.actions import check, sign_in, trial
from inspector_app.actions.exchange import check_record, export_record
from inspector_app.record.verify import verify
from tests.durability import worker
from tests.durability.worker import STEPS
from tests.office import CASE, at_checklist, laid_out, laptop_at
from tests.sync import processes
from tests.sync.processes import Child, Said

ROOT = Path(__file__).resolve().parents[2]
multiprocessing.set_forkserver_preload([worker.__name__, processes.__name__])


def prepared(folder: Path) -> Path:
    """A laptop whose officers stand before the checklist."""
    return laid_out(at_checklist, folder)


def survived(folder: Path, told: list[Said]) -> None:
    """Open again and look for everything that was acknowledged."""
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    book = session.book
    book.store.check()
    assert check_record(book, CASE)[1:] == ("", 0, 0)
    before = book.store.digest(CASE)
    book.store.rebuild()
    assert book.store.digest(CASE) == before, "projections agree with the events"
    case = session.queries.case(CASE)
    journal = session.queries.journal(CASE)
    answered = Counter(row.text for row in journal if row.kind == "item_answered")
    wanted = Counter(f"{key} 填“{value}”" for kind, key, value in told if kind == "answer")
    assert all(answered[text] >= number for text, number in wanted.items())
    # The act under way when it was killed may have reached the disk without being told; only then may the last differ.
    last = {key: value for kind, key, value in told if kind == "answer"}
    differing = [code for code, value in last.items() if (fact := case.item(code)) is None or fact.value != value]
    assert len(differing) <= 1
    photos = {key: value for kind, key, value in told if kind == "photo"}
    held = {piece.number: piece for piece in case.evidence}
    for number in photos:
        assert book.vault.read(held[number].sha256)
    findings = {finding.id for finding in case.findings}
    assert {key for kind, key, _ in told if kind == "finding"} <= findings
    codes = {code for code, _ in book.store.checkpoints(CASE)}
    assert {key for kind, key, _ in told if kind == "checkpoint"} <= codes
    drafts = session.book.drafts()
    last_drafts = {f"{key}/note": value for kind, key, value in told if kind == "draft"}
    assert sum(drafts.get(place) != text for place, text in last_drafts.items()) <= 1
    check.answer(book, CASE, "A01", "符合")
    (folder / "r.zip").unlink(missing_ok=True)
    export_record(book, CASE, folder / "r.zip")
    assert verify(folder / "r.zip").status == 2, "chain, signatures and files pass; code and key were not given"
    session.close()


def run_until(folder: Path, seed: int, acknowledgements: int) -> list[Said]:
    """Let the child work, kill it somewhere after so many acknowledgements, return what it told."""
    child = Child(worker.main, folder, seed)
    told = [*islice(child.said(), acknowledgements + 1)]
    told += child.kill()
    assert child.process.exitcode == -9
    return told


def run_to(folder: Path, seed: int, step: str, passing: int) -> list[Said]:
    """Let the child work until it kills itself at a passing of a step, return what it told."""
    child = Child(worker.main, folder, seed, step, passing)
    told = [*child.said()]
    child.process.join()
    assert child.process.exitcode == -9, "the step was reached"
    return told


def kills(tmp_path: Path, count: int, first: int) -> Counter[str]:
    """Kill `count` times on one laptop, going on with the same data, and look after each."""
    folder = prepared(tmp_path)
    histogram: Counter[str] = Counter()
    for seed in range(first, first + count):
        told = run_until(folder, seed, random.Random(seed).randrange(1, 60))
        assert told[0][0] == "ready"
        survived(folder, told)
        histogram[told[-1][0]] += 1
    return histogram


@pytest.mark.parametrize("half", [0, 1])
def test_ten_kills_lose_nothing_acknowledged(tmp_path: Path, half: int) -> None:
    histogram = kills(tmp_path, 10, half * 10)
    print(f"killed after: {dict(histogram)}")
    assert sum(histogram.values()) == 10


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_each_named_step_loses_nothing_acknowledged(tmp_path: Path, step: str) -> None:
    folder = prepared(tmp_path)
    survived(folder, run_to(folder, 7, step, 1 + len(step) % 3))


@pytest.mark.campaign
def test_five_hundred_kills(tmp_path: Path) -> None:
    """`make campaign`: 400 at seeded times, 100 at named steps."""
    histogram = kills(tmp_path, 400, 1000)
    for number in range(100):
        step = STEPS[number % len(STEPS)]
        folder = tmp_path / "laptop"
        survived(folder, run_to(folder, 5000 + number, step, 1 + number // len(STEPS)))
        histogram[f"step {step}"] += 1
    print("kill points:", dict(sorted(histogram.items())))
    assert sum(histogram.values()) == 500
