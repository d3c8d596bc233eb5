"""The acts of the register of pre-stamped forms."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook

from inspector_app.actions import papers, stamped
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.event import FORMS_STREAM
from inspector_app.domain.paper import Issued
from inspector_app.domain.stamped import Batch, Where
from tests.office import CASE, refused


@pytest.fixture
def batch(session: Session) -> Batch:
    rules = session.book.rules
    asking = {**rules.policy.papers, "notice": replace(rules.policy.papers["notice"], pre_stamped=True)}
    rules.__dict__["policy"] = replace(rules.policy, papers=asking)
    return stamped.receive(session.book, "notice", "示空", "0001", "0020", "示例内勤").value


@pytest.fixture
def made(session: Session, batch: Batch) -> Issued:
    return papers.issue(session.book, CASE, "notice", ("示空0001", "示空0002")).value


def counts(session: Session) -> dict[Where, int]:
    return {where: count for where, count in session.queries.forms().account().items() if count}


def test_a_receipt_is_checked(session: Session, batch: Batch) -> None:
    book = session.book
    for code, *given in (
        ("field_needed", "一", "9", "示例内勤"), ("field_needed", "1", "9", " "), ("number_order", "9", "1", "示例内勤"),
        ("form_count", "1001", "1501", "示例内勤"), ("form_known", "0020", "0021", "示例内勤"),
    ):  # fmt: skip
        refused(code, partial(stamped.receive, book, "notice", "示空", *given))
    assert counts(session) == {Where.HELD: 20}
    book.role = Role.AUDITOR
    refused("not_allowed", lambda: stamped.receive(book, "notice", "示空", "0021", "0022", "示例内勤"))


def test_the_paper_and_its_forms_are_one_act(session: Session, made: Issued) -> None:
    assert counts(session) == {Where.USED: 2, Where.HELD: 18}
    rows = session.queries.journal(FORMS_STREAM)
    assert [row.text for row in rows][1:] == [
        f"用掉空白文书 示空000{n}：{made.title} {made.number}" for n in (1, 2)
    ]  # fmt: skip
    revised = papers.issue(session.book, CASE, "notice", ("示空0003", "示空0004")).value
    held = session.queries.forms().form("示空0004").sayings[0]
    assert (held.paper, held.revision) == (revised.id, made.revision + 1), "the next version takes forms of its own"


def test_a_spoiled_form_gives_way_to_another(session: Session, made: Issued) -> None:
    book = session.book
    refused("reason_needed", lambda: stamped.spoil(book, "示空0002", " "))
    refused("form_gone", lambda: stamped.spoil(book, "示空0002", "卡纸", "示空0001"))
    stamped.spoil(book, "示空0002", "卡纸", "示空0005")
    forms = session.queries.forms()
    assert forms.form("示空0002").where is Where.SPOILED and forms.form("示空0002").words == "卡纸"
    held = forms.form("示空0005").sayings[0]
    assert (held.paper, held.copy, held.document) == (made.id, "第2联　存卷", made.number)
    refused("form_gone", lambda: stamped.spoil(book, "示空0006", "墨污", "示空0007"))
    refused("form_unknown", lambda: stamped.spoil(book, "示空0099", "墨污"))


def test_handing_back_keeps_what_was_spoiled(session: Session, batch: Batch, made: Issued) -> None:
    book = session.book
    stamped.spoil(book, "示空0003", "墨污")
    refused("field_needed", lambda: stamped.hand_back(book, batch, "", "示例内勤"))
    refused("field_needed", lambda: stamped.hand_back(book, batch, "3-20", ""))
    refused("form_gone", lambda: stamped.hand_back(book, batch, "1-20", "示例内勤"))
    done = stamped.hand_back(book, batch, "3至19", "示例内勤")
    assert len(done.value) == 17 and counts(session) == {Where.USED: 2, Where.RETURNED: 17, Where.HELD: 1}
    assert session.queries.forms().form("示空0003").words == "交给示例内勤（写坏：墨污）"
    assert session.queries.forms().missing(batch, ()) == ("示空0020",)
    again = stamped.receive(book, "notice", "示空", "0010", "0012", "示例内勤").value
    refused("form_gone", lambda: stamped.hand_back(book, batch, "0010", "示例内勤"))
    assert stamped.hand_back(book, again, "0010", "示例内勤").value == ("示空0010",)


def test_a_wrong_entry_is_corrected_with_a_reason(session: Session, batch: Batch, made: Issued) -> None:
    book = session.book
    form = session.queries.forms().form("示空0001")
    ways = dict(stamped.ways(form))
    assert list(ways) == ["在手", "已交回 交给示例内勤"]
    refused("reason_needed", lambda: stamped.correct(book, form, ways["在手"], ""))
    stamped.correct(book, form, ways["在手"], "看错一张")
    assert session.queries.forms().form("示空0001").where is Where.HELD
    assert "看错一张" in session.queries.journal(FORMS_STREAM)[-1].text
    stamped.spoil(book, "示空0001", "墨污")
    stray = replace(form, batch=None)
    refused("form_unknown", lambda: stamped.correct(book, stray, ways["在手"], "示例"))


def test_the_list_to_be_signed_has_every_number_and_adds_up(
    session: Session, batch: Batch, made: Issued, tmp_path: Path
) -> None:
    book = session.book
    stamped.spoil(book, "示空0003", "卡纸")
    stamped.hand_back(book, batch, "0003、0010至0020", "示例内勤")
    written = stamped.write_list(book, tmp_path / "登记表.xlsx", partial(papers.title, book))
    receipts, numbers = load_workbook(written).worksheets
    heads, line, total = ([cell.value for cell in row] for row in receipts.iter_rows())
    told = dict(zip(heads, line, strict=True))
    assert told["领取的号"] == "示空0001至示空0020" and told["发放人"] == "示例内勤" and total[0] == "合计"
    assert [told[name] for name in ("领取", "在手", "已用", "写坏", "已交回", "要核对")] == [
        "20",
        "6",
        "2",
        "0",
        "12",
        "0",
    ]
    assert total[5:] == line[5:]
    rows = [[cell.value for cell in row] for row in numbers.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == list(batch.numbers), "none is left out"
    assert f"《{made.title}》{made.number}" in rows[0][3] and rows[2][2:4] == ["已交回", "交给示例内勤（写坏：卡纸）"]
    assert numbers.print_title_rows == "$1:$1" and numbers.page_setup.fitToHeight == 0
    refused("file_exists", lambda: stamped.write_list(book, written, str))


def test_where_policy_asks_for_none_no_form_is_taken(session: Session) -> None:
    assert stamped.copies_of(session.book, "notice") == () == stamped.take(session.book, "notice", ("示空0001",))
    papers.issue(session.book, CASE, "notice")
    assert counts(session) == {}
