"""What the fold makes of the matters after service, in any order of arrival, and of what was written beside a closing."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.event import Event
from inspector_app.domain.followup import Followup, read_followup
from inspector_app.domain.projection import fold
from tests.domain.test_merge import Laptop

CLOSED = {"id": "1", "reason": "已经整改并复查合格", "approved_by": "示例周敏"}
ASKED = {"id": "Y", "asked_on": "2026-03-16", "until": "2026-04-01", "reason": "工期"}
REPORT = {"id": "B", "received": "2026-03-16", "answers": [{"finding": "F1", "said": "好了"}]}


def read(*events: Event) -> Followup:
    return read_followup(fold(events).rows, lambda person: person)


def two() -> tuple[Laptop, Laptop]:
    a, b = Laptop("A"), Laptop("B")
    a.write("rectification_reported", REPORT)
    b.take(a)
    return a, b


def test_what_was_written_without_knowing_of_the_closing_is_counted_and_changes_nothing_else() -> None:
    a, b = two()
    a.write("closed", CLOSED)
    b.write("item_answered", {"item": "E03", "value": "符合"})
    b.write("report_judged", {"id": "B", "finding": "F1", "judged": "需要补充", "note": "照片"})
    alone = read(*a.events.values())
    assert alone.closing is not None and alone.closing.beside == 0
    b.take(a)
    both = read(*b.events.values())
    assert both.closing is not None and both.closing.beside == 2 and both.closing.by == "A"
    b.write("dispute_entered", {"id": "S", "kind": "投诉", "day": "2026-03-20", "by_name": "x", "about": "y"})
    after = read(*b.events.values())
    assert after.closing is not None and after.closing.beside == 2, "who knows of it may write what comes later"


@given(chance=st.randoms(use_true_random=False), closes=st.booleans())
def test_any_order_of_arrival_gives_the_same_matters(chance: Random, closes: bool) -> None:
    a, b = two()
    for laptop, kind, body in (
        (a, "extension_asked", ASKED), (b, "report_judged", {"id": "B", "finding": "F1", "judged": "材料齐全"}),
        (a, "extension_decided", {"id": "Y", "decision": "同意延期", "until": "2026-04-01", "by_name": "x"}),
        (b, "rectification_reminded", {"id": "1", "day": "2026-03-17", "to": "x", "means": "电话"}),
        *([(a, "closed", CLOSED), (b, "closed", CLOSED)] if closes else []),
    ):  # fmt: skip
        laptop.write(kind, body)
    b.take(a)
    b.write("file_called_up", {"id": "D", "office": "x", "number": "1", "received": "2026-03-20", "due": ""})
    events = list(b.events.values())
    shuffled = events[:]
    chance.shuffle(shuffled)
    assert fold(shuffled).digest() == fold(events).digest()


def test_a_step_of_bad_make_is_passed_over() -> None:
    a = Laptop("A")
    a.write("reinspected", {"id": "F", "sheet": "s", "begun": "bald", "ended": "", "conclusion": "", "seen": []})
    a.write("extension_decided", {"id": "Y", "decision": "同意延期"})
    a.write("handed_on", {"id": "C"})
    a.write("closed", {"reason": "没有编号"})
    a.write("rectification_reported", REPORT)
    held = read(*a.events.values())
    assert (held.reinspections, held.extensions, held.handed_on, held.closing) == ((), (), (), None)
    assert [reply.said for reply in held.replies] == ["好了"]
