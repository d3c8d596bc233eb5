"""Signed pages that come back: matched to the exact page of the exact revision, or refused in a sentence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from inspector_app.actions import evidence, onsite, papers, signed_pages
from inspector_app.actions.book import undo
from inspector_app.actions.exchange import export_record
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signed_pages import Seen
from inspector_app.domain.event import Draft
from inspector_app.domain.paper import Issued
from inspector_app.domain.problems import Problem
from inspector_app.papers import furniture
from inspector_app.papers.render import Stamp, render
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.keys import DeviceKey
from inspector_app.record.verify import FAIL, verify
from tests.camera import photographed, printed, saved, scanned
from tests.office import CASE, card, copied, refused, unsigned


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = copied(unsigned, tmp_path)
    yield made
    made.close()


def record(session: Session) -> Issued:
    """The record on site that was made last."""
    return session.queries.case(CASE).formal("onsite_record")[-1]


def scan_of(session: Session, paper: Issued, page: int, target: Path, copy: int = 0) -> Path:
    return saved(scanned(printed(papers.pdf_of(session.book, CASE, paper.id, copy), page, 150.0)), target)


def look(session: Session, file: Path, *beside: Seen) -> Seen:
    return signed_pages.look(session.book, CASE, file, beside)


def told(seen: Seen, code: str) -> str:
    """The sentence of a refusal: a fact and a way out in Chinese."""
    assert seen.problem is not None and seen.problem.code == code, seen.problem
    assert seen.problem.fact and seen.problem.way_out and "{" not in str(seen.problem) and not seen.fit
    return str(seen.problem)


def test_photos_are_matched_and_kept_with_a_straight_copy(session: Session, tmp_path: Path) -> None:
    paper, book = record(session), session.book
    pdf = papers.pdf_of(book, CASE, paper.id)
    photo = photographed([printed(pdf, 2)], 1, turn=5.0)
    files = [saved(photo, tmp_path / "IMG_7.jpg"), scan_of(session, paper, 1, tmp_path / "扫描.png")]
    seen = list[Seen]()
    for file in files:
        seen.append(look(session, file, *seen))
    assert [(s.fit, s.by_edges, s.place and s.place.page) for s in seen] == [(True, True, 2), (True, False, 1)]
    assert not record(session).kept, "looking writes nothing"
    done = signed_pages.keep(book, CASE, seen)
    assert done.value == (f"《{paper.title}》第 2 页", f"《{paper.title}》第 1 页")
    first, second = done.events
    about = ("paper", "pdf", "code", "number", "revision", "page", "pages", "recognised", "straightened_by")
    assert [first.body[name] for name in about] == [
        paper.id, paper.sha256, paper.code, paper.number, 1, 2, paper.pages, "二维码", "纸边",
    ]  # fmt: skip
    assert second.body["straightened_by"] == "二维码" and "reason" not in first.body
    original, straight = first.blobs
    assert book.vault.read(original.sha256) == files[0].read_bytes() and original.origin == "imported"
    assert book.vault.read(straight.sha256) == seen[0].straight and straight.origin == "made"
    assert (first.body["original"], first.body["straight"]) == (original.sha256, straight.sha256)
    assert session.queries.words(first) == f"存入签字页：{paper.title}，第 2 页，共 {paper.pages} 页"
    kept = record(session)
    assert [(page.page, page.by) for page in kept.kept] == [(2, "示例沈岚"), (1, "示例沈岚")]
    assert kept.pages_lacking == tuple(range(3, paper.pages + 1)) and kept.pages_lacking
    exported = tmp_path / "记录.zip"
    export_record(book, CASE, exported)
    assert not [check for check in verify(exported).checks if check.result == FAIL]


def test_a_page_is_kept_once(session: Session, tmp_path: Path) -> None:
    paper = record(session)
    first = look(session, scan_of(session, paper, 1, tmp_path / "一.jpg"))
    same = tmp_path / "另一个名字.jpg"
    shutil.copy(first.file, same)
    again = scan_of(session, paper, 1, tmp_path / "再扫.png")
    told(look(session, same, first), "page_same_file")
    assert "第 1 页" in told(look(session, again, first), "page_kept")
    refused("page_same_file", lambda: signed_pages.keep(session.book, CASE, [first, first]))
    signed_pages.keep(session.book, CASE, [first])
    told(look(session, same), "page_same_file")
    seen = look(session, again)
    told(seen, "page_kept")
    refused("page_kept", lambda: signed_pages.keep(session.book, CASE, [seen]))
    refused("page_kept", lambda: signed_pages.keep(session.book, CASE, [replace(seen, problem=None)]))
    refused("reason_needed", lambda: signed_pages.assign(session.book, CASE, seen, paper.id, 1, " "))
    clearer = signed_pages.assign(session.book, CASE, seen, paper.id, 1, "第一张反光")
    done = signed_pages.keep(session.book, CASE, [clearer])
    assert done.events[0].body["reason"] == "第一张反光" and done.events[0].body["recognised"] == "指定"
    assert [page.page for page in record(session).kept] == [1, 1]
    assert record(session).pages_lacking == tuple(range(2, paper.pages + 1))


def test_an_older_revision_is_refused_with_both_named(session: Session, tmp_path: Path) -> None:
    old = record(session)
    file = scan_of(session, old, 1, tmp_path / "旧.jpg")
    seen = look(session, file)
    assert seen.fit
    session.book.clock.skip(timedelta(minutes=1))  # type: ignore[attr-defined]
    onsite.reopen(session.book, CASE, "补正地点")
    said = told(look(session, file), "page_withdrawn")
    assert "第 1 版" in said and "补正地点" in said
    new = papers.issue(session.book, CASE, "onsite_record").value
    later = look(session, file)
    said = told(later, "page_superseded")
    assert "第 1 版" in said and f"第 {new.revision} 版（{new.number}" in said and "重新签字" in said
    refused("page_superseded", lambda: signed_pages.keep(session.book, CASE, [seen]))  # looked at before it was remade
    refused("page_superseded", lambda: signed_pages.assign(session.book, CASE, later, new.id, 1, "内容一样"))
    assert not old.kept and not record(session).kept
    assert look(session, scan_of(session, new, 1, tmp_path / "新.jpg")).fit


def test_a_paper_that_no_longer_says_what_the_case_says_and_a_draft(session: Session, tmp_path: Path) -> None:
    listed = papers.issue(session.book, CASE, "evidence_list").value
    file = scan_of(session, listed, 1, tmp_path / "登记单.jpg")
    assert look(session, file).fit
    number = session.queries.case(CASE).evidence[0].number
    evidence.describe(session.book, CASE, number, {"proves": "另一件事"})
    told(look(session, file), "paper_stale")
    draft = papers.render_draft(session.book, CASE, "onsite_record")
    file = saved(scanned(printed(draft.pdf, 1, 150.0)), tmp_path / "草稿.jpg")
    assert "草稿" in told(look(session, file), "page_of_draft")
    papers.keep_draft(session.book, draft)
    told(look(session, file), "page_of_draft")


def page_with(session: Session, note: str, target: Path) -> Path:
    """A page of the record that bears this note: nobody can tell it by eye from a real one."""
    case = session.queries.case(CASE)
    paper = record(session)
    stamp = Stamp(paper.number, paper.revision, paper.code, note, "", paper.at.date(), key="QH")
    pdf = render("onsite_record", case, stamp, {}, *session.book.rules.words).pdf
    return saved(scanned(printed(pdf, 1, 150.0)), target)


def note_of(session: Session, key: DeviceKey | None = None, stream: str = CASE, revision: int = 1) -> str:
    book = session.book
    about = {"paper": record(session).number, "revision": str(revision)}
    return Checkpoint.sign(stream, book.store.heads(stream), key or book.store.device_key, about).note


def test_another_case_a_forged_note_and_an_unknown_paper_are_told(session: Session, tmp_path: Path) -> None:
    other = next(row for row in session.queries.inspections() if row.id != CASE)
    file = page_with(session, note_of(session, stream=other.id), tmp_path / "别的案件.jpg")
    assert other.unit in told(look(session, file), "page_of_another")
    stranger = DeviceKey.generate(session.book.store.device_key.name)
    told(look(session, page_with(session, note_of(session, stranger), tmp_path / "假.jpg")), "page_forged")
    altered = note_of(session).replace("revision 1", "revision 2")
    told(look(session, page_with(session, altered, tmp_path / "改过.jpg")), "page_forged")
    broken = note_of(session).replace(CASE, "", 1)
    told(look(session, page_with(session, broken, tmp_path / "残.jpg")), "page_forged")
    unknown = page_with(session, note_of(session, revision=7), tmp_path / "没有.jpg")
    seen = look(session, unknown)
    assert "第 7 版" in told(seen, "page_unknown")
    refused("page_unknown", lambda: signed_pages.assign(session.book, CASE, seen, record(session).id, 1, "看着像"))


def test_a_page_of_earlier_make_names_no_page(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its paper is known by the code, and which page it is an officer says; what was kept without a page stays readable."""
    monkeypatch.setattr(furniture, "on_page", lambda note, page, pages: note)
    onsite.reopen(session.book, CASE, "补正地点")
    session.book.clock.skip(timedelta(minutes=1))  # type: ignore[attr-defined]
    paper, book = papers.issue(session.book, CASE, "onsite_record").value, session.book
    seen = look(session, scan_of(session, paper, 2, tmp_path / "老页.jpg"))
    told(seen, "page_unnumbered")
    by_hand = signed_pages.assign(book, CASE, seen, "", 2, "页脚写着第2页")
    (event,) = signed_pages.keep(book, CASE, [by_hand]).events
    assert (event.body["page"], event.body["reason"]) == (2, "页脚写着第2页") and event.body["straight"]
    old = {"paper": paper.id, "title": paper.title, "pdf": paper.sha256, "original_name": "IMG_1.jpg"}
    done = book.done("", [Draft(CASE, "signed_page_kept", old, "笔录")])
    assert session.queries.words(done.events[0]) == f"存入签字页：{paper.title}"
    assert [page.page for page in record(session).kept] == [2, 0]
    assert record(session).pages_lacking == tuple(p for p in range(1, paper.pages + 1) if p != 2)


