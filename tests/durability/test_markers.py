"""Nothing of an inspection lies in the clear on the disk: all that the application wrote during a visit is searched.

The visit runs in a process of its own (`tests.durability.marked`) whose home, temporary folder and output lie below one
folder. Searched is every file there afterwards and, by the shim, every byte that was written there and taken away again:
as UTF-8, UTF-16, GB 18030 and JSON escapes, and in what zlib unpacks. The bureau lies elsewhere, and so do the export and the
request to cosign, which are made to be read by others, and the spool of the print system, which docs/manual.md names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.durability.marked import MARKS
from tests.durability.test_fsync import calls, shim
from tests.durability.test_kill import ROOT
from tests.print_service import lacking, print_system

__all__ = ["shim"]

pytestmark = pytest.mark.real

CAPTURED = {"screen", "recording", "film", "scan", "straight page", "served"}
"""What came in by other ways than a card: a capture of the screen, a recording with known bytes and one made in the window, a
signed page as a PDF and made straight, a photo of how a paper was served."""


def visit(shim: Path, folder: Path, *how: str) -> tuple[dict[str, bytes], list[tuple[str, bytes]]]:
    """What was written, by the place it was written to, and what is looked for in it."""
    root, beside = folder / "root", folder / "beside"
    for name in ("home", "tmp"):
        (root / name).mkdir(parents=True)
    beside.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "INSPECTOR"))}
    environment |= {"HOME": str(root / "home"), "TMPDIR": str(root / "tmp"), "LD_PRELOAD": str(shim), "SHIM_FOLDER": str(root),
                    "SHIM_LOG": str(beside / "log"), "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    with ExitStack() as stack:
        if not how:
            if missing := lacking():
                pytest.skip(f"not installed: {missing}")
            printer = stack.enter_context(print_system())
            printer.switch_on()
            stack.callback(printer.switch_off)
            environment |= {"CUPS_SERVER": printer.server, "MARKED_PRINTER": printer.name}
        with (root / "said").open("wb") as said:
            command = [sys.executable, "-m", "tests.durability.marked", str(root), str(beside), *how]
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=said, stderr=said, check=False)
        assert done.returncode == 0, (root / "said").read_text("utf-8", "replace")[-3000:]
        assert how or len(printer.jobs()) >= 3
    written: dict[str, bytearray] = defaultdict(bytearray)
    for call in calls((beside / "log").read_bytes()):
        if call.op == "W":
            written[f"written to {Path(call.path).relative_to(root)}"] += call.content
    found: dict[str, bytes] = {place: bytes(content) for place, content in written.items()}
    found |= {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    lines = (beside / "needles").read_text().splitlines()
    return found, [(name, bytes.fromhex(needle)) for name, _, needle in (line.partition("\t") for line in lines)]


def forms(needle: bytes) -> Iterator[bytes]:
    yield needle
    try:
        text = needle.decode()
    except UnicodeDecodeError:
        return
    for encoding in ("utf-16-le", "utf-16-be", "gb18030"):
        yield text.encode(encoding)
    yield json.dumps(text)[1:-1].encode()


def unpacked(content: bytes) -> Iterator[bytes]:
    """Whatever of it zlib can unpack, wherever it begins."""
    for head in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        at = content.find(head)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(content[at:], 1 << 24)
            at = content.find(head, at + 1)


def search(found: dict[str, bytes], needles: list[tuple[str, bytes]]) -> set[tuple[str, str]]:
    """(name of the needle, place) of everything that was found."""
    wanted = [(name, form) for name, needle in needles for form in dict.fromkeys(forms(needle))]
    return {
        (name, place)
        for place, content in found.items()
        for part in (content, *unpacked(content))
        for name, form in wanted
        if form in part
    }


def handed_out(folder: Path) -> dict[str, bytes]:
    """What somebody was given on purpose, to be read without this program: the export and a request to cosign."""
    with zipfile.ZipFile(folder / "beside" / "示例记录.zip") as package:
        found = {name: package.read(name) for name in package.namelist()}
    request = (folder / "beside" / "示例会签请求.txt").read_bytes()
    assert {name for name, _ in search({"": request}, [(n, t.encode()) for n, t in MARKS.items()])} == {"unit"}
    return found


def test_nothing_of_a_visit_lies_in_the_clear(shim: Path, tmp_path: Path) -> None:
    found, needles = visit(shim, tmp_path)
    texts = {name for name, _ in needles}
    assert (
        len(texts) == 20 + 4 + len(CAPTURED) and sum(name == "photo" for name, _ in needles) >= 6 and texts >= CAPTURED
    )
    places = " ".join(found)
    for written in ("laptop/store.db", "laptop/store.db-wal", "laptop/vault", "laptop/crash.txt", "medium/", "said",
                    "示例.inspector"):  # fmt: skip
        assert written in places, written
    assert search(found, needles) == set()
    assert {name for name, _ in search(handed_out(tmp_path), needles)} >= {
        "unit",
        "fact",
        "photo",
        "recording",
        "paper",
    }
    print(f"{sum(map(len, found.values()))} bytes in {len(found)} places searched for {len(needles)} needles")


def test_the_same_search_finds_what_a_leaky_version_leaves(shim: Path, tmp_path: Path) -> None:
    found, needles = visit(shim, tmp_path, "leaky")
    hits = search(found, needles)
    names = {name for name, _ in hits}
    assert names >= {"photo", "typed", "fact", "paper", "remark", "crash"}
    assert {"small picture", "secret", "note", "unit"}.isdisjoint(names - {"small picture"}), "and says where it is not"
    assert ("crash", "laptop/crash.txt") in hits and ("remark", "said") in hits
    assert any(name == "photo" and place.startswith("written to tmp/") for name, place in hits), "also what is gone"
