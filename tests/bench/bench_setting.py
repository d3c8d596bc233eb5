"""Ten pages of text set by our composer, by WeasyPrint and by typst: the same words, face, grid and measure.

Every round sets another text in other characters, so that nobody lives on what was set before; processes are warm, and time is that
of the processors. The peers set title, digits and page numbers in faces of their own, as the paper has them; its head, its check and
the report for the file review are ours alone.
The peers make a plain file, and one of the kind that ours is: PDF/A-2b with tags. `python -m tests.bench.bench_setting
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

from inspector_app.domain.casefile import CaseFile
from inspector_app.papers.fonts import BUNDLED, FANG, SONG, TITLE, bundled
from inspector_app.papers.render import compose_pages, render, warm_up
from inspector_app.places import RESOURCES
from tests.bench.bench_sync import fill
from tests.bench.machine import machine
from tests.bench.peers import Missing, with_packages
from tests.papers import sample

PARAGRAPHS, ROUNDS = 17, 12
"""That make ten pages."""

_SEEN_ONCE = 8
"""Characters that one round has alone: whatever is kept of a face for the next paper holds for another set of them."""


def _cases(rounds: int) -> list[CaseFile]:
    """The sample's findings in another order for each round: the paragraphs of an opinion of ten pages."""
    shape = next(f for f in sample.CASE.findings if f.consequence == "opinion")
    facts = [f"{finding.fact}。" for finding in sample.CASE.findings]
    rare = _rare(set("".join(facts)))
    made = []
    for seed in range(rounds):
        rng = random.Random(seed)
        own = "".join(rare[seed * _SEEN_ONCE : (seed + 1) * _SEEN_ONCE])
        texts = ("".join(rng.choices(facts, k=6)) + f"第{seed}次。" + own * (n == 0) for n in range(PARAGRAPHS))
        findings = tuple(replace(shape, id=f"f{n}", fact=text) for n, text in enumerate(texts))
        made.append(replace(sample.CASE, findings=findings))
    return made


def _rare(common: set[str]) -> list[str]:
    """Ideographs of the face that the texts do not have, in no order."""
    face = bundled().face(FANG)
    found = [char for char in map(chr, range(0x4E00, 0x9FA6)) if char in face and char not in common]
    random.Random(0).shuffle(found)
    return found


def _fonts(folder: Path) -> dict[str, str]:
    """The files of the faces. Those beside the text get the height that it has, else the lines that hold digits stand higher in
    HTML and leave the grid."""
    from fontTools.ttLib import TTFont

    made = {"text": str(RESOURCES / "fonts" / BUNDLED[FANG])}
    with TTFont(made["text"]) as font:
        part = {
            name: getattr(font["hhea"], name) / font["head"].unitsPerEm for name in ("ascent", "descent", "lineGap")
        }
    for name, role in (("west", SONG), ("title", TITLE)):
        with TTFont(RESOURCES / "fonts" / BUNDLED[role], lazy=True) as font:
            hhea, metrics = font["hhea"], font["OS/2"]
            for key, value in part.items():
                setattr(hhea, key, round(value * font["head"].unitsPerEm))
            metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = (
                hhea.ascent,
                hhea.descent,
                hhea.lineGap,
            )
            metrics.usWinAscent, metrics.usWinDescent = hhea.ascent, -hhea.descent
            made[name] = str(folder / BUNDLED[role])
            font.save(made[name])
    return made


def _text(case: CaseFile) -> list[str]:
    """All that stands in the opinion, a paragraph each, the title first: what the peers set."""
    return list(compose_pages("opinion", case, sample.stamp("opinion"), {}, "shanghai", bundled()).shown.passages)


def ours(cases: Sequence[CaseFile]) -> tuple[list[float], list[float], int]:
    """Seconds for each round, for the same text again (a paper that was previewed), and pages."""
    warm_up()
    spent: list[float] = []
    again: list[float] = []
    pages = 0
    for number, case in enumerate(cases):
        for times in (spent, again):
            start = time.process_time()
            pages = render("opinion", case, sample.stamp("opinion"), {}).pages
            if number:
                times.append(time.process_time() - start)
    return spent, again, pages


def peer(python: str, name: str, file: str, job: Path) -> tuple[list[float], int, str]:
    """Seconds for each round, pages, and what made the subsets of faces where that can differ."""
    script = Path(__file__).parent / "peers" / "set_pages.py"
    done = subprocess.run([python, str(script), name, file, str(job)], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["seconds"], told["pages"], told["subset"]


def main(argv: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_setting", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="fill in this page")
    chosen = parser.parse_args(argv)
    about = machine()
    cases = _cases(ROUNDS + 1)
    rows = []
    with tempfile.TemporaryDirectory(prefix="inspector-bench-") as name:
        folder = Path(name)
        job = folder / "job.json"
        spent, again, pages = ours(cases)
        rounds = [_text(case) for case in cases]
        job.write_text(json.dumps({"rounds": rounds, "fonts": _fonts(folder)}, ensure_ascii=False), "utf-8")
        mine = statistics.median(spent) / pages * 1000
        rows.append(("inspector", mine, pages))
        rows.append(("inspector, a text that was previewed", statistics.median(again) / pages * 1000, pages))
        for package in ("weasyprint", "typst"):
            try:
                python, version = with_packages(folder / package, package)
                for file in ("plain", "archival"):
                    spent, pages, subset = peer(python, package, file, job)
                    rows.append(
                        (
                            ", ".join(filter(None, (version, subset, file))),
                            statistics.median(spent) / pages * 1000,
                            pages,
                        )
                    )
            except (Missing, OSError, subprocess.CalledProcessError) as missing:
                print(f"setting: {package} is left out: {missing}", flush=True)
    table = ["| | ms a page | pages | it to ours |", "|---|---|---|---|"]
    table += [f"| {name} | {each:.1f} | {pages} | {each / mine:.2f} |" for name, each, pages in rows]
    print(about, *table, sep="\n", flush=True)
    if chosen.write:
        fill(chosen.write, "setting", [f"Medians of {ROUNDS} rounds. {about}.", "", *table])


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
