"""A signed page that was kept by mistake: what the fold makes of it on one laptop and on two."""

from __future__ import annotations

from itertools import permutations

from inspector_app.domain.event import Event
from inspector_app.domain.projection import fold
from inspector_app.domain.signed_page import SignedPage, pages_of
from tests.domain.test_merge import Laptop


def page(*events: Event) -> SignedPage:
    (found,) = pages_of(fold(events).rows["paper", "p"], str)
    return found


def test_each_reason_of_two_laptops_counts_until_it_is_taken_back() -> None:
    one, other = Laptop("A"), Laptop("B")
    kept = one.write("signed_page_kept", {"paper": "p", "page": 1, "original": "a"})
    other.take(one)
    body = {"paper": "p", "kept": kept.id}
    one.write("signed_page_withdrawn", {**body, "reason": "拍错"})
    other.write("signed_page_withdrawn", {**body, "reason": "反光"})
    other.take(one)
    said = {page(*order).withdrawn for order in permutations(other.events.values())}
    assert len(said) == 1 and sorted(said.pop().split("；")) == ["反光（B）", "拍错（A）"]
    other.write("signed_page_withdrawn", {**body, "reason": ""})
    assert page(*other.events.values()).withdrawn == "", "who knows of both puts it back"


def test_what_cannot_be_read_is_left_out() -> None:
    one = Laptop("A")
    one.write("signed_page_kept", {"paper": "p", "page": "vorn"})
    one.write("signed_page_kept", {"paper": "p", "page": 2})
    assert page(*one.events.values()).page == 2
