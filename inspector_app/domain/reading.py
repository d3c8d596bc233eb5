"""Reads rows of the projection as the frozen facts of `casefile` and `people`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from . import legal as legally
from . import secrecy
from .archiving import read_archived
from .cancelling import read_cancelled
from .casefile import (
    Attendee,
    CaseFile,
    Comment,
    Copy,
    Evidence,
    Filmed,
    Finding,
    Issued,
    ItemFact,
    Readiness,
    Ready,
    Recording,
    Recusal,
    Review,
    Service,
    Sheet,
    Signature,
    Told,
    Unfilmed,
    Version,
    Visit,
    Waiver,
)
from .event import FINDING_FIELDS
from .evidence import BLOCKED, read_marks
from .finding import STRICTNESS, Consequence, Severity, shown
from .followup import read_followup
from .inspection import Kind
from .people import Bureau, Credential, Officer, Unit, UnitKind
from .publicity import read_penalty, read_publication
from .rating import codes_of, read_rating
from .roster import OfficerNote, UnitNote, read_officer_note, read_unit_note
from .rows import Key, Row, rows_of, standing
from .said import digest_of
from .selfcheck import SelfCheck, read_selfcheck
from .serving import FIELDS
from .signed_page import pages_of

if TYPE_CHECKING:
    from .projection import Folded

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """What the published checklist says of an item."""

    code: str
    text: str
    section: str
    basis: str


@dataclass(frozen=True, slots=True)
class Register:
    """The registers that an inspection refers to: bureau, units, officers, and what is noted of them."""

    bureau: Bureau
    units: Mapping[str, Unit]
    officers: Mapping[str, Officer]
    unit_notes: tuple[UnitNote, ...] = ()
    officer_notes: tuple[OfficerNote, ...] = ()

    def name_of(self, person: str) -> str:
        officer = self.officers.get(person)
        return officer.name if officer else person


def read_register(rows: Mapping[Key, Row]) -> Register:
    """The registers as they stand; a case keeps its own officers in `inspection_planned`."""
    bureau = rows.get(("bureau", ""), {})
    fields = ("name", "code", "address", "phone", "government", "court", "id")
    return Register(
        bureau=Bureau(**{"name": "", "code": ""} | {f: str(bureau[f]) for f in fields if f in bureau}),
        units={unit.id: unit for unit in _readable(read_unit, rows_of("unit", rows))},
        officers={officer.id: officer for officer in _readable(read_officer, rows_of("officer", rows))},
        unit_notes=tuple(_readable(read_unit_note, _kept("unit_note", rows))),
        officer_notes=tuple(_readable(read_officer_note, _kept("officer_note", rows))),
    )


def _kept(topic: str, rows: Mapping[Key, Row]) -> list[Row]:
    return [row for row in rows_of(topic, rows) if not row.get("dropped")]


def _readable(read: Callable[[Row], T], rows: Iterable[Row]) -> Iterator[T]:
    """What can be read of some rows: a bad event of somebody else must not keep anybody from the rest."""
    for row in rows:
        try:
            yield read(row)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue


def read_unit(row: Row) -> Unit:
    return Unit(
        row["id"], row["name"], UnitKind(row["kind"]), row["credit_code"], row.get("address", ""),
        row.get("head", ""), row.get("contact", ""), row.get("phone", ""), row.get("risk", ""), row.get("credit", ""),
    )  # fmt: skip


def read_officer(row: Row) -> Officer:
    held = row.get("credential")
    credential = (
        Credential(
            held["number"], date.fromisoformat(held["valid_from"]), date.fromisoformat(held["valid_to"]),
            held.get("status", "有效"),
        )
        if held
        else None
    )  # fmt: skip
    return Officer(
        row["id"], row["name"], row.get("title", ""), credential, row.get("leader", False), row.get("phone", "")
    )


def officers_in(plan: Row) -> list[Row]:
    """The rows of the officers of an inspection, without those whose place somebody else took."""
    return [row for row in plan["officers"] if row["id"] not in plan.get("left", ())]


def published(rows: Mapping[Key, Row]) -> tuple[dict[str, str], Mapping[str, str]]:
    """Rules that the bureau published: name -> text that stands, and every text that ever was, by its digest."""
    texts = {key: row["text"] for (topic, key), row in rows.items() if topic == "rule_text"}
    named = {key: standing(row["versions"])[0]["value"] for (topic, key), row in rows.items() if topic == "rule"}
    return {name: texts[digest] for name, digest in named.items()}, texts


def is_plan(row: Row) -> bool:
    """Whether the plan of an inspection can be read: one that cannot, of a later version or of bad make, is told of and
    never keeps anybody from the others."""
    try:
        read_unit(row["unit"])
        _ = row["unit_name"], row["place"], row["checklist"]["key"], row["checklist"]["sha256"], Kind(row["kind"])
        _ = [datetime.fromisoformat(row[name]) for name in ("planned_from", "planned_to")]
        _ = [officer["name"] for officer in row["officers"]]
        _ = row.get("leading_official") and read_officer(row["leading_official"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


class Known:
    """What was read of the rows of one case with one register: of hundreds of rows an act changes one or two."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._held: dict[Key, tuple[tuple[object, ...], Any]] = {}

    def read(self, key: Key, read: Callable[..., T], *made_of: object) -> T:
        """`read(*made_of, register)`, or what it gave for the same before; an unchanged row is the same object."""
        held = self._held.get(key)
        if held is None or held[0] != made_of:
            held = self._held[key] = (made_of, read(*made_of, self.register))
        found: T = held[1]
        return found


