"""Filling in what a paper asks, by the acts: saved, undone, dropped, settled, made with its copies."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from inspector_app.actions import duties, filling, findings, papers, service, sign_in, trial
from inspector_app.actions.book import undo
from inspector_app.actions.exchange import exchange, export_record
from inspector_app.actions.sample_case import sample_sheets
from inspector_app.actions.service import Delivery
from inspector_app.actions.sign_in import Session
from inspector_app.domain.inspection import SERVED, outgoing_papers
from inspector_app.domain.paper import VOLUME
from inspector_app.domain.sheet import Sheet, Value
from inspector_app.papers.catalog import CATALOG
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.verify import verify
from tests.office import CASE, arrive, check_all, finish_visit, laptop_at, refused, reviewed, reviewing, visited
from tests.stages import begins

SAMPLE = {sheet.kind: sheet for sheet in sample_sheets()}


def put(session: Session, kind: str, sheet: str = "", **other: Value) -> str:
    """Fill in a whole sheet with the values of the sample."""
    held = SAMPLE[filling.blank(session.book, session.queries.case(CASE), kind).sheet]
    names = {entry.name for entry in filling.blank(session.book, session.queries.case(CASE), kind).entries}
    rows = {name: [list(cells) for cells in lines] for name, lines in held.rows.items()}
    wanted = {name: value for name, value in {**held.fields, **rows, **other}.items() if name in names}
    return filling.fill(session.book, CASE, kind, wanted, sheet).value


def sheet(session: Session, id: str) -> Sheet:
    found = session.queries.case(CASE).sheet(id)
    assert found is not None
    return found


def test_fields_are_saved_one_by_one_and_undone(session: Session) -> None:
    book = session.book
    first = filling.fill(book, CASE, "approval", {"joint": "单独检查"})
    assert first.value == "approval" and sheet(session, "approval").by == "示例沈岚"
    assert filling.fill(book, CASE, "approval", {"joint": "单独检查"}).events == (), "unchanged writes nothing"
    second = filling.fill(book, CASE, "approval", {"joint": "联合检查", "cap": "每年1次"})
    undo(book, second)
    assert sheet(session, "approval").fields == {"joint": "单独检查", "cap": ""}
    undo(book, first)
    assert session.queries.case(CASE).sheet("approval") is None, "a sheet that holds nothing is none"
    refused("not_found", lambda: filling.fill(book, CASE, "approval", {"strange": "x"}))
    refused("field_needed", lambda: filling.fill(book, CASE, "approval", {"joint": "示例"}))
    assert {row.text for row in session.queries.journal(CASE, "每年1次")} == {"填写《档案行政检查审批表》"}


def test_what_was_preserved_stands_on_the_board_until_its_last_day(session: Session) -> None:
    arrive(session.book)
    filling.fill(session.book, CASE, "approval", {"joint": "单独检查"})
    assert not [duty for duty in duties.due(session.book) if duty.what == "先行登记保存期满"]
    put(session, "preservation_list", kept_until="2026-03-25")
    assert [duty.day for duty in duties.due(session.book) if duty.what == "先行登记保存期满"] == [date(2026, 3, 25)]


def test_one_person_one_record(session: Session) -> None:
    """Each interview is a paper of its own with its own number, revision and state."""
    book = session.book
    arrive(book)
    one = put(session, "interview")
    two = put(session, "interview", person="示例吴晓")
    assert one != two and len(filling.sheets(book, session.queries.case(CASE), "interview")) == 2
    first, second = (papers.issue(book, CASE, "interview", sheet=id).value for id in (one, two))
    assert (first.sheet, second.sheet) == (one, two) and first.number != second.number
    assert first.revision == second.revision == 1
    filling.fill(book, CASE, "interview", {"home": "示例地址"}, one)
    case = session.queries.case(CASE)
    states = {p.sheet: p.stale for p in case.papers if p.kind == "interview"}
    assert states == {one: True, two: False}
    again = papers.issue(book, CASE, "interview", sheet=one).value
    assert again.revision == 2 and papers.standing(session.queries.case(CASE), "interview", two) is not None
    refused("paper_incomplete", lambda: papers.issue(book, CASE, "interview"))


def test_what_was_begun_by_mistake_is_dropped_with_a_reason(session: Session) -> None:
    book = session.book
    arrive(book)
    id = put(session, "interview")
    refused("reason_needed", lambda: filling.drop_sheet(book, CASE, id, " "))
    done = filling.drop_sheet(book, CASE, id, "示例：问错了人")
    assert session.queries.case(CASE).sheet(id) is None
    undo(book, done)
    assert sheet(session, id).fields["person"] == "示例郑青"
    papers.issue(book, CASE, "interview", sheet=id)
    refused("frozen", lambda: filling.drop_sheet(book, CASE, id, "示例"))
    refused("not_found", lambda: filling.drop_sheet(book, CASE, "interview-none", "示例"))


def other_laptop(session: Session, folder: Path) -> Session:
    """The second officer's laptop with the same inspection."""
    return sign_in.sign_in(laptop_at(shutil.copytree(session.laptop.folder, folder / "other")), "lu", trial.SECRET)


