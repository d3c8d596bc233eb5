"""Writes the approved text and places of every paper: `python -m tests.papers.golden`, after looking at the pages."""

from __future__ import annotations

from inspector_app.papers.catalog import CATALOG
from tests.papers.test_paper import GOLDEN, described, pages_of

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for kind in CATALOG:
        (GOLDEN / f"{kind}.txt").write_text(described(pages_of(kind)), encoding="utf-8")
