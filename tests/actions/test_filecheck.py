"""The file review on a laptop: it sees what is there, blocks a print, is waived with a reason, and mends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.actions import check, evidence, filecheck, findings, papers
from inspector_app.actions.book import undo
from inspector_app.actions.filecheck import Moment, Remark, Severity
from inspector_app.actions.papers import draft_of
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.event import Draft
from inspector_app.domain.finding import Finding
from inspector_app.domain.inspection import outgoing_papers
from inspector_app.domain.people import Officer
from tests import office
from tests.office import CASE, DEVIATIONS, arrive, copied, refused


def remarks(session: Session, moment: Moment = Moment.CLOSE) -> dict[str, Remark]:
    return {r.check.code: r for r in filecheck.look(session.book, CASE, moment).remarks if r.open}


def as_lead(session: Session) -> None:
    session.book.person, session.book.role = Officer("zhou", "示例周敏", "科长"), Role.LEAD


@pytest.fixture
def visited(tmp_path: Path) -> Iterator[Session]:
    made = copied(office.visited, tmp_path)
    yield made
    made.close()


def test_what_stands_on_a_made_paper_is_kept_and_seen(visited: Session) -> None:
    case = visited.queries.case(CASE)
    record = next(p for p in case.papers if p.kind == "onsite_record")
    assert record.report and visited.book.vault.has(record.report)
    assert "D16" not in remarks(visited) and "D19" not in remarks(visited)
    visited.book.obey(visited.book.rules)  # reads anew
    visited.book.vault.path(record.report).unlink()
    assert filecheck.look(visited.book, CASE, Moment.CLOSE).failed == ()  # without it nothing is made up


def test_a_block_stops_the_formal_paper_and_names_the_way_out(visited: Session) -> None:
    book = visited.book
    ids = [finding.id for finding in visited.queries.case(CASE).findings]
    for finding in visited.queries.case(CASE).findings:
        if finding.consequence == "correct" and not finding.order_basis:
            article = book.rules.policy.order_articles(visited.queries.case(CASE).unit.kind.value)[0]
            findings.change(book, CASE, finding.id, "order_basis", article)
    findings.change(book, CASE, ids[0], "fact", "柜内有标注“机密★10年”的文件")
    findings.confirm(book, CASE, ids)
    findings.deliberate(book, CASE, "一致同意")
    kind = outgoing_papers(visited.queries.case(CASE))[0]
    before = len(visited.queries.journal(CASE))
    problem = refused("file_blocked", lambda: papers.issue(book, CASE, kind))
    assert "密级标志" in problem.fact and "保密规定" in problem.way_out
    assert len(visited.queries.journal(CASE)) == before  # nothing was frozen, no number is gone
    findings.change(book, CASE, ids[0], "fact", "柜内有未归档的文件", "示例：删去涉密内容")
    findings.confirm(book, CASE, ids[:1])
    papers.issue(book, CASE, kind)


def test_a_waiver_needs_a_reason_and_for_a_block_the_lead(visited: Session) -> None:
    found = remarks(visited)
    block = next(r for r in found.values() if r.check.severity is Severity.BLOCK)
    note = next(r for r in found.values() if r.check.severity is Severity.DEDUCT)
    refused("reason_needed", lambda: filecheck.waive(visited.book, CASE, note, "  "))
    refused("not_allowed", lambda: filecheck.waive(visited.book, CASE, block, "示例：说明"))
    done = filecheck.waive(visited.book, CASE, note, "示例：单位地址由登记机关核对")
    assert "评查" in visited.queries.journal(CASE)[-1].text and done.touched == {CASE}
    assert str(note.hit.place) not in {str(r.hit.place) for r in remarks(visited).values() if r.check == note.check}
    undo(visited.book, done)
    assert note.check.code in remarks(visited)
    as_lead(visited)
    filecheck.waive(visited.book, CASE, block, "示例：另有材料")
    waived = next(r for r in filecheck.look(visited.book, CASE, Moment.CLOSE).remarks if r.hit == block.hit)
    assert waived.waiver and waived.waiver.by == "示例周敏"
    filecheck.restore(visited.book, CASE, waived)
    assert block.check.code in remarks(visited)


def test_a_waiver_is_of_one_fault_and_not_of_its_place(visited: Session) -> None:
    """What is written there later is looked at anew, and of two faults at one place each is let stand by itself."""
    book = visited.book
    id = visited.queries.case(CASE).findings[0].id
    findings.change(book, CASE, id, "fact", "库房湿度大概在百分之七十，没有除湿设备")
    filecheck.waive(book, CASE, remarks(visited)["D34"], "示例：湿度计送检，按目测记录")
    assert "D34" not in remarks(visited)
    findings.change(book, CASE, id, "fact", "库房湿度好像在百分之七十，没有除湿设备")
    again = remarks(visited)["D34"]
    assert "好像" in again.message
    filecheck.waive(book, CASE, again, "示例：同上")
    assert "D34" not in remarks(visited)
    findings.change(book, CASE, id, "fact", "库房湿度大概在百分之七十，没有除湿设备")
    assert "D34" not in remarks(visited), "that one was let stand as well"
    assert [w.name for w in visited.queries.case(CASE).waivers] == ["不用推测", "不用推测"]


def test_a_block_is_lifted_in_the_role_that_policy_names_and_in_no_other(visited: Session) -> None:
    book, block = visited.book, next(r for r in remarks(visited).values() if r.check.severity is Severity.BLOCK)
    for role in Role:
        book.role = role
        if role.value not in book.rules.filecheck.lifts:
            refused("not_allowed", lambda: filecheck.waive(book, CASE, block, "示例：说明"))
    as_lead(visited)
    filecheck.waive(book, CASE, block, "示例：另有材料")


def test_what_was_let_stand_is_on_the_closing_report(visited: Session) -> None:
    book = visited.book
    before = draft_of(book, visited.queries.case(CASE), "closing_report").shown.text
    assert "评查说明" not in before
    note = next(r for r in remarks(visited).values() if r.check.severity is Severity.DEDUCT)
    filecheck.waive(book, CASE, note, "示例：由登记机关核对。")
    said = draft_of(book, visited.queries.case(CASE), "closing_report").shown.text
    assert f"{note.message.rstrip('。')}，没有改（示例沈岚：示例：由登记机关核对）" in said


def test_a_finding_that_is_no_order_any_more_loses_its_article(visited: Session) -> None:
    """Else the opinion that now tells it could not be made, and nobody could see why."""
    book = visited.book
    found = next(f for f in visited.queries.case(CASE).findings if f.consequence == "correct")
    assert found.order_basis
    changed = findings.change(book, CASE, found.id, "consequence", "opinion")
    assert findings.finding_of(visited.queries.case(CASE), found.id).order_basis == ""
    assert "V7" not in remarks(visited)
    undo(book, changed)
    assert findings.finding_of(visited.queries.case(CASE), found.id).order_basis == found.order_basis


def test_a_mend_changes_the_field_as_an_officer_would(visited: Session) -> None:
    book = visited.book
    number = visited.queries.case(CASE).evidence[0].number
    id = visited.queries.case(CASE).findings[0].id
    evidence.describe(book, CASE, number, {"proves": "检修有效期至2025-06-30的标签"})
    findings.change(book, CASE, id, "fact", "依据示府发[2024]3号文件建立的制度没有落实")
    found = remarks(visited)
    for code in ("D29", "D31"):
        cure = found[code].hit.mend
        assert cure is not None
        filecheck.mend(book, CASE, cure)
        refused("changed_meanwhile", lambda cure=cure: filecheck.mend(book, CASE, cure))  # type: ignore[misc]
    case = visited.queries.case(CASE)
    assert case.evidence[0].proves == "检修有效期至2025年6月30日的标签"
    assert case.findings[0].fact == "依据示府发〔2024〕3号文件建立的制度没有落实"
    assert not {"D29", "D31"} & remarks(visited).keys()


@pytest.mark.parametrize(
    ("code", "field", "text"),
    [
        ("D29", "fact", "检修标签到2025-06-30为止，压力不足"),
        ("D29", "fact", "检修标签到二〇二五年六月三十日为止，压力不足"),
        ("D30", "fact", '柜上贴有"三合一"字样,没有更换'),
        ("D31", "demand", "更换灭火器(干粉)，建立检查记录"),
        ("D32", "demand", "按照档案法第十二条和实施条例第十八条整改"),
        ("D33", "demand", "按照《中华人民共和国档案法》第12条整改"),
        ("D67", "demand", "报档案行政管理部门备案"),
        ("D82", "fact", "2026年3月16日（星期五）查看时灭火器压力不足"),
        ("D8", "due", "2026-05-10"),
    ],
)
def test_each_mend_does_what_it_says_and_can_be_undone(visited: Session, code: str, field: str, text: str) -> None:
    book = visited.book
    id = next(f.id for f in visited.queries.case(CASE).findings if f.consequence == "opinion")
    findings.change(book, CASE, id, field, text)
    hit = remarks(visited)[code].hit
    assert hit.mend is not None and (hit.mend.place.key, hit.mend.place.field, hit.mend.old) == (id, field, text)
    done = filecheck.mend(book, CASE, hit.mend)
    assert code not in remarks(visited) and f"{getattr(finding(visited, id), field)}" == hit.mend.new
    undo(book, done)
    assert code in remarks(visited) and f"{getattr(finding(visited, id), field)}" == text


def finding(session: Session, id: str) -> Finding:
    return findings.finding_of(session.queries.case(CASE), id)


def test_a_note_is_mended_while_it_may_be_changed(session: Session) -> None:
    arrive(session.book)
    check.answer(session.book, CASE, DEVIATIONS[0], "基本符合")
    check.note(session.book, CASE, DEVIATIONS[0], "有制度,没有落实")
    cure = remarks(session, Moment.EDIT)["D30"].hit.mend
    assert cure is not None
    filecheck.mend(session.book, CASE, cure)
    item = session.queries.case(CASE).item(DEVIATIONS[0])
    assert item is not None and item.note == "有制度，没有落实"
    assert "D30" not in remarks(session, Moment.EDIT)


def test_a_changed_file_is_found_by_its_digest(visited: Session) -> None:
    case = visited.queries.case(CASE)
    piece = case.evidence[0]
    path = visited.book.vault.path(piece.sha256)
    sealed = bytearray(path.read_bytes())
    sealed[len(sealed) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(sealed)
    states = dict(filecheck.verify_files(visited.book, case))
    assert states[piece.sha256] == "damaged" and set(states.values()) == {"damaged", "whole"}
    verdict = filecheck.look(visited.book, CASE, Moment.CLOSE, files=states)
    assert [r.hit.place.key for r in verdict.remarks if r.check.code == "V15"] == [piece.number]


@pytest.mark.parametrize("which", ["sha256", "report", "copy"])
def test_whatever_is_kept_of_a_paper_is_found_when_it_was_changed(visited: Session, which: str) -> None:
    """The bytes of the PDF, those of a copy (联), and the report of what stands on it."""
    case = visited.queries.case(CASE)
    paper = next(p for p in case.papers if p.kind == "notice")
    digest = paper.copies[-1].sha256 if which == "copy" else str(getattr(paper, which))
    path = visited.book.vault.path(digest)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    states = dict(filecheck.verify_files(visited.book, case))
    verdict = filecheck.look(visited.book, CASE, Moment.CLOSE, files=states)
    assert [r.hit.place.key for r in verdict.blocks if r.check.code == "N7"] == [paper.id]


def test_one_who_was_elsewhere_at_that_time_is_told(visited: Session) -> None:
    book, case = visited.book, visited.queries.case(CASE)
    other = next(row for row in visited.queries.inspections() if row.id != CASE and "示例沈岚" in row.officers)
    assert "D2" not in remarks(visited)
    assert case.visit.arrived is not None
    book.write(
        Draft(other.id, "visit_begun", {"place": "示例档案室", "arrived": case.visit.arrived.isoformat()}, "到场")
    )
    verdict = filecheck.look(book, CASE, Moment.CLOSE)
    told = [r.message for r in verdict.remarks if r.check.code == "D2"]
    assert told and "示例沈岚" in "".join(told) and all(other.unit in each for each in told)
