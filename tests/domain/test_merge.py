"""Any order of arrival gives the same projection; differing answers stand side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.event import Actor, BlobRef, Event
from inspector_app.domain.merge import Ancestry, order
from inspector_app.domain.projection import fold, standing
from inspector_app.domain.sheet import read_sheets

STREAM = "inspection/2026-01"


def event(device: str, seq: int, prev: str, parents: Sequence[str], kind: str, body: dict[str, Any]) -> Event:
    """An event with an id that follows from its content, as the record makes it."""
    made = Event(
        id="", v=1, kind=kind, schema=1, bureau="b", stream=STREAM, strand=f"{device}.1", seq=seq, prev=prev,
        parents=tuple(parents), at="2026-03-16T10:00:00+08:00", mono=0, boot="b", anchor=None,
        actor=Actor(device, "1", "officer"), witness=None, device=device, step="检查", body=body, blobs=(), app={},
    )  # fmt: skip
    text = json.dumps([device, seq, prev, list(parents), kind, body], sort_keys=True)
    return made._replace(id=hashlib.sha256(text.encode()).hexdigest())


class Laptop:
    """A device that writes events and may take in those of another."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.events: dict[str, Event] = {}
        self.last = ("", -1)

    def heads(self) -> list[str]:
        past = {p for e in self.events.values() for p in (e.prev, *e.parents)}
        return sorted(id for id in self.events if id not in past)

    def write(self, kind: str, body: dict[str, Any]) -> Event:
        prev, seq = self.last
        made = event(self.name, seq + 1, prev, self.heads(), kind, body)
        self.events[made.id] = made
        self.last = (made.id, made.seq)
        return made

    def take(self, other: Laptop) -> None:
        self.events |= other.events


ANSWERS = st.sampled_from(["符合", "基本符合", "不符合", ""])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 2), st.sampled_from(["A01", "A02"]), ANSWERS),
        st.tuples(st.just("finding"), st.integers(0, 2), st.sampled_from(["F1", "F2"]), ANSWERS),
        st.tuples(st.just("sync"), st.integers(0, 2), st.integers(0, 2), st.just("")),
    ),
    min_size=1,
    max_size=25,
)


def play(steps: list[Any]) -> list[Laptop]:
    laptops = [Laptop(name) for name in ("A", "B", "C")]
    for what, who, target, value in steps:
        if what == "sync":
            laptops[who].take(laptops[target])
        elif what == "answer":
            laptops[who].write("item_answered", {"item": target, "value": value})
        else:
            laptops[who].write("finding_recorded", {"id": target, "code": target, "fields": {"fact": value}})
    return laptops