def test_two_codes_no_code_and_what_is_no_picture(session: Session, tmp_path: Path) -> None:
    paper, book = record(session), session.book
    pages = [printed(papers.pdf_of(book, CASE, paper.id), page, 150.0) for page in (1, 2)]
    both = Image.new("RGB", (pages[0].width * 2, pages[0].height))
    both.paste(pages[0], (0, 0))
    both.paste(pages[1], (pages[0].width, 0))
    two = look(session, saved(both, tmp_path / "两页.jpg"))
    assert "2 页" in told(two, "page_two_codes")
    refused("page_two_codes", lambda: signed_pages.assign(book, CASE, two, paper.id, 1, "都要"))
    text = tmp_path / "说明.txt"
    text.write_text("没有图", "utf-8")
    told(look(session, text), "photo_kind")
    told(look(session, tmp_path / "不在.jpg"), "photo_damaged")
    seen = look(session, card(1)[0])
    told(seen, "page_no_code")
    refused("page_no_code", lambda: signed_pages.keep(book, CASE, [seen]))
    refused("bad_pages", lambda: signed_pages.assign(book, CASE, seen, paper.id, paper.pages + 1, "码被盖住"))
    by_hand = signed_pages.assign(book, CASE, seen, paper.id, 2, "码被印泥盖住")
    (event,) = signed_pages.keep(book, CASE, [by_hand]).events
    assert (event.body["recognised"], event.body["reason"], event.body["straight"]) == ("指定", "码被印泥盖住", "")
    assert len(event.blobs) == 1 and "码被印泥盖住" in session.queries.journal(CASE)[-1].told
    refused("field_needed", lambda: signed_pages.keep(book, CASE, []))


