"""Findings: legal basis, consequence, demand, and the items they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ...domain.calendar import zh_date
from ...domain.finding import WITHOUT_ARTICLE, Answer, Consequence, Finding
from ...domain.inspection import Stage
from ...domain.law import Standing, names_article, numeral
from ...domain.problems import Problem
from ..check import Hit, Mend, check, hit
from ..dossier import Dossier, Place

_ORDERS = (Consequence.RECTIFY, Consequence.CORRECT)
_QUANTITY = re.compile(
    r"(?<![第\d.])(\d+(?:\.\d+)?|[两二三四五六七八九十百]+)\s*"
    r"(件|卷|盒|册|份|个(?!月|工作日|小时|星期|季度)|台|套|张|具|平方米|厘米|米|万元|元|间|列|页|处|名)"
)


@check("V6")
def grounded(d: Dossier) -> Iterator[Hit]:
    """Each finding cites law and article, known and in force that day."""
    for finding in d.case.findings:
        where = ("finding", finding.id, "basis")
        if not finding.basis and d.deciding:
            yield hit(*where, code=finding.code, fault="没有写明依据")
        for citation in finding.basis if d.weighed else ():
            if not names_article(citation):
                yield hit(*where, code=finding.code, fault=f"{citation}没有写到条")
                continue
            try:
                standing = d.laws.standing(citation, d.day)
            except Problem:
                yield hit(*where, code=finding.code, fault=f"{citation}在法规库里查不到")
                continue
            if standing is Standing.NOT_IN_FORCE:
                yield hit(*where, code=finding.code, fault=f"{citation}检查当日不在施行")


@check("D71")
def verified_basis(d: Dossier) -> Iterator[Hit]:
    """What the catalogue does not know is cited on the officer's own responsibility, and is said to be so: once a file."""
    told: set[str] = set()
    for finding in d.case.findings:
        for citation in finding.basis:
            if citation in told:
                continue
            told.add(citation)
            try:
                standing = d.laws.standing(citation, d.day)
            except Problem:
                continue  # V6 says so
            if standing is Standing.UNVERIFIED:
                yield hit("finding", finding.id, "basis", code=finding.code, citation=citation)


@check("V7")
def fitting_paper(d: Dossier) -> Iterator[Hit]:
    """An order rests on the article that allows it; each finding stands in the paper of its consequence."""
    told = {paper.id: frozenset(paper.findings) for paper in d.case.papers if not paper.draft and paper.findings}
    for finding in d.case.findings:
        consequence = Consequence(finding.consequence)
        if consequence is Consequence.CORRECT and not finding.order_basis and d.reached(Stage.DELIBERATED):
            yield hit("finding", finding.id, "order_basis", code=finding.code, fault="责令改正没有写明依据的条款")
        if finding.order_basis and consequence in WITHOUT_ARTICLE and d.weighed:
            fault = f"{consequence.label}不能引用责令改正的条款"
            yield hit("finding", finding.id, "order_basis", code=finding.code, fault=fault)
        paper = d.case.paper(consequence.paper) if consequence.paper else None
        if paper and finding.id not in told.get(paper.id, {finding.id}):
            yield hit("finding", finding.id, "consequence", code=finding.code, fault=f"没有写进《{paper.title}》")


@check("D8")
def due(d: Dossier) -> Iterator[Hit]:
    """An order has a term; its last day is a working day and lies after the visit and after the paper that sets it."""
    for finding in d.case.findings:
        where = ("finding", finding.id, "due")
        if finding.due is None:
            if Consequence(finding.consequence) in _ORDERS and d.reached(Stage.RECORDED):
                yield hit(*where, code=finding.code, fault="没有期限")
            continue
        if finding.due <= max(d.day, _set_on(d, finding)):
            before = "检查日" if finding.due <= d.day else "文书作出的日期"
            yield hit(*where, code=finding.code, fault=f"期限{zh_date(finding.due)}不晚于{before}")
            continue
        try:
            if not d.calendar.is_workday(finding.due):
                after = d.calendar.next_workday(finding.due)
                mend = Mend(Place(*where), finding.due.isoformat(), after.isoformat())
                yield hit(*where, mend, code=finding.code, fault=f"期限{zh_date(finding.due)}不是工作日")
        except Problem:  # the arrangement of that year is not known yet
            continue


def _set_on(d: Dossier, finding: Finding) -> date:
    """The day of the paper that sets the term: today where it is about to be made, that of the visit where there is none."""
    kind = Consequence(finding.consequence).paper
    if kind and kind == d.about:
        return d.today
    made = d.case.paper(kind) if kind else None
    return made.at.date() if made is not None and not made.draft else d.day


@check("D89")
def reply_by(d: Dossier) -> Iterator[Hit]:
    """An opinion says until when the unit answers to it."""
    advised = [f for f in d.case.findings if Consequence(f.consequence) is Consequence.OPINION]
    if advised and d.deciding and not any(finding.due for finding in advised):
        yield hit("finding", advised[0].id, "due", code=advised[0].code)


