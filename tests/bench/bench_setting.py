"""Ten pages of text set by our composer, by WeasyPrint and by typst, in turns: the same paragraphs, face, grid and measure.

Every round sets another text, so that nobody lives on what was set before; processes are warm. `python -m tests.bench.bench_setting
--write docs/benchmarks.md` fills in the table.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from inspector_app.papers.render import render, warm_up
from inspector_app.places import RESOURCES
from tests.bench.bench_sync import fill, machine
from tests.bench.peers import Missing, with_packages
from tests.papers import sample

PAGES, ROUNDS = 10, 12
_FONT = RESOURCES / "fonts" / "FandolFang.ttf"


def _texts(rounds: int) -> list[list[str]]:
    """Paragraphs of the sample's findings in another order for each round, about ten pages of them."""
    facts = [f"{finding.fact}。" for finding in sample.CASE.findings]
    made = []
    for seed in range(rounds):
        rng = random.Random(seed)
        made.append(["".join(rng.choices(facts, k=6)) + f"第{seed}次。" for _ in range(22)])
    return made


def ours(rounds: Sequence[Sequence[str]]) -> tuple[list[float], int]:
    """Seconds for each round, and pages; the paragraphs are the findings of an opinion."""
    warm_up()
    shape = next(f for f in sample.CASE.findings if f.consequence == "opinion")
    spent, pages = [], 0
    for number, paragraphs in enumerate(rounds):
        findings = tuple(replace(shape, id=f"f{n}", fact=text) for n, text in enumerate(paragraphs))
        case = replace(sample.CASE, findings=findings)
        start = time.perf_counter()
        pages = render("opinion", case, sample.stamp("opinion"), {}).pages
        if number:
            spent.append(time.perf_counter() - start)
    return spent, pages


def peer(python: str, name: str, job: Path) -> tuple[list[float], int]:
    script = Path(__file__).parent / "peers" / "set_pages.py"
    done = subprocess.run([python, str(script), name, str(job)], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["seconds"], told["pages"]


def main(argv: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_setting", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="fill in this page")
    chosen = parser.parse_args(argv)
    about = machine()
    rounds = _texts(ROUNDS + 1)
    rows = []
    with tempfile.TemporaryDirectory(prefix="inspector-bench-") as name:
        folder = Path(name)
        job = folder / "job.json"
        job.write_text(json.dumps({"rounds": rounds, "font": str(_FONT)}, ensure_ascii=False), "utf-8")
        spent, pages = ours(rounds)
        mine = statistics.median(spent) / pages * 1000
        rows.append(("inspector", mine, pages))
        for package in ("weasyprint", "typst"):
            try:
                python, version = with_packages(folder / package, package)
                spent, pages = peer(python, package, job)
            except (Missing, OSError, subprocess.CalledProcessError) as missing:
                print(f"setting: {package} is left out: {missing}", flush=True)
                continue
            rows.append((version, statistics.median(spent) / pages * 1000, pages))
    table = ["| | ms a page | pages | ours to it |", "|---|---|---|---|"]
    table += [f"| {name} | {each:.1f} | {pages} | {mine / each:.2f} |" for name, each, pages in rows]
    print(about, *table, sep="\n", flush=True)
    if chosen.write:
        fill(chosen.write, "setting", [f"Medians of {ROUNDS} rounds. {about}.", "", *table])


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
