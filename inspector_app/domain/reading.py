"""Reads the rows of the fold: the case file of one inspection, each matter by the room that knows it, and published rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from . import legal as legally
from .archiving import read_archived
from .cancelling import read_cancelled
from .casefile import CaseFile
from .evidence import Evidence, read_evidence
from .finding import Finding, read_findings
from .followup import read_followup
from .inspection import Kind
from .item import ItemFact, ItemInfo, read_item, read_readings
from .item_review import TOPIC, read_verdict
from .paper import Issued, read_filmed, read_paper
from .publicity import read_penalty, read_publication
from .rating import codes_of, read_rating
from .recorded import read_recordings, read_unfilmed
from .register import Register, read_officer, read_unit
from .review import read_review
from .rows import Key, NameOf, Row, first, readable, rows_of, side_by_side, standing, when
from .said import digest_of
from .selfcheck import SelfCheck, read_selfcheck
from .sheet import read_sheets
from .visit import read_visit
from .waiver import read_waivers

T = TypeVar("T")


def officers_in(plan: Row) -> list[Row]:
    """The rows of the officers of an inspection, without those whose place somebody else took."""
    return [row for row in plan["officers"] if row["id"] not in plan.get("left", ())]


def published(rows: Mapping[Key, Row]) -> tuple[dict[str, str], Mapping[str, str]]:
    """Rules that the bureau published: name -> text that stands, and every text that ever was, by its digest."""
    texts = {key: row["text"] for (topic, key), row in rows.items() if topic == "rule_text"}
    named = {key: standing(row["versions"])[0]["value"] for (topic, key), row in rows.items() if topic == "rule"}
    return {name: texts[digest] for name, digest in named.items()}, texts


def is_plan(row: Row) -> bool:
    """Whether the plan of an inspection can be read: one that cannot, of a later version or of bad make, is told of and
    never keeps anybody from the others."""
    try:
        read_unit(row["unit"])
        _ = row["unit_name"], row["place"], row["checklist"]["key"], row["checklist"]["sha256"], Kind(row["kind"])
        _ = [datetime.fromisoformat(row[name]) for name in ("planned_from", "planned_to")]
        _ = [officer["name"] for officer in row["officers"]]
        _ = row.get("leading_official") and read_officer(row["leading_official"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


class Known:
    """What was read of the rows of one case with one register: of hundreds of rows an act changes one or two."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._held: dict[Key, tuple[tuple[object, ...], Any]] = {}
        self._pieces: dict[str, tuple[Row, Evidence]] = {}

    def read(self, key: Key, read: Callable[..., T], *made_of: object) -> T:
        """`read(*made_of, name_of)`, or what it gave for the same before; an unchanged row is the same object."""
        held = self._held.get(key)
        if held is None or held[0] != made_of:
            held = self._held[key] = (made_of, read(*made_of, self.register.name_of))
        found: T = held[1]
        return found

    def piece(self, row: Row) -> Evidence:
        """Like `read`, a piece of evidence: of these there may be ten thousand, and little is kept of each."""
        held = self._pieces.get(row["number"])
        if held is None or held[0] is not row:
            held = self._pieces[row["number"]] = (row, read_evidence(row, self.register.name_of))
        return held[1]


def read_case(
    stream: str, rows: Mapping[Key, Row], known: Known, items: Sequence[ItemInfo], heads: Sequence[str] = ()
) -> CaseFile:
    """The case file of one inspection stream from its rows; `items` come from the checklist that the plan names."""
    register, name_of = known.register, known.register.name_of
    plan = rows[("inspection", "")]
    papers = tuple(readable(lambda row: read_paper(row, name_of), (r for r in rows_of("paper", rows) if "kind" in r)))
    evidence = tuple(readable(known.piece, rows_of("evidence", rows)))
    findings = read_findings(rows, papers, evidence, name_of)
    readings = read_readings(items, rows)
    involved = _involved(plan)
    case = CaseFile(
        id=stream,
        bureau=register.bureau,
        **_planned(plan),
        **_prepared(rows.get(("before", ""), {})),
        visit=read_visit(rows.get(("visit", ""), {}), name_of),
        items=_items(items, rows, evidence, findings, known),
        checking_finished="checked" in rows.get(("visit", ""), {}),
        evidence=evidence,
        findings=findings,
        papers=tuple(sorted(papers, key=lambda paper: (paper.at, paper.revision, paper.id))),
        heads=tuple(heads),
        unknown_events=len(rows_of("unknown", rows)),
        review=read_review(rows.get(("review", ""), {}), name_of),
        readings=tuple((key, str(stand[0]["value"])) for key, stand in readings),
        reading_conflicts=tuple((key, side_by_side(stand, name_of)) for key, stand in readings if len(stand) > 1),
        waivers=read_waivers(rows, name_of),
        sheets=read_sheets(rows, name_of),
        filmed=tuple(readable(lambda row: read_filmed(row, name_of), rows_of("filmed", rows))),
        recordings=read_recordings(rows, name_of),
        unfilmed=read_unfilmed(rows, name_of),
        self_check=_self_check(rows.get(("selfcheck", ""), {})),
        publications=tuple(readable(lambda r: read_publication(r, name_of), rows_of("publication", rows))),
        penalties=tuple(readable(read_penalty, rows_of("penalty", rows))),
        rating=next(readable(read_rating, [rows.get(("rating", ""), {})]), None),
        rating_code=next(iter(codes_of(rows.get(("rating", ""), {}))), ""),
        followup=read_followup(rows, name_of),
        pictures=tuple(readable(lambda row: read_evidence(row, name_of), rows_of("picture", rows))),
        involved=involved,
        legal=_rounds(rows, name_of, involved),
        cancelled=next(readable(lambda r: read_cancelled(r, name_of), [rows.get(("cancelled", ""), {})]), None),
        verdicts=tuple(readable(lambda r: read_verdict(r, name_of), rows_of(TOPIC, rows))),
        archived=next(readable(lambda r: read_archived(r, name_of), [rows.get(("archived", ""), {})]), None),
    )
    return _compared(case)


