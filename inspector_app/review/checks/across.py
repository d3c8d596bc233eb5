"""What only shows when several inspections are seen together."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.calendar import zh_date, zh_time
from ..check import Hit, check, hit
from ..dossier import Dossier


@check("D2")
def in_one_place(d: Dossier) -> Iterator[Hit]:
    """No officer is in two places at once."""
    visit = d.case.visit
    mine = [(visit.arrived, visit.ended or visit.arrived)] if visit.arrived is not None else []
    mine += [(again.begun, again.ended) for again in d.case.followup.reinspections]
    names = {officer.id: officer.name for officer in d.case.able}
    for other in d.elsewhere:
        if other.arrived is None or other.id == d.case.id:
            continue
        left = other.ended or other.arrived.replace(hour=23, minute=59)  # nobody has noted that they left
        overlaps = any(begun == other.arrived or (other.arrived < ended and begun < left) for begun, ended in mine)
        for officer in [id for id in names if id in other.officers] if overlaps else ():
            yield hit("visit", officer, "arrived", officer=names[officer], unit=other.unit_name,
                      when=f"{zh_date(other.arrived.date())}{zh_time(other.arrived)}")  # fmt: skip


@check("X1")
def numbers_once(d: Dossier) -> Iterator[Hit]:
    """No number stands on papers of two inspections."""
    mine = {p.number: p for p in d.case.papers if not p.draft and p.number}
    for other in d.elsewhere:
        if other.id == d.case.id:
            continue
        for number in sorted(mine.keys() & set(other.numbers)):
            yield hit("paper", mine[number].kind, "number", number=number, unit=other.unit_name)


@check("X2")
def not_too_often(d: Dossier) -> Iterator[Hit]:
    """A unit is not inspected more often in a year than the bureau allows (国办发〔2024〕54号)."""
    most = d.policy.thresholds.get("visits_a_year", 0)
    if not most or not d.case.unit.kind.is_enterprise:
        return
    year = d.day.year
    others = [
        o
        for o in d.elsewhere
        if o.unit == d.case.unit.id and o.id != d.case.id and o.arrived and o.arrived.year == year
    ]
    if len(others) + 1 > most:
        yield hit("prepare", "", "checks_this_year", times=len(others) + 1, most=most)


@check("X3")
def count_told_is_true(d: Dossier) -> Iterator[Hit]:
    """The number of earlier inspections that the notice tells is the number that took place."""
    told = d.case.checks_this_year
    before = d.case.visit.arrived or d.case.planned_from
    known = [o for o in d.elsewhere if o.unit == d.case.unit.id and o.id != d.case.id and o.arrived
             and o.arrived.year == before.year and o.arrived < before]  # fmt: skip
    if told is not None and len(known) > told:
        yield hit("prepare", "", "checks_this_year", told=told, known=len(known))
