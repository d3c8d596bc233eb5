"""Peers of the exchange, each with its own server in a process of its own: PouchDB with express-pouchdb (npm), Anki (PyPI).

They, and those of the composer, are fetched into a temporary folder when a bench asks for them, and are no part of the project.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sync.processes import forget_memory, memory_of, processor_of

_HERE = Path(__file__).parent
_PACKAGES = ("pouchdb-node", "express-pouchdb", "express@4")


class Missing(Exception):
    """A peer cannot be had here."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The commands of a peer; `{folder}` and `{port}` are filled in."""

    name: str
    server: tuple[str, ...]
    client: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def measure(self, folder: Path, events: Path, count: int, photos: Path) -> dict[str, float]:
        """The figures of one new server and new clients, under the names of `bench_sync.FIGURES`."""
        found: dict[str, float] = {}
        megabytes = sum(file.stat().st_size for file in photos.iterdir()) / 1e6
        with _both(self, folder) as (pid, client):
            client.do("write", events)
            before = processor_of(pid)
            told = client.do("push")
            found["push"], found["ingest"] = told["seconds"], count / max(processor_of(pid) - before, 0.01)
            if "up" in told:
                found["up"] = told["up"] / count
            told = client.do("idle")
            found["idle"] = 1000 * told["seconds"]
            if "up" in told:
                found["quiet"] = told["up"] + told["down"]
            told = client.do("pull")
            found["pull"] = told["seconds"]
            if "down" in told:
                found["down"] = told["down"] / count
            client.do("keep", photos)
            forget_memory(pid)
            found["photos"] = megabytes / client.do("photos")["seconds"]
            found["memory"] = memory_of(pid) / 1e6
        return found


class _Client:
    """A program that does what it is told, a line at a time."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    def do(self, act: str, argument: Path | str = "") -> dict[str, float]:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{act} {argument}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, float]:
        assert self.process.stdout is not None
        told = json.loads(self.process.stdout.readline() or '{"error": "ended"}')
        if "error" in told:
            raise Missing(told["error"])
        return dict(told)


@contextlib.contextmanager
def _both(peer: Peer, folder: Path) -> Iterator[tuple[int, _Client]]:
    """Server and client, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    places = {"folder": str(folder / "server"), "port": port}
    for name in ("server", "client"):
        (folder / name).mkdir(parents=True)
    environment = {**os.environ, **{k: v.format(**places) for k, v in peer.environment.items()}}
    server = subprocess.Popen([part.format(**places) for part in peer.server], cwd=folder / "server", env=environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    children: list[subprocess.Popen[Any]] = [server]
    try:
        _wait_for(int(port))
        client = _Client([part.format(folder=folder / "client", port=port) for part in peer.client], folder)
        children.append(client.process)
        yield server.pid, client
    finally:
        for child in children:
            child.kill()
            child.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise Missing("its server did not start")


def pouchdb(folder: Path) -> Peer:
    """PouchDB over leveldb and express-pouchdb, batches of 1,000."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Missing("no node or npm here")
    folder.mkdir()
    (folder / "package.json").write_text("{}")
    _get([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", *_PACKAGES], folder)
    for name in ("pouch_server.js", "pouch_client.js"):
        shutil.copyfile(_HERE / name, folder / name)
    version = json.loads((folder / "node_modules/pouchdb-node/package.json").read_text())["version"]
    server, client = ((node, str(folder / f"pouch_{side}.js"), "{folder}", "{port}") for side in ("server", "client"))
    return Peer(f"PouchDB {version}", server, client)


def anki(folder: Path) -> Peer:
    """Anki's own library and its own sync server."""
    python, _ = with_packages(folder, "anki")
    told = subprocess.run([python, "-c", "from anki.buildinfo import version; print(version)"], capture_output=True,
                          text=True, check=True)  # fmt: skip
    return Peer(
        f"Anki {told.stdout.strip()}", (python, "-m", "anki.syncserver"),
        (python, str(_HERE / "anki_client.py"), "{folder}", "http://127.0.0.1:{port}/"),
        {"SYNC_USER1": "officer:password", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": "{port}", "SYNC_BASE": "{folder}"},
    )  # fmt: skip


def with_packages(folder: Path, *packages: str) -> tuple[str, str]:
    """A Python of its own with these packages from PyPI, and the first one's name and version. Raises Missing."""
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    _get([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], folder)
    ask = f"from importlib.metadata import version; print(version({packages[0]!r}))"
    told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
    return python, f"{packages[0]} {told.stdout.strip()}"


def _get(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(done.stderr.strip()[-200:])
