"""What has to stand on a made paper: its number and date, each finding, and what the unit must be told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...domain.calendar import zh_date
from ...domain.finding import Consequence, Finding
from ...domain.inspection import OUTGOING, Kind
from ...domain.paper import Issued
from ..check import Hit, check, hit
from ..dossier import Dossier, Print

_PART = re.compile(r"《[^》]+》|第[^《》]+")
"""The title of a law, or the place in it."""


def _made(d: Dossier) -> Iterator[tuple[Issued, Print]]:
    """The papers that stand, each with what stands on it."""
    prints = {sheet.paper: sheet for sheet in d.prints if sheet.paper}
    return ((paper, prints[paper.id]) for paper in d.formal() if paper.id in prints)


def _bare(text: str) -> str:
    """Without marks and spaces, which the composer may set otherwise."""
    return re.sub(r"\W", "", text)


@check("D78")
def numbered_and_dated(d: Dossier) -> Iterator[Hit]:
    """What the unit gets in its hands bears its number, the name of the bureau and its day (GB/T 9704 7.2.5, 7.3.5)."""
    for paper, sheet in _made(d):
        if paper.kind not in _HANDED_OVER:
            continue
        faults = []
        if paper.number and paper.number not in "".join(text for leaf in sheet.leaves for text in leaf):
            faults.append(f"没有印文号“{paper.number}”")
        if sheet.signer and sheet.signer != d.case.bureau.name:
            faults.append(f"的落款“{sheet.signer}”不是本机关")
        if sheet.signer and not {sheet.signer, zh_date(sheet.day)} <= set(sheet.passages):
            faults.append(f"的落款没有写本机关和成文日期{zh_date(sheet.day)}")
        if not sheet.signer and sheet.template == "letter":
            faults.append("没有落款")
        for fault in faults:
            yield hit("paper", paper.kind, "", paper=paper.title, fault=fault)


_HANDED_OVER = frozenset({*OUTGOING, "notice", "onsite_record"})


@check("D79")
def findings_told(d: Dossier) -> Iterator[Hit]:
    """A paper states each finding that it carries: fact, law, demand, day, evidence; a record names each item that deviates.
    One that has to be made anew is V11."""
    for paper, sheet in _made(d):
        if paper.stale:
            continue
        if paper.kind in OUTGOING:
            told = _on_decision(d, paper, sheet.text)
        elif paper.kind == "onsite_record":
            told = _on_record(d, sheet.text)
        else:
            continue
        for code, what in told:
            yield hit("paper", paper.kind, "", paper=paper.title, code=code, what=what)


def _on_decision(d: Dossier, paper: Issued, text: str) -> Iterator[tuple[str, str]]:
    """Code of each finding that is not told whole, and what of it is lacking."""
    own = frozenset(paper.findings)
    mine = [f for f in d.case.findings if f.id in own and Consequence(f.consequence).paper == paper.kind]
    last = max((finding.due for finding in mine if finding.due), default=None)
    bare = _bare(text)
    for finding in mine:
        due = last if finding.consequence == Consequence.OPINION else finding.due  # an opinion has one day for all
        lacking = [name for name, there in _told(finding, text, bare) if not there]
        if due is not None and zh_date(due) not in text:
            lacking.append("期限")
        if lacking:
            yield finding.code, "、".join(lacking)


def _on_record(d: Dossier, text: str) -> Iterator[tuple[str, str]]:
    """The codes that a record leaves out; one that names none tells of its items otherwise."""
    left = [finding.code for finding in d.case.findings if finding.code not in text]
    if 0 < len(left) < len(d.case.findings):
        yield "、".join(left), "检查结果"


def _told(finding: Finding, text: str, bare: str) -> Iterator[tuple[str, bool]]:
    yield "事实", _bare(finding.fact) in bare
    # one title may lead several articles
    parts = {part for citation in finding.basis for part in _PART.findall(citation)}
    yield "依据", all(part in text for part in parts)
    yield "要求", _bare(finding.demand) in bare
    yield "证据编号", _cites(finding.evidence, text)


def _cites(numbers: Sequence[str], text: str) -> bool:
    """Whether a text names these pieces: each, or of a run of them the first and, by its last figures, the last."""
    if len(numbers) < _RUN:
        return all(number in text for number in numbers)
    return numbers[0] in text and numbers[-1].rpartition("-")[2] in text


_RUN = 3
"""From how many on papers cite numbers that follow each other as a run."""


@check("D80")
def must_be_told(d: Dossier) -> Iterator[Hit]:
    """A notice tells the rights, a record what was told at the door, an order what follows: whatever their wording, by the
    words that forms/review.toml knows them by."""
    by_clue = d.case.kind == Kind.CLUE_BASED
    for sheet in d.shown(*d.told):
        if not sheet.passages:
            continue
        told = d.told[sheet.kind]
        wanted = [*told.always, *(told.enterprise if d.case.unit.kind.is_enterprise else ())]
        wanted += told.by_clue if by_clue else ()
        faults = [f"没有写明{name}" for name, words in wanted if not words.search(sheet.text)]
        if not by_clue:
            faults += [f"写了{name}，却不是个案检查" for name, words in told.by_clue if words.search(sheet.text)]
        for fault in faults:
            yield hit("paper", sheet.kind, "", paper=sheet.title, fault=fault)