def test_a_file_that_changed_after_it_was_seen_is_not_kept(session: Session, tmp_path: Path) -> None:
    file = scan_of(session, record(session), 1, tmp_path / "页.jpg")
    seen = look(session, file)
    file.write_bytes(file.read_bytes() + b"\0")
    refused("page_changed", lambda: signed_pages.keep(session.book, CASE, [seen]))
    file.unlink()
    refused("page_changed", lambda: signed_pages.keep(session.book, CASE, [seen]))
    assert not record(session).kept


def test_a_copy_knows_its_serial(session: Session, tmp_path: Path) -> None:
    """Each copy (联) has a code of its own; a page is of that copy, and one of another copy does not stand for it."""
    rules, book = session.book.rules, session.book
    rule = replace(rules.policy.paper("onsite_record"), copies=("被检查单位", "存卷"))
    rules.__dict__["policy"] = replace(rules.policy, papers={**rules.policy.papers, "onsite_record": rule})
    book.clock.skip(timedelta(minutes=1))  # type: ignore[attr-defined]
    onsite.reopen(book, CASE, "补正地点")
    paper = papers.issue(book, CASE, "onsite_record").value
    seen = look(session, scan_of(session, paper, 1, tmp_path / "存卷.jpg", copy=2))
    assert seen.place == signed_pages.Place(paper.id, 1, 2)
    other = look(session, scan_of(session, paper, 2, tmp_path / "单位.jpg", copy=1), seen)
    (event, _) = signed_pages.keep(book, CASE, [seen, other]).events
    assert event.body["serial"] == 2 and event.body["pdf"] == paper.copies[1].sha256
    assert session.queries.words(event).endswith("第2联　存卷")
    assert len(record(session).pages_lacking) == paper.pages - 1, "the two are not pages of one copy"


