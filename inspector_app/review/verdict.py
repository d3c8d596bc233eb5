"""Runs the checks and weighs what they find."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from ..domain.waiver import Waiver
from .check import Catalogue, Check, Hit, Severity
from .dossier import Dossier

FULL = 100


@dataclass(frozen=True, slots=True)
class Remark:
    """A hit in words: what is wrong, how to mend it, what it costs; a waived one costs nothing and says why."""

    check: Check
    hit: Hit
    message: str
    points: int
    waiver: Waiver | None = None

    @property
    def open(self) -> bool:
        return self.waiver is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the review of a file came to: 0 to 100 points, the grade, the remarks with the gravest first."""

    score: int
    grade: str
    remarks: tuple[Remark, ...]
    looked: int  # how many checks ran
    failed: tuple[tuple[str, str], ...] = ()  # checks that could not look at this file, with the fault

    def of(self, severity: Severity) -> tuple[Remark, ...]:
        """The open remarks of one severity."""
        return tuple(r for r in self.remarks if r.open and r.check.severity is severity)

    @property
    def blocks(self) -> tuple[Remark, ...]:
        return self.of(Severity.BLOCK)

    @property
    def passed(self) -> int:
        """How many checks found nothing that is still open."""
        return self.looked - len({r.check.code for r in self.remarks if r.open})


def look(dossier: Dossier, catalogue: Catalogue) -> Verdict:
    """Run every check of this moment over the file.

    A check that cannot read a file of bad make never keeps the others from looking: it is named in `failed`.
    """
    dossier = replace(dossier, told=catalogue.told)
    waived = {(w.check, w.place, w.said): w for w in dossier.case.waivers}
    remarks: list[Remark] = []
    failed: list[tuple[str, str]] = []
    spent: Counter[str] = Counter()
    due = [each for each in catalogue.checks if dossier.moment in each.moments]
    for each in due:
        try:
            hits = list(each.look(dossier))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            failed.append((each.code, str(error)))
            continue
        for hit in hits:
            said, at = _said(dossier, each, hit), (each.code, str(hit.place))
            waiver = waived.get((*at, said)) or waived.get((*at, ""))
            if waiver and each.severity is Severity.BLOCK and waiver.role not in catalogue.lifts:
                waiver = None
            points = 0 if waiver else min(each.points, each.most - spent[each.code])
            spent[each.code] += points
            remarks.append(Remark(each, hit, said, points, waiver))
    remarks.sort(key=_weight)
    score = max(0, FULL - sum(remark.points for remark in remarks))
    blocked = any(r.open and r.check.severity is Severity.BLOCK for r in remarks)
    grade = catalogue.failed if blocked else catalogue.grade(score)
    return Verdict(score, grade, tuple(remarks), len(due), tuple(failed))


def _said(dossier: Dossier, check: Check, hit: Hit) -> str:
    """The message of a hit; where it is, is said by those that ask for it."""
    where = {"where": dossier.name_of(hit.place)} if "{where}" in check.message else {}
    return check.message.format_map({**where, **hit.facts})


_ORDER = list(Severity)


def _weight(remark: Remark) -> tuple[bool, int, int]:
    return (not remark.open, _ORDER.index(remark.check.severity), -remark.points)
