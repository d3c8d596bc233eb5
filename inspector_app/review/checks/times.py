"""Times that must follow each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from ...domain.calendar import zh_date, zh_time
from ...domain.inspection import Stage
from ...domain.numbers import parse_number
from ..check import Hit, check, hit
from ..dossier import Dossier

_ROOM = re.compile(r"室|库|房|厅|层|楼|号|站|间|区域")
_EARLY = timedelta(hours=1)
"""How much before the hour of the notice a team may stand at the door."""


@check("D1")
def in_order(d: Dossier) -> Iterator[Hit]:
    """The check begins before it ends, on one day."""
    visit = d.case.visit
    if visit.arrived is None:
        return
    if visit.ended is None:
        if d.reached(Stage.RECORDED):
            yield hit("visit", "", "ended", fault="没有记录检查结束的时间")
        return
    if any(record.ended and _apart(record.ended, visit.ended) for record in d.formal("onsite_record")):
        yield hit("visit", "", "ended", fault="笔录写的检查结束时间和登记的不同")
    if visit.ended <= visit.arrived:
        yield hit("visit", "", "ended", fault="检查结束时间不晚于开始时间")
    elif visit.ended.date() != visit.arrived.date():
        yield hit("visit", "", "ended", fault="检查开始和结束不在同一天")
    told = (visit.credentials_shown, visit.recording_told, visit.rights_told)
    if any(step is not None and step.at < visit.arrived.replace(second=0, microsecond=0) for step in told):
        yield hit("visit", "", "credentials", fault="亮证或者告知的时间早于到场时间")


def _apart(one: datetime, other: datetime) -> bool:
    return abs(one - other) >= timedelta(minutes=2)


@check("D3")
def within_the_notice(d: Dossier) -> Iterator[Hit]:
    """The visit lies within the time that the notice gave."""
    visit, case = d.case.visit, d.case
    if visit.arrived is None or visit.urgent:
        return
    day = visit.arrived.date()
    if day < case.planned_from.date() or day > case.planned_to.date():
        yield hit("visit", "", "arrived", when=zh_date(day))
    elif visit.arrived < case.planned_from - _EARLY or visit.arrived > case.planned_to:
        yield hit("visit", "", "arrived", when=f"{zh_date(day)}{zh_time(visit.arrived)}")


@check("D61")
def not_ahead(d: Dossier) -> Iterator[Hit]:
    """Nothing is dated in the future."""
    visit = d.case.visit
    moments = [("visit", "", "arrived", "到场时间", visit.arrived), ("visit", "", "ended", "检查结束时间", visit.ended),
               ("prepare", "", "approval", "批准时间", d.case.approved_at)]  # fmt: skip
    moments += [("service", p.kind, "at", f"《{p.title}》送达时间", p.served.at) for p in d.formal() if p.served]
    moments += [("evidence", e.number, "taken_at", f"{e.number} 制作时间", e.taken_at) for e in d.case.evidence]
    for kind, key, field, what, moment in moments:
        if moment is not None and moment.date() > d.today + timedelta(days=1):
            yield hit(kind, key, field, what=what)


@check("D5")
def numbers_in_order(d: Dossier) -> Iterator[Hit]:
    """Numbers of one series rise with the day; none is used twice."""
    seen: dict[str, str] = {}
    newest: dict[tuple[str, int], tuple[int, str]] = {}
    for paper in sorted(
        (p for p in d.case.papers if not p.draft and p.number and not d.is_own(p.number)), key=lambda p: p.at
    ):
        if seen.get(paper.number, paper.kind) != paper.kind or (paper.number in seen and paper.revision == 1):
            yield hit("paper", paper.kind, "number", fault=f"{paper.number} 用了两次")
        seen[paper.number] = paper.kind
        try:
            number = parse_number(paper.number)
        except ValueError:
            continue
        series = (number.prefix, number.year)
        if series in newest and number.serial < newest[series][0]:
            yield hit("paper", paper.kind, "number", fault=f"{paper.number} 的日期晚于 {newest[series][1]}，号却小")
        newest[series] = max(newest.get(series, (0, "")), (number.serial, paper.number))
        if number.year != paper.at.year:
            yield hit("paper", paper.kind, "number", fault=f"{paper.number} 的年份与成文日期不符")


@check("D12")
def to_the_minute(d: Dossier) -> Iterator[Hit]:
    """The record states beginning and end to the minute."""
    for sheet in d.shown("onsite_record"):
        if not re.search(r"\d时\d{1,2}分至.*\d{1,2}时\d{1,2}分", sheet.text) and d.reached(Stage.RECORDED):
            yield hit("paper", "onsite_record", "time")


@check("D13")
def to_the_room(d: Dossier) -> Iterator[Hit]:
    """The place of the visit is stated to the room."""
    place = d.case.visit.place
    if d.case.visit.arrived is not None and not _ROOM.search(place.replace(d.case.unit.name, "")):
        yield hit("visit", "", "place", place=place)
