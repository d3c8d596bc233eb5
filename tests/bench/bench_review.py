"""Speed of the file review: all checks of one inspection, as on a laptop while it is edited."""

from __future__ import annotations

import statistics
import time

from inspector_app.review.verdict import look
from tests.review.files import RULES, clean_files


def main() -> None:
    catalogue = RULES.filecheck
    for name in ("八个问题，三种文书", "没有问题"):
        dossier = clean_files()[name]
        spent = []
        for _ in range(50):
            start = time.perf_counter()
            verdict = look(dossier, catalogue)
            spent.append(time.perf_counter() - start)
        ms = statistics.median(spent) * 1000
        print(f"review: {verdict.looked} checks, {len(dossier.prints)} papers     {ms:6.1f} ms  (target 20)  {name}")


if __name__ == "__main__":
    main()
