"""How a visit is folded: its steps, answers, evidence and recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import intern
from typing import Any

from . import secrecy
from .event import Event
from .evidence import read_marks
from .folding import Folding, Handler, fact, keep, listed, stamped
from .rows import Key


def _planned(folded: Folding, event: Event) -> set[Key]:
    row = folded.row("inspection", "")
    stage = row.get("stage", "planned")
    row.update(event.body)
    row["stage"] = stage
    return {("inspection", "")}


def _officer_replaced(folded: Folding, event: Event) -> set[Key]:
    """Who comes stands beside who left: what the latter wrote before stays that of a member of the team."""
    row, left, officer = folded.row("inspection", ""), str(event.body["left"]), event.body["officer"]
    ids = [str(each["id"]) for each in row["officers"]]
    if officer["id"] not in ids:
        place = ids.index(left) + 1
        row["officers"] = [*row["officers"][:place], officer, *row["officers"][place:]]
    row["left"] = sorted({*row.get("left", []), left})
    return {("inspection", "")}


def _answered(folded: Folding, event: Event) -> set[Key]:
    key = ("answer", str(event.body["item"]))
    folded.write(
        folded.row(*key).setdefault("answer", []), event, event.body["value"], str(event.body.get("reason", ""))
    )
    return {key}


def _noted(folded: Folding, event: Event) -> set[Key]:
    key = ("answer", str(event.body["item"]))
    folded.write(folded.row(*key).setdefault("note", []), event, event.body["text"])
    return {key}


_ALIKE = frozenset({"kind", "item", "place", "maker", "maker_credential", "method", "carrier", "present", "device", "camera",
                    "proves", "time_from", "by"})  # fmt: skip
"""Fields that say the same of thousands of pieces; each text is kept once."""


def _taken(topic: str) -> Handler:
    """A piece of evidence, or a picture that is none: of two devices' under one number both are kept."""

    def handler(folded: Folding, event: Event) -> set[Key]:
        key = (topic, str(event.body["number"]))
        if key in folded.rows and folded.rows[key].get("event") != event.id:
            key = (topic, f"{event.body['number']}-{event.id[:4]}")
        blob = event.blobs[0]
        folded.rows[key] = {
            **{
                name: intern(value) if name in _ALIKE and type(value) is str else value
                for name, value in stamped(event).items()
            },
            "event": event.id,
            "sha256": blob.sha256,
            "sm3": blob.sm3,
            "size": blob.size,
            "mime": blob.mime,
            "origin": blob.origin,
            "added_at": event.at,
            "number": key[1],
        }
        return {key}

    return handler


def _service_filmed(folded: Folding, event: Event) -> set[Key]:
    """A picture of how a paper was served; of two under one number both are kept."""
    key = ("filmed", str(event.body["number"]))
    if key in folded.rows:
        key = ("filmed", f"{key[1]}-{event.id[:4]}")
    folded.rows[key] = {**stamped(event), "number": key[1], "sha256": event.blobs[0].sha256}
    return {key}


ON_EVIDENCE: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "evidence_described": lambda body: body["changes"],
    "evidence_withdrawn": lambda body: {"withdrawn": body["reason"]},
    "evidence_marked": lambda body: {
        "marks": {"marks": [mark.plain() for mark in read_marks(body["marks"])], "shown": bool(body["shown"])}
    },
    "secrecy_checked": lambda body: {"secrecy": {"outcome": body["outcome"], "reason": body.get("reason", "")}},
}
"""Which fields of a piece of evidence an event writes, and what."""


def _of_evidence(folded: Folding, event: Event) -> set[Key]:
    """What is said of a piece, each field a register of its own; the piece itself never changes."""
    key = ("evidence", str(event.body["number"]))
    for name, value in ON_EVIDENCE[event.kind](event.body).items() if key in folded.rows else ():
        folded.write(folded.anew(key).setdefault("changes", {}).setdefault(name, []), event, value)
    return {key} & folded.rows.keys()


def _recording(name: str) -> Handler:
    """One row a recording: how it began and how it ended; why it was interrupted may be said later."""

    def handler(folded: Folding, event: Event) -> set[Key]:
        key = ("recording", str(event.body["recording"]))
        row = folded.row(*key)
        if name == "started" or "duration" in event.body:
            row[name] = stamped(event)
        if name == "interrupted":
            folded.write(row.setdefault("reason", []), event, str(event.body["reason"]))
        return {key}

    return handler


