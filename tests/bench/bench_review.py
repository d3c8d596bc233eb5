"""Speed of the file review: all checks of one inspection, as on a laptop while it is edited."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from inspector_app.review.dossier import Dossier
from inspector_app.review.verdict import look
from tests.review.files import RULES, clean_files


def large(dossier: Dossier, count: int) -> Dossier:
    """The same file with so many findings, and about seven photos to each."""
    case = dossier.case
    codes = [item.code for item in case.items]
    photos = tuple(
        replace(
            case.evidence[n % len(case.evidence)], number=f"ZJ-{n:05d}", sha256=f"{n:064x}", proves=f"第{n}处所见的情况"
        )
        for n in range(count * 20 // 3)
    )
    found = tuple(
        replace(case.findings[n % len(case.findings)], id=f"f{n}", code=codes[n % len(codes)], fact=f"{n}号柜架的标识没有对应",
                evidence=(photos[2 * n].number, photos[2 * n + 1].number))
        for n in range(count)
    )  # fmt: skip
    papers = tuple(replace(p, findings=tuple(f.id for f in found)) if p.findings else p for p in case.papers)
    return replace(dossier, case=replace(case, evidence=photos, findings=found, papers=papers))


def main() -> None:
    catalogue = RULES.filecheck
    files = clean_files()
    whole = files["八个问题，三种文书"]
    for name, dossier in (
        ("八个问题，三种文书", whole), ("没有问题", files["没有问题"]), ("150 个问题，1000 张照片", large(whole, 150)),
        ("300 个问题，2000 张照片", large(whole, 300)),
    ):  # fmt: skip
        spent = []
        for _ in range(50):
            start = time.perf_counter()
            verdict = look(dossier, catalogue)
            spent.append(time.perf_counter() - start)
        ms = statistics.median(spent) * 1000
        print(f"review: {verdict.looked} checks, {len(dossier.prints)} papers     {ms:6.1f} ms  (target 20)  {name}")


if __name__ == "__main__":
    main()
