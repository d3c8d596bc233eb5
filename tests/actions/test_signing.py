"""Signing on the screen: off unless policy says otherwise, kept as data, bound to one document and one record."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from inspector_app.actions import papers, signing
from inspector_app.actions.exchange import export_record
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.drawing import Drawing, Point, Stroke
from inspector_app.domain.event import Draft
from inspector_app.domain.paper import Issued, Signature
from inspector_app.record.canonical import decode, encode
from inspector_app.record.strokes import bind, check_strokes
from inspector_app.record.verify import FAIL, PASS, verify
from tests.office import CASE, card, copied, refused, unsigned

DRAWN = Drawing(760, 440, (
    Stroke("pen", (Point(1000, 2000, 310, 0), Point(4000, 5000, 720, 24), Point(9000, 2500, 90, 51))),
    Stroke("pen", (Point(3000, 8000, 400, 380),)),
))  # fmt: skip


def switch_on(session: Session) -> None:
    rules = session.book.rules
    rules.__dict__["policy"] = replace(rules.policy, electronic=True)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    session = copied(unsigned, tmp_path)
    yield session
    session.close()


@pytest.fixture
def made(session: Session) -> Issued:
    """The record on site, formally made and not signed."""
    paper = session.queries.case(CASE).paper("onsite_record")
    assert paper is not None
    return paper


def unit(session: Session, reason: str = "") -> Signer:
    return Signer("示例吴晓", "被检查单位", session.book.clock.now().at, reason, "示例见证" if reason else "")


def every_page(made: Issued) -> range:
    return range(1, made.pages + 1)


def signed(session: Session, made: Issued) -> Signature:
    return papers.paper_of(session.queries.case(CASE), made.id).signatures[-1]


def test_paper_is_the_default(session: Session, made: Issued) -> None:
    book = session.book
    for held in ({"strokes": DRAWN, "pages": every_page(made)}, {"fingerprint": card(1)[0]}):
        refused("electronic_off", lambda held=held: signing.sign(book, CASE, made.id, unit(session), **held))  # type: ignore[misc]
    signing.sign(book, CASE, made.id, unit(session))
    mark = signed(session, made)
    assert (mark.strokes, mark.fingerprint, mark.pages, mark.pdf) == ("", "", (), made.sha256)


def test_strokes_are_kept_as_data_and_bound(session: Session, made: Issued) -> None:
    switch_on(session)
    book, heads = session.book, dict(session.book.store.heads(CASE))
    done = signing.sign(book, CASE, made.id, unit(session), strokes=DRAWN, pages=every_page(made))
    event, mark = done.events[0], signed(session, made)
    assert session.queries.words(event) == "签字：示例吴晓，电子签名"
    assert event.body["strokes"] == mark.strokes and event.body["pdf"] == made.sha256
    assert [(b.sha256, b.mime, b.origin) for b in event.blobs] == [(mark.strokes, "application/json", "captured")]
    assert mark.pages == tuple(every_page(made))
    content = book.vault.read(mark.strokes)
    bound = check_strokes(content, mark)
    assert bound.drawing == DRAWN == signing.drawing_of(book, mark)
    assert bound.checkpoint.heads == heads, "the record as it was before the signature"
    assert bound.checkpoint.signed_by([book.store.device_key.public]) is not None
    assert json.loads(content)["pdf"] == made.sha256 == hashlib.sha256(papers.pdf_of(book, CASE, made.id)).hexdigest()


def test_strokes_do_for_no_other_document(session: Session, made: Issued) -> None:
    switch_on(session)
    book = session.book
    signing.sign(book, CASE, made.id, unit(session), strokes=DRAWN, pages=every_page(made))
    mark, other = signed(session, made), papers.issue(book, CASE, "evidence_list").value
    content = book.vault.read(mark.strokes)
    for change, why in (
        ({"pdf": other.sha256}, "另一份文书"), ({"name": "示例陆一鸣"}, "签字人"), ({"role": "见证人"}, "签字人"),
        ({"at": mark.at + timedelta(seconds=1)}, "时间"), ({"pages": (1,) * 40}, "页码"), ({"strokes": "0" * 64}, "变了"),
    ):  # fmt: skip
        stolen = replace(mark, **change)
        with pytest.raises(ValueError, match=why):
            check_strokes(content, stolen)
    told = refused("strokes_foreign", lambda: signing.drawing_of(book, replace(mark, pdf=other.sha256)))
    assert "另一份文书" in str(told)


def test_a_changed_stroke_changes_the_digest(session: Session, made: Issued) -> None:
    point = session.book.store.fix_checkpoint(CASE)
    at = session.book.clock.now().at
    first = DRAWN.strokes[0]
    moved = replace(first, points=(first.points[0]._replace(x=1001), *first.points[1:]))
    harder = replace(first, points=(*first.points[:2], first.points[2]._replace(pressure=91)))
    changed = [replace(DRAWN, strokes=(stroke, DRAWN.strokes[1])) for stroke in (first, moved, harder)]
    drawings = [*changed, replace(DRAWN, strokes=DRAWN.strokes[:1]), replace(DRAWN, width=761)]
    files = [bind(drawing, made.sha256, point, "示例吴晓", "被检查单位", at, (1,)) for drawing in drawings]
    assert len({hashlib.sha256(file).hexdigest() for file in files}) == len(files)
    mark = Signature(
        "示例吴晓", "被检查单位", at, pdf=made.sha256, pages=(1,), strokes=hashlib.sha256(files[0]).hexdigest()
    )
    assert check_strokes(files[0], mark).drawing == DRAWN
    for file in files[1:]:
        with pytest.raises(ValueError, match="变了"):
            check_strokes(file, mark)


@pytest.mark.parametrize(
    "spoil",
    [lambda held: held.pop("strokes"), lambda held: held.update(strokes=[]), lambda held: held.update(note="x"),
     lambda held: held.update(code="0" * 32), lambda held: held.update(form="x"), lambda held: held.update(signed_at="x"),
     lambda held: held.update(width=0), lambda held: held["strokes"][0]["points"][0].append(1)],
)  # fmt: skip
def test_what_is_no_file_of_strokes_is_told(
    session: Session, made: Issued, spoil: Callable[[dict[str, object]], object]
) -> None:
    at = session.book.clock.now().at
    point = session.book.store.fix_checkpoint(CASE)
    held = decode(bind(DRAWN, made.sha256, point, "示例吴晓", "被检查单位", at, (1,)))
    spoil(held)
    content = encode(held)
    mark = Signature(
        "示例吴晓", "被检查单位", at, pdf=made.sha256, pages=(1,), strokes=hashlib.sha256(content).hexdigest()
    )
    with pytest.raises(ValueError, match="读不出来"):
        check_strokes(content, mark)


def test_each_page_of_a_record_is_signed(session: Session, made: Issued) -> None:
    switch_on(session)
    book, pages = session.book, [*every_page(made)]
    assert len(pages) > 1
    told = refused(
        "pages_unsigned",
        lambda: signing.sign(book, CASE, made.id, unit(session), strokes=DRAWN, pages=[*pages[:-1], 99]),
    )
    assert f"第 {pages[-1]} 页" in str(told)
    empty = replace(DRAWN, strokes=())
    refused("field_needed", lambda: signing.sign(book, CASE, made.id, unit(session), strokes=empty, pages=pages))
    refused(
        "signed_and_refused",
        lambda: signing.sign(book, CASE, made.id, unit(session, "不同意"), strokes=DRAWN, pages=pages),
    )
    assert not papers.paper_of(session.queries.case(CASE), made.id).signatures


def test_a_touch_by_mistake_is_no_signature(session: Session, made: Issued) -> None:
    switch_on(session)
    dot = Drawing(760, 440, (Stroke("touch", (Point(5000, 5000, 500, 0), Point(5120, 5060, 500, 30))),))
    pages = every_page(made)
    for drawing in (dot, replace(dot, strokes=dot.strokes * 3)):
        refused("signature_dot", lambda held=drawing: signing.sign(  # type: ignore[misc]
            session.book, CASE, made.id, unit(session), strokes=held, pages=pages))  # fmt: skip
    line = Drawing(760, 440, (Stroke("pen", (Point(3000, 5000, 500, 0), Point(7000, 5000, 500, 30))),))
    signing.sign(session.book, CASE, made.id, unit(session), strokes=line, pages=pages)
    assert signed(session, made).strokes, "a stroke across, as 一 is written, is one"


def test_a_fingerprint_is_kept_as_it_came(session: Session, made: Issued, tmp_path: Path) -> None:
    switch_on(session)
    book, picture = session.book, card(1)[0]
    done = signing.sign(book, CASE, made.id, unit(session), fingerprint=picture)
    mark = signed(session, made)
    assert session.queries.words(done.events[0]) == "签字：示例吴晓，指印"
    assert mark.fingerprint == hashlib.sha256(picture.read_bytes()).hexdigest() and not mark.strokes
    assert book.vault.read(mark.fingerprint) == picture.read_bytes()
    words = tmp_path / "指印.png"
    words.write_text("no picture")
    refused("photo_kind", lambda: signing.sign(book, CASE, made.id, unit(session), fingerprint=words))


@pytest.mark.parametrize("kind", ["cmyk.jpg", "animated.png", "grey.png", "heic"])
def test_a_fingerprint_of_every_kind_can_be_shown(session: Session, made: Issued, tmp_path: Path, kind: str) -> None:
    switch_on(session)
    file = Path(__file__).parents[1] / "evidence" / "sample.heic"
    if kind != "heic":
        file, ring = tmp_path / kind, Image.new({"c": "CMYK", "a": "RGB", "g": "L"}[kind[0]], (600, 800))
        ring.save(file, save_all=kind[0] == "a", append_images=[ring.rotate(90)])
    signing.sign(session.book, CASE, made.id, unit(session), fingerprint=file)
    with Image.open(io.BytesIO(signing.fingerprint_of(session.book, signed(session, made)))) as small:
        assert (small.format, small.mode) == ("JPEG", "RGB") and max(small.size) <= 320


def test_verify_sees_strokes_of_another_paper(session: Session, made: Issued, tmp_path: Path) -> None:
    switch_on(session)
    book = session.book
    done = signing.sign(book, CASE, made.id, unit(session), strokes=DRAWN, pages=every_page(made))
    export_record(book, CASE, tmp_path / "示例一.zip")
    assert verify(tmp_path / "示例一.zip").result("文书") == PASS
    other, event = papers.issue(book, CASE, "evidence_list").value, done.events[0]
    body = {**event.body, "paper": other.id, "pdf": other.sha256}
    book.write(Draft(CASE, "paper_signed", body, blobs=event.blobs))
    export_record(book, CASE, tmp_path / "示例二.zip")
    report = verify(tmp_path / "示例二.zip")
    assert report.result("文书") == FAIL
    assert any("另一份文书" in check.said for check in report.checks)
