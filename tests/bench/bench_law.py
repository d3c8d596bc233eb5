"""How long a word takes to be found in the catalogue and 100,000 passages of law, as the screen asks, beside a search
through every text."""

from __future__ import annotations

import random
import statistics
import time
import tomllib
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from inspector_app.actions import law
from inspector_app.domain.statute import Passage, Statute
from inspector_app.places import FORMS
from inspector_app.store.library import Library
from tests.office import office

COUNT, LENGTH = 100_000, 31
QUERIES = (
    "库",
    "蠹",
    "消防",
    "光盘",
    "库房",
    "温湿度",
    "责令整改",
    "档案主管部门",
    "库房 温湿度",
    "档案 销毁 鉴定",
    "没有的词",
)
DAY = date(2026, 3, 16)


def passages() -> tuple[Passage, ...]:
    """Texts made of the words of our own gists, with a rare character in twenty of them."""
    chance = random.Random(1)
    gists = [gist for path in sorted((FORMS / "laws").glob("*.toml"))
             for gist in tomllib.loads(path.read_text("utf-8"))["articles"].values()]  # fmt: skip
    words = sorted({word for gist in gists for word in gist.replace("；", "，").replace("、", "，").split("，")})
    words += ["库", "光盘", "消防", "责令整改", "库房温湿度"]
    made = []
    for number in range(COUNT):
        text = ""
        while len(text) < LENGTH:
            text += chance.choice(words) + chance.choice("，、。的和")
        made.append(Passage(f"第{number}条", "", text + ("蠹" if number % 5000 == 0 else "")))
    return tuple(made)


def main() -> None:
    with TemporaryDirectory() as name:
        session = office(Path(name))
        store, texts = session.book.store, passages()
        empty = store.path.stat().st_size
        begin = time.perf_counter()
        Library(store).keep(Statute("示例法", "", texts), "shen", "")
        took = time.perf_counter() - begin
        store.snapshot(Path(name) / "copy.db")
        size = ((Path(name) / "copy.db").stat().st_size - empty) / 1e6
        print(f"law: {COUNT:,} passages of {statistics.mean(len(p.text) for p in texts):.0f} characters taken in "
              f"{took:6.1f} s, {size:.0f} MB on the disk")  # fmt: skip
        medians = []
        for words in QUERIES:
            spent = []
            for _ in range(20):
                begin = time.perf_counter()
                hits = law.search(session.book, words, DAY)
                spent.append((time.perf_counter() - begin) * 1000)
            medians.append(statistics.median(spent))
            print(f"law: {words}  {medians[-1]:6.2f} ms, worst {max(spent):6.2f}, {len(hits)} shown")
        print(
            f"law: median of {len(QUERIES)} questions {statistics.median(medians):.2f} ms, slowest {max(medians):.2f}  (target 20)"
        )
        begin = time.perf_counter()
        with store.transaction() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM law_passage WHERE text LIKE '%库%'").scalar_one()
        print(f"law: one search through every text {(time.perf_counter() - begin) * 1000:.0f} ms")
        session.close()


if __name__ == "__main__":
    main()
