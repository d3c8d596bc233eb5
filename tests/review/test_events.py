"""Defects put into the events of a recorded visit, and into the bytes of a made paper, are found as well."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pikepdf
import pytest

from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.event import REGISTER, Event
from inspector_app.domain.inspection import OUTGOING
from inspector_app.domain.projection import fold
from inspector_app.domain.reading import Known, read_case
from inspector_app.domain.register import read_register
from inspector_app.papers.render import render
from inspector_app.papers.report import bare_faces
from inspector_app.review.dossier import Dossier, Moment
from inspector_app.review.verdict import look
from tests.papers import sample
from tests.record.story import STREAM
from tests.record.test_golden import visit
from tests.review.files import RULES

Change = Callable[[Event], Event]
EVENTS = visit()
ARRIVED = datetime.fromisoformat(next(e.body["arrived"] for e in EVENTS if e.kind == "visit_begun"))


def case_of(events: list[Event]) -> CaseFile:
    streams = {stream: fold([e for e in events if e.stream == stream]) for stream in (REGISTER, STREAM)}
    key = streams[STREAM].rows["inspection", ""]["checklist"]["key"]
    return read_case(
        STREAM, streams[STREAM].rows, Known(read_register(streams[REGISTER].rows)), RULES.checklist(key).infos
    )


def found(events: list[Event]) -> set[str]:
    case = case_of(events)
    dossier = Dossier(case, RULES.laws, RULES.policy, RULES.calendar, case.planned_to.date(), Moment.CLOSE)
    return {remark.check.code for remark in look(dossier, RULES.filecheck).remarks}


def changed(kind: str, change: Change) -> list[Event]:
    """The visit with the events of a kind changed, or left out."""
    made = [change(event) if event.kind == kind else event for event in EVENTS]
    assert made != EVENTS
    return made


def without(event: Event) -> Event:
    """As if it had not been written: its place in the chain is held by a kind that says nothing."""
    return event._replace(kind="示例")


def with_body(**more: object) -> Change:
    return lambda event: event._replace(body={**event.body, **more})


_NO_ARTICLE = "按照《中华人民共和国档案法》第九十九条整改"
SEEDED: list[tuple[str, str, Change]] = [
    ("D28", "paper_issued", with_body(number="示档[2026]1")),
    ("V1", "inspection_planned", lambda e: with_body(officers=e.body["officers"][:1])(e)),
    ("V2", "approval_given", with_body(approved_at=(ARRIVED + timedelta(hours=1)).isoformat())),
    (
        "V3",
        "paper_served",
        lambda e: without(e) if "notice" in str(e.body["papers"]) and "result" not in str(e.body) else e,
    ),
    ("V4", "credentials_shown", without),
    ("V4", "recording_told", without),
    ("V5", "finding_recorded", lambda e: with_body(fields={**e.body["fields"], "evidence": ["ZJ-9"]})(e)),
    ("V6", "finding_recorded", lambda e: with_body(fields={**e.body["fields"], "basis": ["档案法第一条"]})(e)),
    ("D71", "finding_recorded", lambda e: with_body(fields={**e.body["fields"], "basis": ["《示例办法》第一条"]})(e)),
    ("V9", "paper_signed", without),
    ("D1", "visit_begun", with_body(arrived=(ARRIVED + timedelta(days=3)).isoformat())),
    ("D25", "evidence_taken", with_body(method="")),
    ("D26", "item_answered", with_body(value="不适用", reason="")),
    ("D58", "finding_confirmed", without),
    ("U1", "rights_told", with_body(reply="")),
    ("U3", "statement_recorded", with_body(reply="陈述申辩", text="")),
    ("U6", "attendees_confirmed", with_body(attendees=[])),
    ("D1", "visit_ended", without),
    ("V9", "paper_issued", lambda e: without(e) if e.body["kind"] == "onsite_record" else e),
    ("V9", "paper_signed", with_body(pdf="0" * 64)),
    ("D72", "deliberated", without),
    ("V16", "paper_served", with_body(method="留置送达", receiver="", refusal="拒收", seen_by="示例沈岚", filmed=[])),
    ("D63", "paper_served", with_body(method="口头告知")),
    ("D74", "credentials_shown", lambda e: e._replace(at=(ARRIVED + timedelta(hours=2)).isoformat())),
    ("D81", "finding_recorded", lambda e: with_body(fields={**e.body["fields"], "demand": _NO_ARTICLE})(e)),
    ("D84", "inspection_planned", with_body(source="")),
    ("D86", "approval_given", with_body(by_name="示例沈岚")),
    (
        "V20",
        "paper_issued",
        lambda e: e._replace(at=EVENTS[0].at) if e.body["kind"] in OUTGOING else e,
    ),
    ("D14", "inspection_planned", lambda e: with_body(unit={**e.body["unit"], "address": ""})(e)),
    ("V8", "inspection_planned", lambda e: with_body(unit={**e.body["unit"], "credit_code": "1"})(e)),
]


@pytest.mark.parametrize(("code", "kind", "change"), SEEDED, ids=[f"{code}-{kind}" for code, kind, _ in SEEDED])
def test_a_defect_in_the_events_is_found(code: str, kind: str, change: Change) -> None:
    assert code not in found(EVENTS)
    assert code in found(changed(kind, change))


def test_a_face_that_the_file_lost_is_found() -> None:
    made = render("result_notice", sample.case_of("result_notice"), sample.stamp("result_notice"), {})
    assert bare_faces(made.pdf) == () and made.shown.bare_faces == ()
    for most in (1, 9):
        with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
            held = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontFile2" in each][
                :most
            ]
            for descriptor in held:
                del descriptor.FontFile2
            out = io.BytesIO()
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert len(bare_faces(out.getvalue())) == len(held) >= min(most, 2)
