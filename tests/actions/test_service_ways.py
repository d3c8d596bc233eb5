"""The seven ways of serving a paper: each with its proofs, none without."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from inspector_app.actions import evidence, papers, service
from inspector_app.actions.service import METHODS, Delivery
from inspector_app.actions.sign_in import Session
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.serving import ANNOUNCED, ELECTRONIC, FIELDS, LEFT, WAYS
from tests.office import CASE, card, refused

SAID = {name: f"示例{label}" for name, label in FIELDS.items()}


def delivery_of(session: Session, method: str) -> Delivery:
    """A delivery of the notice in this way that lacks nothing; what is kept of its proof is kept."""
    book = session.book
    notice = session.queries.case(CASE).paper("notice")
    clock = book.clock
    assert notice is not None and isinstance(clock, TrialClock)
    announced = clock.now().at.date()
    if method == ANNOUNCED:
        clock.skip(timedelta(days=31))
    kept = evidence.film_service(book, CASE, card(1)).value.numbers if WAYS[method].kept or method == LEFT else ()
    now = clock.now().at
    proof = {**SAID, "agreed_on": now.date().isoformat(), "announced_on": announced.isoformat()}
    return Delivery((notice.id,), method, now, "示例地点", "示例吴晓", "示例主任", refusal="示例：不接收", filmed=kept,
                    servers=("示例沈岚", "示例陆一鸣"), proof=proof)  # fmt: skip


def serve(session: Session, delivery: Delivery) -> None:
    service.serve(session.book, CASE, delivery, "lu" if delivery.method == LEFT else None)


@pytest.mark.parametrize("method", METHODS)
def test_each_way_holds_with_its_proofs_and_with_none_of_them_left_out(session: Session, method: str) -> None:
    whole = delivery_of(session, method)
    for name in WAYS[method].needs:
        lacking = replace(whole, proof={**whole.proof, name: " "})
        lacking = replace(lacking, receiver="") if name == "receiver" else lacking
        lacking = replace(lacking, refusal="") if name == "refusal" else lacking
        refused("field_needed", lambda d=lacking: serve(session, d))  # type: ignore[misc]
    if whole.filmed:
        refused("field_needed", lambda: serve(session, replace(whole, filmed=(), seen_by="")))
    refused("too_few_officers", lambda: serve(session, replace(whole, servers=("示例沈岚",))))
    serve(session, whole)
    paper = session.queries.case(CASE).paper("notice")
    assert paper is not None and paper.served is not None and paper.served.method == method
    assert {name for name, _ in paper.served.proof} == set(WAYS[method].needs) & set(FIELDS), (
        "and nothing of another way"
    )
    assert papers.issue(session.book, CASE, "proof_of_service").value.pages


def test_nothing_is_served_electronically_before_the_unit_has_confirmed_the_address(session: Session) -> None:
    whole = delivery_of(session, ELECTRONIC)
    late = (whole.served_at + timedelta(days=1)).date().isoformat()
    refused("date_order", lambda: serve(session, replace(whole, proof={**whole.proof, "agreed_on": late})))
    refused("bad_date", lambda: serve(session, replace(whole, proof={**whole.proof, "agreed_on": "示例"})))
    refused("field_needed", lambda: serve(session, replace(whole, filmed=("示例编号",))))
    serve(session, whole)


def test_a_public_notice_serves_when_its_thirty_days_are_over(session: Session) -> None:
    whole = delivery_of(session, ANNOUNCED)
    begun = datetime.fromisoformat(whole.proof["announced_on"]).date()
    early = whole.served_at - timedelta(days=2)
    assert (early.date() - begun).days == 29
    refused("announcement_running", lambda: serve(session, replace(whole, served_at=early)))
    before = (begun - timedelta(days=40)).isoformat()
    refused("date_order", lambda: serve(session, replace(whole, proof={**whole.proof, "announced_on": before})))
    serve(session, replace(whole, served_at=whole.served_at - timedelta(days=1)))


def test_the_seven_ways_are_those_of_the_law() -> None:
    assert len(METHODS) == 7 and all({*way.needs} <= {*FIELDS, "receiver", "refusal"} for way in WAYS.values())
    assert {name for way in WAYS.values() for name in way.needs} >= set(FIELDS)
