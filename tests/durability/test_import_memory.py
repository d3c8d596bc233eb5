"""What an intake keeps in memory of each file: no more than a case takes that has them and is opened."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from inspector_app.actions import intake, sign_in, trial
from tests.evidence.containers import matroska
from tests.office import CASE, arrive, laptop_at, office

FROM, TO = 32, 192
"""Files; over fewer, a module that is loaded or a cache that fills in between counts for too much."""
MOST = 310
"""KiB for a hundred files."""


@contextmanager
def traced() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def held() -> float:
    """KiB that are traced now."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / 1024


def of_the_case(folder: Path) -> float:
    """KiB that an open case takes, on a laptop that has taken nothing in since the sign-in."""
    session = sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET)
    with traced():
        session.queries.case(CASE)
        spent = held()
    session.close()
    return spent


def taken(folder: Path, card: list[Path]) -> dict[int, float]:
    """KiB held by a new laptop when so many files were taken in."""
    session = office(folder)
    arrive(session.book)
    found = dict[int, float]()

    def progress(done: int, total: int) -> bool:
        if done in (FROM, TO) and done not in found:
            found[done] = held()
        return True

    with traced():
        intake.take_in(session.book, CASE, card, progress=progress)
    assert len(session.queries.case(CASE).evidence) == len(card)
    session.close()
    return found


def measured(folder: Path) -> tuple[float, float]:
    """KiB for a hundred files: what an intake keeps, and what the open case takes of that."""
    card = [folder / f"{number:05d}.MKV" for number in range(TO + 1)]
    for number, file in enumerate(card):
        file.write_bytes(matroska(1 + number / 1000))
    taken(folder / "few", card[: FROM + 1])
    of_all = taken(folder / "all", card)
    spent = (of_the_case(folder / "few" / "laptop"), of_the_case(folder / "all" / "laptop"))
    grown, case = ((more - few) / (TO - FROM) * 100 for few, more in ((of_all[FROM], of_all[TO]), spent))
    return grown, case


def test_an_intake_keeps_no_more_of_a_file_than_the_open_case_does(tmp_path: Path) -> None:
    """In a process of its own: what other tests left in this one grows when it likes, and is traced with the rest."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        grown, case = alone.submit(measured, tmp_path).result()
    print(f"{grown:.0f} KiB more for a hundred files, of which the open case takes {case:.0f}")
    assert grown < MOST and grown < case
