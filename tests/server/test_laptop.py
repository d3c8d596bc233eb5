"""A whole laptop and the bureau: enrolment, handing in an inspection with its files, a lead's laptop that takes it in."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import (
    check,
    evidence,
    figures,
    filecheck,
    findings,
    rating,
    readiness,
    rulebook,
    sending,
    sync,
    whereabouts,
)
from inspector_app.actions.sign_in import Session, set_up, sign_in
from inspector_app.domain.access import Role
from inspector_app.domain.annual import report, tables
from inspector_app.domain.clock import Moment, SystemClock
from inspector_app.domain.event import RULES_STREAM, Draft
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.domain.problems import Problem
from inspector_app.places import FORMS
from inspector_app.sync.door import Address
from tests.office import CASE, arrive, card, check_all, finish_visit, laptop_at, office
from tests.server.conftest import PASSWORD, Served
from tests.sync.world import START


@pytest.fixture
def served_office(served: Served) -> Served:
    for id, name, role in (
        ("shen", "示例沈岚", Role.OFFICER),
        ("zhou", "示例周敏", Role.LEAD),
        ("admin", "示例管理", Role.ADMIN),
    ):
        served.office.accounts.add(id, name, role, PASSWORD)
    return served


def joined(served: Served, folder: Path) -> Session:
    """The sample bureau's laptop: the admin hands in the register, then the officer works with it."""
    session = office(folder)
    sync.enrol(session.book, served.address, "admin", PASSWORD)
    sync.hand_over(session.book)
    assert session.book.store.aside() == {}
    sync.enrol(session.book, served.address, "shen", PASSWORD)
    return session


def lead_laptop(served: Served, folder: Path) -> Session:
    officer = Officer("zhou", "示例周敏", "副局长", Credential("09120031", START.date(), START.date()), leader=True)
    session = set_up(laptop_at(folder), Bureau("示例区档案局", "示档"), officer, "shili-tongxing-2026")
    sync.enrol(session.book, served.address, "zhou", PASSWORD)
    return session


