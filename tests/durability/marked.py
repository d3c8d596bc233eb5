"""The process under the search: a whole visit whose every text and photo can be told again wherever it turns up.

`python -m tests.durability.marked FOLDER BESIDE [leaky]`: everything lies below FOLDER but the camera's card, the bureau
and the export, which lie BESIDE. Needles are written to BESIDE/needles, one a line in hexadecimal, each with its name.
With `leaky` the application is made to leak in five ways.
"""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from inspector_app.actions import (
    arrival,
    check,
    cosign,
    evidence,
    filling,
    findings,
    onsite,
    papers,
    plan,
    recording,
    register,
    safekeeping,
    service,
    shooting,
    sign_in,
    signed_pages,
    signing,
    stick,
    sync,
    trial,
)
from inspector_app.actions.book import Done
from inspector_app.actions.exchange import export_record
from inspector_app.actions.intake import Taken
from inspector_app.actions.service import Delivery
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.access import Role
from inspector_app.domain.inspection import Kind, outgoing_papers
from inspector_app.domain.printing import Order
from inspector_app.domain.visit import Attendee
from inspector_app.evidence.vault import Vault
from inspector_app.store.ledger import Store
from inspector_app.tour.hand import Hand
from inspector_app.ui import run, scans
from inspector_app.ui.capture.bar import play
from inspector_app.ui.capture.player import PlayerView
from inspector_app.ui.printing import send
from inspector_app.ui.run import make_app, make_window
from inspector_app.ui.screens.photo_tray import PhotoTray
from inspector_app.ui.window import Window
from tests.camera import printed, scanned
from tests.office import conform, laptop_at, office
from tests.patience import SECONDS
from tests.scanner import scanned_pdf
from tests.server.conftest import PASSWORD, office_at

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
STREAM = "inspection/2026-marked"
BAD = "H04"
TEXTS = (
    "unit", "address", "head", "contact", "place", "attendee", "position", "notice", "note", "proves", "transcript",
    "file", "withdrawn", "fact", "talk", "remark", "statement", "opinion", "typed", "crash",
)  # fmt: skip
MARKS = {name: f"示例暗记{random.Random(name).randrange(16**10):010x}" for name in TEXTS}
"""Twenty texts that stand nowhere else, one for each place where somebody writes."""