def test_two_officers_stand_side_by_side_until_one_is_chosen(session: Session, tmp_path: Path) -> None:
    put(session, "approval")
    put(session, "interview", "interview-1")
    session.close()
    session = sign_in.sign_in(session.laptop, "shen", trial.SECRET)
    other = other_laptop(session, tmp_path)
    try:
        filling.fill(session.book, CASE, "approval", {"cap": "每年1次，示例甲"})
        filling.fill(other.book, CASE, "approval", {"cap": "每年2次，示例乙", "joint": "联合检查"})
        filling.drop_sheet(session.book, CASE, "interview-1", "示例：重复")
        filling.fill(other.book, CASE, "interview", {"home": "示例新址"}, "interview-1")
        exchange(session.book.store, other.book.store)
        held = sheet(session, "approval")
        assert {v.value for v in held.conflict} == {"每年1次，示例甲", "每年2次，示例乙"}
        assert held.fields["joint"] == "联合检查" and {v.by for v in held.conflict} == {"示例沈岚", "示例陆一鸣"}
        assert {v.field for v in sheet(session, "interview-1").conflict} == {"dropped"}, "what was changed is not lost"
        refused("reason_needed", lambda: filling.fill(session.book, CASE, "approval", {"cap": "每年1次，示例甲"}))
        refused("sheet_differs", lambda: papers.issue(session.book, CASE, "approval"))
        chosen = next(v for v in held.conflict if v.by == "示例陆一鸣")
        refused("reason_needed", lambda: filling.settle(session.book, CASE, "approval", chosen, ""))
        filling.settle(session.book, CASE, "approval", chosen, "示例：核对后")
        assert sheet(session, "approval").conflict == () and sheet(session, "approval").fields["cap"] == chosen.value
        kept = next(v for v in sheet(session, "interview-1").conflict if v.value == "保留")
        filling.settle(session.book, CASE, "interview-1", kept, "示例：要用")
        assert sheet(session, "interview-1").conflict == ()
        gone = next(v for v in held.conflict if v.by == "示例沈岚")
        refused("not_found", lambda: filling.settle(session.book, CASE, "approval", gone, "示例"))
        exchange(session.book.store, other.book.store)
        assert other.queries.case(CASE).sheets == session.queries.case(CASE).sheets
    finally:
        session.close()
        other.close()


def test_what_an_act_writes_is_not_filled_in_by_hand(session: Session) -> None:
    refused("written_by_act", lambda: put(session, "legal_review"))
    with reviewing(session):
        refused("written_by_act", lambda: put(session, "legal_review"))
        refused("not_allowed", lambda: put(session, "approval"))


