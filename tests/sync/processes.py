"""A server and a laptop in processes of their own, so that they can be killed and measured.

The processes are forked from one that has loaded the program already: a start takes a fraction of a second.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bureau_server.office import Config, Office
from bureau_server.serve import running
from inspector_app.actions.sync import StoreReplica
from inspector_app.domain.access import Role
from inspector_app.domain.clock import SystemClock
from inspector_app.domain.event import BlobRef, Draft
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.sync.client import exchange
from inspector_app.sync.door import Address, Door
from tests.server.conftest import PASSWORD, QUICK
from tests.sync.world import STREAM, Laptop, Peer

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])

Said = tuple[Any, ...]
"""What it tells: of which kind, and what."""


class Child:
    """A process that tells what it did, line by line, until it is killed."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self._pipe, theirs = _FORKS.Pipe()
        self.process = _FORKS.Process(target=work, args=(theirs, *arguments), daemon=True)
        self.process.start()
        theirs.close()

    def said(self) -> Iterator[Said]:
        """What it tells, until it is dead."""
        with contextlib.suppress(EOFError, ConnectionResetError):
            while True:
                yield self._pipe.recv()

    def says_within(self, seconds: float) -> bool:
        """Whether it has something to tell before so many seconds have passed."""
        return self._pipe.poll(seconds)

    def kill(self) -> list[Said]:
        """End it as the power does; returns what it told before and nobody had read."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        left = list(self.said())
        self.process.join()
        self._pipe.close()
        return left

    @property
    def processor(self) -> float:
        """Seconds of processor time that it has used."""
        return processor_of(self.process.pid)

    @property
    def memory(self) -> int:
        """Bytes of its resident memory at the most so far."""
        return memory_of(self.process.pid)


def processor_of(pid: int | None) -> float:
    """Seconds of processor time that a process has used."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def forget_memory(pid: int) -> None:
    """Begin anew to watch for the largest memory of a process (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def memory_of(pid: int | None) -> int:
    """Bytes of a process's resident memory at the most so far."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0]) << 10


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a process of its own: where it is, and its key."""

    child: Child
    address: Address
    key: PublicKey


def serve(config: Config, *, quick: bool = True) -> Served:
    """Start a server; its accounts are the roles. Not `quick`: their passwords are kept as a bureau keeps them."""
    child = Child(_bureau, config, quick)
    url, root, key = next(child.said())[1]
    return Served(child, Address(url, root), PublicKey.parse(key))


def _bureau(pipe: Connection, config: Config, quick: bool) -> None:
    office = Office(config, SystemClock(), QUICK if quick else None)
    if not office.accounts.people():
        for role in Role:
            office.accounts.add(role.value, f"示例{role.label}", role, PASSWORD)
    gc.freeze()  # as `bureau-server serve` does
    with running(office) as url:
        pipe.send(("ready", (url, office.authority.certificate, office.key.public.text())))
        with contextlib.suppress(EOFError):
            pipe.recv()


def replica_of(laptop: Laptop, bureau: PublicKey) -> StoreReplica:
    keys = {bureau.name: [bureau], laptop.store.device: [laptop.store.device_key.public]}
    return StoreReplica(laptop.book, bureau, keys)


def laptop_at(folder: Path) -> Laptop:
    return Laptop(folder, "officer", Peer(None, SystemClock()))  # type: ignore[arg-type]  # who it syncs with is told later


def enrolled(laptop: Laptop, address: Address, account: str = "officer") -> str:
    """Enrol a laptop; returns the token of its session."""
    with Door(address) as door:
        door.sign_in(account, PASSWORD, "", laptop.store.device)
        door.enrol(account, laptop.store.device_key)
        return door.token


def work(pipe: Connection, folder: Path, address: Address, token: str, key: str, seed: int) -> None:
    """An officer's laptop: writes, exchanges and hands in files, and tells each thing when it is acknowledged."""
    chance, laptop, bureau = random.Random(seed), laptop_at(folder), PublicKey.parse(key)
    with Door(address, token) as door:
        pipe.send(("ready", ""))
        for turn in range(100_000):
            pipe.send(("written", laptop.write(*(_note(turn, n) for n in range(chance.randrange(1, 6))))))
            if chance.random() < 0.3:
                pipe.send(("written", [_photo(laptop, chance.randbytes(chance.randrange(1, 60_000)))]))
            try:
                if exchange(replica_of(laptop, bureau), door.post).open == ():
                    pipe.send(("exchanged", sorted(laptop.ids())))
                for sha256 in _hand_in(laptop, door):
                    pipe.send(("receipt", sha256))
            except Problem as problem:
                pipe.send(("problem", problem.code))


def _note(turn: int, n: int) -> Draft:
    return Draft(STREAM, "item_noted", {"item": f"A{n:02d}", "text": f"第{turn}句"}, "检查")


def _photo(laptop: Laptop, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    laptop.book.vault.put(io.BytesIO(content))
    ref = BlobRef(sha256, hashlib.new("sm3", content).hexdigest(), len(content), "image/jpeg", "captured")
    return laptop.write(Draft(STREAM, "evidence_taken", {"number": f"ZJ-{sha256[:6]}", "item": "A01"}, blobs=(ref,)))[0]


def _hand_in(laptop: Laptop, door: Door) -> Iterator[str]:
    """Hand in the files that have no receipt yet."""
    for ref in laptop.store.blobs(STREAM):
        if ref.sha256 not in laptop.store.receipts():
            with laptop.book.vault.open(ref.sha256, ref.size) as file:
                note = door.hand_in(ref.sha256, file, ref.size) or door.receipt(ref.sha256)
            laptop.store.keep_receipts({ref.sha256: note}, laptop.book.clock.now().at.isoformat())
            yield ref.sha256
