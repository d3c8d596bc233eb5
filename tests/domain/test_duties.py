"""What is due when: every open term of an inspection, and none of what is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inspector_app.domain.calendar import parse as parse_calendar
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clauses import due_of
from inspector_app.domain.duties import Duty, of_clauses, of_preservation, of_remedies, of_service
from inspector_app.domain.finding import OUTGOING
from inspector_app.domain.followup import DONE, CallUp, Closing, Dispute, Extension
from inspector_app.domain.inspection import Stage
from inspector_app.domain.policy import parse as parse_policy
from inspector_app.domain.procedure import parse as parse_procedure
from inspector_app.domain.review import Review
from inspector_app.domain.sheet import Sheet
from inspector_app.domain.tally import Flaw, Tally
from inspector_app.places import FORMS
from tests.domain.test_closing import OPEN, REPORT, SEEN, UNSEEN, handed, held
from tests.domain.test_inspection import DAY, FINDING, NOW, case, paper

POLICY = parse_policy((FORMS / "policy.toml").read_text("utf-8"))
PROCEDURE = parse_procedure((FORMS / "procedure.toml").read_text("utf-8"))
CALENDAR = parse_calendar((FORMS / "calendar.toml").read_text("utf-8"))
LATER = DAY + timedelta(days=20)


def in_short(made: CaseFile) -> Tally:
    """The small row of a case file, as far as terms ask for it."""
    served = next((NOW for kind in OUTGOING if made.served(kind)), None)
    seen = {finding.id: made.followup.seen(finding.id) for finding in made.findings}
    flaws = tuple(
        Flaw(f.id, f.code, f.fact, f.consequence, due_of(made, f), False, DAY if (s := seen[f.id]) and s.result == DONE else None)
        for f in made.findings
    )  # fmt: skip
    return Tally(
        made.id, "U", made.unit.name, "organ", "routine", made.stage, NOW, NOW, "", (), "", "", "", None, None, None, "", None,
        served, flaws, Review(), 0,
    )  # fmt: skip


def duties(made: CaseFile) -> list[Duty]:
    """What `actions.duties.due` asks of one inspection."""
    short, held = in_short(made), made.followup
    found = [*of_remedies(short, held, POLICY)]
    if held.closing is None:
        found += [*of_clauses(short, held, PROCEDURE), *of_preservation(made, POLICY, CALENDAR)]
        found += of_service(made, POLICY, CALENDAR) if made.stage == Stage.DECIDED else ()
    return found


def told(made: CaseFile) -> list[tuple[date, str]]:
    return [(duty.day, duty.what) for duty in duties(made)]


UNSERVED = case(Stage.DECIDED, findings=(FINDING,), papers=(paper("rectification"),))
TWO = (FINDING, replace(FINDING, id="F2", code="E01"))
PRESERVED = Sheet("preservation_list", "preservation_list", {"kept_until": "2026-03-25"})


@pytest.mark.parametrize(
    ("made", "due"),
    [
        (UNSERVED, [(CALENDAR.add_workdays(DAY, 7), "送达 1 份处理文书")]),
        (OPEN, [(DAY, "E03 整改到期")]),
        (replace(OPEN, findings=TWO), [(DAY, "E03、E01 整改到期")]),
        (held(), []),
        (held(reinspections=(UNSEEN,)), [(DAY, "E03 整改到期")]),
        (
            held(reinspections=(UNSEEN,), handed_on=(handed(reply_by=LATER),)),
            [(LATER, "示例上级书面告知处理建议的结果")],
        ),
        (held(reinspections=(UNSEEN,), handed_on=(handed(reply_by=LATER, answered=DAY),)), []),
        (
            held(reinspections=(), extensions=(Extension("Y", DAY, LATER, "工期"),)),
            [(DAY, "E03 整改到期"), (DAY, "决定延期申请")],
        ),
        (
            held(reinspections=(), extensions=(Extension("Y", DAY, LATER, "工期", "同意延期", LATER),)),
            [(LATER, "E03 整改到期")],
        ),
        (held(disputes=(Dispute("S", "行政诉讼", DAY, "x", "y", due=LATER),)), [(LATER, "行政诉讼的答复期限")]),
        (held(disputes=(Dispute("S", "行政诉讼", DAY, "x", "y", due=LATER, settled=DAY),)), []),
        (held(call_ups=(CallUp("D", "示例监督局", "1号", DAY, LATER),)), [(LATER, "向示例监督局送出案卷")]),
        (held(call_ups=(CallUp("D", "示例监督局", "1号", DAY, LATER, sent=DAY),)), []),
        (replace(held(), sheets=(PRESERVED,)), [(date(2026, 3, 25), "先行登记保存期满")]),
        (replace(held(), sheets=(replace(PRESERVED, fields={"kept_until": "下周"}),)), []),
        (
            replace(held(), sheets=(replace(PRESERVED, fields={"kept_from": "2026-03-16", "kept_until": ""}),)),
            [(date(2026, 3, 25), "先行登记保存期满")],
        ),
        (replace(held(reinspections=(), closing=Closing(NOW, "x", "y", "z")), sheets=(PRESERVED,)), []),
        (case(Stage.SERVED, papers=(REPORT,)), []),
    ],
)
def test_what_is_open_has_its_last_day(made: CaseFile, due: list[tuple[date, str]]) -> None:
    assert told(made) == due


def test_a_term_that_cannot_be_counted_is_left_out() -> None:
    late = replace(paper("rectification"), at=NOW.replace(year=2031))
    assert told(replace(UNSERVED, papers=(late,))) == []


def test_a_duty_leads_to_its_step_and_says_what_it_rests_on() -> None:
    made = held(reinspections=(UNSEEN,), handed_on=(handed(reply_by=LATER),))
    (duty,) = duties(made)
    assert duty == Duty(LATER, "示例上级书面告知处理建议的结果", "示例区水务局", made.id, 7, PROCEDURE.basis("propose"))
    assert duty.words == "示例区水务局：示例上级书面告知处理建议的结果" and duty.source and SEEN
