"""Speed of the papers: medians of the notice with 8 findings and 16 photos (cold and warm) and of a text page; and their weight."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from inspector_app.domain.casefile import CaseFile
from inspector_app.evidence.photo import take_in
from inspector_app.papers.catalog import CATALOG
from inspector_app.papers.compose import compose
from inspector_app.papers.fonts import FANG, faces
from inspector_app.papers.render import Photo, render, warm_up
from tests.office import card
from tests.papers import sample

_COLD = "from tests.bench.bench_papers import notice; print(notice())"


def _case() -> CaseFile:
    """All eight findings on one order."""
    findings = tuple(replace(f, consequence="rectify", due=sample.DAY) for f in sample.CASE.findings)
    return replace(sample.CASE, findings=findings)


def _photos() -> dict[str, Photo]:
    """Sixteen pictures of a store-room in the size of a print copy."""
    return {f"ZJ-{n:03d}": Photo.of(take_in(file).print_copy) for n, file in enumerate(card(16), 1)}


def notice() -> str:
    """Seconds and bytes of the first paper of a process."""
    photos = _photos()
    start = time.perf_counter()
    made = render("rectification", _case(), sample.stamp("rectification"), photos)
    return f"{time.perf_counter() - start:.3f} {len(made.pdf)} {made.pages}"


def _median(act: Callable[[], object], times: int = 9) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def _fresh_page(text: str) -> float:
    """Milliseconds to compose a full page of 616 characters that was never composed before."""
    return _median(lambda: compose([(text, FANG)], faces().measured, 28.0, first=2.0)) * 616 / len(text)


def _weight(kind: str) -> tuple[float, int]:
    """Kilobytes and pages of a paper of the sample inspection, without photos."""
    made = render(kind, sample.case_of(kind), sample.stamp(kind), {})
    return len(made.pdf) / 1000, made.pages


def main() -> None:
    cold = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", _COLD], capture_output=True, text=True, check=True)
        cold.append(done.stdout.split())
    first = statistics.median(float(row[0]) for row in cold) * 1000
    size, count = int(cold[0][1]) / 1e6, cold[0][2]
    print(f"papers: order, 8 findings, 16 photos, cold {first:7.1f} ms  (target 2000), {size:.2f} MB, {count} pages")
    warm_up()
    photos, stamp = _photos(), sample.stamp("rectification")
    warm = _median(lambda: render("rectification", _case(), stamp, photos))
    print(f"papers: order, 8 findings, 16 photos, warm {warm:7.1f} ms  (target 500)")
    long = replace(sample.CASE, findings=tuple(replace(f, fact=f.fact * 12) for f in sample.CASE.findings))
    pages = render("opinion", long, sample.stamp("opinion"), {}).pages
    each = _median(lambda: render("opinion", long, sample.stamp("opinion"), {})) / pages
    print(f"papers: text page, warm                    {each:7.1f} ms  (target 15), of {pages} pages")
    fresh = _fresh_page("".join(f.fact for f in sample.CASE.findings) * 20)
    print(f"papers: composing a page never seen before {fresh:7.1f} ms")
    click = _median(lambda: render("notice", sample.CASE, sample.stamp("notice"), {}))
    print(f"papers: notice of two pages, click to PDF  {click:7.1f} ms  (target 150)")
    weights = {kind: _weight(kind) for kind in CATALOG}
    for kind, (kilobytes, sheets) in sorted(weights.items(), key=lambda each: -each[1][0] / each[1][1]):
        print(f"papers: {kind:<22} {sheets:3} pages, {kilobytes / sheets:6.1f} kB each  (target 60)")
    whole, all_sheets = (sum(each) for each in zip(*weights.values(), strict=True))
    print(f"papers: all {all_sheets} pages without photos      {whole / all_sheets:7.1f} kB each  (target 60)")


if __name__ == "__main__":
    main()
