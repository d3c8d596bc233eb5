"""What a power cut leaves: writes that were never synced are dropped, and nothing acknowledged is among them.

A small library in front of libc writes down every write, sync, truncation, renaming and removal below the laptop's
folder. From that list the state of the disk at every acknowledgement is built anew, once with only what was synced
and once with a random part of the rest, as a disk may have written it.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from inspector_app.actions import sign_in, trial
from inspector_app.actions.exchange import check_record
from tests.durability.test_kill import ROOT, prepared
from tests.office import CASE, laptop_at


@dataclass(frozen=True)
class Call:
    """One call to the kernel: W write, S sync, T truncate, R rename, U unlink."""

    op: str
    path: str
    offset: int
    content: bytes


def calls(log: bytes) -> Iterator[Call]:
    at = 0
    while at < len(log):
        end = log.index(b"\n", at)
        op, offset, count, path = log[at:end].decode().split(" ", 3)
        size = int(count) if op in "WR" else 0
        yield Call(op, path, int(offset), log[end + 1 : end + 1 + size])
        at = end + 1 + size


@dataclass
class Disk:
    """Files as they are after a power cut: what was synced, and of the rest what chance has written."""

    durable: dict[str, bytearray]
    pending: dict[str, list[Call]] = field(default_factory=dict)

    def take(self, call: Call) -> None:
        if call.op == "S":
            for waiting in self.pending.pop(call.path, []):
                self._do(waiting)
        elif call.op == "R":
            # A new name lasts at the latest with the sync of its folder, which the vault asks for; before it the
            # file is only missing, and no event names it yet.
            target = call.content.decode()
            self.durable[target] = self.durable.pop(call.path, bytearray())
            self.pending[target] = self.pending.pop(call.path, [])
        elif call.op == "U":
            self.durable.pop(call.path, None)
            self.pending.pop(call.path, None)
        else:
            self.pending.setdefault(call.path, []).append(call)

    def _do(self, call: Call) -> None:
        file = self.durable.setdefault(call.path, bytearray())
        if call.op == "T":
            del file[call.offset :]
            file.extend(bytes(call.offset - len(file)))
        else:
            if len(file) < call.offset:
                file.extend(bytes(call.offset - len(file)))
            file[call.offset : call.offset + len(call.content)] = call.content

    def lay_out(self, source: Path, target: Path, chance: random.Random | None) -> None:
        """Write the folder `source` as the power cut left it to `target`."""
        files = {path: bytearray(content) for path, content in self.durable.items()}
        if chance is not None:
            torn = Disk(files)
            for waiting in self.pending.values():
                for call in waiting:
                    if chance.random() < 0.5:
                        torn._do(call)
        for path, content in files.items():
            place = target / Path(path).relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler")
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(Path(__file__).with_name("shim.c"))], check=True
    )
    return library


@pytest.fixture(scope="module")
def recorded(shim: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytearray], list[Call]]:
    """The folder before, and every call of a process that answered 24 items and took in 3 photos."""
    folder = prepared(tmp_path_factory.mktemp("laptop"))
    before = {str(p): bytearray(p.read_bytes()) for p in folder.rglob("*") if p.is_file() and p.name != "reserve"}
    log = folder.parent / "log"
    environment = {**os.environ, "LD_PRELOAD": str(shim), "SHIM_LOG": str(log), "SHIM_FOLDER": str(folder)}
    subprocess.run([sys.executable, "-m", "tests.durability.acker", str(folder)], cwd=ROOT, env=environment, check=True)
    return folder, before, list(calls(log.read_bytes()))


def test_every_acknowledgement_has_a_sync_between_write_and_word(recorded: tuple[Path, object, list[Call]]) -> None:
    """Counted: after the last write of an answer to the database's log comes a sync of it, then the word."""
    _, _, listed = recorded
    answers = unsynced = syncs = 0
    for call in listed:
        if call.path.endswith("/told"):
            if call.content.startswith(b"answer"):
                answers += 1
                assert not unsynced, "a write to the database was acknowledged before it was synced"
                assert syncs >= 1
            if call.op == "W":
                syncs = 0
        elif call.path.endswith(("store.db-wal", "store.db")):
            unsynced = 0 if call.op == "S" else unsynced + 1
            syncs += call.op == "S"
    assert answers == 24


@pytest.mark.parametrize("torn", [False, True])
def test_dropping_unsynced_writes_loses_nothing_acknowledged(
    recorded: tuple[Path, dict[str, bytearray], list[Call]], tmp_path: Path, torn: bool
) -> None:
    folder, before, listed = recorded
    disk = Disk({path: bytearray(content) for path, content in before.items()})
    chance = random.Random(9)
    told: list[str] = []
    checked = 0
    for call in listed:
        if call.path.endswith("/told"):
            told += call.content.decode().splitlines() if call.op == "W" else []
            if chance.random() < 0.2:
                checked += 1
                target = tmp_path / f"cut{checked}"
                disk.lay_out(folder, target, chance if torn else None)
                survived(target, told)
                shutil.rmtree(target)
            continue
        disk.take(call)
    assert checked >= 5


def survived(folder: Path, told: list[str]) -> None:
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    session.book.store.check()
    assert check_record(session.book, CASE)[1] == ""
    case = session.queries.case(CASE)
    answered = {item.code for item in case.items if item.value}
    assert {line.split()[1] for line in told if line.startswith("answer")} <= answered
    for line in told:
        if line.startswith("photo"):
            piece = next(p for p in case.evidence if p.number == line.split()[1])
            assert session.book.vault.read(piece.sha256)
    session.close()