def read_case(
    stream: str, folded: Folded, known: Known, items: Sequence[ItemInfo], heads: Sequence[str] = ()
) -> CaseFile:
    """The case file of one inspection stream; `items` come from the checklist that the plan names."""
    rows, register = folded.rows, known.register
    plan = rows[("inspection", "")]
    before = rows.get(("before", ""), {})
    papers = tuple(_readable(lambda row: _paper(row, register), (r for r in rows_of("paper", rows) if "kind" in r)))
    evidence = tuple(
        _readable(lambda row: known.read(("evidence", row["number"]), _evidence, row), rows_of("evidence", rows))
    )
    findings = _findings(rows, papers, evidence, register)
    papers = tuple(sorted(papers, key=lambda paper: (paper.at, paper.revision, paper.id)))
    readings = _readings(items, rows)
    case = CaseFile(
        id=stream,
        bureau=register.bureau,
        unit=read_unit(plan["unit"]),
        kind=plan["kind"],
        stage=plan["stage"],
        checklist=plan["checklist"]["key"],
        checklist_sha256=plan["checklist"]["sha256"],
        officers=tuple(_readable(read_officer, officers_in(plan))),
        leading_official=read_officer(plan["leading_official"]) if plan.get("leading_official") else None,
        planned_from=datetime.fromisoformat(plan["planned_from"]),
        planned_to=datetime.fromisoformat(plan["planned_to"]),
        place=plan["place"],
        scope=tuple(plan.get("scope", ())),
        methods=tuple(plan.get("methods", ())),
        materials=tuple(plan.get("materials", ())),
        source=plan.get("source", ""),
        plan=plan.get("plan", ""),
        draw=_first(before, "draw").get("text", ""),
        draw_seed=_first(before, "draw").get("seed", ""),
        drawn_at=_when(_first(before, "draw").get("at")),
        published_where=_first(before, "plan_published").get("where", ""),
        approved_by=_first(before, "approval").get("by_name", ""),
        approved_at=_when(_first(before, "approval").get("approved_at")),
        approved_late=bool(_first(before, "approval").get("late")),
        code=_first(before, "code").get("code", ""),
        assistants=plan.get("assistants", 0),
        checks_this_year=plan.get("checks_this_year"),
        visit=_visit(rows.get(("visit", ""), {}), register),
        items=_items(items, rows, evidence, findings, known),
        checking_finished="checked" in rows.get(("visit", ""), {}),
        evidence=evidence,
        findings=findings,
        papers=papers,
        heads=tuple(heads),
        unknown_events=len(rows_of("unknown", rows)),
        review=_review(rows.get(("review", ""), {}), register),
        readings=tuple((key, str(stand[0]["value"])) for key, stand in readings),
        reading_conflicts=tuple((key, _versions(stand, register)) for key, stand in readings if len(stand) > 1),
        waivers=_waivers(rows, register),
        sheets=read_sheets(rows, register),
        filmed=tuple(_readable(lambda row: _filmed(row, register), rows_of("filmed", rows))),
        recordings=_recordings(rows, register),
        unfilmed=_unfilmed(rows, register),
        self_check=_self_check(rows.get(("selfcheck", ""), {})),
        publications=tuple(_readable(lambda r: read_publication(r, register.name_of), rows_of("publication", rows))),
        penalties=tuple(_readable(read_penalty, rows_of("penalty", rows))),
        rating=next(_readable(read_rating, [rows.get(("rating", ""), {})]), None),
        followup=read_followup(rows, register.name_of),
        pictures=tuple(_readable(lambda row: _evidence(row, register), rows_of("picture", rows))),
        involved=(involved := _involved(plan)),
        legal=_rounds(rows, register, involved),
        rating_code=next(iter(codes_of(rows.get(("rating", ""), {}))), ""),
        cancelled=next(_readable(lambda r: read_cancelled(r, register.name_of), [rows.get(("cancelled", ""), {})]), None),
        archived=next(_readable(lambda r: read_archived(r, register.name_of), [rows.get(("archived", ""), {})]), None),
    )
    return _compared(case)


