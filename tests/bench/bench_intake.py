"""How long a card of 200 photos takes, how long the window stands still meanwhile, and how fast a film is sealed.

Beside it: Pillow without its draft, and pyvips, fetched as the other peers are, making the same two small copies of each photo.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageOps
from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

from inspector_app.actions import sign_in, trial
from inspector_app.actions.intake import Taken, take_in
from inspector_app.evidence import photo
from inspector_app.evidence.photo import COPY, THUMBNAIL
from inspector_app.evidence.vault import Vault
from inspector_app.ui.run import make_app, make_window, present
from tests.bench.bench_store import camera_files
from tests.bench.peers import Missing, with_packages
from tests.office import CASE, arrive, laptop_at, office

PHOTOS = 200
FILM = 1_000_000_000


def card(folder: Path, count: int) -> list[Path]:
    """Photos of twelve million pixels that differ in their last bytes: making 200 takes longer than taking them in."""
    made = camera_files(folder, 10)
    files = []
    for number in range(count):
        files.append(folder / f"IMG_{number:04d}.JPG")
        files[-1].write_bytes(made[number % len(made)].read_bytes() + str(number).encode())
    return files


def plain(file: Path) -> None:
    """The peer: the whole picture is decoded, then made small twice."""
    with Image.open(io.BytesIO(file.read_bytes())) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        for side, quality in ((COPY, 82), (THUMBNAIL, 80)):
            upright.thumbnail((side, side))
            upright.save(io.BytesIO(), "JPEG", quality=quality)


def made_small(name: str, make: Any, files: list[Path]) -> None:
    """Two threads, as the intake has; copies only, nothing is hashed, sealed or written."""
    begin, processor = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, files))
    _tell(name, time.perf_counter() - begin, time.process_time() - processor, len(files))


def vips_made_small(files: list[Path], folder: Path) -> None:
    """pyvips in a process of its own, two threads as well."""
    try:
        python, name = with_packages(folder, "pyvips", "pyvips-binary")
    except Missing as lacking:
        print(f"intake: pyvips cannot be had: {lacking}")
        return
    script = Path(__file__).parent / "peers" / "vips_copies.py"
    command = [python, str(script), str(COPY), str(THUMBNAIL), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    spent, processor = map(float, done.stdout.split())
    _tell(name, spent, processor, len(files))


def _tell(name: str, spent: float, processor: float, files: int) -> None:
    whole = PHOTOS / files
    print(
        f"intake: copies of {PHOTOS} photos, {name:<19} {spent * whole:6.1f} s, {processor * whole:.1f} s of processor"
    )


def in_the_window(folder: Path, files: list[Path]) -> None:
    """The window takes the card in; a timer of 1 ms tells how long its loop was away."""
    app = make_app(folder / "laptop")
    laptop = laptop_at(folder / "laptop")
    window = make_window(app, laptop, trial=True)
    present(window)
    window._entered(sign_in.sign_in(laptop, "shen", trial.SECRET))
    window.desk.open("case", CASE)
    window.desk.open_stage(2)
    gaps: list[float] = []
    loop, beat, watch = QEventLoop(), QTimer(), QElapsedTimer()

    def tick() -> None:
        gaps.append(watch.nsecsElapsed() / 1e6)
        watch.restart()

    def taken(done: Any) -> None:
        window.desk.finished(done)
        QTimer.singleShot(200, loop.quit)
        result: Taken = done.value
        assert len(result.numbers) == len(files), result.refused[:3]

    beat.timeout.connect(tick)
    watch.start()
    beat.start(1)
    QTimer.singleShot(3000, loop.quit)
    loop.exec()
    idle, book = max(gaps[1:]), window.desk.book
    gaps.clear()
    begin, processor = time.perf_counter(), time.process_time()
    window.desk.run(
        "导入文件", lambda: take_in(book, CASE, files, progress=lambda n, m: window.desk.step("导入", n, m)), taken
    )
    loop.exec()
    beat.stop()
    spent, processor = time.perf_counter() - begin, time.process_time() - processor
    gaps.sort()
    print(
        f"intake: {len(files)} photos of 12 MP from a card         {spent:6.1f} s  (target 25), {processor:.1f} s of processor"
    )
    print(f"intake: longest wait of the window            {gaps[-1]:6.1f} ms (target 50), "
          f"{sum(g > 50 for g in gaps)} above 50 ms; {idle:.1f} ms when nothing goes on")  # fmt: skip
    window.close()
    window.desk.tasks.close()


def again(folder: Path, files: list[Path]) -> None:
    """The same card once more, as on the evening of a visit: everything is known, nothing is stored."""
    session = sign_in.sign_in(laptop_at(folder / "laptop"), "shen", trial.SECRET)
    begin, processor = time.perf_counter(), time.process_time()
    taken = take_in(session.book, CASE, files).value
    assert len(taken.twice) == len(files), taken.refused[:3]
    spent, processor = time.perf_counter() - begin, time.process_time() - processor
    print(f"intake: the same card once more               {spent:6.1f} s, {processor:.1f} s of processor")
    session.close()


def film(folder: Path) -> None:
    """A film of 1 GB into the vault: SHA-256, SM3, AES-256-GCM, fsync."""

    class Source:
        left = FILM
        part = os.urandom(1024 * 1024)

        def read(self, most: int, /) -> bytes:
            size = min(most, self.left, len(self.part))
            self.left -= size
            return self.part[:size]

    speeds = []
    for turn in range(3):
        vault = Vault(folder / f"vault-{turn}", bytes(32))
        begin, processor = time.perf_counter(), time.process_time()
        stored = vault.put(Source())
        speeds.append((FILM / 1e6 / (time.perf_counter() - begin), FILM / 1e6 / (time.process_time() - processor)))
        vault.discard(stored.sha256)
    wall, core = (statistics.median(each) for each in zip(*speeds, strict=True))
    print(
        f"intake: film of 1 GB hashed twice and sealed  {wall:6.0f} MB/s (target 120), {core:.0f} MB a second of processor"
    )


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        session = office(folder)
        arrive(session.book)
        session.close()
        (folder / "card").mkdir()
        files = card(folder / "card", PHOTOS)
        in_the_window(folder, files)
        again(folder, files)
        made_small("ours", photo.take_in, files[:20])
        made_small("Pillow, no draft", plain, files[:20])
        vips_made_small(files[:20], folder / "vips")
        film(folder)


if __name__ == "__main__":
    main()
