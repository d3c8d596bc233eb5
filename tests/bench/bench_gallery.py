"""The gallery: how long until 500 photos are on view, and the longest the window keeps still while 2,000 are scrolled."""

from __future__ import annotations

import os
import statistics
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from inspector_app.actions.book import Book
from inspector_app.actions.laptop import Laptop
from inspector_app.actions.sign_in import Session
from inspector_app.domain.event import BlobRef, Draft
from inspector_app.domain.evidence import Evidence, search
from tests.office import CASE, arrive, card, laptop_at, office

DISTINCT = 200
"""Thumbnails of their own; the others show one of these again, each opened from the vault anew where it is not kept."""

WORDS = (
    "灭火器压力指针在红区",
    "东南角吊顶渗水，墙面有水痕",
    "温湿度记录缺 3 月 2 日至 9 日",
    "责任制文件第 1 页",
    "密集架通道堆放纸箱",
)


def fill(book: Book, count: int) -> None:
    """Evidence as an intake writes it, in batches, with thumbnails of the size that a camera's photo gives."""
    case_items = [f"E{n:02d}" for n in range(1, 12)]
    with Image.open(card(1)[0]) as opened:
        opened.thumbnail((320, 320))
        base = opened.convert("RGB")
    blobs: list[BlobRef] = []
    for n in range(DISTINCT):
        image = base.copy()
        image.paste((n, 255 - n, n // 2), (0, 0, 60, 40))
        out = BytesIO()
        image.save(out, "JPEG", quality=80)
        blobs.append(book.keep(out.getvalue(), "image/jpeg", "made"))
    now = book.clock.now().at
    for start in range(0, count, 250):
        drafts = []
        for n in range(start, min(count, start + 250)):
            small = blobs[n % DISTINCT]
            body = {
                "number": f"ZJ-B-{n + 1:04d}", "kind": "照片", "item": case_items[n % 11] if n % 7 else "",
                "original_name": f"IMG_{n:05d}.JPG", "taken_at": (now - timedelta(seconds=n)).isoformat(), "time_from": "照片信息",
                "place": "示例区南泉路81号", "maker": "示例沈岚", "maker_credential": "09120017", "proves": f"{WORDS[n % 5]}，第 {n} 处",
                "method": "数码相机现场拍摄，原始文件未经修改存入", "carrier": "相机存储卡", "present": "示例吴晓",
                "width": 4000, "height": 3000, "camera": "示例", "thumbnail": small.sha256, "copy": small.sha256,
            }  # fmt: skip
            drafts.append(Draft(CASE, "evidence_taken", body, "取证", blobs=(small,)))
        book.write(*drafts)


def opened(session: Session, folder: Path) -> None:
    """Measured in the window: opening with 500, scrolling 2,000, opening with 2,000."""
    from PySide6.QtWidgets import QApplication

    from inspector_app.tour.hand import Hand
    from inspector_app.ui.run import make_app, make_window, present
    from inspector_app.ui.screens.evidence import EvidenceStage

    app = make_app(folder)
    window = make_window(app, session_laptop(folder), trial=True)
    window.resize(1366, 768)
    present(window)
    window._entered(session)
    hand = Hand(window)
    for count in (500, 2000):
        held = len(session.queries.case(CASE).evidence)
        fill(session.book, 500 - held if count == 500 else 1500)
        spent = []
        for n in range(6):
            window.desk.open("case", CASE)
            window.desk.open_stage(1)
            hand.settle()
            stage = window.findChild(EvidenceStage)
            if stage is not None:
                stage.pictures.forget()  # as after signing in: every tile comes from the vault
                stage.gallery.model_.fill([], {})
            begin, worked = time.perf_counter(), time.thread_time()
            window.desk.open_stage(3)
            QApplication.processEvents()
            window.grab()
            shown, worked = (time.perf_counter() - begin) * 1000, (time.thread_time() - worked) * 1000
            hand.settle()
            spent.append((shown, worked, (time.perf_counter() - begin) * 1000))
            if n == 0:
                print(f"gallery: {count} photos opened the first time  {shown:7.0f} ms, {worked:.0f} ms of processor")
        wall, work, whole = (statistics.median(each) for each in zip(*spent[1:], strict=True))
        target = "  (target 300)" if count == 500 else ""
        print(f"gallery: {count} photos opened             {wall:7.0f} ms{target}, {work:.0f} ms of processor;"
              f" with every picture {whole:.0f} ms")  # fmt: skip
    stage = window.findChild(EvidenceStage)
    assert stage is not None
    scroll(stage)
    find(list(session.queries.case(CASE).evidence))
    window.close()
    window.desk.tasks.close()


def session_laptop(folder: Path) -> Laptop:
    return laptop_at(folder)


def scroll(stage: object) -> None:
    """From top to bottom and back as by a wheel, 60 steps a second; the gaps are between turns of the event loop.

    On a busy machine a gap is long because others work: what this program worked in the longest one tells which it was.
    """
    from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer

    from inspector_app.ui.screens.evidence import EvidenceStage

    assert isinstance(stage, EvidenceStage)
    stage.pictures.forget()
    bar, gaps, clock, loop = stage.gallery.verticalScrollBar(), list[float](), QElapsedTimer(), QEventLoop()
    used, whole, before = list[float](), list[float](), [time.thread_time(), time.process_time()]
    steps = [round(bar.maximum() * n / 240) for n in (*range(240), *reversed(range(240)))]
    beat, tick = QTimer(), QTimer()

    def turn() -> None:
        gaps.append(clock.nsecsElapsed() / 1e6)
        clock.restart()
        now = [time.thread_time(), time.process_time()]
        used.append((now[0] - before[0]) * 1000)
        whole.append((now[1] - before[1]) * 1000)
        before[:] = now

    def move() -> None:
        if steps:
            bar.setValue(steps.pop(0))
        else:
            loop.quit()

    beat.timeout.connect(turn)
    tick.timeout.connect(move)
    clock.start()
    beat.start(0)
    tick.start(16)
    loop.exec()
    beat.stop()
    tick.stop()
    worst = max(gaps)
    late = sum(gap > 50 for gap in gaps)
    print(f"gallery: 2000 photos scrolled, longest gap     {worst:7.1f} ms  (target 50), {late} of {len(gaps)} longer than that;"
          f" longest work between two turns {max(used):.1f} ms of processor; in that longest gap all threads worked"
          f" {whole[gaps.index(worst)]:.1f} ms")  # fmt: skip


def find(pieces: list[Evidence]) -> None:
    items = {f"E{n:02d}": "防火、防水、防潮、防光、防尘、防有害生物的设施和措施" for n in range(1, 12)}
    for words in ("渗", "渗水 E03", "示例没有这个词"):
        spent = []
        for _ in range(7):
            begin = time.perf_counter()
            found = search(pieces, words, items)
            spent.append((time.perf_counter() - begin) * 1000)
        print(f"gallery: “{words}” in 2000 pieces, {len(found)} found  {statistics.median(spent):7.1f} ms")


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory() as name:
        session = office(Path(name))
        arrive(session.book)
        opened(session, Path(name) / "laptop")


if __name__ == "__main__":
    main()