def test_an_inspection_arrives_at_the_lead_with_its_pictures(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    check.answer(book, CASE, "A01", "不符合")
    evidence.add_photos(book, CASE, card(2), item="A01")
    before = whereabouts.where(book, [CASE])[0]
    assert before.events_received < before.events and before.files_received == 0
    handed = sync.hand_over(book)
    assert handed.open == 0 and handed.files == before.files
    after = whereabouts.where(book, [CASE])[0]
    assert (after.events_received, after.files_received, after.word) == (after.events, after.files, "已回执")
    lead = lead_laptop(served_office, tmp_path / "lead")
    assert sync.hand_over(lead.book).received > after.events
    assert lead.queries.case(CASE).item("A01").value == "不符合"  # type: ignore[union-attr]
    assert lead.book.store.digest(CASE) == book.store.digest(CASE)
    assert lead.queries.planning() == session.queries.planning()
    assert len(lead.queries.planning().plans) == 1, "what an officer intends reaches the lead"
    piece = lead.queries.case(CASE).evidence[0]
    with pytest.raises(Problem, match="不在本机"):
        lead.book.vault.read(piece.sha256)
    sync.fetch_file(lead.book, piece.sha256)
    assert lead.book.vault.read(piece.sha256) == book.vault.read(piece.sha256)
    session.close()
    lead.close()


def test_the_bureau_reviews_a_file_as_the_laptop_does(served_office: Served, tmp_path: Path) -> None:
    """The same checks over the same events, with what stands on the papers; what only the laptop knows is left out."""
    session = joined(served_office, tmp_path / "a")
    arrive(session.book)
    check_all(session)
    finish_visit(session)
    id = session.queries.case(CASE).findings[0].id
    findings.change(session.book, CASE, id, "fact", "库房湿度大概在百分之七十，没有除湿设备")
    here = filecheck.look(session.book, CASE, filecheck.Moment.CLOSE)
    sync.hand_over(session.book)
    found = served_office.door("zhou", "QH-0009")._json("GET", f"/desk/review?stream={CASE}")
    there = {(r["code"], r["message"]) for r in found["remarks"]}
    mine = {(r.check.code, r.message) for r in here.remarks}
    assert ("D34", mine_of(mine, "D34")) in there and found["score"] == here.score
    # N11: the faces of this computer; N12: the areas of the checklist, of which the bureau knows only the answered items.
    assert {code for code, _ in mine ^ there} <= {"N11", "N12"}
    assert found["looked"] == here.looked and found["grade"] == here.grade
    session.close()


def mine_of(remarks: set[tuple[str, str]], code: str) -> str:
    return next(message for each, message in remarks if each == code)


def test_handing_in_stops_between_parts_and_goes_on_there(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    evidence.add_photos(book, CASE, card(3))
    total = len(sending.waiting_files(book))
    calls: list[int] = []

    def step(done: int, of: int) -> bool:
        calls.append(done)
        return len(calls) < 8

    handed = sync.hand_over(book, step)
    assert handed.stopped and 0 < len(sending.waiting_files(book)) < total
    assert not sync.hand_over(book).stopped and sending.waiting_files(book) == []
    session.close()


def test_a_metered_connection_carries_no_originals(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    arrive(session.book)
    evidence.add_photos(session.book, CASE, card(1))
    sending.set_metered(session.book, True)
    sync.hand_over(session.book)
    assert {ref.origin for ref in sending.waiting_files(session.book)} == {"imported"}
    session.close()


class Fast(SystemClock):
    """The computer's own clock, ten minutes ahead."""

    def now(self) -> Moment:
        moment = super().now()
        return replace(moment, at=moment.at + timedelta(minutes=10))


def test_a_clock_that_differs_from_the_bureaus_is_told_before_departure(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    assert readiness.of_laptop(session.book, None)[2].state == "ok"
    session.book.clock = Fast()
    sync.hand_over(session.book)
    told = readiness.of_laptop(session.book, None)[2]
    assert told.state == "warn" and told.words.startswith("比局里快 10 分")
    session.close()


def test_weeks_offline_lose_nothing_when_the_session_has_ended(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    arrive(session.book)
    served_office.office.clock.skip(timedelta(days=40))  # type: ignore[attr-defined]
    with pytest.raises(Problem) as ended:
        sync.hand_over(session.book)
    assert ended.value.code == "signed_out"
    sync.sign_in_again(session.book, PASSWORD)
    assert sync.hand_over(session.book).open == 0
    session.close()
    again = sign_in(laptop_at(tmp_path / "a" / "laptop"), "shen", "shili-tongxing-2026")
    assert whereabouts.where(again.book, [CASE])[0].word == "已回执"
    again.close()


def test_without_a_server_or_an_enrolment_there_is_a_sentence(served: Served, tmp_path: Path) -> None:
    session = office(tmp_path)
    with pytest.raises(Problem, match="还没有登记到局里"):
        sync.hand_over(session.book)
    gone = Address("https://127.0.0.1:1", served.address.root)
    with pytest.raises(Problem, match="连不上"):
        sync.enrol(session.book, gone, "officer", PASSWORD)
    session.close()


def test_rules_that_the_bureau_publishes_reach_every_laptop(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    folder = tmp_path / "rules"
    shutil.copytree(FORMS, folder)
    (folder / "plan.toml").write_text((FORMS / "plan.toml").read_text("utf-8") + "\n# 示例\n", "utf-8")
    with pytest.raises(Problem, match="不能办理“发布规则”"):
        rulebook.publish(session.book, folder)
    lead = lead_laptop(served_office, tmp_path / "lead")
    sync.hand_over(lead.book)
    assert rulebook.publish(lead.book, folder).value == ("plan.toml",)
    sync.hand_over(lead.book)
    sync.hand_over(session.book)
    assert rulebook.waiting(session.book)
    session.close()
    again = sign_in(laptop_at(tmp_path / "a" / "laptop"), "shen", "shili-tongxing-2026")
    assert again.book.rules.shelf.text("plan.toml").endswith("# 示例\n") and not rulebook.waiting(again.book)
    again.close()
    lead.close()


def test_an_officers_laptop_publishes_nothing(served_office: Served, tmp_path: Path) -> None:
    """Whatever its own window would allow: the bureau does not take it."""
    session = joined(served_office, tmp_path / "a")
    session.book.role = Role.ADMIN
    session.book.write(Draft(RULES_STREAM, "rule_published", {"name": "policy.toml", "text": "x"}))
    sync.hand_over(session.book)
    assert whereabouts.only_here(session.book) == 1, "it stays here, and the sync centre says so"
    assert served_office.office.ledger.heads(RULES_STREAM) == {}
    session.close()


def test_the_bureau_counts_what_the_laptop_counts(served_office: Served, tmp_path: Path) -> None:
    session = joined(served_office, tmp_path / "a")
    book = session.book
    arrive(book)
    check_all(session)
    finish_visit(session)
    rating.rate(book, CASE, "满意")
    sync.hand_over(book)
    served_office.office.clock = book.clock  # both count as of the same day
    with served_office.door("zhou", "QH-00F1") as door:
        there = door._json("GET", "/desk/statistics?year=2026", None)
    here = figures.year(book, 2026)
    assert there["report"] == report(here) and "发现问题8个" in there["report"]
    assert there["tables"] == json.loads(
        json.dumps([{"title": title, "heads": heads, "rows": rows} for title, heads, rows in tables(here)])
    )
    session.close()


def test_a_laptop_whose_name_another_one_has_is_told_and_stays_as_it_was(served_office: Served, tmp_path: Path) -> None:
    session = office(tmp_path / "a")
    book, name = session.book, session.book.store.device
    served_office.door("zhou", name)
    with pytest.raises(Problem) as told:
        sync.enrol(book, served_office.address, "shen", PASSWORD)
    assert told.value.code == "device_known" and name in str(told.value)
    assert sync.link_of(book.store) is None and book.store.device == name
    session.close()
