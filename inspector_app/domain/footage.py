"""Which steps of a visit the policy wants filmed or recorded, and which of them have no footage.

Ordinary inspections are recorded by reasoned choice and not by force (国办发〔2018〕118号(八)): a step without footage is no
obstacle; it is told while the team is still there, and explained or made good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .casefile import CaseFile
from .evidence import STORED

OWN_SCREEN = "本机屏幕"
"""Name of the source that is what the laptop itself shows: a film of it shows no step of the visit."""


class Want(StrEnum):
    """How much of a step is to be recorded."""

    WHOLE = "全程"
    PART = "重点"
    NONE = "不录"


@dataclass(frozen=True, slots=True)
class Rule:
    """What policy says of one step; `reason` why it is not recorded."""

    name: str
    want: Want
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """[recording] of forms/policy.toml. `slack` is what devices' clocks may differ by, `names` how files are named
    (`recorder.sign_of`)."""

    rules: Mapping[str, Rule] = field(default_factory=dict, hash=False)
    slack: timedelta = timedelta()
    names: tuple[str, ...] = ()


def parse(data: Mapping[str, Any]) -> Recording:
    """Read [recording]; a policy of an earlier version has none, and asks for nothing.

    Raises ValueError for a want that is none, and where something is not recorded without a reason.
    """
    rules = {
        key: Rule(row["name"], Want(row["want"]), row.get("reason", "")) for key, row in data.get("step", {}).items()
    }
    for rule in rules.values():
        if rule.want is Want.NONE and not rule.reason.strip():
            raise ValueError(f"“{rule.name}”不录，要写明理由")
    return Recording(rules, timedelta(seconds=data.get("slack", 0)), tuple(data.get("names", ())))


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken, from when to when. `key` is what an explanation is kept under."""

    key: str
    name: str
    want: Want
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """A film or sound at its place in time; one whose length is not known is a moment."""

    number: str
    device: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """What of a step has no footage, and why, where somebody said so."""

    step: Step
    missing: tuple[tuple[datetime, datetime], ...]
    reason: str = ""


def segments(case: CaseFile) -> tuple[Segment, ...]:
    """Every film and sound of the visit whose time is known, the earliest first."""
    screens = {recording.evidence for recording in case.recordings if recording.device == OWN_SCREEN}
    found = [
        Segment(piece.number, piece.device, piece.taken_at, piece.taken_at + timedelta(milliseconds=piece.duration))
        for piece in case.evidence
        if piece.kind in ("录像", "录音")
        and not piece.withdrawn
        and piece.taken_at
        and piece.time_from != STORED
        and piece.number not in screens
    ]
    return tuple(sorted(found, key=lambda segment: (segment.begin, segment.number)))


def steps(case: CaseFile, recording: Recording) -> tuple[Step, ...]:
    """The steps that were taken and that policy speaks of, the earliest first. Acts are noted when they are done, so that
    a step reaches from the one before it to its own note."""
    taken = (
        Step(key, rule.name if not about else f"{rule.name} {about}", rule.want, begin, end)
        for name, key, about, begin, end in _taken(case)
        if (rule := recording.rules.get(name)) is not None
    )
    return tuple(sorted(taken, key=lambda step: (step.begin, step.end)))


def _taken(case: CaseFile) -> Iterator[tuple[str, str, str, datetime, datetime]]:
    """(name of the rule, key, what it is about, begin, end)."""
    visit = case.visit
    if visit.arrived is None:
        return
    at = visit.arrived
    yield "arrival", "arrival", "", at, at
    if visit.credentials_shown is not None:
        yield "credentials", "credentials", "", at, max(at, visit.credentials_shown.at)
        at = max(at, visit.credentials_shown.at)
    told = [step.at for step in (visit.recording_told, visit.rights_told) if step is not None]
    if told:
        yield "rights", "rights", "", min(at, *told), max(told)
    areas: dict[str, list[datetime]] = {}
    for item in case.items:
        if item.value and item.at is not None and item.section:  # the bureau holds no checklist, and knows of no areas
            areas.setdefault(item.section, []).append(item.at)
    for area, times in areas.items():
        yield "area", f"area:{area}", area, min(times), max(times)
    for paper in case.papers:
        if paper.kind == "onsite_record" and not paper.draft and not paper.reopened and paper.signatures:
            signed = [signature.at for signature in paper.signatures]
            yield "signing", "signing", "", min(paper.at, *signed), max(signed)
        if paper.served is not None and paper.served.at >= visit.arrived:
            left = paper.served.method == "留置送达"
            yield (
                "service_left" if left else "service",
                f"service:{paper.id}",
                f"《{paper.title}》",
                paper.served.at,
                paper.served.at,
            )


def gaps(case: CaseFile, recording: Recording) -> tuple[Gap, ...]:
    """The wanted steps without their footage, the earliest first, explained or not."""
    spans = sorted((s.begin - recording.slack, s.end + recording.slack) for s in segments(case))
    reasons = {said.step: said.reason for said in case.unfilmed}
    found = ((step, _missing(step, spans)) for step in steps(case, recording) if step.want is not Want.NONE)
    return tuple(Gap(step, missing, reasons.get(step.key, "")) for step, missing in found if missing)


def open_gaps(case: CaseFile, recording: Recording) -> tuple[Gap, ...]:
    """Those that nobody has explained."""
    return tuple(gap for gap in gaps(case, recording) if not gap.reason)


def _missing(step: Step, spans: list[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """The parts of a step outside of all spans; of one that is recorded in part, all of it or nothing."""
    near = [(begin, end) for begin, end in spans if begin <= step.end and end >= step.begin]
    if not near or step.want is Want.PART:
        return () if near else ((step.begin, step.end),)
    found, covered = [], step.begin
    for begin, end in near:
        if begin > covered:
            found.append((covered, begin))
        covered = max(covered, end)
    if covered < step.end:
        found.append((covered, step.end))
    return tuple(found)
