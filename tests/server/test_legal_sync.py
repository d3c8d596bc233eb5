"""The legal review on two laptops with a real server between them: what is handed in waits there, the opinion comes back."""

from __future__ import annotations

from pathlib import Path

from inspector_app.actions import legal_queue, legal_review, papers, register, sync
from inspector_app.actions.sign_in import Session, set_up
from inspector_app.domain.access import Role
from inspector_app.domain.legal import AGREED, FAULTY, PASSED, POINTS, WRONG, Point
from inspector_app.domain.people import Bureau
from inspector_app.domain.roster import REVIEWER as QUALIFIED
from inspector_app.domain.roster import OfficerNote
from tests.office import CASE, REVIEWER, deliberated, laptop_at, refused
from tests.server.conftest import PASSWORD, Served
from tests.server.test_laptop import lead_laptop

KIND = "disposition_proposal"


def reviewer_laptop(served: Served, folder: Path) -> Session:
    session = set_up(laptop_at(folder), Bureau("示例区档案局", "示档"), REVIEWER, "shili-tongxing-2026")
    sync.enrol(session.book, served.address, REVIEWER.id, PASSWORD)
    return session


def test_what_is_handed_in_waits_on_the_reviewers_laptop_and_the_opinion_comes_back(
    served: Served, tmp_path: Path
) -> None:
    for id, name, role in (
        ("shen", "示例沈岚", Role.OFFICER), ("zhou", "示例周敏", Role.LEAD), ("admin", "示例管理", Role.ADMIN),
        (REVIEWER.id, REVIEWER.name, Role.REVIEWER),
    ):  # fmt: skip
        served.office.accounts.add(id, name, role, PASSWORD)
    officer = deliberated(tmp_path / "a")
    sync.enrol(officer.book, served.address, "admin", PASSWORD)  # the register is the admin's to hand in
    sync.hand_over(officer.book)
    sync.enrol(officer.book, served.address, "shen", PASSWORD)
    round = legal_review.ask(officer.book, CASE, KIND).value
    sync.hand_over(officer.book)

    reviewer = reviewer_laptop(served, tmp_path / "fa")
    book = reviewer.book
    sync.hand_over(book)
    waits = legal_queue.waiting(book)
    assert [w.round.id for w in waits] == [round] and waits[0].last_day
    assert book.vault.read(waits[0].round.draft).startswith(b"%PDF"), "the paper came with the exchange"
    wrong = [Point(WRONG, "示例：缺一份材料"), *[Point(PASSED)] * (POINTS - 1)]
    refused("not_allowed", lambda: legal_review.conclude(book, CASE, round, wrong, "示例"))

    lead = lead_laptop(served, tmp_path / "lead")
    sync.hand_over(lead.book)
    register.register_officer(lead.book, REVIEWER)
    day = lead.book.clock.now().at.date()
    register.note_officer(lead.book, OfficerNote("", REVIEWER.id, QUALIFIED, day, "示例：法律职业资格 A0001"))
    sync.hand_over(lead.book)
    sync.hand_over(book)
    legal_review.conclude(book, CASE, round, wrong, "示例：补一份材料")
    opinion = papers.issue(book, CASE, "legal_review", sheet=f"legal_review-{round}").value
    taken = reviewer.queries.leases("review")
    assert opinion.number == next(iter(taken[0].numbers())), "the bureau gave numbers with the first exchange"
    assert {lease.series for lease in reviewer.queries.all_leases()} == {"review"}, (
        "and of no kind that this person does not issue"
    )
    ours = {number for lease in officer.queries.leases("review") for number in lease.numbers()}
    assert opinion.number not in ours, "nor one that a colleague's laptop has"
    assert sync.hand_over(book).files, "the opinion as a paper"

    sync.hand_over(officer.book)
    assert [w.round.word for w in legal_queue.sent_back(officer.book)] == [FAULTY]
    refused("move_refused", lambda: papers.issue(officer.book, CASE, KIND))
    assert papers.pdf_of(officer.book, CASE, opinion.id).startswith(b"%PDF")
    lacking = [ref for ref in officer.book.store.blobs(CASE) if not officer.book.vault.has(ref.sha256)]
    assert not lacking, "the record can be exported with the opinion in it"
    again = legal_review.ask(officer.book, CASE, KIND, note="示例：材料在案卷第5页").value
    sync.hand_over(officer.book)
    sync.hand_over(book)
    legal_review.conclude(book, CASE, again, [Point(PASSED)] * POINTS, "示例：没有异议。")
    sync.hand_over(book)
    sync.hand_over(officer.book)
    assert [r.word for r in officer.queries.case(CASE).rounds(KIND, KIND)] == [FAULTY, AGREED]
    assert papers.issue(officer.book, CASE, KIND).value.number
    for session in (officer, reviewer, lead):
        assert session.book.store.aside() == {}, "nobody wrote what the own role does not allow"
        session.close()
