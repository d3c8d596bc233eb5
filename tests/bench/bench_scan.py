"""Signed pages on photos: how fast one of 12 megapixels is read, and how many poor ones are read, by the common reader of codes
and with the patience of `evidence/faint.py`."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from inspector_app.evidence.faint import read_faint
from inspector_app.evidence.scan import codes_in, read_scan
from inspector_app.papers.render import code_on, render
from tests.camera import creased, photographed, printed, saved, spoiled
from tests.papers import sample

KIND = "onsite_record"


SEEDS = 10
POOR: dict[str, tuple[dict[str, float], dict[str, float], float]] = {
    "in fair light": ({}, {"shadow": 0.0, "noise": 3.0, "quality": 80}, 0.0),
    "in shadow, packed hard": ({}, {"shadow": 0.6, "quality": 40}, 0.0),
    "dim and grainy": ({"light": 0.3}, {"shadow": 0.2, "noise": 8.0, "quality": 70}, 0.0),
    "blurred by 1.5 pixels": ({"blur": 1.5}, {"shadow": 0.2, "noise": 4.0, "quality": 80}, 0.0),
    "blurred by 2 pixels": ({"blur": 2.0}, {"shadow": 0.2, "noise": 4.0, "quality": 80}, 0.0),
    "much askew": ({"tilt": 0.1}, {"shadow": 0.2, "noise": 4.0, "quality": 80}, 0.0),
    "creased by 2 mm": ({}, {"shadow": 0.2, "noise": 4.0, "quality": 80}, 2.0),
}
"""What is asked of `photographed` and of `spoiled`, and how deep the sheet is creased."""


def poor() -> None:
    """Photos of 5 megapixels, turned by any small angle or upside down."""
    page = printed(render(KIND, sample.CASE, sample.stamp(KIND), {}).pdf, 1)
    for name, (taken, marred, deep) in POOR.items():
        at_once = with_patience = 0
        spent = []
        for seed in range(SEEDS):
            turn = Random(seed).uniform(-12, 12) + 180 * (seed % 2)
            shot = photographed([creased(page, deep)], seed, turn=turn, size=(1944, 2592), **taken)  # type: ignore[arg-type]
            photo = spoiled(shot, seed, **marred)  # type: ignore[arg-type]
            found = len(codes_in(photo))
            start = time.perf_counter()
            patient = found or read_faint(photo.convert("L")) is not None
            spent += [] if found else [time.perf_counter() - start]
            at_once, with_patience = at_once + bool(found), with_patience + bool(patient)
        longest = f"{max(spent) * 1000:.0f} ms" if spent else "not needed"
        print(
            f"poor photo: {name:<24} read at once {at_once:2}, with patience {with_patience:2} of {SEEDS}; at most {longest}"
        )


def main() -> None:
    poor()
    pdf = render(KIND, sample.CASE, sample.stamp(KIND), {}).pdf
    photo = photographed([printed(pdf, 1, 300.0)], 1, turn=4.0, size=(3000, 4000))
    reading, straightening = [], []
    with TemporaryDirectory() as folder:
        file = saved(photo, Path(folder) / "page.jpg")
        for _ in range(7):
            start = time.perf_counter()
            scan = read_scan(file)
            read = time.perf_counter()
            (code,) = scan.codes
            assert scan.straight(code, code_on(KIND, code.text, 1).corners).by_edges
            reading.append(read - start)
            straightening.append(time.perf_counter() - read)
    for name, spent in (("read its code", reading), ("make it straight", straightening)):
        print(f"signed page: 12 MP photo, {name:<18} {statistics.median(spent) * 1000:7.1f} ms")


if __name__ == "__main__":
    main()