def _planned(plan: Row) -> dict[str, Any]:
    """The fields of a case file that its plan says."""
    return {
        "unit": read_unit(plan["unit"]),
        "kind": plan["kind"],
        "stage": plan["stage"],
        "checklist": plan["checklist"]["key"],
        "checklist_sha256": plan["checklist"]["sha256"],
        "officers": tuple(readable(read_officer, officers_in(plan))),
        "leading_official": read_officer(plan["leading_official"]) if plan.get("leading_official") else None,
        "planned_from": datetime.fromisoformat(plan["planned_from"]),
        "planned_to": datetime.fromisoformat(plan["planned_to"]),
        "place": plan["place"],
        "scope": tuple(plan.get("scope", ())),
        "methods": tuple(plan.get("methods", ())),
        "materials": tuple(plan.get("materials", ())),
        "source": plan.get("source", ""),
        "plan": plan.get("plan", ""),
        "assistants": plan.get("assistants", 0),
        "checks_this_year": plan.get("checks_this_year"),
    }


def _prepared(before: Row) -> dict[str, Any]:
    """The fields of a case file that are settled before the visit: draw, publication, approval, inspection code."""
    draw, approval = first(before, "draw"), first(before, "approval")
    return {
        "draw": draw.get("text", ""),
        "draw_seed": draw.get("seed", ""),
        "drawn_at": when(draw.get("at")),
        "published_where": first(before, "plan_published").get("where", ""),
        "approved_by": approval.get("by_name", ""),
        "approved_at": when(approval.get("approved_at")),
        "approved_late": bool(approval.get("late")),
        "code": first(before, "code").get("code", ""),
    }


def _involved(plan: Row) -> frozenset[str]:
    led = [plan["leading_official"]] if plan.get("leading_official") else []
    return frozenset(str(row["id"]) for row in (*plan["officers"], *led))


def _rounds(rows: Mapping[Key, Row], name_of: NameOf, involved: frozenset[str]) -> tuple[legally.Round, ...]:
    found = readable(lambda row: legally.read_round(row, name_of, involved), rows_of("legal", rows))
    return tuple(sorted(found, key=lambda each: (each.nth, each.at, each.id)))


def _items(
    infos: Sequence[ItemInfo], rows: Mapping[Key, Row], evidence: Sequence[Evidence], findings: Sequence[Finding],
    known: Known,
) -> tuple[ItemFact, ...]:  # fmt: skip
    shots: dict[str, list[str]] = {}
    for piece in evidence:
        if not piece.withdrawn:
            shots.setdefault(piece.item, []).append(piece.number)
    found = {finding.code: finding.id for finding in findings}
    return tuple(
        known.read(key, read_item, info, rows.get(key, {}), shots.get(info.code, ()), found.get(info.code, ""))
        for info, key in ((info, ("answer", info.code)) for info in infos)
    )


def _self_check(row: Row) -> SelfCheck | None:
    """The newest self-assessment that stands; of two that knew nothing of each other the one with answers."""
    held = [read_selfcheck(version["value"], datetime.fromisoformat(version["at"])) for version in row.get("said", [])]
    return next((found for found in reversed(held) if found is not None), None)


def _compared(case: CaseFile) -> CaseFile:
    """The case with its papers marked that no longer say what it says. A notice that was served before the team arrived has
    done its work: nobody can serve another one then, and what has changed since stands on the record on site."""
    now = {about: digest_of(case, *about) for about in {_about(p) for p in case.papers if p.said}}
    done = frozenset({"notice"} if case.visit.arrived else ())
    papers = (
        replace(
            p, stale=bool(p.said) and not p.draft and p.said != now[_about(p)] and not (p.kind in done and p.served)
        )
        for p in case.papers
    )
    return replace(case, papers=tuple(papers))


def _about(paper: Issued) -> tuple[str, str, tuple[str, ...]]:
    return paper.kind, paper.sheet, paper.entries