def test_a_page_kept_by_mistake_is_taken_back_with_a_reason(session: Session, tmp_path: Path) -> None:
    """It counts no more, nothing of it is gone, the same file can be kept where it belongs, and undo puts it back."""
    paper, book = record(session), session.book
    seen = look(session, scan_of(session, paper, 1, tmp_path / "一.jpg"))
    signed_pages.keep(book, CASE, [seen])
    (kept,) = record(session).kept
    refused("reason_needed", lambda: signed_pages.withdraw(book, CASE, kept, " "))
    done = signed_pages.withdraw(book, CASE, kept, "另一份的页")
    said = f"撤下签字页：{paper.title}，第 1 页，共 {paper.pages} 页，原因：另一份的页"
    assert session.queries.words(done.events[0]) == said
    now = record(session)
    assert not now.kept and now.pages_lacking == tuple(range(1, paper.pages + 1))
    assert [(page.original, page.withdrawn) for page in now.taken_back] == [(kept.original, "另一份的页（示例沈岚）")]
    assert book.vault.read(kept.original) == seen.file.read_bytes()
    refused("not_found", lambda: signed_pages.withdraw(book, CASE, kept, "再撤一次"))
    undo(book, done)
    assert [page.id for page in record(session).kept] == [kept.id] and not record(session).taken_back
    signed_pages.withdraw(book, CASE, kept, "另一份的页")
    again = look(session, seen.file)
    assert again.fit, "it can be kept where it belongs"
    signed_pages.keep(book, CASE, [again])
    assert [page.page for page in record(session).kept] == [1] and len(record(session).taken_back) == 1
    exported = tmp_path / "记录.zip"
    export_record(book, CASE, exported)
    assert not [check for check in verify(exported).checks if check.result == FAIL]


def test_a_pdf_with_pages_of_two_inspections_is_not_kept() -> None:
    mine = Seen(Path("扫描.pdf"), "a", "application/pdf", b"", place=signed_pages.Place("p", 1), leaf=1)
    theirs = replace(mine, place=None, leaf=2, problem=Problem("page_of_another", name="x", case="y", number="z"))
    blank = replace(mine, place=None, leaf=3, problem=Problem("page_blank", name="x"))
    problem = refused("pdf_mixed", lambda: signed_pages.chosen([mine, theirs, blank]))
    assert "扫描.pdf" in str(problem)
    assert signed_pages.chosen([mine, blank, replace(theirs, sha256="b")]) == [mine]
    photo = replace(mine, leaf=0)  # a file of its own
    assert signed_pages.chosen([photo, theirs]) == [photo]
