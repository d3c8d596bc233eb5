"""Folds events into rows: the same fold on laptop and server, so that they can only agree.

A projection is a mapping `(topic, key) -> row` of plain JSON. It is dropped and rebuilt at will; folding the
same set of events in any order of arrival gives the same rows and the same digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import archiving, cancelling, followup, legal, publicity, secrecy, tally
from .event import BUREAU_DEVICE, EVENTS, Event
from .evidence import read_marks
from .inspection import next_stage
from .merge import Ancestry, order
from .rows import Key as Key
from .rows import Row as Row
from .rows import Versions
from .rows import rows_of as rows_of
from .rows import standing as standing

FOLD = 18
"""Raised with every change of what the handlers write: a store whose rows were folded otherwise folds them anew."""

SET_ASIDE = "event_set_aside"


@dataclass(slots=True)
class Folded:
    """The rows of one stream and what is needed to fold the next event."""

    rows: dict[Key, Row] = field(default_factory=dict)
    ancestry: Ancestry = field(default_factory=Ancestry)
    heads: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    aside: frozenset[str] = frozenset()
    """Events that the bureau has set aside: they keep their place in the record and do nothing here."""

    def apply(self, event: Event) -> set[Key]:
        """Fold one event whose parents are folded; returns the keys of the rows that changed."""
        if event.id in self.seen:
            return set()
        self.seen.add(event.id)
        self.ancestry.learn(event)
        self.heads -= {event.prev, *event.parents}
        self.heads.add(event.id)
        if event.id in self.aside:
            self.row("aside", event.id).update(kind=event.kind, by=event.actor.id, at=event.at)
            return {("aside", event.id)}
        handler = _HANDLERS.get(event.kind)
        if handler is None:
            if event.kind not in EVENTS:
                self.row("unknown", event.id)["kind"] = event.kind
                return {("unknown", event.id)}
            return set()
        try:
            changed = handler(self, event)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            # Somebody's bad event is shown as such; it never holds up what stands behind it.
            self.row("unreadable", event.id)["kind"] = event.kind
            return {("unreadable", event.id)}
        if event.kind in _REVIEWED_KINDS:
            changed |= _note_change(self, event)
        if closing := self.rows.get(("closing", "1")):
            changed |= _beside_closing(self, closing, event)
        stage = self.rows.get(("inspection", ""))
        if stage is not None and "stage" in stage:  # a bad event may name an inspection that nobody planned
            moved = next_stage(stage["stage"], event.kind, event.body)
            if moved != stage["stage"]:
                stage["stage"] = moved
                changed.add(("inspection", ""))
        return changed | tally.keep(self.rows, changed)

    def is_followed_by(self, events: Iterable[Event]) -> bool:
        """Whether each of these events knew of everything before it, so that any order of arrival puts them last, and
        none changes what others did.
        """
        heads = self.heads
        for event in events:
            if event.kind == SET_ASIDE or not heads <= {event.prev, *event.parents}:
                return False
            heads = {event.id}
        return True

    def row(self, topic: str, key: str) -> Row:
        """The row under this key, made empty when it is new."""
        return self.rows.setdefault((topic, key), {})

    def write(self, versions: Versions, event: Event, value: Any, reason: str = "", **more: Any) -> None:
        """Set a register: what lies in the event's past gives way, what is concurrent stays beside it."""
        versions[:] = [v for v in versions if not self.ancestry.precedes(v["event"], event.id)]
        stamp = {"reason": reason, "by": event.actor.id, "at": event.at}
        versions.append({"event": event.id, "value": value, **stamp, **more})
        versions.sort(key=lambda version: str(version["event"]))

    def digest(self) -> str:
        """SHA-256 over all rows; equal sets of events give equal digests."""
        plain = [[*key, self.rows[key]] for key in sorted(self.rows)]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def fold(events: Iterable[Event]) -> Folded:
    """Fold a stream from nothing, whatever order the events come in."""
    held = list(events)
    folded = Folded(aside=set_aside_by(held))
    for event in order(held):
        folded.apply(event)
    return folded


def set_aside_by(events: Iterable[Event]) -> frozenset[str]:
    """The ids of what the bureau sets aside among these events; nobody else's word counts for it."""
    return frozenset(
        str(event.body.get("event", ""))
        for event in events
        if event.kind == SET_ASIDE and event.device.startswith(BUREAU_DEVICE)
    )