@given(STEPS, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_digest(steps: list[Any], chance: Any) -> None:
    everything = {id: e for laptop in play(steps) for id, e in laptop.events.items()}
    if everything:
        first, second = list(everything.values()), list(everything.values())
        chance.shuffle(second)
        assert fold(first).digest() == fold(second).digest()
        assert [e.id for e in order(first)] == [e.id for e in order(second)]


@given(STEPS)
def test_folding_one_by_one_equals_folding_anew(steps: list[Any]) -> None:
    """A local event is the child of all heads, so the live fold and the rebuilt one agree."""
    laptop = play(steps)[0]
    everything = order(laptop.events.values())
    live = fold(everything[:-1])
    for event in everything[-1:]:
        live.apply(event)
    assert live.digest() == fold(everything).digest()


@given(STEPS)
def test_a_parent_comes_before_its_child(steps: list[Any]) -> None:
    everything = {id: e for laptop in play(steps) for id, e in laptop.events.items()}
    seen: set[str] = set()
    for made in order(everything.values()):
        assert {p for p in (made.prev, *made.parents) if p in everything} <= seen
        seen.add(made.id)


@given(STEPS)
def test_ancestry_is_what_a_walk_along_parents_finds(steps: list[Any]) -> None:
    everything = {id: e for laptop in play(steps) for id, e in laptop.events.items()}
    ancestry = Ancestry()
    for made in order(everything.values()):
        ancestry.learn(made)

    def past(id: str) -> set[str]:
        found, open_ = set(), [id]
        while open_:
            here = open_.pop()
            if here in everything and here not in found:
                found.add(here)
                open_ += [everything[here].prev, *everything[here].parents]
        return found

    for later in everything:
        assert {e for e in everything if ancestry.precedes(e, later)} == past(later)


def test_two_officers_on_one_item_show_both_and_a_later_answer_settles_it() -> None:
    a, b = Laptop("A"), Laptop("B")
    a.write("item_answered", {"item": "E03", "value": "不符合"})
    b.write("item_answered", {"item": "E03", "value": "基本符合"})
    a.take(b)
    both = fold(a.events.values()).rows["answer", "E03"]["answer"]
    assert {v["value"] for v in standing(both)} == {"不符合", "基本符合"}
    a.write("item_answered", {"item": "E03", "value": "不符合", "reason": "复看后一致"})
    assert [v["value"] for v in fold(a.events.values()).rows["answer", "E03"]["answer"]] == ["不符合"]


def test_equal_concurrent_answers_collapse() -> None:
    a, b = Laptop("A"), Laptop("B")
    a.write("item_answered", {"item": "E03", "value": "符合"})
    b.write("item_answered", {"item": "E03", "value": "符合"})
    a.take(b)
    assert len(standing(fold(a.events.values()).rows["answer", "E03"]["answer"])) == 1


def test_a_fork_of_a_strand_is_kept_beside_it() -> None:
    """A restored disk image goes on from an old event: both histories stay."""
    a = Laptop("A")
    first = a.write("item_answered", {"item": "A01", "value": "符合"})
    kept = a.write("item_answered", {"item": "A01", "value": "不符合"})
    forked = event("A", 1, first.id, [first.id], "item_answered", {"item": "A01", "value": "基本符合"})
    values = {v["value"] for v in fold([first, kept, forked]).rows["answer", "A01"]["answer"]}
    assert values == {"不符合", "基本符合"}


def test_an_unknown_kind_is_counted_and_changes_nothing_else() -> None:
    a = Laptop("A")
    a.write("item_answered", {"item": "A01", "value": "符合"})
    before = fold(a.events.values()).rows["answer", "A01"]
    a.write("from_the_future", {"x": 1})
    folded = fold(a.events.values())
    assert folded.rows["answer", "A01"] == before
    assert [key[0] for key in folded.rows].count("unknown") == 1


def test_an_inspection_that_nobody_planned_holds_nothing_up() -> None:
    """A bad event may speak of it first; what stands behind is folded all the same."""
    a = Laptop("A")
    a.write("officer_replaced", {"left": "x", "officer": {"id": "y", "name": "示例新人"}})
    a.write("item_answered", {"item": "A01", "value": "符合"})
    assert fold(a.events.values()).rows["answer", "A01"]["answer"][0]["value"] == "符合"


def test_a_duplicate_is_a_no_op() -> None:
    a = Laptop("A")
    made = a.write("item_answered", {"item": "A01", "value": "符合"})
    folded = fold([made])
    assert folded.apply(made) == set()


FACTS = st.sampled_from(["remark_recorded", "attendees_confirmed", "law_explained", "evidence_described"])


@given(
    st.lists(st.tuples(st.integers(0, 2), FACTS | st.just("sync"), st.integers(0, 2)), max_size=15),
    st.randoms(use_true_random=False),
)
def test_what_officers_note_at_once_is_kept_side_by_side(steps: list[Any], chance: Any) -> None:
    """A step gives way only to a step that knew of it; nothing that somebody wrote is lost from view."""
    laptops = [Laptop(name) for name in ("A", "B", "C")]
    photo = BlobRef("0" * 64, "0" * 64, 1, "image/jpeg", "imported")
    taken = laptops[0].write("evidence_taken", {"number": "ZJ-1"})._replace(blobs=(photo,))
    for laptop in laptops:
        laptop.events[taken.id] = taken
    for number, (who, what, other) in enumerate(steps):
        if what == "sync":
            laptops[who].take(laptops[other])
        elif what == "evidence_described":
            laptops[who].write(what, {"number": "ZJ-1", "changes": {"proves": f"第{number}句"}})
        else:
            laptops[who].write(what, {"text": f"第{number}句", "attendees": [], "topics": str(number)})
    everything = {id: e for laptop in laptops for id, e in laptop.events.items()}
    shuffled = list(everything.values())
    chance.shuffle(shuffled)
    folded = fold(shuffled)
    assert folded.digest() == fold(everything.values()).digest()
    ancestry = folded.ancestry
    names = {"remark_recorded": "remarks", "attendees_confirmed": "attendees", "law_explained": "law"}
    for kind in (*names, "evidence_described"):
        mine = [e for e in everything.values() if e.kind == kind]
        newest = {e.id for e in mine if not any(o is not e and ancestry.precedes(e.id, o.id) for o in mine)}
        row = folded.rows.get(("visit", ""), {}).get(names.get(kind, ""), [])
        if kind == "evidence_described":
            row = folded.rows["evidence", "ZJ-1"].get("changes", {}).get("proves", [])
        assert {version["event"] for version in row} == newest


SHEET = st.tuples(
    st.integers(0, 2), st.sampled_from(["fill", "rows", "drop", "sync"]), st.integers(0, 2), st.sampled_from("ab")
)


@given(st.lists(SHEET, max_size=18), st.randoms(use_true_random=False))
def test_what_officers_fill_in_at_once_is_kept_side_by_side(steps: list[Any], chance: Any) -> None:
    """A field gives way only to a value that knew of it; a drop takes away only what it knew of."""
    laptops = [Laptop(name) for name in ("A", "B", "C")]
    for number, (who, what, other, name) in enumerate(steps):
        body = {"sheet": "approval", "kind": "approval"}
        if what == "sync":
            laptops[who].take(laptops[other])
        elif what == "drop":
            laptops[who].write("sheet_dropped", {**body, "reason": f"原因{number}"})
        else:
            value = f"第{number}句" if what == "fill" else [[f"第{number}行", ""]]
            laptops[who].write("sheet_filled", {**body, "changes": {name: value}})
    everything = {id: e for laptop in laptops for id, e in laptop.events.items()}
    shuffled = list(everything.values())
    chance.shuffle(shuffled)
    folded = fold(shuffled)
    assert folded.digest() == fold(everything.values()).digest()
    ancestry, row = folded.ancestry, folded.rows.get(("sheet", "approval"), {})

    def newest(among: list[Event]) -> set[str]:
        return {e.id for e in among if not any(o is not e and ancestry.precedes(e.id, o.id) for o in among)}

    mine = [e for e in everything.values() if e.kind in ("sheet_filled", "sheet_dropped")]
    for name in "ab":
        wrote = [e for e in mine if name in e.body.get("changes", {})]
        assert {v["event"] for v in row.get("fields", {}).get(name, [])} == newest(wrote)
    assert {v["event"] for v in row.get("dropped", [])} == newest(mine)
    sheet = read_sheets(folded.rows, str)
    if newest(mine) and all(everything[id].kind == "sheet_dropped" for id in newest(mine)):
        assert sheet == ()
    elif any(e.kind == "sheet_filled" for e in mine):
        assert len(sheet) == 1
        differing = {version.field for version in sheet[0].conflict}
        assert ("dropped" in differing) is (len({v["value"] for v in row["dropped"]}) > 1)
        for name, versions in row["fields"].items():
            assert (name in differing) is (len(versions) > 1)
