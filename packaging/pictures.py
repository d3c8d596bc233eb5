"""Copies the pictures of the manual from the last tour below out/: `make pictures`. None is larger than 200 KB."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
LARGEST = 200_000
"""Bytes of a picture: the manual is read from a repository."""

# picture of the manual: theme and name of the tour's picture; its number is left open
PICTURES = {
    "today": "light/今日",
    "self-check": "light/准备-先看",
    "arrival": "light/到场",
    "checklist": "light/检查表",
    "checklist-dark": "dark/检查表",
    "import": "light/导入照片",
    "recording": "light/检查表-问题",
    "evidence": "light/取证",
    "marks": "light/取证-标注",
    "record": "light/笔录",
    "signing": "light/登记签字",
    "decision": "light/处理-问题",
    "check": "light/处理-体检",
    "legal": "light/法制审核-审核",
    "service": "light/送达-登记",
    "recheck": "light/复查-前后对比",
    "journal": "light/过程记录",
    "sync": "light/局里-已回执",
    "review": "light/局里-组长看大图",
    "publicity": "light/公示",
    "statistics": "light/统计",
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


def small(path: Path) -> bytes:
    """A picture with as many of its colours as the size allows, smaller where 128 are too many. Raises ValueError."""
    with Image.open(path) as held:
        whole = held.convert("RGB")
    for part, colours in ((1.0, 256), (1.0, 128), (0.75, 256), (0.75, 128), (0.5, 256), (0.5, 128)):
        picture = whole if part == 1 else whole.resize((round(whole.width * part), round(whole.height * part)))
        made = io.BytesIO()
        # a badge keeps its colour
        few = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(made, "PNG", optimize=True)
        if made.tell() <= LARGEST:
            return made.getvalue()
    raise ValueError(f"{path} stays above {LARGEST} bytes")


def main() -> int:
    try:
        tour = finished_tour(ROOT / "out")
        for name, source in PICTURES.items():
            (TARGET / f"{name}.png").write_bytes(small(picture(tour, source)))
    except (LookupError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(PICTURES)} pictures from {tour}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
