"""What a paper says of a case, as one digest: kept when the paper is made, compared whenever it is shown.

A paper whose digest no longer agrees says what the case does not say any more; it has to be made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from .casefile import CaseFile
from .evidence import BLOCKED, Evidence
from .finding import Consequence, Finding
from .inspection import OUTGOING


def digest_of(case: CaseFile, kind: str, sheet: str = "", entries: Collection[str] = ()) -> str:
    """SHA-256 of the facts that a paper of this kind is made from, with what these entries of its sheet say; "" for kinds
    whose facts cannot change."""
    facts = _facts(case, kind)
    if held := case.sheet(sheet) if sheet else None:
        filled = [(name, held.fields.get(name, ""), held.rows.get(name, ())) for name in sorted(entries)]
        facts = [*(facts or []), filled]
    if facts is None and not sheet:
        return ""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest()


LISTS = frozenset({"evidence_list", "hash_list"})
"""Papers that name every piece of evidence."""


def evidence_on(case: CaseFile, kind: str) -> tuple[str, ...]:
    """The numbers of the evidence that a paper of this kind speaks of."""
    if kind in LISTS:
        return tuple(piece.number for piece in case.evidence if not piece.withdrawn)
    named = {
        number for finding in case.findings if kind in OUTGOING and _on(finding, kind) for number in finding.evidence
    }
    return tuple(piece.number for piece in case.evidence if piece.number in named)


def _facts(case: CaseFile, kind: str) -> list[Any] | None:
    items = [(item.code, item.value, item.reason, item.note) for item in case.items]
    if kind == "onsite_record":
        visit = case.visit
        people = [(a.name, a.title, a.phone) for a in visit.attendees]
        team = [tuple(officer.name for officer in case.able)] if case.recused else []
        return [items, case.readings, people, visit.place, visit.leading_official, visit.law_topics, visit.remarks,
                visit.statement_reply, visit.statement, *team, *_together(case), *_came(case)]  # fmt: skip
    if kind == "notice":
        return _together(case)
    if kind == "evidence_list":
        # The list is signed while the camera runs: what records the process ends later and leaves it standing.
        return [_evidence(piece) for piece in case.evidence if not piece.withdrawn and not piece.of_process]
    if kind == "hash_list":
        return [(p.number, p.original_name, p.size, p.sha256, p.sm3) for p in case.evidence if not p.withdrawn]
    if kind in OUTGOING:
        mine = [f for f in case.findings if _on(f, kind)]
        named = evidence_on(case, kind)
        return [items, [_finding(f) for f in mine], [_evidence(p) for p in case.evidence if p.number in named]]
    if kind == "closing_report" and case.waivers:
        waived = [(w.check, w.place, w.said, w.reason, w.by) for w in case.waivers]
        return [[_finding(f) for f in case.findings], waived]
    if kind in _OF_FINDINGS:
        return [[_finding(f) for f in case.findings]]
    if kind in _OF_PAPERS:
        return [(p.kind, p.title, p.number, p.revision, p.pages) for p in case.filed]
    return None


_OF_FINDINGS = frozenset({
    "extension", "rectification_report", "reinspection_record", "reinspection_opinion", "legal_review",
    "disposition_proposal", "transfer_letter", "closing_report", "publicity",
    "discussion_record",
})  # fmt: skip
_OF_PAPERS = frozenset({"case_cover", "case_contents", "case_remarks"})


def _on(finding: Finding, kind: str) -> bool:
    """Whether a paper of this kind speaks of the finding; what was mended on the spot is told with the others."""
    consequence = Consequence(finding.consequence)
    return consequence.paper == kind or consequence is Consequence.ON_THE_SPOT


def _finding(f: Finding) -> tuple[Any, ...]:
    unproven = (f.unproven,) if f.unproven else ()
    return (f.code, f.fact, f.basis, f.evidence, f.consequence, f.order_basis, f.demand, f.due, *unproven)


def _together(case: CaseFile) -> list[Any]:
    """With whom and for which other tasks; nothing for an inspection that stands alone."""
    held = case.together
    guests = [(guest.office, guest.name, guest.credential) for guest in held.guests]
    return [(held.leads, guests, [(task.plan, task.what) for task in held.tasks])] if held.form else []


def _came(case: CaseFile) -> list[Any]:
    """Who of the other authorities came, once it is noted."""
    return [(g.office, g.name, g.credential, g.absent) for g in case.guests] if case.visit.guests else []


def _evidence(piece: Evidence) -> tuple[Any, ...]:
    return (piece.number, piece.item, piece.taken_at, piece.time_from, piece.place, piece.maker, piece.proves, piece.method,
            piece.carrier, piece.present, piece.transcript, *_since(piece))  # fmt: skip


def _since(piece: Evidence) -> tuple[Any, ...]:
    """What earlier versions did not know, so that their papers still agree: only what is there is said."""
    marks = piece.marks if piece.marks_shown else ()
    return tuple(each for each in (piece.view, marks, piece.secrecy == BLOCKED) if each)