def stands(rows: Mapping[Key, Row], event: Event) -> bool:
    """Whether all that an event wrote is still so: nothing newer says otherwise, nobody else wrote it or beside it.

    A newer event of the same person that says the same counts as this one: so is an undo of what came after.
    """
    kind, body = event.kind, event.body
    if kind in ("item_answered", "item_noted"):
        row = rows.get(("answer", str(body["item"])), {})
        wrote = [(row.get("answer"), body["value"])] if kind == "item_answered" else [(row.get("note"), body["text"])]
    elif kind in _ON_EVIDENCE:
        changes = rows.get(("evidence", str(body["number"])), {}).get("changes", {})
        said = _ON_EVIDENCE[kind](body)
        wrote = [(changes.get(name), value) for name, value in said.items()]
    elif kind in ("finding_recorded", "finding_changed"):
        row = rows.get(("finding", str(body["id"])), {})
        if kind == "finding_recorded" and any(v["value"] for v in row.get("flags", {}).get("confirmed", [])):
            return False
        said = body["fields"] if kind == "finding_recorded" else {body["field"]: body["value"]}
        wrote = [(row.get("fields", {}).get(name), value) for name, value in said.items()]
    elif kind == "finding_withdrawn":
        flags = rows.get(("finding", str(body["id"])), {}).get("flags", {})
        wrote = [(flags.get("withdrawn"), body.get("value", True))]
    elif kind == "sheet_filled":
        fields = rows.get(("sheet", str(body["sheet"])), {}).get("fields", {})
        wrote = [(fields.get(name), value) for name, value in body["changes"].items()]
    elif kind == "sheet_dropped":
        wrote = [(rows.get(("sheet", str(body["sheet"])), {}).get("dropped"), body["reason"])]
    elif kind == "footage_explained":
        wrote = [(rows.get(("footage", str(body["step"])), {}).get("reason"), body["reason"])]
    elif kind == "self_assessed":
        wrote = [(rows.get(("selfcheck", ""), {}).get("said"), _told(body))]
    elif kind in (publicity.CHANGED, publicity.HELD, publicity.PENALTY):
        wrote = publicity.wrote(rows, event)
    elif kind == "remark_recorded":
        remarks = rows.get(("visit", ""), {}).get("remarks", [])
        wrote = [([{**v, "value": v["value"]["text"]} for v in remarks], body["text"])]
    else:
        return True  # what is only added to has nothing that could move on
    return all(
        versions is not None
        and len(versions) == 1
        and (versions[0]["by"], versions[0]["value"]) == (event.actor.id, value)
        for versions, value in wrote
    )


_ON_EVIDENCE: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "evidence_described": lambda body: body["changes"],
    "evidence_withdrawn": lambda body: {"withdrawn": body["reason"]},
    "evidence_marked": lambda body: {
        "marks": {"marks": [mark.plain() for mark in read_marks(body["marks"])], "shown": bool(body["shown"])}
    },
    "secrecy_checked": lambda body: {"secrecy": {"outcome": body["outcome"], "reason": body.get("reason", "")}},
}
"""Which fields of a piece of evidence an event writes, and what."""

Handler = Callable[[Folded, Event], set[Key]]


def _keep(topic: str, key_field: str) -> Handler:
    """Rows that are simply the newest body, e.g. the registers of units and officers."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        key = (topic, str(event.body.get(key_field, "")))
        folded.rows[key] = {**folded.rows.get(key, {}), **event.body}
        return {key}

    return handler


def _bureau_named(folded: Folded, event: Event) -> set[Key]:
    """What is said of the bureau. A new laptop knows its name and code only: what it does not say stays as it is known."""
    said = {name: value for name, value in event.body.items() if value}
    folded.rows["bureau", ""] = {**event.body, **folded.rows.get(("bureau", ""), {}), **said}
    return {("bureau", "")}


def _fact(topic: str, name: str) -> Handler:
    """A step that was taken, under one name of the topic's single row.

    A later step replaces those that it knew of; two that knew nothing of each other stand side by side.
    """

    def handler(folded: Folded, event: Event) -> set[Key]:
        folded.write(folded.row(topic, "").setdefault(name, []), event, _stamped(event))
        return {(topic, "")}

    return handler


def _list(topic: str, name: str) -> Handler:
    """A step that may be taken several times; every one is kept."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        folded.row(topic, "").setdefault(name, []).append(_stamped(event))
        return {(topic, "")}

    return handler