@check("D56")
def term_not_too_long(d: Dossier) -> Iterator[Hit]:
    """An order does not run longer than the bureau allows."""
    most = d.policy.deadline("rectify_most")
    for finding in d.case.findings:
        if finding.due is None or Consequence(finding.consequence) not in _ORDERS:
            continue
        try:
            last = most.last_day(d.day, d.calendar)
        except Problem:
            continue
        if finding.due > last:
            yield hit("finding", finding.id, "due", code=finding.code, last=zh_date(last))


@check("D26")
def answered(d: Dossier) -> Iterator[Hit]:
    """Every item is answered; what does not apply says why."""
    left = [item.code for item in d.case.items if not item.value]
    if left and d.reached(Stage.CHECKED):
        yield hit("item", left[0], "value", fault=f"还有{len(left)}项没有检查")
    for item in d.case.items:
        if item.value == Answer.NOT_APPLICABLE and not item.reason.strip():
            yield hit("item", item.code, "reason", fault=f"{item.code} 不适用，没有写原因")


@check("D57")
def follows(d: Dossier) -> Iterator[Hit]:
    """A finding comes from an item that deviates; a deviation that is serious became a finding."""
    items = {item.code: item for item in d.case.items}
    for finding in d.case.findings:
        item = items.get(finding.code)
        if item is not None and item.value and not Answer(item.value).is_deviation:
            yield hit("item", item.code, "value", fault=f"{item.code} 填“{item.value}”，却记了问题")
    found = {finding.code for finding in d.case.findings}
    for item in d.case.items:
        if item.value == Answer.NONCONFORMING and item.code not in found and d.reached(Stage.DELIBERATED):
            yield hit("item", item.code, "value", fault=f"{item.code} 填“不符合”，没有记为问题")


@check("D58")
def confirmed(d: Dossier) -> Iterator[Hit]:
    """A machine proposes, an officer confirms: each finding was looked at by a person."""
    for finding in d.case.findings:
        if not finding.confirmed and d.deciding:
            yield hit("finding", finding.id, code=finding.code)


@check("D59")
def demanded(d: Dossier) -> Iterator[Hit]:
    """Each finding that goes into a paper says what has to be done."""
    for finding in d.case.findings:
        if not finding.demand.strip() and Consequence(finding.consequence).paper and d.reached(Stage.RECORDED):
            yield hit("finding", finding.id, "demand", code=finding.code)


@check("D37")
def quantities(d: Dossier) -> Iterator[Hit]:
    """The demand speaks of the same quantities as the fact."""
    for finding in d.case.findings:
        for one, other in _unlike(finding.fact, finding.demand):
            yield hit("finding", finding.id, "demand", code=finding.code, one=one, other=other)


@check("D88")
def as_noted(d: Dossier) -> Iterator[Hit]:
    """A finding speaks of the same quantities as the record on site, which says what was noted of its item."""
    notes = {item.code: item.note for item in d.case.items}
    for finding in d.case.findings:
        for one, other in _unlike(notes.get(finding.code, ""), finding.fact):
            yield hit("finding", finding.id, "fact", code=finding.code, one=one, other=other)


def _unlike(text: str, later: str) -> Iterator[tuple[str, str]]:
    """Quantities of the later text of which the earlier one gives others: these, and the one that differs."""
    told: dict[str, set[str]] = {}
    for number, unit in _QUANTITY.findall(text):
        told.setdefault(unit, set()).add(_counted(number))
    for number, unit in _QUANTITY.findall(later):
        if unit in told and _counted(number) not in told[unit]:
            yield "、".join(sorted(told[unit])) + unit, number + unit


def _counted(number: str) -> str:
    return _NUMERALS.get(number, number)


_NUMERALS = {numeral(number): str(number) for number in range(2, 200)} | {"两": "2"}


_ORDERED = ("责令", "罚款", "处罚", "处分", "限期整改", "限期改正", "追究责任")
"""Words of an order."""


@check("D41")
def advice_orders_nothing(d: Dossier) -> Iterator[Hit]:
    """An opinion advises and orders nothing (档案法42)."""
    for finding in d.case.findings:
        word = next((w for w in _ORDERED if w in finding.demand), "")
        if word and Consequence(finding.consequence) is Consequence.OPINION:
            yield hit("finding", finding.id, "demand", code=finding.code, word=word)


@check("D60")
def twice(d: Dossier) -> Iterator[Hit]:
    """The same fact is no two findings."""
    seen: dict[str, str] = {}
    for finding in d.case.findings:
        bare = re.sub(r"\W", "", finding.fact)
        if bare and bare in seen:
            yield hit("finding", finding.id, "fact", code=finding.code, other=seen[bare])
        seen.setdefault(bare, finding.code)
