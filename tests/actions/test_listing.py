"""The lists that the bureau makes public of itself: two people, periods, what ends; and law explained against the list."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from inspector_app.actions import duties, lawtold, listing, rulebook
from inspector_app.actions.book import undo
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.event import RULES_STREAM, Draft
from inspector_app.domain.lawtold import Occasion
from inspector_app.domain.listed import BESIDE, IN_VISITS, LAWS_TOLD, POWERS, Entry, read_list, write_list
from inspector_app.places import FORMS
from tests.deciding import become, decided
from tests.office import CASE, refused

SAID = {"name": "示例检查", "organ": "示例区档案局", "subjects": "机关", "items": "示例内容", "basis": "《中华人民共和国档案法》第四十二条",
        "procedure": "示例程序\n第二行", "method": ""}  # fmt: skip
TODAY = date(2026, 3, 16)


@pytest.fixture
def lead(tmp_path: Path) -> Iterator[Session]:
    made = decided(tmp_path)
    become(made, "zhou", Role.LEAD)
    yield made
    made.close()


def named(session: Session, name: str = "示例检查") -> list[Entry]:
    return [each for each in listing.entries(session.book, POWERS) if each.name == name]


def public(session: Session, day: date = TODAY) -> list[Entry]:
    return [each for each in listing.entries(session.book, POWERS) if each.is_public(day)]


def two(session: Session, entry: Entry) -> Entry:
    """The lead writes, somebody else checks; returns the version that was checked."""
    become(session, "zhou", Role.LEAD)
    listing.keep(session.book, POWERS, entry)
    waits = next(each for each in named(session, entry.said["name"]) if not each.is_verified)
    become(session, "shen", Role.ADMIN)
    listing.verify(session.book, POWERS, waits)
    return next(e for e in named(session, entry.said["name"]) if e.id == waits.id and e.valid_from == entry.valid_from)


def test_an_entry_is_public_when_two_people_have_seen_it(lead: Session) -> None:
    book = lead.book
    assert not public(lead), "what the application brings is an example"
    listing.keep(book, POWERS, Entry("", SAID))
    (written,) = named(lead)
    assert (written.said, written.kept_by, written.is_verified) == (SAID, "示例周敏", False)
    refused("field_needed", lambda: listing.verify(book, POWERS, written))  # without a first day
    listing.keep(book, POWERS, replace(written, valid_from=TODAY))
    (dated,) = named(lead)
    refused("list_second", lambda: listing.verify(book, POWERS, dated))
    become(lead, "shen", Role.ADMIN)
    refused("list_moved", lambda: listing.verify(book, POWERS, written))
    listing.verify(book, POWERS, dated)
    (shown,) = public(lead)
    assert (shown.verified_by, shown.verified_on) == ("示例沈岚", TODAY) and not public(lead, TODAY - timedelta(1))
    refused("list_moved", lambda: listing.drop(book, POWERS, shown))
    assert [each.name for each in read_list(POWERS, rulebook.newest(book, POWERS.file)[0])][-1] == "示例检查"


def test_what_was_written_is_undone_until_somebody_writes_after_it(lead: Session) -> None:
    book = lead.book
    before = rulebook.newest(book, POWERS.file)[0]
    made = listing.keep(book, POWERS, Entry("", SAID, TODAY))
    back = undo(book, made)
    assert not named(lead) and rulebook.newest(book, POWERS.file)[0] == before
    undo(book, back)
    (written,) = named(lead)
    undo(book, listing.drop(book, POWERS, written))
    assert named(lead) == [written]
    last = listing.keep(book, POWERS, replace(written, said=SAID | {"subjects": "企业"}))
    become(lead, "shen", Role.ADMIN)
    checked = listing.verify(book, POWERS, named(lead)[0])
    assert not checked.reverse, "what is public ends by a version"
    become(lead, "zhou", Role.LEAD)
    refused("moved_on", lambda: undo(book, last))
    assert public(lead)[0].said["subjects"] == "企业"


def test_two_people_of_one_name_are_two_people(lead: Session) -> None:
    listing.keep(lead.book, POWERS, Entry("", SAID, TODAY))
    become(lead, "shen", Role.ADMIN)
    name = "示例周敏"
    lead.book.person = replace(lead.book.person, name=name)
    assert [entry.name for _, entry in listing.waiting(lead.book)] == ["示例检查"]
    listing.verify(lead.book, POWERS, named(lead)[0])
    (shown,) = public(lead)
    assert shown.kept_by == shown.verified_by == name
    unnamed = [replace(shown, keeper="", verifier=""), replace(shown, keeper="")]
    assert not any(each.is_verified for each in unnamed), "where no id is said, the name has to tell"


def test_an_officer_and_a_reviewer_read_and_never_write(lead: Session) -> None:
    listing.keep(lead.book, POWERS, Entry("", SAID, TODAY))
    (written,) = named(lead)
    for role in (Role.OFFICER, Role.REVIEWER, Role.AUDITOR):
        become(lead, "shen", role)
        refused("not_allowed", lambda: listing.keep(lead.book, POWERS, Entry("", SAID)))
        refused("not_allowed", lambda: listing.verify(lead.book, POWERS, written))
        refused("not_allowed", lambda: listing.drop(lead.book, POWERS, written))


def test_a_new_version_waits_beside_the_public_one_and_follows_it(lead: Session) -> None:
    first = two(lead, Entry("", SAID, TODAY - timedelta(30)))
    later = replace(first, said=SAID | {"subjects": "机关、企业"}, valid_from=TODAY + timedelta(10))
    become(lead, "zhou", Role.LEAD)
    listing.keep(lead.book, POWERS, later)
    assert public(lead, TODAY + timedelta(20)) == [first], "nobody has checked the other one"
    listing.drop(lead.book, POWERS, next(each for each in named(lead) if not each.is_verified))
    assert named(lead) == [first]
    second = two(lead, later)
    assert [each.said["subjects"] for each in public(lead)] == ["机关"]
    assert public(lead, TODAY + timedelta(9))[0].valid_to == TODAY + timedelta(9)
    assert public(lead, TODAY + timedelta(10)) == [second]
    corrected = two(lead, replace(second, said=SAID))
    assert [each.valid_from for each in named(lead)] == [first.valid_from, corrected.valid_from], (
        "one of the same day is replaced"
    )


def test_what_cannot_be_kept_is_refused(lead: Session) -> None:
    book = lead.book
    refused("field_needed", lambda: listing.keep(book, POWERS, Entry("", SAID | {"basis": " \n"})))
    refused("date_order", lambda: listing.keep(book, POWERS, Entry("", SAID, TODAY, TODAY - timedelta(1))))
    refused(
        "rules_bad",
        lambda: listing.keep(book, POWERS, Entry("", SAID | {"basis": "《中华人民共和国档案法实施办法》第一条"})),
    )
    assert not named(lead)


def test_a_period_that_ends_soon_stands_on_the_board_until_another_follows(lead: Session) -> None:
    def told() -> list[date]:
        return [duty.day for duty in duties.due(lead.book) if duty.what == "有效期届满"]

    days = lead.book.rules.policy.list_ends_days
    first = two(lead, Entry("", SAID, TODAY, TODAY + timedelta(days)))
    two(lead, Entry("", SAID | {"name": "示例另一件"}, TODAY, TODAY + timedelta(days + 1)))
    assert told() == [TODAY + timedelta(days)]
    two(lead, replace(first, valid_from=TODAY + timedelta(days + 1), valid_to=None))
    assert told() == []


def test_a_folder_of_rules_does_not_take_the_place_of_a_list(lead: Session, tmp_path: Path) -> None:
    listing.keep(lead.book, POWERS, Entry("", SAID))
    folder = shutil.copytree(FORMS, tmp_path / "forms")
    refused("rules_same", lambda: rulebook.publish(lead.book, folder))
    assert named(lead)


def test_a_list_is_read_as_it_came_and_one_of_a_later_version_hinders_nobody(lead: Session) -> None:
    listing.keep(lead.book, POWERS, Entry("", SAID))
    assert not rulebook.waiting(lead.book), "nobody has to sign in again"
    lead.book.write(Draft(RULES_STREAM, "rule_published", {"name": POWERS.file, "text": "[[power]]\nid = 1\n"}))
    refused("list_unreadable", lambda: listing.entries(lead.book, POWERS))
    refused("list_unreadable", lambda: listing.keep(lead.book, POWERS, Entry("", SAID)))
    assert duties.due(lead.book) is not None and listing.entries(lead.book, LAWS_TOLD)


def test_any_text_survives_the_list() -> None:
    text = '# 示例\n\n[[power]]\nid = ""\n'
    said = SAID | {"items": '"引号" \\ 反斜线 [[power]] \x7f\x00制表\t全角　空格 𠮷'}
    made = write_list(POWERS, text, (Entry("a", said, TODAY),))
    (read,) = read_list(POWERS, made)
    assert read.said["items"] == '"引号" \\ 反斜线 [[power]] 制表 全角 空格 𠮷' and made.startswith("# 示例\n")
    assert write_list(POWERS, made, (read,)) == made


# -- law explained ---------------------------------------------------------------------------------------------------


def duty(law: str, audience: str = "机关", occasion: str = IN_VISITS) -> Entry:
    said = {"law": law, "audience": audience, "occasion": occasion, "way": "示例", "time": "示例", "organ": "示例科"}
    return Entry("", said, TODAY)


def count(session: Session, law: str, audience: str = "机关") -> tuple[int, tuple[str, ...]]:
    told = lawtold.told(session.book, 2026)
    found = next(each for each in told.duties if (each.duty.name, each.duty.said["audience"]) == (law, audience))
    return found.count, found.visits.ids


def test_the_list_against_what_was_explained_leads_to_the_inspections(lead: Session) -> None:
    book = lead.book
    kind = lead.queries.case(CASE).unit.kind.label
    others = "企业" if kind != "企业" else "机关"
    for law, audience in (
        ("档案法", kind),
        ("档案法", others),
        ("《中华人民共和国档案法实施条例》", kind),
        ("示例规定", kind),
    ):
        listing.keep(book, LAWS_TOLD, duty(law, audience))
    topics = lead.queries.tallies()[CASE].explained
    assert "档案法" in topics and "条例" not in topics
    assert count(lead, "档案法", kind) == (1, (CASE,)) and count(lead, "档案法", others) == (0, ())
    assert count(lead, "《中华人民共和国档案法实施条例》", kind) == (0, ()), "its name holds that of the law"
    assert not any(each.count for each in lawtold.told(book, 2025).duties)
    later = replace(duty("机关档案管理规定", kind), valid_from=TODAY + timedelta(1))
    listing.keep(book, LAWS_TOLD, replace(later, said={**later.said, "law": "档案法", "time": "明天起"}))
    assert sorted(each.count for each in lawtold.told(book, 2026).duties if each.duty.name == "档案法") == [0, 0, 1]


def test_what_was_held_beside_inspections_is_entered_counted_and_mended(lead: Session) -> None:
    book = lead.book
    listing.keep(book, LAWS_TOLD, duty("示例规定", "社会公众", BESIDE))
    held = Occasion("", TODAY, "示例规定", "示例广场", "社会公众", 40)
    refused("field_needed", lambda: lawtold.enter(book, replace(held, where=" ")))
    refused("date_ahead", lambda: lawtold.enter(book, replace(held, day=TODAY + timedelta(1))))
    id = lawtold.enter(book, held).value
    lawtold.enter(book, replace(held, id=id, people=50))
    assert [each.people for each in lawtold.occasions(book)] == [50]
    assert count(lead, "示例规定", "社会公众") == (1, ())
    book.role = Role.AUDITOR
    refused("not_allowed", lambda: lawtold.enter(book, held))


def test_both_lists_leave_as_workbooks(lead: Session, tmp_path: Path) -> None:
    two(lead, Entry("", SAID, TODAY))
    become(lead, "zhou", Role.LEAD)
    lawtold.enter(lead.book, Occasion("", TODAY, "=示例", "示例广场", "社会公众"))
    powers = load_workbook(listing.export(lead.book, POWERS, tmp_path / "权责.xlsx"))
    assert [row[0].value for row in powers["权责清单"].iter_rows(min_row=2)] == sorted(
        e.name for e in listing.entries(lead.book, POWERS)
    )
    laws = load_workbook(lawtold.export(lead.book, 2026, tmp_path / "普法.xlsx"))
    assert laws.sheetnames == ["普法责任清单", "2026年完成情况", "2026年宣讲记录"]
    where = {row[1].value: row[2] for row in laws["2026年宣讲记录"].iter_rows(min_row=2)}
    assert "档案法" in where["示例区水务局"].value and where["示例广场（社会公众）"].data_type == "s"
    refused("file_exists", lambda: listing.export(lead.book, POWERS, tmp_path / "权责.xlsx"))
