"""The server as a bureau runs it: the command `bureau-server serve` in a process that has loaded nothing of the tests."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bureau_server.office import Config, Office
from inspector_app.domain.access import Role
from inspector_app.domain.clock import SystemClock
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.sync.door import Address, peek
from tests import services
from tests.server.conftest import PASSWORD, QUICK
from tests.sync.processes import memory_of, processor_of


@dataclass(frozen=True, slots=True)
class Running:
    """A server's process, where it is, and its key."""

    pid: int
    address: Address
    key: PublicKey

    @property
    def processor(self) -> float:
        """Seconds of processor time that it has used."""
        return processor_of(self.pid)

    @property
    def memory(self) -> int:
        """Bytes of its resident memory at the most so far."""
        return memory_of(self.pid)


def office_of(config: Config) -> Office:
    """The bureau's parts in this process; its accounts are the roles."""
    office = Office(config, SystemClock(), QUICK)
    if not office.accounts.people():
        for role in Role:
            office.accounts.add(role.value, f"示例{role.label}", role, PASSWORD)
    return office


def on_sqlite(place: Path) -> Config:
    return Config.embedded(place)


def on_postgresql(place: Path) -> Config:
    """PostgreSQL from the wheel that the tests use, without fsync; the files lie in a folder."""
    database = services.address(services.new_database(services.template()), services.APP)
    return replace(Config.embedded(place), database=database)


@contextlib.contextmanager
def serving(config: Config) -> Iterator[Running]:
    """Run the command until the block ends."""
    office = office_of(config)
    root, key = office.authority.certificate, office.key.public
    office.engine.dispose()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = config.folder / "server.toml"
    secret = config.folder / "secret"
    plain = {"folder": str(config.folder), "database": config.database, "secret_file": str(secret), "port": port}
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in plain.items()), "utf-8")
    with (config.folder / "server.log").open("w") as log:
        child = subprocess.Popen([sys.executable, "-m", "bureau_server.main", "--config", str(file), "serve"],
                                 stdout=log, stderr=subprocess.STDOUT)  # fmt: skip
    try:
        _wait_for(child, f"https://127.0.0.1:{port}")
        yield Running(child.pid, Address(f"https://127.0.0.1:{port}", root), key)
    finally:
        child.terminate()
        child.wait()


def _wait_for(child: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < until:
        with contextlib.suppress(Problem):
            peek(url)
            return
        time.sleep(0.05)  # nothing tells when it listens but trying
    raise OSError("the server did not start")