def _stamped(event: Event) -> Row:
    return {**event.body, "at": event.at, "by": event.actor.id, "witness": event.witness or ""}


def _matter(topic: str) -> Handler:
    """One row a plan, clue or draw: its steps in their order, none of which replaces another."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        key = (topic, str(event.body["id"]))
        folded.row(*key).setdefault("steps", []).append({**_stamped(event), "step": event.kind})
        return {key}

    return handler


def _note_dropped(folded: Folded, event: Event) -> set[Key]:
    key = (str(event.body["register"]), str(event.body["id"]))
    folded.row(*key)["dropped"] = str(event.body["reason"])
    return {key}


def _rule(folded: Folded, event: Event) -> set[Key]:
    """What stands of a rule is named by the digest of its text; every text that was ever published is kept."""
    name, text = str(event.body["name"]), str(event.body["text"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    folded.rows["rule_text", digest] = {"text": text}
    folded.write(folded.row("rule", name).setdefault("versions", []), event, digest)
    return {("rule", name), ("rule_text", digest)}


def _planned(folded: Folded, event: Event) -> set[Key]:
    row = folded.row("inspection", "")
    stage = row.get("stage", "planned")
    row.update(event.body)
    row["stage"] = stage
    return {("inspection", "")}


def _officer_replaced(folded: Folded, event: Event) -> set[Key]:
    """Who comes stands beside who left: what the latter wrote before stays that of a member of the team."""
    row, left, officer = folded.row("inspection", ""), str(event.body["left"]), event.body["officer"]
    ids = [str(each["id"]) for each in row["officers"]]
    if officer["id"] not in ids:
        place = ids.index(left) + 1
        row["officers"] = [*row["officers"][:place], officer, *row["officers"][place:]]
    row["left"] = sorted({*row.get("left", []), left})
    return {("inspection", "")}


def _answered(folded: Folded, event: Event) -> set[Key]:
    key = ("answer", str(event.body["item"]))
    folded.write(
        folded.row(*key).setdefault("answer", []), event, event.body["value"], str(event.body.get("reason", ""))
    )
    return {key}


def _noted(folded: Folded, event: Event) -> set[Key]:
    key = ("answer", str(event.body["item"]))
    folded.write(folded.row(*key).setdefault("note", []), event, event.body["text"])
    return {key}


def _taken(topic: str) -> Handler:
    """A piece of evidence, or a picture that is none: of two devices' under one number both are kept."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        key = (topic, str(event.body["number"]))
        if key in folded.rows and folded.rows[key].get("event") != event.id:
            key = (topic, f"{event.body['number']}-{event.id[:4]}")
        blob = event.blobs[0]
        folded.rows[key] = {
            **_stamped(event),
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


def _service_filmed(folded: Folded, event: Event) -> set[Key]:
    """A picture of how a paper was served; of two under one number both are kept."""
    key = ("filmed", str(event.body["number"]))
    if key in folded.rows:
        key = ("filmed", f"{key[1]}-{event.id[:4]}")
    folded.rows[key] = {**_stamped(event), "number": key[1], "sha256": event.blobs[0].sha256}
    return {key}


def _of_evidence(folded: Folded, event: Event) -> set[Key]:
    """What is said of a piece, each field a register of its own; the piece itself never changes."""
    key = ("evidence", str(event.body["number"]))
    for name, value in _ON_EVIDENCE[event.kind](event.body).items() if key in folded.rows else ():
        folded.write(folded.rows[key].setdefault("changes", {}).setdefault(name, []), event, value)
    return {key} & folded.rows.keys()


def _recording(name: str) -> Handler:
    """One row a recording: how it began and how it ended; why it was interrupted may be said later."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        key = ("recording", str(event.body["recording"]))
        row = folded.row(*key)
        if name == "started" or "duration" in event.body:
            row[name] = _stamped(event)
        if name == "interrupted":
            folded.write(row.setdefault("reason", []), event, str(event.body["reason"]))
        return {key}

    return handler


def _secret_area(folded: Folded, event: Event) -> set[Key]:
    """Whether the team is where nothing may be captured; of two officers who say it differently both stand."""
    value = {**_stamped(event), "inside": event.kind == "secret_area_entered"}
    folded.write(folded.row("visit", "").setdefault("secret", []), event, value)
    return {("visit", "")}


def _footage_explained(folded: Folded, event: Event) -> set[Key]:
    """Why a step has no footage; an empty reason takes that back."""
    key = ("footage", str(event.body["step"]))
    row = folded.row(*key)
    row["step"] = key[1]
    folded.write(row.setdefault("reason", []), event, str(event.body["reason"]))
    return {key}


def _told(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("answers", "file", "sha256", "by", "day")}


def _self_assessed(folded: Folded, event: Event) -> set[Key]:
    """What the unit said of itself before the visit; no answers take it back."""
    folded.write(folded.row("selfcheck", "").setdefault("said", []), event, _told(event.body))
    return {("selfcheck", "")}


def _recorder(folded: Folded, event: Event) -> set[Key]:
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
        row.setdefault("custody", []).append({**_stamped(event), "kind": event.kind})
    return {key}


def _piece(folded: Folded, number: str) -> Key:
    """Under which key a piece of this number stands; as evidence where there is none."""
    return next((key for topic in secrecy.TOPICS if (key := (topic, number)) in folded.rows), ("evidence", number))


def _secret(folded: Folded, event: Event) -> set[Key]:
    key = _piece(folded, str(event.body["number"]))
    if key in folded.rows:
        row = folded.rows[key]
        folded.write(row.setdefault("secret", []), event, event.kind, str(event.body["reason"]))
        if event.kind == secrecy.FOUND:
            row.setdefault("found", []).append({"event": event.id, "by": event.actor.id})
    return {key} & folded.rows.keys()


def _secret_destroyed(folded: Folded, event: Event) -> set[Key]:
    """Counts for good, whatever comes beside it, when somebody else had found the secret before."""
    key = _piece(folded, str(event.body["number"]))
    found = folded.rows[key].get("found", [])
    if not any(f["by"] != event.actor.id and folded.ancestry.precedes(f["event"], event.id) for f in found):
        raise ValueError("nobody else has found a secret here")
    folded.rows[key].setdefault("destroyed", _stamped(event))
    return {key}


def _finding_recorded(folded: Folded, event: Event) -> set[Key]:
    key = ("finding", str(event.body["id"]))
    row = folded.row(*key)
    row.setdefault("id", event.body["id"])
    row.setdefault("code", event.body["code"])
    for name, value in event.body["fields"].items():
        folded.write(row.setdefault("fields", {}).setdefault(name, []), event, value)
    return {key}


def _finding_changed(folded: Folded, event: Event) -> set[Key]:
    key = ("finding", str(event.body["id"]))
    row = folded.row(*key)
    row.setdefault("id", event.body["id"])
    fields = row.setdefault("fields", {})
    reason = str(event.body.get("reason", ""))
    folded.write(fields.setdefault(str(event.body["field"]), []), event, event.body["value"], reason)
    return {key}


def _finding_flag(name: str) -> Handler:
    def handler(folded: Folded, event: Event) -> set[Key]:
        key = ("finding", str(event.body["id"]))
        row = folded.row(*key)
        flags = row.setdefault("flags", {})
        written = [
            v["event"] for part in (row.get("fields", {}), flags) for versions in part.values() for v in versions
        ]
        saw = sorted({id for id in written if folded.ancestry.precedes(id, event.id)})  # it holds for these alone
        value, reason = event.body.get("value", True), str(event.body.get("reason", ""))
        folded.write(flags.setdefault(name, []), event, value, reason, saw=saw)
        return {key}

    return handler


def _sheet_filled(folded: Folded, event: Event) -> set[Key]:
    """Who fills in a sheet means it to be there: a drop that did not know of it stands beside it."""
    row = folded.row("sheet", str(event.body["sheet"]))
    row.setdefault("kind", event.body["kind"])
    reason = str(event.body.get("reason", ""))
    for name, value in event.body["changes"].items():
        folded.write(row.setdefault("fields", {}).setdefault(name, []), event, value, reason)
    folded.write(row.setdefault("dropped", []), event, "")
    return {("sheet", str(event.body["sheet"]))}


def _sheet_dropped(folded: Folded, event: Event) -> set[Key]:
    key = ("sheet", str(event.body["sheet"]))
    folded.row(*key).setdefault("kind", event.body["kind"])
    folded.write(folded.rows[key].setdefault("dropped", []), event, event.body["reason"])
    return {key}


def _forms_received(folded: Folded, event: Event) -> set[Key]:
    """One receipt of pre-stamped forms. A second one under its name is kept as one of its own."""
    key = ("forms", str(event.body["id"]))
    if key in folded.rows:
        key = ("forms", f"{key[1]}-{event.id[:4]}")
    folded.rows[key] = {**_stamped(event), "id": key[1], "device": event.device}
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

    def handler(folded: Folded, event: Event) -> set[Key]:
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


def _paper(name: str) -> Handler:
    """One row a paper; signatures, prints and services are added to it."""

    def handler(folded: Folded, event: Event) -> set[Key]:
        keys = set()
        for paper in event.body.get("papers", [event.body.get("paper", "")]):
            row = folded.row("paper", str(paper))
            if name == "issued":
                row.update(_stamped(event))
                row["event"] = event.id
            elif name == "frozen":
                row["frozen"] = _stamped(event)
            else:
                row.setdefault(name, []).append(_stamped(event))
            keys.add(("paper", str(paper)))
        return keys

    return handler


def _check_waived(folded: Folded, event: Event) -> set[Key]:
    """A remark of the file review at one place that somebody lets stand; an empty reason takes that back."""
    key = ("waiver", f"{event.body['check']}|{event.body['place']}")
    row = folded.row(*key)
    row.update(check=event.body["check"], place=event.body["place"])
    folded.write(row.setdefault("reason", []), event, str(event.body["reason"]), role=event.actor.role)
    return {key}


def _commented(folded: Folded, event: Event) -> set[Key]:
    folded.row("review", "").setdefault("comments", []).append(_stamped(event))
    return {("review", "")}


def _reviewed(folded: Folded, event: Event) -> set[Key]:
    """A decision is bound to the heads it saw; what it knew of no longer counts as newer."""
    row = folded.row("review", "")
    folded.write(row.setdefault("decisions", []), event, {**_stamped(event), "outcome": event.kind})
    row["since"] = [id for id in row.get("since", []) if not folded.ancestry.precedes(id, event.id)]
    return {("review", "")}


def _note_change(folded: Folded, event: Event) -> set[Key]:
    """What is newer than the decisions of the review reopens them."""
    row = folded.rows.get(("review", ""))
    if row is None or not row.get("decisions"):
        return set()
    row.setdefault("since", []).append(event.id)
    return {("review", "")}


def _beside_closing(folded: Folded, closing: Row, event: Event) -> set[Key]:
    """Whatever was written by one who did not know of the closing is kept, and named: the file that was closed did not say it."""
    if event.kind == "closed":
        closing["event"] = event.id
        closing["beside"] = sorted(id for id in folded.seen - {event.id} if not folded.ancestry.precedes(id, event.id))
    elif not folded.ancestry.precedes(closing["event"], event.id):
        closing["beside"] = sorted({*closing["beside"], event.id})
    return {("closing", "1")}


def _set_aside(folded: Folded, event: Event) -> set[Key]:
    """Why an event is set aside, and when that was said."""
    key = ("aside", str(event.body["event"]))
    if event.body["event"] not in folded.aside:
        return set()
    folded.row(*key).update(code=event.body["code"], said_at=event.at)
    return {key}


_REVIEWED_KINDS = frozenset({
    "item_answered", "item_noted", "evidence_taken", *_ON_EVIDENCE, "finding_recorded", "finding_changed",
    "finding_withdrawn", "finding_confirmed", "remark_recorded", "statement_recorded", "paper_issued",
})  # fmt: skip

_HANDLERS: dict[str, Handler] = {
    "bureau_named": _bureau_named,
    "unit_registered": _keep("unit", "id"),
    "officer_registered": _keep("officer", "id"),
    "numbers_leased": _keep("lease", "id"),
    "number_voided": _keep("voided", "number"),
    "unit_noted": _keep("unit_note", "id"),
    "officer_noted": _keep("officer_note", "id"),
    "note_dropped": _note_dropped,
    **dict.fromkeys(("plan_drawn_up", "plan_approved", "plan_announced"), _matter("plan")),
    **dict.fromkeys(("clue_received", "clue_settled"), _matter("clue")),
    **dict.fromkeys(
        ("draw_sealed", "draw_made", "draw_signed", "draw_certified", "draw_used", "draw_announced", "draw_dropped"),
        _matter("draw"),
    ),
    "law_publicised": _matter("law_told"),
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
    "device_enrolled": _keep("device", "id"),
    "person_changed": _fact("device", "person"),
    "room_given": _list("device", "room"),
    "clock_moved": _list("device", "clock"),
    "pin_reset": _list("device", "pins"),
    "recovery_key_set": _fact("device", "recovery"),
    "inspection_planned": _planned,
    "plan_published": _fact("before", "plan_published"),
    "draw_recorded": _fact("before", "draw"),
    "approval_given": _fact("before", "approval"),
    "code_received": _fact("before", "code"),
    "visit_begun": _fact("visit", "begun"),
    "credentials_shown": _fact("visit", "credentials"),
    "cosigner_named": _keep("cosigner", "key"),
    "recording_told": _fact("visit", "recording"),
    "rights_told": _fact("visit", "rights"),
    "officer_replaced": _officer_replaced,
    "recusal_requested": _list("visit", "recusals"),
    "recusal_decided": _list("visit", "recusal_decisions"),
    "leader_present": _fact("visit", "leader"),
    "attendees_confirmed": _fact("visit", "attendees"),
    "law_explained": _fact("visit", "law"),
    "readiness_checked": _list("visit", "readiness"),
    "recording_started": _recording("started"),
    "recording_stopped": _recording("stopped"),
    "recording_interrupted": _recording("interrupted"),
    "secret_area_entered": _secret_area,
    "secret_area_left": _secret_area,
    "item_answered": _answered,
    "item_noted": _noted,
    "checking_finished": _fact("visit", "checked"),
    "evidence_taken": _taken("evidence"),
    **dict.fromkeys(_ON_EVIDENCE, _of_evidence),
    "footage_explained": _footage_explained,
    "self_assessed": _self_assessed,
    secrecy.FOUND: _secret,
    secrecy.CLEARED: _secret,
    secrecy.DESTROYED: _secret_destroyed,
    "secret_erased": _list("device", "secrets"),
    "finding_recorded": _finding_recorded,
    "finding_changed": _finding_changed,
    "finding_withdrawn": _finding_flag("withdrawn"),
    "finding_confirmed": _finding_flag("confirmed"),
    "remark_recorded": _fact("visit", "remarks"),
    "statement_recorded": _fact("visit", "statement"),
    "visit_ended": _fact("visit", "ended"),
    "record_reopened": _paper("reopened"),
    "deliberated": _fact("visit", "deliberated"),
    "text_frozen": _paper("frozen"),
    "paper_issued": _paper("issued"),
    "sheet_filled": _sheet_filled,
    "sheet_dropped": _sheet_dropped,
    "paper_printed": _paper("prints"),
    "paper_signed": _paper("signatures"),
    "signature_refused": _paper("signatures"),
    "signed_page_kept": _paper("pages_kept"),
    "service_filmed": _service_filmed,
    "paper_served": _paper("services"),
    "decision_made": _fact("visit", "decision"),
    "record_exported": _list("record", "exports"),
    SET_ASIDE: _set_aside,
    "commented": _commented,
    "check_waived": _check_waived,
    **dict.fromkeys(legal.KINDS, legal.fold),
    "handed_in": _reviewed,
    "returned": _reviewed,
    "review_passed": _reviewed,
    **dict.fromkeys(publicity.KINDS, publicity.apply),
    "rated": _fact("rating", "given"),
    "rating_invited": _fact("rating", "invited"),
    "rectification_filmed": _taken("picture"),
    **{kind: _matter(topic) for kind, topic in followup.MATTERS.items()},
    archiving.KIND: archiving.fold,
    cancelling.KIND: cancelling.fold,
}


def pieces_of(rows: Mapping[Key, Row]) -> list[Row]:
    """All rows that may hold a secret."""
    return [row for topic in secrecy.TOPICS for row in rows_of(topic, rows)]
