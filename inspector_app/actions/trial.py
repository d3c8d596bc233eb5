"""The trial mode: a sample bureau with units, officers, a plan and numbers, written by the acts themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.access import Role
from ..domain.clock import TrialClock
from ..domain.inspection import Kind
from ..domain.people import Bureau, Credential, Officer, Unit, UnitKind
from ..domain.planning import Clue
from ..domain.planning import Plan as PlanOfYear
from ..domain.roster import APPROVAL, TRAINING, VISIT, OfficerNote, UnitNote
from ..domain.roster import REVIEWER as QUALIFIED
from ..places import RESOURCES
from . import plan, planning, register, sync, trial_files
from .book import Book
from .laptop import Laptop
from .sign_in import Session, add_person, set_up
from .trial_files import card_of as card_of

ADMIN, LEAD, REVIEWER = "admin", "zhou", "ding"
SECRET = "shili-tongxing-2026"
"""What every sample person types. It protects nothing: the trial's data are invented."""


def sample() -> dict[str, Any]:
    """The data of the sample bureau."""
    return tomllib.loads((RESOURCES / "trial" / "bureau.toml").read_text("utf-8"))


def clock(data: dict[str, Any], pace: float = 1.0) -> TrialClock:
    """A clock that stands at the beginning of the sample visit; `pace` is how much faster it goes than the computer's."""
    return TrialClock(data["start"], pace=pace)


def officers_of(data: dict[str, Any]) -> dict[str, Officer]:
    return {
        row["id"]: Officer(
            row["id"], row["name"], row["title"],
            Credential(row["credential"], row["valid_from"], row["valid_to"]), row.get("leader", False),
        )
        for row in data["officer"]
    }  # fmt: skip


def reviewer_of(data: dict[str, Any]) -> Officer:
    """The legal reviewer of the sample bureau."""
    return Officer(data["reviewer"]["id"], data["reviewer"]["name"], data["reviewer"]["title"])


def seed(
    laptop: Laptop, progress: Callable[[int, int], None] = lambda done, total: None,
    bureau: sync.Address | None = None,
) -> Session:  # fmt: skip
    """Make the trial store and enter everything; returns the session of the first officer.

    With a `bureau` (the server that the trial carries along) the laptop is enrolled there and hands in the register.
    """
    data = sample()
    officers = officers_of(data)
    team = [officers["shen"], officers["lu"]]
    rules = laptop.rules
    before = TrialClock(data["notice_day"] - timedelta(days=7), boot="seed")
    early = replace(laptop, clock=before)
    session = set_up(early, Bureau(**data["bureau"]), team[0], SECRET)
    for officer in (officers["lu"], officers["zhou"]):
        add_person(session, officer, SECRET)
    others = [officers[id] for id in officers if id not in ("shen", "lu", "zhou")]
    register.enter_all(session.book, (), [*others, reviewer_of(data)])
    _qualify(session.book, data["reviewer"])
    units = _units(session, data)
    _what_is_known(session, data)
    year = data["start"].year
    code = data["bureau"]["code"]
    for series in rules.policy.series:
        register.lease_numbers(session.book, series, rules.policy.prefix(series, code), year, 1, 40)
    for index, row in enumerate(data["inspection"]):
        progress(index, len(data["inspection"]))
        _inspection(session, row, units[row["unit"]], team, officers["zhou"])
    session.book.notices.clear()  # the sample was planned a week ago: what was said then was heard then
    before.skip(timedelta(days=7))
    _serve_notice(session, f"inspection/{data['today']}", data["notice_day"])
    trial_files.lay_out(session, f"inspection/{data['today']}", data["start"], data["self_check"])
    session.book.clock = laptop.clock
    if isinstance(laptop.clock, TrialClock):
        laptop.clock.restart()  # making the data is no part of the sample day
    session.laptop = laptop
    if bureau is not None:
        sync.enrol(session.book, bureau, ADMIN, SECRET)  # the register is the admin's to hand in
        sync.hand_over(session.book)
        sync.enrol(session.book, bureau, session.book.person.id, SECRET)
        sync.hand_over(session.book)
    progress(len(data["inspection"]), len(data["inspection"]))
    return session


def seed_colleague(laptop: Laptop, bureau: sync.Address, id: str) -> Session:
    """The own laptop of the lead, the legal reviewer or the admin: set up, enrolled, and with what the bureau gives them."""
    data = sample()
    person = {**officers_of(data), REVIEWER: reviewer_of(data), ADMIN: Officer(ADMIN, "示例管理员")}[id]
    session = set_up(laptop, Bureau(**data["bureau"]), person, SECRET)
    sync.enrol(session.book, bureau, id, SECRET)
    sync.hand_over(session.book)
    return session


