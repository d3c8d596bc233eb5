"""The team lead's review: comments on the spot, return with a reason, approval; the officer gets them with the exchange.

The decision is bound to what it saw: anything that comes in later reopens it by itself.
"""

from __future__ import annotations

from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.finding import Answer
from ..domain.item_review import JUDGED, PASSED, RETURNED
from ..domain.item_standing import returned, seen_of
from ..domain.problems import Problem
from ..domain.sampling import sample
from .book import Book, Done
from .queries import JournalRow

STEP = "处理"


def hand_in(book: Book, stream: str) -> Done[str]:
    """The officers hand an inspection in for review. Refused while it is under way on site."""
    case = book.queries.case(stream)
    if not case.checking_finished:
        raise Problem("move_refused", act="送科室复核", reason="逐项检查还没有完毕",
                      hook=book.rules.procedure.hooks["review"], way="先在“检查”里检查完毕。")  # fmt: skip
    return book.done(stream, [Draft(stream, "handed_in", {}, STEP)])


def comment(book: Book, stream: str, about: str, text: str) -> Done[str]:
    """Say something on an item (its code), a finding (its id) or the whole (""); lead and officers alike."""
    case = book.queries.case(stream)
    if not text.strip():
        raise Problem("field_needed", what="意见")
    if about and case.item(about) is None and all(f.id != about for f in case.findings):
        raise Problem("unknown_item", item=about)
    return book.done(stream, [Draft(stream, "commented", {"about": about, "text": text.strip()}, STEP)])


def judge(book: Book, stream: str, item: str, outcome: str, reason: str = "") -> Done[str]:
    """Agree with one item, or return it with a reason; the whole is still to be said. An empty outcome takes it back.

    Raises `Problem`: `unknown_item`, `reason_needed`, and like `approve` for what is not to be reviewed.
    """
    case = _reviewable(book, stream)
    if case.item(item) is None:
        raise Problem("unknown_item", item=item)
    if outcome not in (PASSED, RETURNED, ""):
        raise Problem("not_found", what=f"复核的结论“{outcome}”")
    if outcome == RETURNED and not reason.strip():
        raise Problem("reason_needed", what=f"退回 {item}")
    before = next((each for each in case.verdicts if each.item == item), None)

    def draft(outcome: str, reason: str, seen: str) -> Draft:
        return Draft(stream, JUDGED, {"item": item, "outcome": outcome, "reason": reason, "seen": seen}, STEP)

    back = draft(before.outcome, before.reason, before.seen) if before else draft("", "", "")
    return book.done(item, [draft(outcome, reason.strip(), seen_of(case, item))], reverse=[back])


def send_back(book: Book, stream: str, reason: str) -> Done[str]:
    """Return an inspection to its officers; they are told why."""
    _reviewable(book, stream)
    if not reason.strip():
        raise Problem("reason_needed", what="退回修改")
    return book.done(stream, [Draft(stream, "returned", {"reason": reason.strip()}, STEP)])


def approve(book: Book, stream: str) -> Done[str]:
    """The lead has seen it and agrees. An open conflict must be settled first, and what was returned be changed."""
    case = _reviewable(book, stream)
    differing = [item.code for item in case.items if item.conflict]
    if differing:
        raise Problem("move_refused", act="复核认可", reason=f"{'、'.join(differing[:3])} 有两处填写不同",
                      hook=book.rules.procedure.hooks["review"], way="选定一个并说明原因，或退回修改。")  # fmt: skip
    if back := returned(case):
        raise Problem("move_refused", act="复核认可", reason=f"{'、'.join(each.item for each in back[:3])} 退回了，还没有改",
                      hook=book.rules.procedure.hooks["review"], way="退回修改，或改为认可这一项。")  # fmt: skip
    return book.done(stream, [Draft(stream, "review_passed", {}, STEP)])


def sampled(book: Book, case: CaseFile) -> tuple[str, ...]:
    """Codes of the conforming items that the lead looks at by chance while the inspection waits for the review. They follow
    from the event that handed it in, which nobody knows before: another hand-in draws anew."""
    held = book.store.rows(case.id).get(("review", ""), {}).get("decisions", ())
    seed = max((str(v["event"]) for v in held if v["value"]["outcome"] == "handed_in"), default="")
    conforming = [
        item.code for item in case.items if item.value == Answer.CONFORMING and not item.finding and not item.conflict
    ]
    return sample(seed, conforming, book.rules.policy.review_sample) if seed else ()


def history(book: Book, case: CaseFile, item: str) -> tuple[JournalRow, ...]:
    """What was written of an item and of the findings on it, the earliest first."""
    mine = {event.id for event in book.store.events(case.id)
            if event.kind in _OF_AN_ITEM and item in (event.body.get("item"), event.body.get("code"))}  # fmt: skip
    return tuple(row for row in book.queries.journal(case.id) if row.id in mine)


_OF_AN_ITEM = frozenset(
    {JUDGED, "item_answered", "item_noted", "finding_recorded", "finding_changed", "finding_withdrawn"}
)


def _reviewable(book: Book, stream: str) -> CaseFile:
    book.allow("review")
    case = book.queries.case(stream)
    if book.person.id in {officer.id for officer in case.officers}:
        raise Problem("not_allowed", who=f"{book.person.name}（本案检查人员）", act="复核")
    if not case.review.to_decide:
        raise Problem("move_refused", act="复核", reason="这件检查没有送来复核，或已经处理过",
                      hook=book.rules.procedure.hooks["review"], way="等检查人员送来。")  # fmt: skip
    return case
