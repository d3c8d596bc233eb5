"""现场检查笔录: what happened on site, what was found, what the unit said; signed on every page.

行政诉讼证据规定 15, 行政处罚法 55: time, place, those present, showing of credentials, facts; refusal noted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ...domain.calendar import zh_moment
from ...domain.finding import Answer
from ...domain.item import ItemFact
from ..blocks import Block, Fields, Para, Prose
from ..facts import bare
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    yield Fields(m.fields("head", time=m.t("time_ended" if m.has("ended") else "time_open")))
    *paragraphs, last = (*_told(m), *_checked(m), *_said(m))
    yield Prose((*paragraphs, replace(last, keep=True)))  # what the unit confirms does not stand alone on a page
    yield Fields(m.fields("confirm"), keep=True)
    yield Prose((), m.words.plain("ending"))


def _told(m: Maker) -> Iterator[Para]:
    """What was told at the door."""
    yield m.heading(1, "head_told")
    yield m.para("credentials_notice" if m.has("notice_number") else "credentials")
    yield m.para("recording")
    yield m.para("rights")
    for recusal in m.case.visit.recusals:
        key = "recusal" if recusal.decision else "recusal_open"  # an open request stops nothing (行政处罚法43)
        yield m.para(key, recusal=bare(recusal.text), decision=bare(recusal.decision), by=recusal.decided_by)
    for each in m.case.visit.refused:
        after = m.t("refused_left" if each.left else "refused_gave_way")
        yield m.para("refused", refused_at=zh_moment(each.at), refused_who=bare(each.who), refused_reason=bare(each.reason),
                     refused_told=bare(each.explained), refused_after=after)  # fmt: skip
    if m.has("visit_leader"):
        yield m.para("led")
    yield from _together(m)
    if m.has("law_topics"):
        yield m.para("explained", law_topics=m.in_full(m.words.facts["law_topics"]))


def _together(m: Maker) -> Iterator[Para]:
    """Who of the other authorities took part and showed the credential, lacking until it was noted at the door; and what else
    the visit carries out."""
    guests = m.case.guests
    for said in m.joint(guests):
        yield Para(said, names=m.names)
    if any(guest not in m.case.visit.guests for guest in guests):
        m.words.lack("guests_noted")
    elif any(not guest.absent for guest in guests):
        yield m.para("joint_credentials")
    for said in m.merged():
        yield Para(said, names=m.names)


def _checked(m: Maker) -> Iterator[Para]:
    """What was checked: totals, sections, then every deviation with its evidence."""
    yield m.heading(2, "head_checked")
    yield m.para("totals")
    sections: dict[str, list[ItemFact]] = {}
    for item in m.case.items:
        sections.setdefault(item.section, []).append(item)
    for n, (section, items) in enumerate(sections.items(), 1):
        yield m.numbered(n, _section(m, section, items), level=2)
    deviations = [item for item in m.case.items if item.value in (Answer.MOSTLY, Answer.NONCONFORMING)]
    yield m.heading(3, "head_deviations")
    if not deviations:
        yield m.para("no_deviations") if m.has("checked") else m.gap("answers")
    for n, item in enumerate(deviations, 1):
        yield m.numbered(n, _deviation(m, item), level=2)


def _section(m: Maker, section: str, items: list[ItemFact]) -> str:
    """One section: how many items have which answer, and what was noted."""
    counts = Counter(item.value for item in items if item.value)
    answers = "，".join(m.t("count", answer=a.value, count=str(counts[a.value])) for a in Answer if counts[a.value])
    text = m.t("section", section=section.lstrip("0123456789. "), total=str(len(items)), answers=answers)
    for item in items:
        if item.value == Answer.NOT_APPLICABLE and item.reason:
            text += m.t("inapplicable", item=item.text, reason=bare(item.reason))
        elif item.note and item.value == Answer.CONFORMING:
            text += m.t("noted", item=item.text, note=bare(item.note))
    return text


def _deviation(m: Maker, item: ItemFact) -> str:
    """The fact as the finding states it, else the note; no judgement belongs into a record."""
    findings = {f.id: f for f in m.case.findings}
    finding = findings.get(item.finding) or next((f for f in m.case.findings if f.code == item.code), None)
    fact = bare(finding.fact if finding else item.note)
    numbers = tuple(dict.fromkeys((*item.evidence, *(finding.evidence if finding else ()))))
    text = m.t("deviation", item=bare(item.text), value=item.value, code=item.code)
    text += m.t("deviation_fact", fact=fact) if fact else ""
    return text + (m.t("deviation_evidence", evidence=m.numbers(numbers)) if numbers else m.t("deviation_end"))


def _said(m: Maker) -> Iterator[Para]:
    """The unit's own words."""
    yield m.heading(4, "head_said")
    visit = m.case.visit
    if m.has("remarks"):
        yield from m.quoted("remarks", visit.remarks)
    else:
        yield m.para("no_remarks")
    if m.has("statement"):
        yield from m.quoted("statement", visit.statement)
    else:
        reply = m.words.data("replies").get(visit.statement_reply, visit.statement_reply)
        yield m.para("statement_reply", statement_reply=reply)


RECIPE = Recipe(blocks, signed=True)