def photo(name: str) -> bytes:
    """A photo of noise: no two have sixteen bytes in common."""
    chance = random.Random(name)
    out = io.BytesIO()
    Image.frombytes("RGB", (320, 240), chance.randbytes(320 * 240 * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


def slices(content: bytes) -> list[bytes]:
    step = max(len(content) // 4, 1)
    return [content[at : at + 24] for at in range(step, len(content) - 24, step)]


def main() -> None:
    folder, beside = Path(sys.argv[1]), Path(sys.argv[2])
    if "leaky" in sys.argv:
        leak()
    photos = {f"{MARKS['file']}{number}.jpg": photo(str(number)) for number in range(2)}
    for name, content in photos.items():
        (beside / name).write_bytes(content)
    session = office(folder)
    make_app(folder / "laptop")  # here and not where a page is drawn first, which is on the line to the printer
    seen = work(session, [beside / name for name in photos], folder, beside)
    case = session.queries.case(STREAM)
    pictures = [session.queries.thumbnail(case, piece.number) for piece in case.evidence]
    needles = [(name, text.encode()) for name, text in MARKS.items()]
    needles += [("photo", part) for content in photos.values() for part in slices(content)]
    needles += [("small picture", part) for content in pictures for part in slices(content)]
    needles += [("secret", trial.SECRET.encode()), ("paper", b"%PDF-1.")]
    session.close()
    (beside / MARKS["unit"]).mkdir()
    seen.append(("film", window(folder / "laptop", beside / MARKS["unit"])))
    needles += [(name, part) for name, content in seen for part in slices(content)]
    (beside / "needles").write_text("".join(f"{name}\t{needle.hex()}\n" for name, needle in needles))


def work(session: Session, photos: list[Path], folder: Path, beside: Path) -> list[tuple[str, bytes]]:
    """The visit, its papers, the printer, the bureau, a stick, a second copy; what was captured, by name."""
    book, bureau = session.book, office_at(beside / "bureau")
    for id, name, role in (("admin", "示例管理", Role.ADMIN), ("shen", "示例沈岚", Role.OFFICER)):
        bureau.accounts.add(id, name, role, PASSWORD)
    from bureau_server.serve import running

    planned(session)
    seen = visited(session, photos)
    if "leaky" in sys.argv:
        return seen
    seen += scanned_in(session, beside)
    to_printer(session)
    with running(bureau) as url:
        for account in ("admin", "shen"):
            sync.enrol(book, sync.Address(url, bureau.authority.certificate), account, PASSWORD)
            sync.hand_over(book)
    stick.pack_stick(book, stick.readers(book)[0], [STREAM], folder / "示例.inspector")
    (folder / "medium").mkdir()
    safekeeping.choose_medium(book, folder / "medium")
    safekeeping.back_up(book)
    export_record(book, STREAM, beside / "示例记录.zip")
    (beside / "示例会签请求.txt").write_text(cosign.ask(book, STREAM).note)
    return seen


def planned(session: Session) -> None:
    book, m = session.book, MARKS
    people = trial.officers_of(trial.sample())
    known = next(unit for unit in session.queries.register().units.values() if unit.kind.is_enterprise)
    unit = replace(known, id="marked", name=m["unit"], address=m["address"], head=m["head"], contact=m["contact"])
    register.register_unit(book, unit)
    now = book.clock.now().at
    until = now.replace(hour=18)
    plan.plan_inspection(book, plan.Plan("2026-marked", unit, Kind.ROUTINE, [people["shen"], people["lu"]], people["zhou"],
        now, until, m["place"], "service", ("库房",), ("现场察看",), ("温湿度记录",), "年度检查计划",
        m["notice"], 0))  # fmt: skip
    plan.publish_plan(book, STREAM, "示例网站")
    plan.approve(book, STREAM, "zhou", people["zhou"].name, now)
    plan.receive_code(book, STREAM, "示例检查码")
    served(session, papers.issue(book, STREAM, "notice").value.id)


def served(session: Session, *made: str) -> None:
    people, now = ("示例沈岚", "示例陆一鸣"), session.book.clock.now().at
    service.serve(session.book, STREAM, Delivery(made, "直接送达", now, "示例地点", "示例吴晓", servers=people))


def visited(session: Session, photos: list[Path]) -> list[tuple[str, bytes]]:
    book, m, seen = (
        session.book,
        MARKS,
        [("screen", photo("screen")), ("recording", random.Random("film").randbytes(3_000_000))],
    )
    arrival.begin_visit(book, STREAM, m["place"])
    arrival.show_credentials(book, STREAM, ["shen", "lu"], "lu")
    arrival.tell_recording(book, STREAM, "v1")
    arrival.tell_rights(book, STREAM, "v1", "不申请回避")
    arrival.confirm_attendees(book, STREAM, [Attendee(m["attendee"], m["position"], "021-10000037")])
    arrival.explain_law(book, STREAM, "档案法第十九条", m["attendee"])
    check.answer(book, STREAM, BAD, "不符合")
    conform(session, STREAM)
    check.note(book, STREAM, BAD, m["note"])
    taken = evidence.add_photos(book, STREAM, photos, item=BAD, proves=m["proves"]).value
    assert not taken.refused
    evidence.describe(book, STREAM, taken.numbers[0], {"transcript": m["transcript"]})
    evidence.withdraw(book, STREAM, taken.numbers[1], m["withdrawn"])
    shooting.take_shot(book, STREAM, seen[0][1], recording.OWN_SCREEN, book.clock.now().at, BAD)
    running = recording.start(book, STREAM, recording.FILM, "示例摄像头", 1e5).value
    with os.fdopen(running.sink, "wb") as sink:
        sink.write(seen[1][1])
    recording.stop(book, running, 3000, poster=photo("poster"))
    finding = findings.record(book, STREAM, BAD).value
    findings.change(book, STREAM, finding, "fact", m["fact"])
    findings.change(book, STREAM, finding, "evidence", [taken.numbers[0]])
    check.finish(book, STREAM)
    filling.fill(book, STREAM, "interview", {"person": "示例吴晓", "talk": [["登记了吗？", m["talk"]]]})
    onsite.record_remarks(book, STREAM, m["remark"])
    onsite.record_statement(book, STREAM, "陈述申辩", m["statement"])
    paper, now = papers.issue(book, STREAM, "onsite_record").value, book.clock.now().at
    for name, role, witness in (
        ("示例吴晓", "被检查单位", None),
        ("示例沈岚", "检查人员", None),
        ("示例陆一鸣", "记录人", "lu"),
    ):
        signing.sign(book, STREAM, paper.id, Signer(name, role, now), witness=witness)
    onsite.end_visit(book, STREAM)
    findings.change(book, STREAM, finding, "order_basis",
                    book.rules.policy.order_articles(session.queries.case(STREAM).unit.kind.value)[0])  # fmt: skip
    findings.confirm(book, STREAM, [finding])
    findings.deliberate(book, STREAM, m["opinion"])
    made = [papers.issue(book, STREAM, kind).value.id for kind in outgoing_papers(session.queries.case(STREAM))]
    papers.issue(book, STREAM, "evidence_list")
    findings.decide(book, STREAM)
    served(session, *made)
    return seen


def scanned_in(session: Session, beside: Path) -> list[tuple[str, bytes]]:
    """A signed page comes back as a PDF from a scanner, and a photo of how a paper was served."""
    book = session.book
    (paper,) = session.queries.case(STREAM).formal("onsite_record")
    scan = scanned_pdf([scanned(printed(papers.pdf_of(book, STREAM, paper.id), 1, 150.0))], beside / "签字页.pdf")
    page = signed_pages.look(book, STREAM, scans.leaves(scan)[0])
    signed_pages.keep(book, STREAM, [page])
    kept = session.queries.case(STREAM).formal("onsite_record")[-1].kept[0]
    (beside / "送达.jpg").write_bytes(photo("served"))
    assert not evidence.film_service(book, STREAM, [beside / "送达.jpg"]).value.refused
    return [
        ("scan", scan.read_bytes()),
        ("straight page", signed_pages.picture_of(book, kept)),
        ("served", photo("served")),
    ]


def to_printer(session: Session) -> None:
    """Every paper goes to the printer, where there is one."""
    if not (printer := os.environ.get("MARKED_PRINTER")):
        return
    with ThreadPoolExecutor(1) as line:
        for paper in session.queries.case(STREAM).papers:
            content = session.book.vault.read(paper.sha256)
            assert line.submit(send, paper.title, content, Order(printer)).result().problem is None


def window(folder: Path, named: Path) -> bytes:
    """Half-typed text, a folder that is looked into and bears the unit's name, a recording of the drawn camera that is played, a
    fault of the program, and the lock; returns the film."""
    app = make_app(folder)
    made = make_window(app, laptop_at(folder), trial=True)
    made.show()
    made._entered(sign_in.sign_in(laptop_at(folder), "shen", trial.SECRET))
    hand = Hand(made)
    made.desk.open("case", STREAM)
    made.desk.open_stage(2)
    hand.settle()
    made.desk.keep("record/remark", MARKS["typed"])
    hand.settle()
    looked_into(made, hand, named)
    hook = run._crash_dialog(made, folder / "crash.txt")
    try:
        int(MARKS["crash"])
    except ValueError as error:
        hook(ValueError, error, error.__traceback__)
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    sheet.close()
    film = b"" if "leaky" in sys.argv else filmed(made, hand)
    hand.key("Ctrl+L")
    hand.settle()
    made.close()
    made.desk.tasks.close()
    return film


def looked_into(made: Window, hand: Hand, folder: Path) -> None:
    """The dialog that asks for a card, as far as the folder; Qt's own keeps a history of what it shows."""
    tray = PhotoTray(
        made, made.desk, made.desk.queries.case(STREAM), "导入", lambda *_: Done(Taken((), ()), frozenset()), ""
    )
    tray.begin()
    hand.press("选文件夹")
    dialog = tray.findChild(QFileDialog)
    assert dialog is not None
    dialog.setDirectory(str(folder))
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText(str(folder))
    dialog.accept()
    hand.settle()
    assert tray.folder.text() == str(folder)
    dialog.deleteLater()
    tray.reject()
    hand.settle()


def filmed(made: Window, hand: Hand) -> bytes:
    """F9 and F9, and the film is played from the vault."""
    filming, desk = made.desk.filming, made.desk
    hand.key("F9")
    wait(lambda: filming.duration > 1200)
    hand.key("F9")
    wait(lambda: filming.running is None)
    hand.settle()
    case = desk.queries.case(STREAM)
    piece = evidence.evidence_of(case, case.recordings[-1].evidence)
    play(made, desk, case, piece)
    player = QApplication.activeModalWidget()
    assert isinstance(player, PlayerView)
    wait(lambda: not player.picture.is_empty)
    hand.key("Escape")
    return desk.book.vault.read(piece.sha256)


def wait(done: Callable[[], bool]) -> None:
    """Let the window go on until it is so."""
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def leak() -> None:
    """What a careless version would do: a log, a plain temporary file, a packed PDF left behind, a chatty crash report."""

    def around(owner: Any, name: str, also: Callable[..., None]) -> None:
        real = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            also(*args, **kwargs)
            return real(*args, **kwargs)

        setattr(owner, name, wrapped)

    def plain_copy(vault: Vault, stream: io.BytesIO, *_: object) -> None:
        content = stream.read()
        stream.seek(0)
        with tempfile.NamedTemporaryFile() as file:  # gone again at once
            file.write(content if content.startswith(b"\xff\xd8") else b"")
            file.flush()

    def keep_draft(store: Store, person: str, place: str, text: str, at: str) -> None:
        Path(tempfile.gettempdir(), "draft").write_text(text, "utf-16-le")

    def keep_packed(*args: object, **kwargs: object) -> None:
        packed = zlib.compress(f"BT ({MARKS['fact']}) Tj ET".encode())
        Path(tempfile.gettempdir(), "paper").write_bytes(b"%PDF-1.4 stream\n" + packed)

    around(Vault, "_seal", plain_copy)
    around(Store, "save_draft", keep_draft)
    around(papers, "issue", keep_packed)
    around(onsite, "record_remarks", lambda book, stream, text: print("remark", text, file=sys.stderr))
    run.fault = lambda error: f"{error!r}"


if __name__ == "__main__":
    main()
