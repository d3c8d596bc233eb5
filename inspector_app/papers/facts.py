"""The facts of a case as words, by name: what the sentences of forms/papers may ask for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from ..domain.calendar import zh_date, zh_moment
from ..domain.casefile import CaseFile
from ..domain.finding import Answer, Consequence
from ..domain.inspection import Kind
from ..domain.paper import Issued
from ..domain.people import Officer
from ..domain.visit import Told

_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors pick a shape that no bundled face holds; the character itself stays."""


def clean(text: str) -> str:
    """Text as it may be set: NFC, on one line, every space a common one but the full-width one, without control and invisible
    format characters.

    Private and unassigned characters stay, so that a name written with them is refused and not shortened.
    """
    text = _SELECTOR.sub("", unicodedata.normalize("NFC", text))
    if text.replace("\u3000", "").isprintable():  # as nearly all text is
        return text
    return "".join(_settable(c) for c in " ".join(text.splitlines()).replace("\t", " "))


def _settable(char: str) -> str:
    match unicodedata.category(char):
        case "Cc" | "Cf":
            return ""
        case "Zs" if char != "\u3000":
            return " "
        case _:
            return char


def bare(text: str) -> str:
    """A clause without its closing mark, to be put into a sentence."""
    return clean(text).strip().rstrip("。；;，,、.")


def lines(text: str) -> tuple[str, ...]:
    """The unit's own words line by line, unaltered but for what cannot be set."""
    return tuple(line for line in (clean(part).strip() for part in text.splitlines()) if line)


def ranged(numbers: Sequence[str], run: str) -> str:
    """Numbers of evidence as a paper cites them: 001 to 003 in one, as `run` words it; others side by side."""
    groups: list[list[str]] = []
    for number in numbers:
        if groups and _follows(groups[-1][-1], number):
            groups[-1].append(number)
        else:
            groups.append([number])
    return "、".join(
        run.format(first=group[0], last=group[-1].rpartition("-")[2]) if len(group) > 2 else "、".join(group)
        for group in groups
    )


def _follows(one: str, other: str) -> bool:
    """Whether the other number is the next of the same series."""
    (series, _, serial), (other_series, _, next_one) = one.rpartition("-"), other.rpartition("-")
    return series == other_series and serial.isdecimal() and next_one.isdecimal() and int(next_one) == int(serial) + 1


def _listed(mark: str, parts: Sequence[str]) -> str:
    """Parts side by side; one that says nothing is left out."""
    return mark.join(said for part in parts if (said := bare(part)))


def _moment(moment: datetime | None) -> str:
    return zh_moment(moment) if moment else ""


def _told(told: Told | None) -> str:
    return zh_moment(told.at) if told else ""


def period(start: datetime | None, end: datetime | None) -> str:
    """Two moments, the second without the day where it is the same."""
    if start is None:
        return ""
    if end is None:
        return _moment(start)
    if start.date() == end.date():
        return f"{zh_moment(start)}至{end.hour}时{end.minute:02d}分"
    return f"{zh_moment(start)}至{zh_moment(end)}"


def case_facts(case: CaseFile, day: date) -> dict[str, str]:
    """Facts of the plan, the unit and the bureau."""
    bureau, unit = case.bureau, case.unit
    notice = _formal(case.paper("notice"))
    facts = {
        "bureau": bureau.name, "bureau_address": bureau.address, "bureau_phone": bureau.phone,
        "government": bureau.government, "court": bureau.court,
        "unit": unit.name, "unit_code": unit.credit_code, "unit_kind": unit.kind.label,
        "unit_address": unit.address, "unit_head": unit.head, "unit_contact": unit.contact, "unit_phone": unit.phone,
        "kind": Kind(case.kind).label, "source": bare(case.source), "plan": bare(case.plan).strip("《》"),
        "scope": _listed("；", case.scope), "methods": _listed("、", case.methods),
        "materials": _listed("、", case.materials),
        "period": period(case.planned_from, case.planned_to), "place": case.place,
        "assistants": str(case.assistants),
        "checks": "" if case.checks_this_year is None else str(case.checks_this_year),
        "code": case.code, "leader": _titled(case.leading_official),
        "approved": _moment(case.approved_at), "approved_by": case.approved_by,
        "notice_number": notice.number if notice else "", "notice_title": notice.title if notice else "",
        "day": zh_date(day), "contact": case.able[0].name if case.able else "",
        "recorder": case.able[1].name if len(case.able) > 1 else "",
    }  # fmt: skip
    facts |= _visit_facts(case) | _counts(case) | _file_facts(case)
    return {name: clean(value).strip() for name, value in facts.items()}


