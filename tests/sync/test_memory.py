"""The command `bureau-server serve` while files come: what it grows by is two pieces on their way, however large the files are."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

from inspector_app.actions import sending
from inspector_app.domain.event import BlobRef, Draft
from inspector_app.sync.client import exchange
from inspector_app.sync.door import Door
from inspector_app.sync.wire import PIECE, TOGETHER
from tests.bench.drafts import PLAN
from tests.bench.running import on_sqlite, serving
from tests.sync import processes
from tests.sync.world import STREAM, Laptop

MOST = TOGETHER * PIECE + (6 << 20)
"""The pieces as they came, and what TLS, HTTP, threads and the database take besides; sealed pieces are never held whole."""


def add_file(laptop: Laptop, number: str, content: bytes) -> None:
    laptop.book.vault.put(io.BytesIO(content))
    ref = BlobRef(hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest(), len(content), "image/jpeg",
                  "imported")  # fmt: skip
    laptop.write(Draft(STREAM, "evidence_taken", {"number": number}, blobs=(ref,)))


def test_the_server_grows_by_the_pieces_on_their_way_and_not_by_the_files(tmp_path: Path) -> None:
    config = on_sqlite(tmp_path)
    laptop = processes.laptop_at(tmp_path / "a")
    laptop.write(Draft(STREAM, "inspection_planned", PLAN))
    with serving(config) as server, Door(server.address, processes.enrolled(laptop, server.address)) as door:
        add_file(laptop, "ZJ-0", os.urandom(1000))  # one goes ahead: what is loaded and opened once is no growth
        grown = []
        for count, size in ((0, 0), (12, 3_000_000), (2, 30_000_000)):
            for n in range(count):
                add_file(laptop, f"ZJ-{size}-{n}", os.urandom(size))
            exchange(processes.replica_of(laptop, server.key), door.post)
            processes.forget_memory(server.pid)
            before = server.memory
            assert sending.hand_in_files(laptop.book, server.key, door)[0] == (count or 1)
            grown.append(server.memory - before)
    print(f"\nmore at the most: 12 files of 3 MB {grown[1] / 1e6:.1f} MB, then 2 of 30 MB {grown[2] / 1e6:.1f} MB")
    assert max(grown[1:]) < MOST and grown[2] <= grown[1] + (1 << 20)
    laptop.close()