def accounts() -> list[tuple[str, str, Role]]:
    """Who has an account at the trial's server: id, name, role; all type `SECRET`."""
    data = sample()
    people, reviewer = officers_of(data).values(), reviewer_of(data)
    return [(ADMIN, "示例管理员", Role.ADMIN), (reviewer.id, reviewer.name, Role.REVIEWER)] + [
        (p.id, p.name, Role.LEAD if p.id == LEAD else Role.OFFICER) for p in people
    ]


def _qualify(book: Book, row: dict[str, Any]) -> None:
    """The qualification is entered by the admin, as whom the laptop first hands in the register."""
    before = book.person, book.role
    book.person, book.role = Officer(ADMIN, "示例管理员"), Role.ADMIN
    register.note_officer(book, OfficerNote("", row["id"], QUALIFIED, row["day"], row["text"]))
    book.person, book.role = before


def _units(session: Session, data: dict[str, Any]) -> dict[str, Unit]:
    units = [Unit(**{**row, "kind": UnitKind(row["kind"])}) for row in data["unit"]]
    register.enter_all(session.book, units, ())
    return {unit.id: unit for unit in units}


def _what_is_known(session: Session, data: dict[str, Any]) -> None:
    """What units reported, whom officers must not inspect, the plan of the year and a clue."""
    book = session.book
    _year_before(book, data["year"], officers_of(data).values())
    for row in data["unit_note"]:
        register.note_unit(book, UnitNote("", **row))
    for row in data["officer_note"]:
        register.note_officer(book, OfficerNote("", **row))
    for row in data["plan"]:
        approved, announced = row.pop("approved"), row.pop("announced")
        id = planning.draw_up(book, PlanOfYear("", **row)).value
        planning.approve_plan(book, id, f"局长会议（{data['bureau']['name']}）", approved)
        planning.announce_plan(book, id, "区政府门户网站", announced)
    for row in data["clue"]:
        planning.receive_clue(book, Clue("", **row))


def _year_before(book: Book, year: dict[str, Any], officers: Iterable[Officer]) -> None:
    """What the registers say of a year before this software: inspections month by month, approvals, training."""
    for n, unit in enumerate(year["inspected"]):
        register.note_unit(
            book, UnitNote("", unit, VISIT, date(year["of"], 3 + n % 9, 8 + n % 17), "局领导带队，按时发出检查意见书")
        )
    for n, unit in enumerate(year["approved"]):
        register.note_unit(book, UnitNote("", unit, APPROVAL, date(year["of"], 1 + n % 12, 6 + n % 20), "审核同意"))
    for officer in officers:
        register.note_officer(
            book, OfficerNote("", officer.id, TRAINING, date(year["of"], 11, 20), "执法培训", year["hours"])
        )


def _inspection(session: Session, row: dict[str, Any], unit: Unit, team: list[Officer], leader: Officer) -> None:
    book = session.book
    kind = Kind(row["kind"])
    stream = plan.plan_inspection(
        book,
        plan.Plan(
            id=row["id"], unit=unit, kind=kind, officers=team, leading_official=leader,
            planned_from=row["planned_from"], planned_to=row["planned_to"], place=row["place"],
            checklist=row["checklist"],
            scope=("档案工作责任制和管理制度落实情况", "档案库房、设施、设备配置使用情况", "档案工作人员管理情况",
                   "档案收集、整理、保管、提供利用等情况", "档案信息化建设和信息安全保障情况"),
            methods=("查阅材料", "现场察看", "抽样核对", "询问"),
            materials=("档案工作责任制文件", "归档范围和保管期限表及审核意见", "库房温湿度记录", "上一年度归档交接清单"),
            source="年度检查计划" if kind is Kind.ROUTINE else "专项检查计划", plan="2026年度档案行政检查计划",
            checks_this_year=0,
        ),
    ).value  # fmt: skip
    plan.publish_plan(book, stream, "区政府门户网站")
    plan.record_draw(book, stream, "自名录库 25 家中抽取", f"示例种子{row['id']}")
    if row["stage"] == "drawn":
        return
    plan.approve(book, stream, leader.id, leader.name, book.clock.now().at)
    if unit.kind.is_enterprise or row["stage"] == "notified":
        plan.receive_code(book, stream, f"示例检查码{row['id']}")


def _serve_notice(session: Session, stream: str, at: datetime) -> None:
    from . import papers, service

    book = session.book
    case = session.queries.case(stream)
    notice = papers.issue(book, stream, "notice").value
    service.serve(
        book, stream,
        service.Delivery(
            papers=(notice.id,), method="直接送达", served_at=book.clock.now().at, place=case.unit.address,
            receiver=case.unit.contact, relation="办公室工作人员", servers=tuple(o.name for o in case.officers),
        ),
    )  # fmt: skip