def _involved(plan: Row) -> frozenset[str]:
    led = [plan["leading_official"]] if plan.get("leading_official") else []
    return frozenset(str(row["id"]) for row in (*plan["officers"], *led))


def _rounds(rows: Mapping[Key, Row], register: Register, involved: frozenset[str]) -> tuple[legally.Round, ...]:
    found = _readable(lambda row: legally.read_round(row, register.name_of, involved), rows_of("legal", rows))
    return tuple(sorted(found, key=lambda each: (each.nth, each.at, each.id)))


def _waivers(rows: Mapping[Key, Row], register: Register) -> tuple[Waiver, ...]:
    """Of two who knew nothing of each other the one who does not waive is heard."""

    def waiver(row: Row) -> Waiver:
        last = row["stand"][-1]
        by, at = register.name_of(last["by"]), datetime.fromisoformat(last["at"])
        return Waiver(row["check"], row["place"], last["value"], by, last["role"], at)

    held = [{**row, "stand": standing(row.get("reason", []))} for row in rows_of("waiver", rows)]
    return tuple(_readable(waiver, (row for row in held if all(v["value"] for v in row["stand"]))))


def _unfilmed(rows: Mapping[Key, Row], register: Register) -> tuple[Unfilmed, ...]:
    """What stands of the explanations; of two that knew nothing of each other both are read."""

    def explained(row: Row) -> Unfilmed:
        stand = [version for version in standing(row["reason"]) if version["value"]]
        reasons = "；".join(str(version["value"]) for version in stand)
        return Unfilmed(row["step"], reasons, register.name_of(stand[-1]["by"]), datetime.fromisoformat(stand[-1]["at"]))

    held = (row for row in rows_of("footage", rows) if any(version["value"] for version in row.get("reason", [])))
    return tuple(_readable(explained, held))


def _self_check(row: Row) -> SelfCheck | None:
    """The newest self-assessment that stands; of two that knew nothing of each other the one with answers."""
    held = [read_selfcheck(version["value"], datetime.fromisoformat(version["at"])) for version in row.get("said", [])]
    return next((found for found in reversed(held) if found is not None), None)


