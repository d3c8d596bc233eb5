"""Speed of reading a signed page: a photo of 12 megapixels, from the file to the straight copy."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from inspector_app.evidence.scan import read_scan
from inspector_app.papers.render import code_on, render
from tests.camera import photographed, printed, saved
from tests.papers import sample

KIND = "onsite_record"


def main() -> None:
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
