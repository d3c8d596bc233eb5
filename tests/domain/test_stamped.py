"""Pre-stamped forms: whatever is written in whatever order, every number of every receipt is in exactly one place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.problems import Problem
from inspector_app.domain.projection import fold
from inspector_app.domain.stamped import Forms, Where, chosen, read_forms, span
from tests.domain.test_merge import Laptop

FIRST, LAST = 1, 6
SERIALS = st.integers(FIRST - 1, LAST + 1)
KINDS = st.sampled_from(["form_used", "form_spoiled", "forms_returned", "form_corrected", "forms_received"])
ACTS = st.lists(
    st.one_of(
        st.tuples(KINDS, st.integers(0, 1), SERIALS, st.sampled_from(["held", "used", "spoiled", "returned", "x"])),
        st.tuples(st.just("sync"), st.integers(0, 1), st.just(0), st.just("")),
    ),
    max_size=25,
)
"""What two laptops write, by programs that check nothing: also of numbers that nobody received."""


def number(serial: int) -> str:
    return f"空{serial:03}"


def receipt(id: str, first: int = FIRST, last: int = LAST) -> dict[str, Any]:
    return {"id": id, "kind": "notice", "series": "空", "first": first, "last": last, "digits": 3, "giver": "示例内勤"}


def register(laptop: Laptop) -> Forms:
    return read_forms(fold(laptop.events.values()).rows, lambda person: person)


def sync(laptops: list[Laptop]) -> None:
    for one, other in (laptops, laptops[::-1]):
        one.take(other)


def begun() -> list[Laptop]:
    """Two laptops that know of one receipt."""
    laptops = [Laptop("A"), Laptop("B")]
    laptops[0].write("forms_received", receipt("b1"))
    sync(laptops)
    return laptops


def write(laptop: Laptop, kind: str, serial: int, where: str = "", paper: str = "P") -> None:
    body: dict[str, Any] = {"batch": "b1", "number": number(serial), "reason": "示例", "paper": paper, "title": "示例"}
    if kind == "forms_received":
        body = receipt(f"b{serial}", serial, serial + 1)
    elif kind == "forms_returned":
        body = {"batch": "b1", "numbers": [number(serial)], "to": "示例内勤"}
    elif kind == "form_corrected":
        body["where"] = where
    laptop.write(kind, body)


@given(ACTS)
def test_no_order_of_acts_leaves_a_number_unaccounted(acts: list[Any]) -> None:
    laptops = begun()
    for kind, who, serial, where in acts:
        if kind == "sync":
            laptops[who].take(laptops[1 - who])
        else:
            write(laptops[who], kind, serial, where, paper=f"P-{who}-{serial}")
    sync(laptops)
    forms = register(laptops[0])
    assert forms == register(laptops[1])
    for batch in forms.batches:
        assert sum(forms.account(batch).values()) == batch.last - batch.first + 1
        mine = [form.number for form in forms.forms if form.batch == batch]
        assert mine == list(batch.numbers)
    assert sum(forms.account().values()) == sum(len(batch.numbers) for batch in forms.batches)
    for form in forms.forms:
        assert (form.where is Where.DISPUTED) == bool(form.dispute) and form.words


@given(ACTS)
def test_what_the_register_lets_pass_leaves_nothing_in_dispute(acts: list[Any]) -> None:
    """One laptop that asks before it writes: what may follow is written, and is then so."""
    laptop = begun()[0]
    to_of = {"form_used": Where.USED, "form_spoiled": Where.SPOILED, "forms_returned": Where.RETURNED}
    for kind, _, serial, _ in acts:
        if kind not in to_of:
            continue
        before = register(laptop)
        try:
            before.form(number(serial), to_of[kind])
        except Problem as problem:
            assert problem.code in ("form_unknown", "form_gone")
            continue
        write(laptop, kind, serial)
        after = register(laptop)
        assert after.form(number(serial)).where is to_of[kind]
        assert after.account()[Where.DISPUTED] == 0
        assert [f.where for f in after.forms if f.number != number(serial)] == [
            f.where for f in before.forms if f.number != number(serial)
        ]


def test_one_number_used_on_two_laptops_is_in_dispute_until_a_person_settles_it() -> None:
    laptops = begun()
    write(laptops[0], "form_used", 2, paper="P-a")
    write(laptops[1], "form_used", 2, paper="P-b")
    assert register(laptops[0]).form(number(2)).where is Where.USED, "each knows its own only"
    sync(laptops)
    forms = register(laptops[1])
    form = forms.form(number(2))
    assert {saying.paper for saying in form.sayings} == {"P-a", "P-b"} and "登记不一致" in form.dispute
    assert forms.account()[Where.DISPUTED] == 1 and forms.account()[Where.USED] == 0
    for to in (Where.USED, Where.SPOILED, Where.RETURNED):
        with pytest.raises(Problem) as told:
            forms.form(number(2), to)
        assert told.value.code == "form_disputed"
    write(laptops[1], "form_corrected", 2, "used", paper="P-a")
    assert [saying.paper for saying in register(laptops[1]).form(number(2)).sayings] == ["P-a"]


@pytest.mark.parametrize(("first", "then"), [
    ("form_used", "form_used"), ("form_used", "forms_returned"), ("form_spoiled", "form_used"),
    ("forms_returned", "form_used"), ("forms_returned", "form_spoiled"),
])  # fmt: skip
def test_what_cannot_follow_does_not_overwrite(first: str, then: str) -> None:
    """A laptop of another make that writes it all the same does not make the first entry vanish."""
    laptop = begun()[0]
    write(laptop, first, 3, paper="P-a")
    write(laptop, then, 3, paper="P-b")
    form = register(laptop).form(number(3))
    assert len(form.sayings) == 2 and form.where is Where.DISPUTED


def test_a_number_that_nobody_received_is_named() -> None:
    laptop = begun()[0]
    laptop.write("form_used", {"batch": "b1", "number": number(9), "paper": "P", "title": "示例"})
    forms = register(laptop)
    assert [form.number for form in forms.forms if form.dispute == "没有领取过这个号"] == [number(9)]
    assert sum(forms.account().values()) == 6
    with pytest.raises(Problem, match="没有登记领取"):
        forms.form(number(9), Where.SPOILED)


def test_a_number_received_twice_is_in_dispute_unless_it_was_handed_back() -> None:
    laptop = begun()[0]
    write(laptop, "forms_returned", 1)
    laptop.write("forms_received", receipt("b2", 1, 2))
    forms = register(laptop)
    assert forms.form(number(1)).where is Where.HELD and "领取了两次" in forms.form(number(2)).dispute
    first, second = forms.batches
    assert (forms.account(first)[Where.RETURNED], forms.account(second)[Where.HELD]) == (1, 1)


def test_handing_back_shows_what_is_missing() -> None:
    laptop = begun()[0]
    write(laptop, "form_used", 1)
    write(laptop, "form_spoiled", 2)
    forms = register(laptop)
    assert forms.missing(forms.batches[0], [number(3), number(4)]) == (number(2), number(5), number(6))
    assert forms.missing(forms.batches[0], map(number, range(2, 7))) == ()


def test_a_receipt_of_bad_make_never_stops_the_register() -> None:
    laptop = begun()[0]
    for spoilt in ({"first": 0}, {"last": 10**9}, {"digits": 10**9}, {"first": "x"}, {"kind": None, "last": -1}):
        laptop.write("forms_received", {**receipt(f"x{spoilt}"), **spoilt})
    assert [batch.id for batch in register(laptop).batches] == ["b1"]


@given(st.sets(st.integers(1, 30), min_size=1))
def test_numbers_in_words_read_back(serials: set[int]) -> None:
    every, given_ = [number(n) for n in range(1, 31)], [number(n) for n in sorted(serials)]
    assert chosen(span(given_), every) == tuple(given_)


@pytest.mark.parametrize("text", ["3-5、9", "空003至空005，9", "003到005 空009", "9；5–3、3~5"])
def test_numbers_are_read_as_people_write_them(text: str) -> None:
    every = [number(n) for n in range(1, 11)]
    assert chosen(text, every)[-1] == number(9) and chosen("3-5、9", every) == tuple(map(number, (3, 4, 5, 9)))
    with pytest.raises(Problem, match="空011"):
        chosen("空001、空011", every)
