"""What an intake keeps in memory of each file: what the case knows of it, once."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

from inspector_app.actions import intake
from tests.evidence.containers import matroska
from tests.office import CASE, arrive, office

FROM, TO = 32, 80
MOST = 340
"""KiB for a hundred files."""


def test_a_hundred_more_files_take_little_memory(tmp_path: Path) -> None:
    session = office(tmp_path)
    arrive(session.book)
    card = [tmp_path / f"{number:05d}.MKV" for number in range(TO + 1)]
    for number, file in enumerate(card):
        file.write_bytes(matroska(1 + number / 1000))
    held = dict[int, int]()

    def progress(done: int, total: int) -> bool:
        if done in (FROM, TO) and done not in held:
            gc.collect()
            held[done] = tracemalloc.get_traced_memory()[0]
        return True

    tracemalloc.start()
    try:
        intake.take_in(session.book, CASE, card, progress=progress)
    finally:
        tracemalloc.stop()
    assert len(session.queries.case(CASE).evidence) == TO + 1
    grown = (held[TO] - held[FROM]) / 1024 / (TO - FROM) * 100
    print(f"{grown:.0f} KiB more for a hundred files")
    assert grown < MOST