def _compared(case: CaseFile) -> CaseFile:
    """The case with its papers marked that no longer say what it says."""
    now = {about: digest_of(case, *about) for about in {_about(p) for p in case.papers if p.said}}
    papers = (replace(p, stale=bool(p.said) and not p.draft and p.said != now[_about(p)]) for p in case.papers)
    return replace(case, papers=tuple(papers))


def _about(paper: Issued) -> tuple[str, str, tuple[str, ...]]:
    return paper.kind, paper.sheet, paper.entries


def _when(text: Any) -> datetime | None:
    """A stored time; one that is none counts as not given, so that a bad value never makes a case unreadable."""
    try:
        return datetime.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None


def _versions(versions: Sequence[Row], register: Register) -> tuple[Version, ...]:
    return tuple(
        Version(
            v["event"],
            str(v["value"]),
            v["reason"],
            register.name_of(v["by"]),
            datetime.fromisoformat(v["at"]),
            v.get("field", ""),
        )
        for v in versions
    )


def _all(row: Row, name: str) -> list[Row]:
    """What stands of a step, the earliest first: one value, or those of two officers who knew nothing of each other."""
    return sorted((v["value"] for v in standing(row.get(name, []))), key=lambda value: (value["at"], value["by"]))


def _first(row: Row, name: str) -> Row:
    """A step as it was first taken; empty when it was not."""
    return next(iter(_all(row, name)), {})


def _joined(row: Row, name: str, field: str) -> str:
    """A text that two officers may have written at once: none of it is lost."""
    return "；".join(dict.fromkeys(text for value in _all(row, name) if (text := str(value.get(field, "")))))


def _told(row: Row, name: str, register: Register) -> Told | None:
    told = _first(row, name)
    if not told:
        return None
    by = register.name_of(told["by"])
    return Told(datetime.fromisoformat(told["at"]), by, told.get("wording", ""), _joined(row, name, "reply"))


PASSED = "review_passed"
ASKED = ("returned", "handed_in", PASSED)
"""What a review may come to, the one that asks for more first: of two that knew nothing of each other it stands."""


def _review(row: Row, register: Register) -> Review:
    decisions = sorted(_all(row, "decisions"), key=lambda d: ASKED.index(d["outcome"]))

    def comment(c: Row) -> Comment:
        return Comment(c.get("about", ""), c["text"], register.name_of(c["by"]), datetime.fromisoformat(c["at"]))

    comments = tuple(_readable(comment, row.get("comments", [])))
    if not decisions:
        return Review(comments=comments)
    made = decisions[0]
    return Review(made["outcome"], made.get("reason", ""), register.name_of(made["by"]), _when(made["at"]),
                  len(row.get("since", [])), comments)  # fmt: skip


def _visit(row: Row, register: Register) -> Visit:
    decisions = {d.get("about"): d for d in row.get("recusal_decisions", [])}
    recusals = tuple(_readable(lambda asked: _recusal(asked, decisions), row.get("recusals", [])))
    begun, ended = _first(row, "begun"), _first(row, "ended")
    present = [a for value in _all(row, "attendees") for a in value.get("attendees", [])]
    attendees = _readable(lambda a: Attendee(**a), present)
    replies = [value.get("reply", "") for value in _all(row, "statement")]
    return Visit(
        place=begun.get("place", ""),
        arrived=_when(begun.get("arrived") or begun.get("at")),
        ended=_when(ended.get("ended") or ended.get("at")),
        credentials_shown=_told(row, "credentials", register),
        recording_told=_told(row, "recording", register),
        rights_told=_told(row, "rights", register),
        recusals=recusals,
        leading_official=_first(row, "leader").get("name", ""),
        attendees=tuple(dict.fromkeys(attendees)),
        law_explained=_told(row, "law", register),
        law_topics=_joined(row, "law", "topics"),
        remarks=_joined(row, "remarks", "text"),
        statement=_joined(row, "statement", "text"),
        # A statement that one officer took down is not undone by another's "none".
        statement_reply=next((r for r in replies if r == "陈述申辩"), replies[0] if replies else ""),
        attendees_at=_when(_first(row, "attendees").get("at")),
        urgent=str(begun.get("urgent", "")),
        secret_area=_joined({"secret": [v for v in row.get("secret", []) if v["value"]["inside"]]}, "secret", "name"),
        readiness=tuple(_readable(lambda checked: _readiness(checked, register), row.get("readiness", []))),
    )


