"""How what belongs to no single inspection is folded: registers, plans, rules, pre-stamped forms, devices."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .event import Event
from .folding import Folding, Handler, fact, keep, listed, matter, stamped
from .rows import Key, Row


def _bureau_named(folded: Folding, event: Event) -> set[Key]:
    """What is said of the bureau. A new laptop knows its name and code only: what it does not say stays as it is known."""
    said = {name: value for name, value in event.body.items() if value}
    folded.rows["bureau", ""] = {**event.body, **folded.rows.get(("bureau", ""), {}), **said}
    return {("bureau", "")}


def _note_dropped(folded: Folding, event: Event) -> set[Key]:
    key = (str(event.body["register"]), str(event.body["id"]))
    folded.row(*key)["dropped"] = str(event.body["reason"])
    return {key}


def _rule(folded: Folding, event: Event) -> set[Key]:
    """What stands of a rule is named by the digest of its text; every text that was ever published is kept."""
    name, text = str(event.body["name"]), str(event.body["text"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    folded.rows["rule_text", digest] = {"text": text}
    folded.write(folded.row("rule", name).setdefault("versions", []), event, digest)
    return {("rule", name), ("rule_text", digest)}


def wrote_rule(rows: Mapping[Key, Row], event: Event) -> tuple[Any, str]:
    """The register that a published rule wrote, with the value it gave it, for `projection.stands`."""
    digest = hashlib.sha256(str(event.body["text"]).encode()).hexdigest()
    return rows.get(("rule", str(event.body["name"])), {}).get("versions"), digest


def _recorder(folded: Folding, event: Event) -> set[Key]:
    """A device of the register: whose hands it went through, its bookings by day, and how far its clock is off."""
    key = ("recorder", str(event.body["number"]))
    row = folded.row(*key)
    if event.kind == "recorder_registered":
        row.update(event.body)
    elif event.kind == "recorder_booked":
        made = {name: str(event.body[name]) for name in ("officer", "name", "about")}
        folded.write(row.setdefault("bookings", {}).setdefault(str(event.body["day"]), []), event, made)
    elif event.kind == "recorder_clock_compared":
        folded.write(row.setdefault("clock", []), event, int(event.body["offset"]))
    else:
        row.setdefault("custody", []).append({**stamped(event), "kind": event.kind})
    return {key}


def _forms_received(folded: Folding, event: Event) -> set[Key]:
    """One receipt of pre-stamped forms. A second one under its name is kept as one of its own."""
    key = ("forms", str(event.body["id"]))
    if key in folded.rows:
        key = ("forms", f"{key[1]}-{event.id[:4]}")
    folded.rows[key] = {**stamped(event), "id": key[1], "device": event.device}
    return {key}


FOLLOWS: Mapping[str, frozenset[str]] = {
    "used": frozenset({"held"}),
    "spoiled": frozenset({"held", "used"}),
    "returned": frozenset({"held", "spoiled"}),
}
"""Where a pre-stamped form may have been before: what was used comes back only as spoiled."""


def _form_moved(to: str = "") -> Handler:
    """Where each form is now; without `to` the event says it, and corrects whatever it knew of.

    What cannot follow from where a form was stands beside it: a person has to say which of them is so.
    """

    def handler(folded: Folding, event: Event) -> set[Key]:
        body, keys, where = event.body, set[Key](), to or event.body["where"]
        if where != "held" and where not in FOLLOWS:
            raise ValueError(where)
        said = {name: value for name, value in body.items() if name not in ("batch", "number", "numbers", "span")}
        value, batch = {**said, "where": where}, str(body["batch"])
        for number in [*map(str, body["numbers"])] if "numbers" in body else [str(body["number"])]:
            key = ("form", f"{batch} {number}")
            versions = folded.row(*key).setdefault("where", [])
            apart = [v for v in versions if to and v["value"]["where"] not in FOLLOWS[to]]
            folded.write(versions, event, value)
            versions += [v for v in apart if v not in versions]
            versions.sort(key=lambda version: str(version["event"]))
            keys.add(key)
        return keys

    return handler


HANDLERS: dict[str, Handler] = {
    "bureau_named": _bureau_named,
    "unit_registered": keep("unit", "id"),
    "officer_registered": keep("officer", "id"),
    "numbers_leased": keep("lease", "id"),
    "number_voided": keep("voided", "number"),
    "unit_noted": keep("unit_note", "id"),
    "officer_noted": keep("officer_note", "id"),
    "note_dropped": _note_dropped,
    **dict.fromkeys(("plan_drawn_up", "plan_approved", "plan_announced"), matter("plan")),
    **dict.fromkeys(("clue_received", "clue_settled"), matter("clue")),
    **dict.fromkeys(
        ("draw_sealed", "draw_made", "draw_signed", "draw_certified", "draw_used", "draw_announced", "draw_dropped"),
        matter("draw"),
    ),
    "law_publicised": matter("law_told"),
    "rule_published": _rule,
    "forms_received": _forms_received,
    "form_used": _form_moved("used"),
    "form_spoiled": _form_moved("spoiled"),
    "forms_returned": _form_moved("returned"),
    "form_corrected": _form_moved(),
    "recorder_registered": _recorder,
    "recorder_booked": _recorder,
    "recorder_handed_over": _recorder,
    "recorder_returned": _recorder,
    "recorder_clock_compared": _recorder,
    "device_enrolled": keep("device", "id"),
    "person_changed": fact("device", "person"),
    "room_given": listed("device", "room"),
    "clock_moved": listed("device", "clock"),
    "pin_reset": listed("device", "pins"),
    "recovery_key_set": fact("device", "recovery"),
    "secret_erased": listed("device", "secrets"),
}
