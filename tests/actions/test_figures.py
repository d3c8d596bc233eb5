"""The tally of an inspection, the figures of the sample bureau, the unit's rating, the workbook."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from inspector_app.actions import evidence, figures, findings, rating, register
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.annual import report
from inspector_app.domain.event import Draft
from inspector_app.domain.roster import VISIT, UnitNote
from inspector_app.workbooks import figures as workbook
from tests.office import CASE, arrive, card, check_all, finish_visit, refused


def test_the_sample_reproduces_the_figures_of_a_bureau(session: Session) -> None:
    """25 organs and enterprises inspected, 16 officers of 60 hours and more, 28 approvals (3 of enterprises)."""
    year = figures.year(session.book, 2023)
    assert figures.years(session.book)[0] <= 2023 <= figures.years(session.book)[-1] == 2026
    assert (year.inspected, len(year.loads), year.approvals) == (25, 16, 28)
    assert all(load.hours >= year.wanted for load in year.loads)
    said = report(year)
    assert (
        "对25家单位开展档案行政检查25次，机关21次、企业4次。" in said
        and "执法人员16名" in said
        and "分类方案28家" in said
    )
    names = [unit.name for unit in session.queries.units()] + [load.officer.name for load in year.loads]
    assert all(name.startswith("示例") for name in names)


def test_a_tally_says_what_the_case_file_says(session: Session) -> None:
    book, queries = session.book, session.queries
    assert queries.tallies()[CASE].arrived is None
    arrive(book)
    check_all(session, photos=0)
    withdrawn, changed = queries.case(CASE).findings[:2]
    findings.withdraw(book, CASE, withdrawn.id, "记错了")
    findings.change(book, CASE, changed.id, "due", "2026-05-08")
    finish_visit(session)
    case, tally = queries.case(CASE), queries.tallies()[CASE]
    assert {(f.id, f.code, f.fact, f.consequence, f.due, f.proposed, None) for f in case.findings} == {
        (f.id, f.code, f.fact, f.consequence, f.due, f.proposed, f.mended) for f in tally.flaws
    }
    assert (tally.unit, tally.stage, tally.arrived, tally.ended) == (
        case.unit.id,
        case.stage,
        case.visit.arrived,
        case.visit.ended,
    )
    assert tally.explained
    assert queries.used_numbers() >= {paper.number for paper in case.papers} and not queries.unfinished_numbers()
    year = figures.year(book, 2026)
    assert (year.done.ids, year.found.value) == ((CASE,), 7)


def test_a_bad_event_spoils_its_part_of_the_tally_alone(session: Session) -> None:
    book = session.book
    arrive(book)
    evidence.add_photos(book, CASE, card(1))
    book.write(
        Draft(CASE, "finding_recorded", {"id": "F-1", "code": "E01", "fields": {"due": "morgen", "consequence": 7}}),
        Draft(CASE, "rated", {"level": "best"}),
        Draft(CASE, "handed_in", {}),
    )
    tally = session.queries.tallies()[CASE]
    assert (tally.flaws, tally.rated, tally.review.outcome) == ((), 0, "handed_in")
    assert CASE in {row.id for row in session.queries.inspections()} and session.queries.unreadable() == 0


def test_the_unit_rates_once_after_the_visit(session: Session) -> None:
    book, queries = session.book, session.queries
    arrive(book)
    assert "第六十三条" in str(refused("move_refused", lambda: rating.rate(book, CASE, "满意")))
    check_all(session, photos=0)
    finish_visit(session)
    refused("field_needed", lambda: rating.rate(book, CASE, "很好"))
    done = rating.rate(book, CASE, "基本满意", " 希望多来指导 ", "示例吴晓")
    given = queries.case(CASE).rating
    assert given is not None and (given.level, given.word, given.text, given.by_name) == (
        3,
        "基本满意",
        "希望多来指导",
        "示例吴晓",
    )
    assert not done.reverse and "基本满意" in queries.journal(CASE)[-1].text
    refused("rated_already", lambda: rating.rate(book, CASE, "非常满意"))
    assert figures.year(book, 2026).satisfied.share == 100


def test_the_worse_of_two_ratings_is_heard(session: Session) -> None:
    book = session.book
    heads = tuple(end for _, end in book.store.heads(CASE).values())
    for level, word in ((5, "非常满意"), (1, "非常不满意")):  # neither knew of the other
        body = {"level": level, "word": word, "text": "", "by_name": ""}
        book.store.append([Draft(CASE, "rated", body, parents=heads)], actor=book.actor, bureau=book.bureau,
                          moment=book.clock.now(), app={})  # fmt: skip
    given = session.queries.case(CASE).rating
    assert given is not None and given.level == session.queries.tallies()[CASE].rated == 1


def test_an_earlier_inspection_is_noted_with_its_counts(session: Session) -> None:
    note = UnitNote("", "u20", VISIT, date(2022, 5, 6), "日常检查", found=5, mended=6)
    refused("mended_more", lambda: register.note_unit(session.book, note))
    register.note_unit(session.book, UnitNote("", "u20", VISIT, date(2022, 5, 6), "日常检查", found=5, mended=4))
    year = figures.year(session.book, 2022)
    assert (year.done.units, year.found.value, year.mended.value, year.under_way.value) == (("u20",), 5, 4, 1)


def test_the_workbook_holds_every_chart_and_no_formula(session: Session, tmp_path: Path) -> None:
    year = figures.year(session.book, 2023)
    target = figures.write_file(year, tmp_path / "统计.xlsx")
    book = load_workbook(target)
    assert book.sheetnames[0] == "年度报告" and book["年度报告"]["A2"].value == report(year)
    assert [cell.value for cell in book["三年全覆盖"][2]][:3] == ["机关", 21, 21]
    assert len(book["人员工作量和培训"]["A"]) == 17
    refused("file_unwritable", lambda: figures.write_file(year, tmp_path / "nowhere" / "x.xlsx"))
    made = load_workbook(io.BytesIO(workbook.write("2026年", "=1+1", [("表", ("=2",), (("=3",), (4,)))])))
    assert [made["年度报告"]["A2"].data_type, *(cell.data_type for cell in made["表"]["A"])] == ["s", "s", "s", "n"]


def test_of_what_the_lead_has_passed_only_the_newest_are_read(session: Session) -> None:
    """What waits, came back, or was changed after it was passed is always there."""
    book = session.book
    streams = [f"inspection/2026-{n:02}" for n in range(2, 8)]
    book.write(*(Draft(stream, "handed_in", {}) for stream in streams))
    book.role = Role.LEAD
    book.write(Draft(streams[1], "returned", {"reason": "示例"}))
    book.write(*(Draft(stream, "review_passed", {}) for stream in streams[2:]))
    book.role = Role.OFFICER
    book.write(Draft(streams[2], "item_noted", {"item": "A01", "text": "示例"}))
    for passed in (0, 1, 2, 9):
        shown = [case.id for case in session.queries.handed_in(passed)]
        kept = streams[3:][len(streams[3:]) - min(passed, 3) :]
        assert shown == [*streams[:3], *kept], passed
    words = {case.id: case.review.word for case in session.queries.handed_in(9)}
    assert [words[stream] for stream in streams[:4]] == ["待复核", "退回修改", "认可后有改动", "已认可"]