def _readiness(row: Row, register: Register) -> Readiness:
    checks = tuple(Ready(*map(str, check)) for check in row["checks"])
    return Readiness(datetime.fromisoformat(row["at"]), register.name_of(row["by"]), checks)


def _recordings(rows: Mapping[Key, Row], register: Register) -> tuple[Recording, ...]:
    found = _readable(lambda row: _recording(row, register), rows_of("recording", rows))
    return tuple(sorted(found, key=lambda recording: (recording.started, recording.id)))


def _recording(row: Row, register: Register) -> Recording:
    begun, ended = row["started"], row.get("stopped") or row.get("interrupted") or {}
    reasons = [str(v["value"]) for v in standing(row.get("reason", [])) if v["value"]]
    return Recording(
        str(begun["recording"]), str(begun["what"]), str(begun["device"]), str(begun["laptop"]), register.name_of(begun["by"]),
        datetime.fromisoformat(begun["at"]), _when(ended.get("at")), int(ended.get("duration", 0)),
        str(ended.get("number", "")), "interrupted" in row and "stopped" not in row,
        "；".join(reasons) or str(ended.get("reason", "")),
    )  # fmt: skip


def _recusal(asked: Row, decisions: Mapping[str, Row]) -> Recusal:
    decided = decisions.get(asked["id"], {})
    decision, by = decided.get("decision", ""), decided.get("decided_by", "")
    return Recusal(
        asked["text"], decision, by, asked["id"], str(asked.get("officer", "")), bool(decided.get("granted"))
    )


def _items(
    infos: Sequence[ItemInfo], rows: Mapping[Key, Row], evidence: Sequence[Evidence], findings: Sequence[Finding],
    known: Known,
) -> tuple[ItemFact, ...]:  # fmt: skip
    shots: dict[str, list[str]] = {}
    for piece in evidence:
        if not piece.withdrawn:
            shots.setdefault(piece.item, []).append(piece.number)
    found = {finding.code: finding.id for finding in findings}
    return tuple(
        known.read(key, _item, info, rows.get(key, {}), shots.get(info.code, ()), found.get(info.code, ""))
        for info, key in ((info, ("answer", info.code)) for info in infos)
    )


def _readings(infos: Sequence[ItemInfo], rows: Mapping[Key, Row]) -> list[tuple[str, list[Row]]]:
    """What stands of each question beside the items: one value, or those of two officers."""
    items = {info.code for info in infos}
    beside = sorted(key for topic, key in rows if topic == "answer" and key not in items)
    return [(key, standing(stand)) for key in beside if (stand := rows["answer", key].get("answer"))]


def _item(info: ItemInfo, row: Row, shots: Sequence[str], finding: str, register: Register) -> ItemFact:
    answers = sorted(standing(row.get("answer", [])), key=_strictness)
    notes = standing(row.get("note", []))
    first = answers[0] if answers else None
    return ItemFact(
        code=info.code,
        text=info.text,
        section=info.section,
        basis=info.basis,
        value=str(first["value"]) if first else "",
        reason=first["reason"] if first else "",
        note="；".join(str(n["value"]) for n in notes if n["value"]),
        evidence=tuple(shots),
        finding=finding,
        by=register.name_of(first["by"]) if first else "",
        at=_when(first["at"]) if first else None,
        conflict=_versions(answers, register) if len(answers) > 1 else (),
        note_conflict=_versions(notes, register) if len(notes) > 1 else (),
    )


def _strictness(version: Row) -> tuple[int, str]:
    return (_STRICTNESS.get(version["value"], len(STRICTNESS)), version["event"])


_STRICTNESS = {answer.value: place for answer, place in STRICTNESS.items()}


