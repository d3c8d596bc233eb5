"""How the items of an inspection stand with the team lead: what was said of each, as long as it is what was seen."""

from __future__ import annotations

import hashlib
import json

from .casefile import CaseFile
from .item_review import CHANGED, RETURNED, Verdict


def seen_of(case: CaseFile, item: str) -> str:
    """A digest of all that an item says, and of the finding on it."""
    fact = case.item(item)
    finding = next((each for each in case.findings if fact and each.id == fact.finding), None)
    said = [fact.value, fact.reason, fact.note, list(fact.evidence)] if fact else []
    found = [finding.fact, list(finding.basis), list(finding.evidence), finding.severity, finding.consequence, finding.order_basis,
             finding.demand, str(finding.due)] if finding else []  # fmt: skip
    return hashlib.sha256(json.dumps([said, found], ensure_ascii=False).encode()).hexdigest()[:16]


def standing(case: CaseFile, item: str) -> str:
    """How an item stands with the team lead: one of the three words, or nothing. What was agreed to and changed is open anew."""
    made = next((each for each in case.verdicts if each.item == item), None)
    if made is None:
        return ""
    if made.seen == seen_of(case, item):
        return made.outcome
    return CHANGED if made.outcome == RETURNED else ""


def returned(case: CaseFile) -> tuple[Verdict, ...]:
    """Items that were returned and are as they were."""
    return tuple(each for each in case.verdicts if standing(case, each.item) == RETURNED)
