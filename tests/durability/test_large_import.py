"""A card with ten thousand files, and a film of four gigabytes: taken in with little memory, stopped and gone on with."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inspector_app.actions import sign_in, trial
from tests.durability.test_filming import prepared
from tests.evidence.containers import box, matroska
from tests.office import CASE, laptop_at

ROOT = Path(__file__).resolve().parents[2]
FILES, PHOTOS, STOP = 10_000, 1_000, 4_000
"""Files on the card, how many of them are photos (three files in the vault each), and before which it is stopped."""

pytestmark = [pytest.mark.campaign, pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")]


def taken(folder: Path, source: Path, stop: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What the child told on its way, and at the end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.importer", str(folder), str(source), str(stop)], cwd=ROOT, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    *way, end = map(json.loads, done.stdout.splitlines())
    return way, end


def fill(card: Path) -> None:
    """Small files, each with bytes of its own, in folders as a recorder has them."""
    for number in range(FILES):
        folder = card / "DCIM" / f"{number // 500:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        if number % (FILES // PHOTOS) == 0:
            out = io.BytesIO()
            Image.new("RGB", (64, 48), (number % 251, number // 251, 90)).save(out, "PNG")
            (folder / f"{number:05d}.PNG").write_bytes(out.getvalue())
        else:
            (folder / f"{number:05d}.MKV").write_bytes(matroska(1 + number / 1000))


def test_ten_thousand_files_are_taken_in_stopped_and_gone_on_with(tmp_path: Path) -> None:
    folder, card = prepared(tmp_path), tmp_path / "card"
    fill(card)
    first, stopped = taken(folder, card, STOP)
    assert (stopped["kept"], stopped["twice"], stopped["refused"]) == (STOP, 0, 0)
    second, end = taken(folder, card)
    assert (end["kept"], end["twice"], end["refused"]) == (FILES - STOP, STOP, 0), (
        "goes on, and nothing is stored again"
    )
    for way, last in ((first, STOP), (second, FILES)):
        counts = [step["done"] for step in way]
        assert counts == list(range(0, last + 1, 500)) and {step["total"] for step in way} == {FILES}
    new = [step["memory"] for step in second if step["done"] > STOP]
    grown = (new[-1] - new[0]) / (FILES - STOP) * 1000 / 1024
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    pieces = session.queries.case(CASE).evidence
    session.close()
    assert len(pieces) == FILES == len({piece.number for piece in pieces}) == len({piece.sha256 for piece in pieces})
    print(f"\n{FILES} files: {stopped['seconds']} s for {STOP}, {end['seconds']} s for the rest; peak {end['peak'] // 1024} MiB,"
          f" {grown:.1f} MiB more a thousand files")  # fmt: skip
    assert grown < 20, "what a case knows of a piece, and nothing of its bytes"


def test_a_film_of_four_gigabytes_needs_a_hundred_megabytes_at_most(tmp_path: Path) -> None:
    folder, card = prepared(tmp_path), tmp_path / "card"
    card.mkdir()
    size = 4 << 30
    head = box(b"ftyp", b"isom", b"\0" * 4) + box(
        b"moov", box(b"mvhd", b"\0" * 4, b"\0" * 8 + b"\0\0\3\xe8\0\0\3\xe8", b"\0" * 80)
    )
    with (card / "LONG.MP4").open("wb") as film:
        film.write(head + (1).to_bytes(4, "big") + b"mdat" + (size - len(head)).to_bytes(8, "big"))
        film.truncate(size)
    assert (card / "LONG.MP4").stat().st_blocks * 512 < 1 << 20, "the file has holes; the vault's copy has none"
    _, end = taken(folder, card)
    assert (end["kept"], end["refused"]) == (1, 0)
    more = (end["peak"] - end["before"]) / 1024
    print(f"\n4 GiB in {end['seconds']} s, {size / 1e6 / end['seconds']:.0f} MB/s; {more:.0f} MiB above the {end['before'] // 1024}"
          f" MiB that the program had before")  # fmt: skip
    assert more < 100