def _evidence(row: Row, register: Register) -> Evidence:
    taken = dict(row)
    changes = {name: standing(versions) for name, versions in row.get("changes", {}).items()}
    layers, checks = changes.pop("marks", []), changes.pop("secrecy", [])
    for name, versions in changes.items():
        values = [str(v["value"]) for v in versions]
        taken[name] = "；".join(v for v in values if v) if name in _PROSE else values[0]
    if secret := secrecy.state_of(row):
        taken["withdrawn"] = _secret(row)
    return Evidence(
        number=taken["number"], kind=taken.get("kind", "照片"), item=taken.get("item", ""),
        taken_at=_when(taken.get("taken_at")), added_at=datetime.fromisoformat(taken["added_at"]),
        place=taken.get("place", ""), maker=taken.get("maker", "") or register.name_of(taken["by"]),
        maker_credential=taken.get("maker_credential", ""), proves=taken.get("proves", ""),
        method=taken.get("method", ""), carrier=taken.get("carrier", ""), present=taken.get("present", ""),
        sha256=taken["sha256"], sm3=taken["sm3"], original_name=taken.get("original_name", ""), mime=taken["mime"],
        size=taken["size"], width=taken.get("width", 0), height=taken.get("height", 0),
        transcript=taken.get("transcript", ""), withdrawn=taken.get("withdrawn", ""),
        time_from=taken.get("time_from", ""), thumbnail="" if secret else str(taken.get("thumbnail", "")),
        copy="" if secret else str(taken.get("copy", "")), origin=str(taken.get("origin", "")), view=taken.get("view", ""),
        marks=tuple(mark for layer in layers for mark in read_marks(layer["value"]["marks"])),
        marks_shown=all(layer["value"]["shown"] for layer in layers), **_secrecy(checks, register),
        duration=int(taken.get("duration", 0)), device=str(taken.get("device", "")),
        secret=secret, found_by=tuple(f["by"] for f in row.get("found", ())),
    )  # fmt: skip


def _secrecy(checks: Sequence[Row], register: Register) -> dict[str, Any]:
    """Of two who knew nothing of each other the one who blocks is heard, and who took a check back before who cleared."""
    order = {BLOCKED: 0, "": 1}
    checked = sorted(checks, key=lambda v: order.get(v["value"]["outcome"], 2))
    if not checked or not checked[0]["value"]["outcome"]:
        return {}
    first = checked[0]
    return {"secrecy": first["value"]["outcome"], "secrecy_reason": first["value"]["reason"],
            "secrecy_by": register.name_of(first["by"]), "secrecy_at": datetime.fromisoformat(first["at"])}  # fmt: skip


def _secret(row: Row) -> str:
    """Why a piece is kept back or gone, in words."""
    if gone := row.get("destroyed"):
        return f"已按{gone.get('office', '')}{gone.get('order', '')}销毁"
    return "疑似涉密，已封存：" + "；".join(v["reason"] for v in row["secret"] if v["value"] == secrecy.FOUND)


_PROSE = ("proves", "method", "carrier", "present", "transcript", "withdrawn")
"""Fields in which what two officers wrote at once is kept side by side."""


def _findings(
    rows: Mapping[Key, Row], papers: Sequence[Issued], pieces: Sequence[Evidence], register: Register
) -> tuple[Finding, ...]:
    withdrawn = {piece.number for piece in pieces if piece.withdrawn}
    proposed = {finding for paper in papers if not paper.draft for finding in paper.findings}

    def read(row: Row) -> Finding | None:
        return _finding(row, withdrawn, proposed, register)

    found = [finding for finding in _readable(read, rows_of("finding", rows)) if finding is not None]
    by_item: dict[str, list[str]] = {}
    for finding in found:
        by_item.setdefault(finding.code, []).append(finding.id)
    result = (replace(f, twins=tuple(id for id in by_item[f.code] if id != f.id)) for f in found)
    return tuple(sorted(result, key=lambda f: (f.code, f.id)))


