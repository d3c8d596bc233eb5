"""How long an answer takes until it is on the disk, and a photo until it is in the record; beside a plain SQLite."""

from __future__ import annotations

import io
import sqlite3
import statistics
import time
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from inspector_app.actions import check, evidence
from tests.office import CASE, arrive, office


def camera_files(folder: Path, count: int, quality: int = 88) -> list[Path]:
    """Photos of twelve million pixels, as a phone or camera writes them: about 5 MB each, at 72 about 3 MB."""
    files = []
    for number in range(count):
        grain = Image.effect_noise((1000, 750), 60).resize((4000, 3000), Image.Resampling.BICUBIC)
        image = Image.merge("RGB", (grain, grain.rotate(180), grain))
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = datetime(2026, 3, 16, 10, number).strftime("%Y:%m:%d %H:%M:%S")
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, exif=exif)
        files.append(folder / f"DSC_{quality}{number:02d}.JPG")
        files[-1].write_bytes(out.getvalue())
    return files


def plain_commits(folder: Path, count: int) -> list[float]:
    """The peer: one row and one commit in SQLite without encryption, chain or projection, equally durable."""
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE answer (item TEXT, value TEXT)")
    spent = []
    for number in range(count):
        begin = time.perf_counter()
        connection.execute("INSERT INTO answer VALUES (?, ?)", (f"A{number}", "符合"))
        spent.append((time.perf_counter() - begin) * 1000)
    connection.close()
    return spent


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        session = office(folder)
        arrive(session.book)
        codes = [item.code for item in session.queries.case(CASE).items]
        spent = []
        for turn in range(10):
            for code in codes:
                begin = time.perf_counter()
                check.answer(session.book, CASE, code, ("符合", "基本符合")[turn % 2])
                spent.append((time.perf_counter() - begin) * 1000)
        spent.sort()
        plain = statistics.median(plain_commits(folder, 500))
        p50, p99 = statistics.median(spent), spent[int(len(spent) * 0.99)]
        print(
            f"answer: until on the disk  median {p50:5.1f} ms, p99 {p99:5.1f} ms  (target p99 5), {len(spent)} answers"
        )
        print(f"answer: plain SQLite commit on the same disk {plain:5.2f} ms, ratio {p50 / plain:4.1f}")
        for quality in (72, 88):
            files = camera_files(folder, 24, quality)
            size = statistics.mean(f.stat().st_size for f in files) / 1e6
            begin = time.perf_counter()
            taken = evidence.add_photos(session.book, CASE, files).value
            each = (time.perf_counter() - begin) * 1000 / len(taken.numbers)
            print(
                f"photo: intake of 12 MP, {size:.1f} MB            {each:7.1f} ms each  (target 100), {len(taken.numbers)} photos"
            )
        begin = time.perf_counter()
        session.queries.case(CASE)
        print(f"case: read with 48 photos and 107 answers  {(time.perf_counter() - begin) * 1000:7.1f} ms")
        session.close()


if __name__ == "__main__":
    main()
