"""Reads rows of the projection as the frozen facts of `casefile` and `people`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from .casefile import (
    Attendee,
    CaseFile,
    Comment,
    Evidence,
    Finding,
    Issued,
    ItemFact,
    Recusal,
    Review,
    Service,
    Signature,
    Told,
    Version,
    Visit,
)
from .finding import STRICTNESS, Answer, shown
from .people import Bureau, Credential, Officer, Unit, UnitKind
from .projection import Folded, Key, Row, rows_of, standing
from .said import digest_of

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
    """The registers that an inspection refers to: bureau, units, officers."""

    bureau: Bureau
    units: Mapping[str, Unit]
    officers: Mapping[str, Officer]

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
    )


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
        row.get("head", ""), row.get("contact", ""), row.get("phone", ""),
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


def read_case(
    stream: str, folded: Folded, register: Register, items: Sequence[ItemInfo], heads: Sequence[str] = ()
) -> CaseFile:
    """The case file of one inspection stream; `items` come from the checklist that the plan names."""
    rows = folded.rows
    plan = rows[("inspection", "")]
    before = rows.get(("before", ""), {})
    papers = tuple(_readable(lambda row: _paper(row, register), (r for r in rows_of("paper", rows) if "kind" in r)))
    evidence = tuple(_readable(lambda row: _evidence(row, register), rows_of("evidence", rows)))
    findings = _findings(rows, papers, evidence, register)
    papers = tuple(sorted(papers, key=lambda paper: (paper.at, paper.revision, paper.id)))
    case = CaseFile(
        id=stream,
        bureau=register.bureau,
        unit=read_unit(plan["unit"]),
        kind=plan["kind"],
        stage=plan["stage"],
        checklist=plan["checklist"]["key"],
        officers=tuple(read_officer(row) for row in officers_in(plan)),
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
        approved_by=_first(before, "approval").get("by_name", ""),
        approved_at=_when(_first(before, "approval").get("approved_at")),
        code=_first(before, "code").get("code", ""),
        assistants=plan.get("assistants", 0),
        checks_this_year=plan.get("checks_this_year"),
        visit=_visit(rows.get(("visit", ""), {}), register),
        items=_items(items, rows, evidence, findings, register),
        checking_finished="checked" in rows.get(("visit", ""), {}),
        evidence=evidence,
        findings=findings,
        papers=papers,
        heads=tuple(heads),
        unknown_events=len(rows_of("unknown", rows)),
        review=_review(rows.get(("review", ""), {}), register),
        readings=tuple((key, str(stand[0]["value"])) for key, stand in _readings(items, rows)),
        reading_conflicts=tuple(
            (key, _versions(stand, register)) for key, stand in _readings(items, rows) if len(stand) > 1
        ),
    )
    return _compared(case)


def _compared(case: CaseFile) -> CaseFile:
    """The case with its papers marked that no longer say what it says."""
    now = {kind: digest_of(case, kind) for kind in {paper.kind for paper in case.papers if paper.said}}
    papers = (replace(p, stale=bool(p.said) and not p.draft and p.said != now[p.kind]) for p in case.papers)
    return replace(case, papers=tuple(papers))


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


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


def _review(row: Row, register: Register) -> Review:
    """Of two decisions that knew nothing of each other the one that asks for more stands: returned before passed."""
    asked = ("returned", "handed_in", "review_passed")
    decisions = sorted(_all(row, "decisions"), key=lambda d: asked.index(d["outcome"]))
    comments = tuple(
        Comment(c.get("about", ""), c["text"], register.name_of(c["by"]), datetime.fromisoformat(c["at"]))
        for c in row.get("comments", [])
    )
    if not decisions:
        return Review(comments=comments)
    made = decisions[0]
    return Review(made["outcome"], made.get("reason", ""), register.name_of(made["by"]), _when(made["at"]),
                  len(row.get("since", [])), comments)  # fmt: skip


def _visit(row: Row, register: Register) -> Visit:
    decisions = {d["about"]: d for d in row.get("recusal_decisions", [])}
    recusals = tuple(_recusal(asked, decisions.get(asked["id"], {})) for asked in row.get("recusals", []))
    begun, ended = _first(row, "begun"), _first(row, "ended")
    attendees = [Attendee(**a) for value in _all(row, "attendees") for a in value.get("attendees", [])]
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
    )


def _recusal(asked: Row, decided: Row) -> Recusal:
    decision, by = decided.get("decision", ""), decided.get("decided_by", "")
    return Recusal(
        asked["text"], decision, by, asked["id"], str(asked.get("officer", "")), bool(decided.get("granted"))
    )


def _items(
    infos: Sequence[ItemInfo], rows: Mapping[Key, Row], evidence: Sequence[Evidence], findings: Sequence[Finding],
    register: Register,
) -> tuple[ItemFact, ...]:  # fmt: skip
    shots: dict[str, list[str]] = {}
    for piece in evidence:
        if not piece.withdrawn:
            shots.setdefault(piece.item, []).append(piece.number)
    found = {finding.code: finding.id for finding in findings}
    return tuple(_item(info, rows.get(("answer", info.code), {}), shots, found, register) for info in infos)


def _readings(infos: Sequence[ItemInfo], rows: Mapping[Key, Row]) -> list[tuple[str, list[Row]]]:
    """What stands of each question beside the items: one value, or those of two officers."""
    known = {info.code for info in infos}
    return [
        (key, standing(row["answer"]))
        for (topic, key), row in sorted(rows.items())
        if topic == "answer" and key not in known and row.get("answer")
    ]


def _item(
    info: ItemInfo, row: Row, shots: Mapping[str, list[str]], found: Mapping[str, str], register: Register
) -> ItemFact:
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
        evidence=tuple(shots.get(info.code, ())),
        finding=found.get(info.code, ""),
        by=register.name_of(first["by"]) if first else "",
        at=_when(first["at"]) if first else None,
        conflict=_versions(answers, register) if len(answers) > 1 else (),
        note_conflict=_versions(notes, register) if len(notes) > 1 else (),
    )


def _strictness(version: Row) -> tuple[int, str]:
    value = version["value"]
    known = value in {answer.value for answer in Answer}
    return (STRICTNESS[Answer(value)] if known else len(STRICTNESS), version["event"])


def _evidence(row: Row, register: Register) -> Evidence:
    taken = dict(row)
    for name, versions in row.get("changes", {}).items():
        values = [str(v["value"]) for v in standing(versions)]
        taken[name] = "；".join(v for v in values if v) if name in _PROSE else values[0]
    return Evidence(
        number=taken["number"], kind=taken.get("kind", "照片"), item=taken.get("item", ""),
        taken_at=_when(taken.get("taken_at")), added_at=datetime.fromisoformat(taken["added_at"]),
        place=taken.get("place", ""), maker=taken.get("maker", "") or register.name_of(taken["by"]),
        maker_credential=taken.get("maker_credential", ""), proves=taken.get("proves", ""),
        method=taken.get("method", ""), carrier=taken.get("carrier", ""), present=taken.get("present", ""),
        sha256=taken["sha256"], sm3=taken["sm3"], original_name=taken.get("original_name", ""), mime=taken["mime"],
        size=taken["size"], width=taken.get("width", 0), height=taken.get("height", 0),
        transcript=taken.get("transcript", ""), withdrawn=taken.get("withdrawn", ""),
        time_from=taken.get("time_from", ""),
    )  # fmt: skip


_PROSE = ("proves", "method", "carrier", "present", "transcript", "withdrawn")
"""Fields in which what two officers wrote at once is kept side by side."""


def _findings(
    rows: Mapping[Key, Row], papers: Sequence[Issued], pieces: Sequence[Evidence], register: Register
) -> tuple[Finding, ...]:
    withdrawn = {piece.number for piece in pieces if piece.withdrawn}
    proposed = {finding for paper in papers if not paper.draft for finding in paper.findings}
    result = []
    for row in rows_of("finding", rows):
        flags = row.get("flags", {})
        if any(v["value"] for v in flags.get("withdrawn", [])):
            continue
        fields: dict[str, Any] = {}
        differing: list[Row] = []
        for name, versions in sorted(row.get("fields", {}).items()):
            stand = standing(versions)
            fields[name] = stand[0]["value"]
            if len(stand) > 1:
                differing += [{**v, "value": shown(name, v["value"]), "field": name} for v in stand]
        due = fields.get("due")
        result.append(
            Finding(
                id=row["id"], code=row.get("code", ""), fact=fields.get("fact", ""),
                basis=tuple(fields.get("basis", ())), evidence=tuple(n for n in fields.get("evidence", ()) if n not in withdrawn),
                severity=fields.get("severity", 1), consequence=fields.get("consequence", "opinion"),
                demand=fields.get("demand", ""), due=date.fromisoformat(due) if due else None,
                confirmed=any(v["value"] for v in flags.get("confirmed", [])), proposed=row["id"] in proposed,
                conflict=_versions(differing, register), order_basis=fields.get("order_basis", ""),
                lost=tuple(n for n in fields.get("evidence", ()) if n in withdrawn),
            )
        )  # fmt: skip
    return tuple(sorted(result, key=lambda f: (f.code, f.id)))


def _paper(row: Row, register: Register) -> Issued:
    services = row.get("services", [])
    return Issued(
        id=row["paper"], kind=row["kind"], title=row["title"], number=row.get("number", ""),
        revision=row.get("revision", 1), at=datetime.fromisoformat(row["at"]), sha256=row["sha256"],
        pages=row["pages"], code=row.get("code", ""), draft=row.get("draft", ""),
        printed=sum(p.get("copies", 0) for p in row.get("prints", [])),
        signatures=tuple(
            Signature(
                s["name"], s["role"], datetime.fromisoformat(s["signed_at"]), s.get("reason", ""),
                s.get("seen_by", ""), s.get("page_evidence", ""),
            )
            for s in row.get("signatures", [])
        ),
        served=_service(services[-1]) if services else None,
        reopened=str(row["reopened"][-1].get("reason", "")) if row.get("reopened") else "",
        findings=tuple(row.get("findings", ())), ended=_when(row.get("ended")),
        layout=tuple(row.get("layout", ())), said=row.get("said", ""),
    )  # fmt: skip


def _service(row: Row) -> Service:
    return Service(
        papers=tuple(row["papers"]), method=row["method"], at=datetime.fromisoformat(row["served_at"]),
        place=row.get("place", ""), receiver=row.get("receiver", ""), relation=row.get("relation", ""),
        witness=row.get("seen_by", ""), refusal=row.get("refusal", ""), servers=tuple(row.get("servers", ())),
    )  # fmt: skip