def _finding(row: Row, withdrawn: set[str], proposed: set[str], register: Register) -> Finding | None:
    """A finding, or None when somebody who knew all that was written of it withdrew it."""
    written, flags = row.get("fields", {}), row.get("flags", {})
    gone, unseen = _withdrawn(row)
    if not written or (gone and not unseen):
        return None
    fields: dict[str, Any] = {}
    differing: list[Row] = []
    for name, versions in sorted(written.items()):
        stand = standing(versions)
        fields[name] = stand[0]["value"]
        if len(stand) > 1:
            differing += [{**v, "value": shown(name, v["value"]), "field": name} for v in stand]
    consequence, severity = fields.get("consequence"), fields.get("severity")
    confirmed = [v for v in flags.get("confirmed", []) if v["value"] and _knew(v, written)]
    evidence = fields.get("evidence", ())
    return Finding(
        id=row["id"], code=row.get("code", ""), fact=str(fields.get("fact", "")),
        basis=tuple(fields.get("basis", ())), evidence=tuple(n for n in evidence if n not in withdrawn),
        severity=severity if severity in tuple(Severity) else Severity.MINOR.value,
        consequence=consequence if consequence in tuple(Consequence) else Consequence.OPINION.value,
        demand=str(fields.get("demand", "")), due=_day(fields.get("due")),
        confirmed=bool(confirmed),
        unproven="" if evidence else "；".join(v["reason"] for v in confirmed if v["reason"]),
        proposed=row["id"] in proposed, conflict=_versions(differing, register),
        against=_versions([{**v, "value": "撤销"} for v in gone] + unseen, register),
        order_basis=str(fields.get("order_basis", "")), lost=tuple(n for n in evidence if n in withdrawn),
    )  # fmt: skip


def _withdrawn(row: Row) -> tuple[list[Row], list[Row]]:
    """Who withdrew a finding, and what others wrote of it without knowing."""
    flags = row.get("flags", {})
    gone = [v for v in flags.get("withdrawn", []) if v["value"]]
    return gone, _unseen(gone, row.get("fields", {}), flags)


def finding_stands(row: Row) -> bool:
    """Whether a finding was written, and nobody who knew all that was written of it withdrew it."""
    gone, unseen = _withdrawn(row)
    return bool(row.get("fields")) and (not gone or bool(unseen))


def _knew(flag: Row, fields: Mapping[str, list[Row]]) -> bool:
    """Whether who set a flag had seen every value that stands: nobody confirms what is written at the same time."""
    return all(
        any(v["event"] in flag["saw"] for v in versions if v["value"] == stands["value"])
        for versions in fields.values()
        for stands in standing(versions)
    )


def _unseen(gone: Sequence[Row], fields: Mapping[str, list[Row]], flags: Mapping[str, list[Row]]) -> list[Row]:
    """What others wrote of a finding without knowing of its withdrawal, and who withdrew did not know either."""
    seen = {event for flag in gone for event in (*flag["saw"], flag["event"])}
    written = [(FINDING_FIELDS.get(name, name), v) for name, versions in sorted(fields.items()) for v in versions]
    written += [("确认", v) for v in flags.get("confirmed", [])] + [("保留", v) for v in flags.get("withdrawn", [])]
    return [{**v, "value": said} for said, v in written if v["event"] not in seen] if gone else []


def read_sheets(rows: Mapping[Key, Row], register: Register) -> tuple[Sheet, ...]:
    """The sheets that hold something and were not taken away by one who knew what stands on them."""
    found = (_sheet(key, row, register) for (topic, key), row in sorted(rows.items()) if topic == "sheet")
    return tuple(sheet for sheet in found if sheet is not None)


