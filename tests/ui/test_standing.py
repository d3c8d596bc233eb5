"""What stands: papers that no longer say what the case says, two officers' versions, signatures that were really given."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from inspector_app.actions import check, evidence, findings, papers, sign_in, trial
from inspector_app.actions.book import undo
from inspector_app.actions.exchange import exchange
from inspector_app.actions.sign_in import Session
from inspector_app.domain.event import words
from inspector_app.domain.inspection import outgoing_papers
from inspector_app.tour.hand import Hand
from inspector_app.ui import printing
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.screens.checklist import ChecklistStage
from inspector_app.ui.screens.finding_sheets import EditSheet
from inspector_app.ui.screens.findings import FindingsStage
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, card, checked, laptop_at, refused, sign_record, visited
from tests.stages import begins


@pytest.fixture
def deliberated(window: Window) -> Session:
    """The visit is over and the team has deliberated."""
    session = window.desk.open_session
    findings.confirm(session.book, CASE, [f.id for f in session.queries.case(CASE).findings])
    findings.deliberate(session.book, CASE, "一致")
    return session


def made(session: Session) -> tuple[str, ...]:
    kinds = outgoing_papers(session.queries.case(CASE))
    for kind in kinds:
        papers.issue(session.book, CASE, kind)
    return kinds


@begins(visited, "window")
def test_a_paper_that_lost_its_facts_is_made_anew(deliberated: Session, hand: Hand) -> None:
    book, queries = deliberated.book, deliberated.queries
    made(deliberated)
    finding = next(f for f in queries.case(CASE).findings if f.consequence == "rectify")
    findings.change(book, CASE, finding.id, "fact", "文书做好以后改的事实", "笔误")
    stale = [p.kind for p in queries.case(CASE).papers if p.stale]
    assert stale == ["rectification"], "only the paper that speaks of it"
    refused("move_refused", lambda: findings.decide(book, CASE))
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(5)
    hand.settle()
    screen = hand.window.screens["case"]
    assert isinstance(screen, CaseScreen) and isinstance(screen.stage, FindingsStage)
    assert "内容已改" in screen.stage.papers.tabs["rectification"].accessibleName()
    screen.stage.papers.open_kind("rectification")
    hand.settle()
    assert "还有 1 个没有确认" in screen.stage._bar.text(), "who confirmed had read other words"
    findings.confirm(book, CASE, [finding.id])
    hand.window.desk.changed.emit()
    hand.settle()
    assert "内容改过" in screen.stage._bar.text()
    hand.press("重新制作第 2 版")
    hand.key("Ctrl+Return")
    again = queries.case(CASE).paper("rectification")
    assert again is not None and again.revision == 2 and not again.stale
    assert "已被第 2 版替代" in hand.read("(第 1 版.*)")
    findings.decide(book, CASE)
    findings.change(book, CASE, finding.id, "fact", "送达前再改一次", "笔误")
    refused("frozen", lambda: findings.withdraw(book, CASE, finding.id, "不成立"))
    refused("frozen", lambda: findings.change(book, CASE, finding.id, "consequence", "opinion", "改后果"))
    fresh = queries.case(CASE).paper("rectification")
    assert fresh is not None and fresh.stale
    findings.confirm(book, CASE, [finding.id])
    assert papers.issue(book, CASE, "rectification").value.revision == 3, "what was decided can still be told anew"


@begins(visited, "window")
def test_what_was_changed_back_is_not_stale(deliberated: Session) -> None:
    made(deliberated)
    finding = deliberated.queries.case(CASE).findings[0]
    done = findings.change(deliberated.book, CASE, finding.id, "fact", "另一句", "笔误")
    assert any(p.stale for p in deliberated.queries.case(CASE).papers)
    undo(deliberated.book, done)
    assert not any(p.stale for p in deliberated.queries.case(CASE).papers)


@begins(visited, "window")
def test_a_withdrawn_photo_is_on_no_paper(deliberated: Session) -> None:
    book, queries = deliberated.book, deliberated.queries
    kinds = made(deliberated)
    finding = queries.case(CASE).findings[0]
    number = finding.evidence[0]
    done = evidence.withdraw(book, CASE, number, "含个人隐私")
    after = next(f for f in queries.case(CASE).findings if f.id == finding.id)
    assert (after.evidence, after.lost) == ((), (number,))
    assert all(number not in papers.photos(book, queries.case(CASE), kind) for kind in kinds)
    assert any(p.stale for p in queries.case(CASE).papers)
    undo(book, done)
    assert "恢复证据" in deliberated.queries.journal(CASE)[-1].text


def test_the_record_says_what_was_taken_back() -> None:
    assert words("finding_withdrawn", {"code": "A03", "reason": "x", "value": False}) == "恢复问题 A03"
    assert words("evidence_withdrawn", {"number": "ZJ-1", "reason": ""}) == "恢复证据 ZJ-1"
    assert words("item_answered", {"item": "A03", "value": ""}) == "A03 恢复为未答"
    assert words("finding_changed", {"code": "A03", "field": "fact"}) == "修改问题 A03：事实"
    assert words("approval_given", {"by": "zhou", "by_name": "示例周敏"}) == "批准检查：示例周敏"
    assert words("item_answered", {"item": "E08_t", "value": "27"}, {"E08_t": "E08 温度"}) == "E08 温度 填“27”"


@begins(visited, "window")
def test_the_record_is_searched_in_its_texts(deliberated: Session) -> None:
    found = deliberated.queries.journal(CASE, "没有落实")
    assert {row.kind for row in found} >= {"item_noted", "finding_recorded"}
    assert "情况属实" in deliberated.queries.journal(CASE, "情况属实")[0].told


# -- two officers ---------------------------------------------------------------------------------------------


@pytest.fixture
def differing(window: Window, tmp_path: Path) -> Window:
    """Two laptops wrote different things of one finding, one remark and one reading, and exchanged them."""
    session = window.desk.open_session
    arrive(session.book)
    check.answer(session.book, CASE, "A03", "不符合")
    check.note(session.book, CASE, "A03", "责任制没有落实")
    evidence.add_photos(session.book, CASE, card(1), item="A03")
    id = findings.record(session.book, CASE, "A03").value
    shutil.copytree(tmp_path / "laptop", tmp_path / "second", ignore=shutil.ignore_patterns("lock"))
    other = sign_in.sign_in(laptop_at(tmp_path / "second"), "lu", trial.SECRET)
    other.book.store.new_device()
    for book, name in ((other.book, "陆"), (session.book, "沈")):
        findings.change(book, CASE, id, "fact", f"{name}看到的事实")
        check.note(book, CASE, "A03", f"{name}的备注")
        check.read_off(book, CASE, "E08_temperature", {"陆": "20", "沈": "21"}[name])
    exchange(session.book.store, other.book.store)
    other.close()
    window.desk.open("case", CASE)
    return window


def test_a_finding_is_settled_for_either_version(differing: Window, hand: Hand) -> None:
    desk = differing.desk
    desk.open_stage(5)
    hand.settle()
    standing = desk.queries.case(CASE).findings[0].fact
    who = "示例陆一鸣" if standing.startswith("陆") else "示例沈岚"
    hand.press(f"选用{who}的事实")
    hand.fill("选用的原因", "以现场照片为准")
    hand.key("Ctrl+Return")
    settled = desk.queries.case(CASE).findings[0]
    assert (settled.fact, settled.conflict) == (standing, ())


def test_two_remarks_and_two_readings_show_their_authors(differing: Window, hand: Hand) -> None:
    desk = differing.desk
    desk.open_stage(2)
    hand.settle()
    screen = differing.screens["case"]
    assert isinstance(screen, CaseScreen) and isinstance(screen.stage, ChecklistStage)
    screen.stage.go_to("A03")
    hand.settle()
    assert "陆的备注" in hand.read("(示例陆一鸣 填.*)") and "沈的备注" in hand.read("(示例沈岚 填.*)")
    hand.press("选用示例陆一鸣的")
    item = desk.queries.case(CASE).item("A03")
    assert item is not None and (item.note, item.note_conflict) == ("陆的备注", ())
    screen.stage.go_to("E08")
    hand.settle()
    assert "“20”" in hand.read("(示例陆一鸣 填.*)")
    hand.press("选用示例沈岚的")
    case = desk.queries.case(CASE)
    assert dict(case.readings)["E08_temperature"] == "21" and not case.reading_conflicts


# -- signatures and drafts ------------------------------------------------------------------------------------


@begins(checked, "window")
def test_only_who_typed_a_pin_has_signed(window: Window, hand: Hand) -> None:
    """A third officer who was not there is never written down as having signed."""
    from dataclasses import replace

    from inspector_app.ui.screens.signing import SigningSheet

    session = window.desk.open_session
    from inspector_app.actions import onsite

    onsite.record_statement(session.book, CASE, "不陈述申辩")
    paper = papers.issue(session.book, CASE, "onsite_record").value
    case = session.queries.case(CASE)
    third = session.queries.register().officers["zhou"]
    SigningSheet.open_for(window, window.desk, replace(case, officers=(*case.officers, third)), paper)
    hand.settle()
    hand.press("已签字")
    hand.press("登记签字")
    assert "本人口令" in hand.read("(由签字的检查人员.*)")
    hand.fill("示例周敏 本人口令", "not this one")
    hand.press("登记签字")
    assert "示例周敏：口令不对" in hand.read("(示例周敏：.*)")
    hand.fill("示例周敏 本人口令", "")
    hand.key("Backspace")
    hand.fill("示例陆一鸣 本人口令", trial.SECRET)
    hand.press("登记签字")
    signed = [(e.body["name"], e.witness) for e in session.book.store.events(CASE) if e.kind == "paper_signed"]
    assert signed == [("示例吴晓", None), ("示例沈岚", None), ("示例陆一鸣", "lu")]


def test_a_draft_is_saved_without_a_printer(case_hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "printers", list)
    desk = case_hand.window.desk
    desk.open_stage(4)
    case_hand.settle()
    before = len(desk.queries.case(CASE).papers)
    case_hand.key("Ctrl+P")
    assert "没有找到打印机" in case_hand.problem()
    assert len(desk.queries.case(CASE).papers) == before, "nothing left the laptop"
    case_hand.press("另存草稿")
    case_hand.key("Ctrl+A")
    case_hand.type(str(tmp_path / "草稿.pdf"))
    case_hand.key("Return")
    assert (tmp_path / "草稿.pdf").read_bytes().startswith(b"%PDF")
    assert [p.draft != "" for p in desk.queries.case(CASE).papers][before:] == [True]


# -- the sheet of a finding -----------------------------------------------------------------------------------


@begins(checked, "window")
def test_the_sheet_of_a_finding_refuses_in_words(window: Window, hand: Hand) -> None:
    window.desk.open("case", CASE)
    window.desk.open_stage(5)
    hand.settle()
    hand.press("改这个问题")
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, EditSheet)
    hand.fill("依据", "《中华人民共和国档案法》第九百条")
    hand.press("存入修改")
    assert "法规库里没有" in sheet.problem.text()
    hand.fill("依据", "《中华人民共和国档案法》第十九条")
    hand.key("F3")
    hand.type("库房设施")
    hand.key("Return")
    assert sheet.basis.text() == "《中华人民共和国档案法》第十九条"
    hand.key("F3")
    hand.type("温湿度")
    hand.key("Down")
    hand.key("Up")
    hand.key("Return")
    assert sheet.basis.text() == "《中华人民共和国档案法》第十九条、《中华人民共和国档案法实施条例》第二十二条"
    hand.fill("期限", "2020年1月1日")
    hand.press("存入修改")
    assert "早于今天" in sheet.problem.text()
    hand.fill("期限", "2026年5月2日")
    hand.press("存入修改")
    assert "不是工作日" in sheet.problem.text() and "下一个工作日" in sheet.problem.text()
    sheet.severity.show_value("3")
    hand.press("存入修改")
    finding = window.desk.queries.case(CASE).findings[0]
    assert (finding.due, finding.severity) == (date(2026, 5, 2), 3)
    hand.press("改这个问题")
    hand.click(hand.find(QPlainTextEdit, "事实"))
    hand.key("Ctrl+A")
    hand.type("写了一半")
    hand.key("Escape")
    hand.key("Escape")
    hand.press("改这个问题")
    assert hand.find(QPlainTextEdit, "事实").toPlainText() == "写了一半"
    assert hand.find(QLineEdit, "期限").text() == "2026年5月2日"
    hand.key("Escape")


@begins(checked, "window")
def test_who_signed_may_not_be_changed_behind_the_paper(window: Window) -> None:
    """The 笔录 is made: what would change it is refused, undo as well."""
    session = window.desk.open_session
    from inspector_app.actions import arrival, onsite
    from inspector_app.domain.visit import Attendee

    done = onsite.record_remarks(session.book, CASE, "情况属实。")
    onsite.record_statement(session.book, CASE, "不陈述申辩")
    sign_record(session)
    refused("record_made", lambda: undo(session.book, done))
    refused("record_made", lambda: arrival.confirm_attendees(session.book, CASE, [Attendee("示例另一人")]))
    refused("record_made", lambda: evidence.add_photos(session.book, CASE, card(9)[8:]))
