"""From the decision to the public and back: two persons, terms, what is masked, and what nobody gets around."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from inspector_app.actions import findings, publicity, publicity_board, publicity_file
from inspector_app.actions.book import undo
from inspector_app.actions.public_copy import Copies, matter
from inspector_app.actions.publicity_board import State
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.event import Draft
from inspector_app.domain.publicity import CONFIRMED, RESULT, Penalty
from tests.deciding import become, decided
from tests.office import CASE, refused


@pytest.fixture
def done(tmp_path: Path) -> Iterator[Session]:
    made = decided(tmp_path)
    yield made
    made.close()


def case(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def copy(session: Session, subject: str = RESULT) -> Copies:
    return matter(session.book, CASE, subject).copies


def text(session: Session, key: str, subject: str = RESULT) -> str:
    return next(line.text for line in copy(session, subject).public if line.key == key)


def duty(session: Session, subject: str = RESULT) -> publicity_board.Duty:
    return next(each for each in publicity_board.board(session.book) if (each.stream, each.subject) == (CASE, subject))


def publish(session: Session, subject: str = RESULT) -> None:
    """The first officer sends, the lead confirms."""
    become(session, "shen", Role.OFFICER)
    publicity.send(session.book, CASE, subject)
    become(session, "zhou", Role.LEAD)
    publicity.confirm(session.book, CASE, subject)


def days_on(session: Session, days: int) -> None:
    assert isinstance(session.book.clock, TrialClock)
    session.book.clock.skip(timedelta(days=days))


def test_only_what_was_decided_waits_for_publication(done: Session) -> None:
    assert [(each.stream, each.subject, each.state) for each in publicity_board.board(done.book)] == [
        (CASE, RESULT, State.DRAFT)
    ]
    made = duty(done)
    assert made.due is not None
    assert done.book.rules.calendar.workdays_between(made.decided, made.due) == 20
    other = next(row.id for row in done.queries.inspections() if row.id != CASE)
    refused("publication_early", lambda: publicity.send(done.book, other, RESULT))


def test_the_public_copy_names_nobody_and_nothing_closed(done: Session) -> None:
    made = copy(done)
    said = "".join(line.text for line in made.public)
    for hidden in ("吴晓", "13800001234", "宗族纠纷", "0042-WS", "10000037", "（0912"):
        assert hidden in "".join(line.text for line in made.original) and hidden not in said
    assert text(done, "result").count("发现问题1个") == 1 and "138**1234" in said
    assert not made.exposed and not made.lifted
    rules = {line.key: line.rules for line in made.public if line.rules}
    assert set(rules) == {"contact", "officers", "result"}
    assert set(rules["result"]) == {"手机号", "个人信息", "档号", "未开放、涉密案卷"}


def test_nothing_goes_out_with_one_pair_of_eyes(done: Session) -> None:
    book = done.book
    refused("publication_not_waiting", lambda: publicity.confirm(book, CASE, RESULT))
    publicity.send(book, CASE, RESULT)
    assert (duty(done).state, duty(done).by) == (State.WAITING, "shen")
    refused("publication_second", lambda: publicity.confirm(book, CASE, RESULT))
    refused("publication_second", lambda: publicity.send_back(book, CASE, RESULT, "示例"))
    sent = case(done).publications[0].rounds[0].id
    book.write(Draft(CASE, CONFIRMED, {"subject": RESULT, "sent": sent, "day": "2026-03-16"}))  # past the act
    assert case(done).publications[0].public is None and not publicity_file.notices(book)
    become(done, "zhou", Role.LEAD)
    refused("not_allowed", lambda: publicity.recall(book, CASE, RESULT))
    publicity.confirm(book, CASE, RESULT)
    assert duty(done).state is State.PUBLIC and duty(done).due is None
    ((_, _, notice),) = publicity_file.notices(book)
    assert notice.rows == tuple((line.label, line.text) for line in copy(done).public)
    sheet = case(done).sheet("publicity")
    assert sheet is not None
    today = book.clock.now().at.date().isoformat()
    assert (sheet.fields["public_on"], sheet.fields["public_channel"]) == (today, "执法公示")
    refused("publication_same", lambda: publicity.send(book, CASE, RESULT))


def test_an_admin_and_an_auditor_publish_nothing(done: Session) -> None:
    for role in (Role.ADMIN, Role.AUDITOR):
        done.book.role = role
        refused("not_allowed", lambda: publicity.send(done.book, CASE, RESULT))
        refused("not_allowed", lambda: publicity.withdraw(done.book, CASE, RESULT, "示例"))


def test_to_hide_needs_no_reason_and_to_show_does(done: Session) -> None:
    book = done.book
    officers = next(line.text for line in copy(done).original if line.key == "officers")
    publicity.change_row(book, CASE, RESULT, "methods", "查阅材料、**、询问")
    refused("reason_needed", lambda: publicity.change_row(book, CASE, RESULT, "methods", "查阅材料、询问"))
    refused("reason_needed", lambda: publicity.change_row(book, CASE, RESULT, "officers", officers))
    refused("reason_needed", lambda: publicity.change_row(book, CASE, RESULT, "result", "没有发现问题"))
    refused(
        "publication_exposed", lambda: publicity.change_row(book, CASE, RESULT, "contact", "示** 13800001234", "示例")
    )
    refused("not_found", lambda: publicity.change_row(book, CASE, RESULT, "nothing", "示例"))
    made = publicity.change_row(book, CASE, RESULT, "officers", officers, "示例：局里公开证号")
    assert text(done, "officers") == officers and copy(done).lifted == ("不公开证号",)
    undo(book, made)
    assert "0912" not in text(done, "officers") and not copy(done).lifted
    assert done.queries.journal(CASE)[-1].text == "公示件的“检查人员”恢复为按规则遮盖"


def test_what_changed_after_it_was_sent_is_not_confirmed(done: Session) -> None:
    publicity.send(done.book, CASE, RESULT)
    become(done, "zhou", Role.LEAD)
    publicity.change_row(done.book, CASE, RESULT, "place", "示例区**")
    refused("publication_moved", lambda: publicity.confirm(done.book, CASE, RESULT))
    refused("reason_needed", lambda: publicity.send_back(done.book, CASE, RESULT, " "))
    publicity.send_back(done.book, CASE, RESULT, "示例：地点改过")
    assert duty(done).state is State.RETURNED
    publish(done)
    assert duty(done).state is State.PUBLIC


def test_holding_is_told_and_can_be_undone(done: Session) -> None:
    refused("reason_needed", lambda: publicity.hold(done.book, CASE, RESULT, ""))
    made = publicity.hold(done.book, CASE, RESULT, "示例：单位提出异议")
    assert (duty(done).state, duty(done).due is not None) == (State.HELD, True), "the term runs on"
    refused("publication_held", lambda: publicity.send(done.book, CASE, RESULT))
    undo(done.book, made)
    assert duty(done).state is State.DRAFT
    publicity.send(done.book, CASE, RESULT)
    publicity.recall(done.book, CASE, RESULT)
    assert duty(done).state is State.DRAFT


def test_a_decision_that_fell_is_taken_down_in_three_working_days(done: Session) -> None:
    book, today = done.book, done.book.clock.now().at.date()
    refused("publication_none", lambda: publicity.withdraw(book, CASE, RESULT, "示例"))
    publish(done)
    refused("date_ahead", lambda: publicity.overturn(book, CASE, RESULT, "撤销", today + timedelta(1), "示例文书"))
    refused("field_needed", lambda: publicity.overturn(book, CASE, RESULT, "撤销", today, ""))
    publicity.overturn(book, CASE, RESULT, "变更", today, "示例复议决定〔2026〕1号")
    fallen = duty(done)
    assert fallen.state is State.FALLEN and fallen.due is not None
    assert book.rules.calendar.workdays_between(today, fallen.due) == 3
    assert publicity_file.notices(book), "it is public until somebody takes it down"
    refused("reason_needed", lambda: publicity.withdraw(book, CASE, RESULT, ""))
    publicity.withdraw(book, CASE, RESULT, "示例：复议变更")
    assert duty(done).state is State.WITHDRAWN and not publicity_file.notices(book)
    publish(done)  # the corrected one
    assert duty(done).state is State.PUBLIC and len(publicity_file.notices(book)) == 1


def test_a_corrected_copy_takes_the_place_of_the_first_and_both_go_together(done: Session) -> None:
    publish(done)
    first = publicity_file.notices(done.book)[0][2]
    days_on(done, 1)
    publicity.change_row(done.book, CASE, RESULT, "place", "示例区**")
    publish(done)
    ((_, _, second),) = publicity_file.notices(done.book)
    assert second.id != first.id and ("检查地点", "示例区**") in second.rows
    publicity.withdraw(done.book, CASE, RESULT, "示例")
    assert not publicity_file.notices(done.book)


def test_a_later_change_of_the_case_changes_nothing_public(done: Session) -> None:
    publish(done)
    before = publicity_file.notices(done.book)
    become(done, "shen", Role.OFFICER)
    findings.change(done.book, CASE, case(done).findings[0].id, "fact", "示例：另有事实。", "示例：核实")
    assert publicity_file.notices(done.book) == before
    assert "另有事实" in text(done, "result")


def test_a_penalty_has_seven_working_days_and_its_own_channels(done: Session) -> None:
    book, today = done.book, done.book.clock.now().at.date()
    full = Penalty("", "示罚〔2026〕1号", today, "示例吴晓指使篡改", "《示例》第一条", "罚款5000元")
    refused("field_needed", lambda: publicity.enter_penalty(book, CASE, replace(full, basis="")))
    refused("date_ahead", lambda: publicity.enter_penalty(book, CASE, replace(full, day=today + timedelta(1))))
    heavy = publicity.enter_penalty(book, CASE, full).value
    light = publicity.enter_penalty(book, CASE, replace(full, number="示罚〔2026〕2号", warning_only=True)).value
    undo(book, publicity.enter_penalty(book, CASE, replace(full, number="示罚〔2026〕3号")))
    assert len(case(done).penalties) == 2 and len(publicity_board.board(book)) == 3
    due = duty(done, heavy).due
    assert due is not None and book.rules.calendar.workdays_between(today, due) == 7
    assert [c.name for c in copy(done, heavy).channels] == ["执法公示", "信用公示"]
    assert [c.name for c in copy(done, light).channels] == ["执法公示"]
    assert text(done, "facts", heavy) == "示**指使篡改"
    publish(done, heavy)
    ((_, subject, notice),) = publicity_file.notices(book)
    assert (subject, notice.channels) == (heavy, ("enforcement", "credit"))
    assert notice.until == date(today.year + 3, today.month, today.day)
    days_on(done, 3 * 366)
    assert not publicity_file.notices(book), "its term is over"


def test_what_is_public_leaves_as_a_page_and_as_data(done: Session, tmp_path: Path) -> None:
    refused("publication_none", lambda: publicity_file.export(done.book, tmp_path / "公示.html", ()))
    publish(done)
    chosen = publicity_file.notices(done.book)
    refused("no_folder", lambda: publicity_file.export(done.book, tmp_path / "nowhere" / "公示.html", chosen))
    page, data, table = publicity_file.export(done.book, tmp_path / "公示.html", chosen).value
    refused("file_exists", lambda: publicity_file.export(done.book, tmp_path / "公示.html", chosen))
    shown = page.read_text("utf-8")
    assert "<script" not in shown and "吴晓" not in shown and "发现问题1个" in shown
    plain = json.loads(data.read_text("utf-8"))["notices"][0]
    assert (plain["unit"], plain["channels"]) == ("示例区水务局", ["enforcement"])
    head, line = csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig")))
    assert dict(zip(head, line, strict=True))["检查结果"] == text(done, "result")
    said = done.queries.journal(CASE)[-1]
    assert said.text == "导出公示件：示例区水务局检查结果"
