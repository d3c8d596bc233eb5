"""How findings, what is written on papers, the papers themselves and the team lead's review are folded."""

from __future__ import annotations

from . import signed_page
from .event import Event
from .folding import Folding, Handler, fact, stamped
from .rows import Key


def _finding_recorded(folded: Folding, event: Event) -> set[Key]:
    key = ("finding", str(event.body["id"]))
    row = folded.row(*key)
    row.setdefault("id", event.body["id"])
    row.setdefault("code", event.body["code"])
    for name, value in event.body["fields"].items():
        folded.write(row.setdefault("fields", {}).setdefault(name, []), event, value)
    return {key}


def _finding_changed(folded: Folding, event: Event) -> set[Key]:
    key = ("finding", str(event.body["id"]))
    row = folded.row(*key)
    row.setdefault("id", event.body["id"])
    fields = row.setdefault("fields", {})
    reason = str(event.body.get("reason", ""))
    folded.write(fields.setdefault(str(event.body["field"]), []), event, event.body["value"], reason)
    return {key}


def _finding_flag(name: str) -> Handler:
    def handler(folded: Folding, event: Event) -> set[Key]:
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


def _sheet_filled(folded: Folding, event: Event) -> set[Key]:
    """Who fills in a sheet means it to be there: a drop that did not know of it stands beside it."""
    row = folded.row("sheet", str(event.body["sheet"]))
    row.setdefault("kind", event.body["kind"])
    reason = str(event.body.get("reason", ""))
    for name, value in event.body["changes"].items():
        folded.write(row.setdefault("fields", {}).setdefault(name, []), event, value, reason)
    folded.write(row.setdefault("dropped", []), event, "")
    return {("sheet", str(event.body["sheet"]))}


def _sheet_dropped(folded: Folding, event: Event) -> set[Key]:
    key = ("sheet", str(event.body["sheet"]))
    folded.row(*key).setdefault("kind", event.body["kind"])
    folded.write(folded.rows[key].setdefault("dropped", []), event, event.body["reason"])
    return {key}


def _paper(name: str) -> Handler:
    """One row a paper; signatures, prints and services are added to it."""

    def handler(folded: Folding, event: Event) -> set[Key]:
        keys = set()
        for paper in event.body.get("papers", [event.body.get("paper", "")]):
            row = folded.row("paper", str(paper))
            if name == "issued":
                row.update(stamped(event))
                row["event"] = event.id
            elif name == "frozen":
                row["frozen"] = stamped(event)
            else:
                row.setdefault(name, []).append(stamped(event))
            keys.add(("paper", str(paper)))
        return keys

    return handler


def _check_waived(folded: Folding, event: Event) -> set[Key]:
    """A remark of the file review at one place that somebody lets stand; an empty reason takes that back. Of several faults at
    one place each is let stand by itself; earlier versions did not say which."""
    body, said = event.body, str(event.body.get("said", ""))
    key = ("waiver", "|".join(filter(None, (body["check"], body["place"], said))))
    row = folded.row(*key)
    row.update(check=body["check"], place=body["place"], said=said, name=str(body.get("name", "")))
    folded.write(row.setdefault("reason", []), event, str(event.body["reason"]), role=event.actor.role)
    return {key}


def _commented(folded: Folding, event: Event) -> set[Key]:
    folded.row("review", "").setdefault("comments", []).append(stamped(event))
    return {("review", "")}


def _reviewed(folded: Folding, event: Event) -> set[Key]:
    """A decision is bound to the heads it saw; what it knew of no longer counts as newer."""
    row = folded.row("review", "")
    folded.write(row.setdefault("decisions", []), event, {**stamped(event), "outcome": event.kind})
    row["since"] = [id for id in row.get("since", []) if not folded.ancestry.precedes(id, event.id)]
    return {("review", "")}


HANDLERS: dict[str, Handler] = {
    "finding_recorded": _finding_recorded,
    "finding_changed": _finding_changed,
    "finding_withdrawn": _finding_flag("withdrawn"),
    "finding_confirmed": _finding_flag("confirmed"),
    "record_reopened": _paper("reopened"),
    "text_frozen": _paper("frozen"),
    "paper_issued": _paper("issued"),
    "sheet_filled": _sheet_filled,
    "sheet_dropped": _sheet_dropped,
    "paper_printed": _paper("prints"),
    "paper_signed": _paper("signatures"),
    "signature_refused": _paper("signatures"),
    signed_page.KEPT: signed_page.fold,
    signed_page.WITHDRAWN: signed_page.fold,
    "paper_served": _paper("services"),
    "commented": _commented,
    "check_waived": _check_waived,
    "handed_in": _reviewed,
    "returned": _reviewed,
    "review_passed": _reviewed,
    "rated": fact("rating", "given"),
    "rating_invited": fact("rating", "invited"),
}
