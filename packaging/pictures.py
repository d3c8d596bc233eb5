"""Copies the pictures of the manual from the last tour below out/: `make pictures`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"

# picture of the manual: theme and name of the tour's picture; its number is left open
PICTURES = {
    "today": "light/今日",
    "arrival": "light/到场",
    "checklist": "light/检查表",
    "checklist-dark": "dark/检查表",
    "import": "light/导入照片",
    "evidence": "light/取证",
    "record": "light/笔录",
    "signing": "light/登记签字",
    "decision": "light/处理-问题",
    "check": "light/处理-体检",
    "service": "light/送达",
    "journal": "light/过程记录",
    "sync": "light/局里-已回执",
    "review": "light/局里-组长看大图",
}


def finished_tour(out: Path) -> Path:
    """The folder of the last tour that came to its end. Raises LookupError when there is none."""
    ends = sorted(out.glob("*/summary.json"), key=lambda path: path.stat().st_mtime)
    if not ends:
        raise LookupError(f"no finished tour below {out}: run `inspector-app tour --out {out / 'tour'}` first")
    return ends[-1].parent


def picture(tour: Path, name: str) -> Path:
    """The tour's picture of this theme and name, the first where there are several. Raises LookupError."""
    theme, _, shown = name.partition("/")
    found = sorted((tour / "pictures" / theme).glob(f"*-{shown}.png"))
    exact = [path for path in found if path.stem.partition("-")[2] == shown]
    if not exact:
        raise LookupError(f"{tour} has no picture {name}")
    return exact[0]


def main() -> int:
    try:
        tour = finished_tour(ROOT / "out")
        for name, source in PICTURES.items():
            shutil.copyfile(picture(tour, source), TARGET / f"{name}.png")
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(PICTURES)} pictures from {tour}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