def test_every_copy_is_archived_with_its_own_serial_and_code(session: Session, tmp_path: Path) -> None:
    book = session.book
    arrive(book)
    put(session, "sampling_list")
    paper = papers.issue(book, CASE, "sampling_list").value
    assert [(c.serial, c.name) for c in paper.copies] == [(1, "被检查单位"), (2, "存卷")]
    notes = [Checkpoint.parse(note) for _, note in book.store.checkpoints(CASE)]
    about = {point.code: dict(point.about) for point in notes}
    assert len({paper.code, *(c.code for c in paper.copies)}) == 3
    assert about[paper.copies[0].code]["copy"] == "1/2 被检查单位" and "copy" not in about[paper.code]
    contents = [papers.pdf_of(book, CASE, paper.id, serial) for serial in (0, 1, 2)]
    assert len(set(contents)) == 3
    papers.note_print(book, CASE, paper.id, 1, "示例打印机", 1)
    event = book.store.events(CASE)[-1]
    assert event.body["sha256"] == paper.copies[0].sha256 and "被检查单位" in event.body["copy"]
    target = tmp_path / "示例记录.zip"
    export_record(book, CASE, target)
    report = verify(target, [paper.copies[1].code], [book.store.device_key.public.id])
    assert report.status == 0, report.checks


@begins(visited)
def test_papers_of_the_volume_bear_the_number_of_the_inspection(session: Session) -> None:
    put(session, "case_cover")
    put(session, "case_remarks")
    case = session.queries.case(CASE)
    ready = papers.readiness(session.book, case, "case_contents")
    assert ready.number == "2026-01" and not ready.draft and not ready.missing
    made = papers.issue(session.book, CASE, "case_contents").value
    assert made.number == "2026-01" and made.copies == ()
    assert papers.issue(session.book, CASE, "case_remarks").value.sheet == "case_cover"


def test_what_fits_grows_with_the_matter(session: Session) -> None:
    def kinds() -> set[str]:
        return {kind for _, group in papers.fitting(session.queries.case(CASE)) for kind in group}

    assert {"plan", "approval", "interview"} <= kinds() and "closing_report" not in kinds()
    arrive(session.book)
    check_all(session)
    finish_visit(session)
    assert "onsite_record" in kinds() and "hash_list" in kinds() and "result_notice" not in kinds()
    assert "legal_review" not in kinds(), "nobody has given an opinion"
    assert "transfer_letter" not in kinds(), "no finding calls for it"


@begins(visited)
def test_every_paper_of_the_catalog_can_be_made_in_its_turn(session: Session) -> None:
    """A whole matter by the acts: what was filled in makes each paper, and the file review stops none of them."""
    book = session.book
    case = session.queries.case(CASE)
    for code, consequence in (("A03", "propose"), ("D08", "transfer")):
        findings.change(book, CASE, next(f.id for f in case.findings if f.code == code), "consequence", consequence)
    findings.confirm(book, CASE, [f.id for f in case.findings])
    findings.deliberate(book, CASE, "一致同意")
    round = reviewed(session, "rectification")
    sent = [papers.issue(book, CASE, kind).value.id for kind in outgoing_papers(session.queries.case(CASE))]
    findings.decide(book, CASE)
    servers = ("示例沈岚", "示例陆一鸣")
    service.serve(book, CASE, Delivery(sent, "直接送达", book.clock.now().at, "示例地点", "示例吴晓", servers=servers))
    kinds = [kind for _, group in papers.fitting(session.queries.case(CASE)) for kind in group]
    made = {p.kind for p in session.queries.case(CASE).papers}
    assert {*kinds, *made, "result_notice"} == set(CATALOG), "nothing is left out"
    for kind in (kind for kind in CATALOG if kind in kinds and kind not in made):
        if kind == "legal_review":
            with reviewing(session):
                opinion = papers.issue(book, CASE, kind, sheet=f"legal_review-{round}").value
            assert [c.name for c in opinion.copies] == ["承办部门", "存卷"]
            continue
        form = filling.blank(book, session.queries.case(CASE), kind)
        held = next((s.id for s in filling.sheets(book, session.queries.case(CASE), kind)), "")
        items = [[key, "已改正", "示例所见", ""] for key, _ in form.given.get("re_items", ())]
        id = put(session, kind, held, **({"re_items": items} if items else {})) if form.entries else ""
        if kind in book.rules.policy.major:
            reviewed(session, kind)
        paper = papers.issue(book, CASE, kind, sheet=id).value
        assert paper.number and not paper.stale
    case = session.queries.case(CASE)
    assert not [p.kind for p in case.papers if p.stale and p.kind not in VOLUME]
    waiting = {p.kind for p in case.papers if p.kind in SERVED and p.served is None}
    assert waiting == {"rectification_report", "reinspection_opinion"}
