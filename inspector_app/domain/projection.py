"""Folds events into rows: the same fold on laptop and server, so that they can only agree.

A projection is a mapping `(topic, key) -> row` of plain JSON. It is dropped and rebuilt at will; folding the
same set of events in any order of arrival gives the same rows and the same digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import (
    archiving,
    cancelling,
    cosigning,
    fold_papers,
    fold_register,
    fold_visit,
    followup,
    item_review,
    legal,
    publicity,
    refused,
    secrecy,
    signed_page,
    tally,
)
from .event import BUREAU_DEVICE, EVENTS, Event
from .fold_visit import ON_EVIDENCE, told
from .folding import Folding, Handler, matter
from .inspection import next_stage
from .merge import order
from .rows import Key as Key
from .rows import Row as Row
from .rows import rows_of as rows_of
from .rows import standing as standing

FOLD = 26
"""Raised with every change of what the handlers write: a store whose rows were folded otherwise folds them anew."""

SET_ASIDE = "event_set_aside"


@dataclass(slots=True)
class Folded(Folding):
    """The rows of one stream, folded as far as its events are known."""

    def apply(self, event: Event) -> set[Key]:
        """Fold one event whose parents are folded; returns the keys of the rows that changed."""
        if event.id in self.ancestry.places:
            return set()
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
        return changed | tally.keep(self.rows, changed) | secrecy.keep(self.rows, changed)

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
    elif kind in ON_EVIDENCE:
        changes = rows.get(("evidence", str(body["number"])), {}).get("changes", {})
        said = ON_EVIDENCE[kind](body)
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
        wrote = [(rows.get(("selfcheck", ""), {}).get("said"), told(body))]
    elif kind in publicity.UNDOABLE:
        wrote = publicity.wrote(rows, event)
    elif kind == item_review.JUDGED:
        wrote = [item_review.wrote(rows, event)]
    elif kind == "rule_published":
        wrote = [fold_register.wrote_rule(rows, event)]
    elif kind == signed_page.WITHDRAWN:
        wrote = signed_page.wrote(rows, event)
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
        known = folded.ancestry.places.keys() - {event.id}
        closing["beside"] = sorted(id for id in known if not folded.ancestry.precedes(id, event.id))
    elif not folded.ancestry.precedes(closing["event"], event.id):
        closing["beside"] = sorted({*closing["beside"], event.id})
    return {("closing", "1")}


def _set_aside(folded: Folding, event: Event) -> set[Key]:
    """Why an event is set aside, and when that was said."""
    key = ("aside", str(event.body["event"]))
    if event.body["event"] not in folded.aside:
        return set()
    folded.row(*key).update(code=event.body["code"], said_at=event.at)
    return {key}


_REVIEWED_KINDS = frozenset({
    "item_answered", "item_noted", "evidence_taken", *ON_EVIDENCE, "finding_recorded", "finding_changed",
    "finding_withdrawn", "finding_confirmed", "remark_recorded", "statement_recorded", "paper_issued",
})  # fmt: skip

_HANDLERS: dict[str, Handler] = {
    **fold_register.HANDLERS,
    **fold_visit.HANDLERS,
    **fold_papers.HANDLERS,
    SET_ASIDE: _set_aside,
    **dict.fromkeys(legal.KINDS, legal.fold),
    **dict.fromkeys(publicity.KINDS, publicity.apply),
    **{kind: matter(topic) for kind, topic in followup.MATTERS.items()},
    **dict.fromkeys(cosigning.KINDS, cosigning.apply),
    archiving.KIND: archiving.fold,
    cancelling.KIND: cancelling.fold,
    item_review.JUDGED: item_review.apply,
    refused.KIND: refused.apply,
    "account_changed": matter("account"),
    "laptop_revoked": matter("laptop"),
}


def pieces_of(rows: Mapping[Key, Row]) -> list[Row]:
    """All rows that may hold a secret."""
    return [row for topic in secrecy.TOPICS for row in rows_of(topic, rows)]