ORDERS = ("rectification", "correction_order")


def named(papers: Sequence[Issued]) -> str:
    """Papers as a text cites them: 《title》（number）."""
    return "、".join(f"《{p.title}》（{p.number}）" for p in papers)


def _file_facts(case: CaseFile) -> dict[str, str]:
    """What was ordered, made and served, and what the volume holds."""
    orders = [p for kind in ORDERS if (p := _formal(case.paper(kind)))]
    ordered = [f for f in case.findings if Consequence(f.consequence) in (Consequence.RECTIFY, Consequence.CORRECT)]
    days = [f.due for f in ordered if f.due]
    outgoing = {each.paper for each in Consequence} | {"result_notice"}
    sent = [p for p in case.filed if p.kind in outgoing]
    services = [f"《{p.title}》于{zh_date(p.served.at.date())}{p.served.method}" for p in sent if p.served]
    filed = case.filed
    seen = [f"{zh_date(visit.begun.date())}复查，{visit.conclusion}" for visit in case.followup.reinspections]
    return {
        "case_number": case.id.rpartition("/")[2], "draw": bare(case.draw), "draw_seed": case.draw_seed,
        "drawn_at": _moment(case.drawn_at), "published_where": case.published_where, "urgent": bare(case.visit.urgent),
        "orders": named(orders), "ordered_count": str(len(ordered)) if ordered else "",
        "ordered_due": zh_date(max(days)) if days else "", "rectified": "；".join(seen),
        "waived": "；".join(
            f"{bare(w.said) or w.name or w.check}，没有改（{w.by}：{bare(w.reason)}）" for w in case.waivers
        ),
        "sent": named(sent), "services": "；".join(services),
        "filed_count": str(len(filed)) if filed else "", "filed_pages": str(sum(p.pages for p in filed)) if filed else "",
        "filed_from": zh_date(filed[0].at.date()) if filed else "",
        "filed_to": zh_date(filed[-1].at.date()) if filed else "",
        "pieces": str(sum(not piece.withdrawn for piece in case.evidence)),
        "found": str(len(case.findings)) if case.findings else "",
    }  # fmt: skip


def _titled(officer: Officer | None) -> str:
    """A leader with the title: 副局长某某."""
    return f"{officer.title}{officer.name}" if officer else ""


def _formal(paper: Issued | None) -> Issued | None:
    return paper if paper is not None and not paper.draft else None


def _visit_facts(case: CaseFile) -> dict[str, str]:
    visit = case.visit
    record = _formal(case.paper("onsite_record"))
    ended = visit.ended or (record.ended if record else None)
    led = (
        case.leading_official
        if case.leading_official and case.leading_official.name == visit.leading_official
        else None
    )
    return {
        "visit_place": visit.place or "", "arrived": _moment(visit.arrived), "ended": _moment(ended),
        "visit_period": period(visit.arrived, ended),
        "visit_day": zh_date(visit.arrived.date()) if visit.arrived else "",
        "visit_leader": _titled(led) or visit.leading_official,
        "credentials_at": _told(visit.credentials_shown), "recording_at": _told(visit.recording_told),
        "rights_at": _told(visit.rights_told), "rights_reply": visit.rights_told.reply if visit.rights_told else "",
        "law_topics": bare(visit.law_topics), "remarks": visit.remarks, "statement": visit.statement,
        "statement_reply": visit.statement_reply,
        "attendees": "；".join(
            "，".join(part for part in (a.name, a.title, a.phone) if part) for a in visit.attendees
        ),
    }  # fmt: skip


def _counts(case: CaseFile) -> dict[str, str]:
    """How many items have which answer."""
    counts = Counter(item.value for item in case.items)
    names = {"conforming": Answer.CONFORMING, "mostly": Answer.MOSTLY, "nonconforming": Answer.NONCONFORMING,
             "inapplicable": Answer.NOT_APPLICABLE}  # fmt: skip
    done = {name: str(counts[answer.value]) for name, answer in names.items()}
    answered = sum(counts[answer.value] for answer in Answer)
    return {"checked": str(answered) if answered else "", **done, "open": str(counts[""])}