def _secret_area(folded: Folding, event: Event) -> set[Key]:
    """Whether the team is where nothing may be captured; of two officers who say it differently both stand."""
    value = {**stamped(event), "inside": event.kind == "secret_area_entered"}
    folded.write(folded.row("visit", "").setdefault("secret", []), event, value, device=event.device)
    return {("visit", "")}


def _footage_explained(folded: Folding, event: Event) -> set[Key]:
    """Why a step has no footage; an empty reason takes that back."""
    key = ("footage", str(event.body["step"]))
    row = folded.row(*key)
    row["step"] = key[1]
    folded.write(row.setdefault("reason", []), event, str(event.body["reason"]))
    return {key}


def told(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("answers", "file", "sha256", "by", "day")}


def _self_assessed(folded: Folding, event: Event) -> set[Key]:
    """What the unit said of itself before the visit; no answers take it back."""
    folded.write(folded.row("selfcheck", "").setdefault("said", []), event, told(event.body))
    return {("selfcheck", "")}


def _piece(folded: Folding, number: str) -> Key:
    """Under which key a piece of this number stands; as evidence where there is none."""
    return next((key for topic in secrecy.TOPICS if (key := (topic, number)) in folded.rows), ("evidence", number))


def _secret(folded: Folding, event: Event) -> set[Key]:
    key = _piece(folded, str(event.body["number"]))
    if key in folded.rows:
        row = folded.anew(key)
        folded.write(row.setdefault("secret", []), event, event.kind, str(event.body["reason"]))
        if event.kind == secrecy.FOUND:
            row.setdefault("found", []).append({"event": event.id, "by": event.actor.id})
    return {key} & folded.rows.keys()


def _secret_destroyed(folded: Folding, event: Event) -> set[Key]:
    """Counts for good, whatever comes beside it, when somebody else had found the secret before."""
    key = _piece(folded, str(event.body["number"]))
    found = folded.rows[key].get("found", [])
    if not any(f["by"] != event.actor.id and folded.ancestry.precedes(f["event"], event.id) for f in found):
        raise ValueError("nobody else has found a secret here")
    folded.anew(key).setdefault("destroyed", stamped(event))
    return {key}


HANDLERS: dict[str, Handler] = {
    "inspection_planned": _planned,
    "plan_published": fact("before", "plan_published"),
    "draw_recorded": fact("before", "draw"),
    "approval_given": fact("before", "approval"),
    "code_received": fact("before", "code"),
    "visit_begun": fact("visit", "begun"),
    "credentials_shown": fact("visit", "credentials"),
    "cosigner_named": keep("cosigner", "key"),
    "recording_told": fact("visit", "recording"),
    "rights_told": fact("visit", "rights"),
    "officer_replaced": _officer_replaced,
    "recusal_requested": listed("visit", "recusals"),
    "recusal_decided": listed("visit", "recusal_decisions"),
    "leader_present": fact("visit", "leader"),
    "attendees_confirmed": fact("visit", "attendees"),
    "guests_noted": fact("visit", "guests"),
    "law_explained": fact("visit", "law"),
    "readiness_checked": listed("visit", "readiness"),
    "recording_started": _recording("started"),
    "recording_stopped": _recording("stopped"),
    "recording_interrupted": _recording("interrupted"),
    "secret_area_entered": _secret_area,
    "secret_area_left": _secret_area,
    "item_answered": _answered,
    "item_noted": _noted,
    "checking_finished": fact("visit", "checked"),
    "evidence_taken": _taken("evidence"),
    **dict.fromkeys(ON_EVIDENCE, _of_evidence),
    "footage_explained": _footage_explained,
    "self_assessed": _self_assessed,
    secrecy.FOUND: _secret,
    secrecy.CLEARED: _secret,
    secrecy.DESTROYED: _secret_destroyed,
    "remark_recorded": fact("visit", "remarks"),
    "statement_recorded": fact("visit", "statement"),
    "visit_ended": fact("visit", "ended"),
    "deliberated": fact("visit", "deliberated"),
    "service_filmed": _service_filmed,
    "decision_made": fact("visit", "decision"),
    "record_exported": listed("record", "exports"),
    "rectification_filmed": _taken("picture"),
}