def _sheet(id: str, row: Row, register: Register) -> Sheet | None:
    dropped = standing(row.get("dropped", []))
    if not row.get("fields") or (dropped and all(v["value"] for v in dropped)):
        return None
    texts: dict[str, str] = {}
    tables: dict[str, tuple[tuple[str, ...], ...]] = {}
    differing: list[Row] = []
    for name, versions in sorted(row["fields"].items()):
        stand = standing(versions)
        value = stand[0]["value"]
        if isinstance(value, list):
            tables[name] = tuple(tuple(str(cell) for cell in line) for line in value if isinstance(line, list))
        else:
            texts[name] = str(value)
        if len(stand) > 1:
            differing += [{**v, "value": _shown(v["value"]), "field": name} for v in stand]
    if len(dropped) > 1:
        differing += [
            {**v, "value": f"撤下：{v['value']}" if v["value"] else "保留", "field": "dropped"} for v in dropped
        ]
    if not any(texts.values()) and not any(tables.values()) and not differing:
        return None
    last = max((v for versions in row["fields"].values() for v in versions), key=lambda v: (v["at"], v["event"]))
    return Sheet(id, str(row["kind"]), texts, tables, register.name_of(last["by"]), _when(last["at"]),
                 _versions(differing, register))  # fmt: skip


def _shown(value: Any) -> str:
    """The value of a field in one text, rows one after the other."""
    if not isinstance(value, list):
        return str(value)
    return "；".join("，".join(str(cell) for cell in line if cell) for line in value)


def _copy(row: Row) -> Copy:
    return Copy(str(row["name"]), int(row["serial"]), str(row["sha256"]), str(row.get("code", "")))


def _paper(row: Row, register: Register) -> Issued:
    services = tuple(_readable(_service, row.get("services", [])))
    pages = tuple(pages_of(row, register.name_of))
    return Issued(
        id=row["paper"], kind=row["kind"], title=row["title"], number=row.get("number", ""),
        revision=row.get("revision", 1), at=datetime.fromisoformat(row["at"]), sha256=row["sha256"],
        pages=row["pages"], code=row.get("code", ""), draft=row.get("draft", ""),
        printed=sum(p.get("copies", 0) for p in row.get("prints", [])),
        signatures=tuple(_readable(read_signature, row.get("signatures", []))),
        served=services[-1] if services else None,
        reopened=str(row["reopened"][-1].get("reason", "")) if row.get("reopened") else "",
        findings=tuple(row.get("findings", ())), ended=_when(row.get("ended")),
        layout=tuple(row.get("layout", ())), said=row.get("said", ""), report=row.get("report", ""),
        sheet=str(row.get("sheet", "")), entries=tuple(map(str, row.get("entries", ()))), copies=tuple(_readable(_copy, row.get("copies", []))),
        kept=tuple(page for page in pages if not page.withdrawn), taken_back=tuple(page for page in pages if page.withdrawn),
        evidence=tuple(map(str, row.get("evidence", ()))),
    )  # fmt: skip


def read_signature(row: Row) -> Signature:
    return Signature(
        row["name"], row["role"], datetime.fromisoformat(row["signed_at"]), row.get("reason", ""), row.get("seen_by", ""),
        row.get("page_evidence", ""), str(row.get("pdf", "")), str(row.get("strokes", "")), str(row.get("fingerprint", "")),
        str(row.get("read_by", "")), str(row.get("read_before", "")), str(row.get("means", "")),
        tuple(map(int, row.get("pages", ()))),
    )  # fmt: skip


def _filmed(row: Row, register: Register) -> Filmed:
    return Filmed(row["number"], str(row.get("original_name", "")), _when(row.get("taken_at")),
                  register.name_of(row["by"]), row["sha256"])  # fmt: skip


def _service(row: Row) -> Service:
    return Service(
        papers=tuple(row["papers"]), method=row["method"], at=datetime.fromisoformat(row["served_at"]),
        place=row.get("place", ""), receiver=row.get("receiver", ""), relation=row.get("relation", ""),
        witness=row.get("seen_by", ""), refusal=row.get("refusal", ""), servers=tuple(row.get("servers", ())),
        filmed=tuple(map(str, row.get("filmed", ()))),
        proof=tuple((name, str(row[name])) for name in FIELDS if row.get(name)),
    )  # fmt: skip
