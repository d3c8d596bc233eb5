"""What was written in a role that its author does not have is set aside by all alike, and what stands behind it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bureau_server.rights import Rights
from bureau_server.stick import take_in
from bureau_server.upkeep import faults, flagged
from inspector_app.domain.access import Role
from inspector_app.domain.event import FORMS_STREAM, Actor, Draft
from inspector_app.domain.problems import Problem
from inspector_app.domain.stamped import Where, read_forms
from inspector_app.record.checkpoint import Checkpoint
from inspector_app.record.keys import DeviceKey, PublicKey
from inspector_app.sync.bundle import Parcel, write_bundle
from inspector_app.sync.door import Door
from tests.server.conftest import PASSWORD, Served
from tests.server.test_doors import laptop_of
from tests.sync.world import STREAM, Laptop

OFFICER, LEAD = Actor("officer", "", "officer"), Actor("team_lead", "", "team_lead")
PLAN = {"officers": [{"id": "officer"}], "unit_name": "示例单位"}
ANSWER = {"item": "A01", "value": "符合"}


def sign(laptop: Laptop, kind: str, body: Mapping[str, object], actor: Actor, stream: str = STREAM) -> str:
    """Write what somebody who has the laptop in hand can have it sign, past everything that the program asks."""
    draft = Draft(stream, kind, body)
    (event,) = laptop.store.append([draft], actor=actor, bureau="", moment=laptop.bureau.clock.now(), app={})
    return event.id


def introduced(served: Served, folder: Path, account: str = "officer") -> tuple[Laptop, Door]:
    laptop, door = laptop_of(served, folder, account)
    learn(laptop, door)
    return laptop, door


def learn(laptop: Laptop, door: Door) -> None:
    for key in map(PublicKey.parse, door.device_keys()):
        laptop.bureau.devices.setdefault(key.name, []).append(key)


def test_one_form_used_on_two_laptops_is_in_dispute_at_the_bureau_and_on_both(served: Served, tmp_path: Path) -> None:
    (one, door), (two, other) = introduced(served, tmp_path / "a"), introduced(served, tmp_path / "b", "team_lead")
    learn(one, door)  # the other laptop was enrolled after it
    receipt = {"id": "b1", "kind": "notice", "series": "示空", "first": 1, "last": 3, "digits": 3, "giver": "示例内勤"}
    sign(one, "forms_received", receipt, OFFICER, FORMS_STREAM)
    one.sync(door.post)
    two.sync(other.post)
    used = {"batch": "b1", "number": "示空002", "title": "示例", "document": "示例1号", "revision": 1, "copy": "原件"}
    for laptop, actor in ((one, OFFICER), (two, LEAD)):
        sign(laptop, "form_used", {**used, "paper": f"P-{actor.id}"}, actor, FORMS_STREAM)
    for laptop, to in ((one, door), (two, other), (one, door)):
        assert laptop.sync(to.post).refused == {}
    seen = [holder.rows(FORMS_STREAM) for holder in (served.office.ledger, one.store, two.store)]
    assert seen[0] == seen[1] == seen[2]
    forms = read_forms(seen[0], str)
    assert {saying.paper for saying in forms.form("示空002").sayings} == {"P-officer", "P-team_lead"}
    assert forms.account()[Where.DISPUTED] == 1
    reviewer, third = introduced(served, tmp_path / "c", "legal_reviewer")
    foreign = sign(reviewer, "form_used", used, Actor("legal_reviewer", "", "legal_reviewer"), FORMS_STREAM)
    assert set(reviewer.sync(third.post).refused) == {foreign}, "only who keeps forms writes of them"


def test_nobody_enrols_a_key_under_another_laptops_name(served: Served, tmp_path: Path) -> None:
    """Else an officer would sign as the lead's laptop, and return or approve in the lead's role."""
    lead, _ = introduced(served, tmp_path / "lead", "team_lead")
    name = lead.store.device
    with Door(served.address) as door:
        door.sign_in("officer", PASSWORD, "", name)
        with pytest.raises(Problem) as refused:
            door.enrol("officer", DeviceKey.generate(name))
        assert refused.value.code == "device_known" and name in str(refused.value)
        rights = Rights(served.office.ledger, served.office.accounts.person_of(door.token))
        assert not rights.may_read(f"device/{name}"), "nor does he read what that laptop tells the bureau of itself"
        assert door.enrol("officer", lead.store.device_key), "who has the laptop in hand signs in there"
    assert served.office.accounts.holders(name)[0] == {"team_lead", "officer"}
    assert len(served.office.accounts.keys(name)) == 1


def answer(served: Served) -> object:
    return served.office.ledger.rows(STREAM).get(("answer", "A01"))


BORROWED = [
    ("a colleague's role", "review_passed", LEAD, "role_borrowed"),
    ("a role never held", "review_passed", Actor("officer", "", "team_lead"), "role_borrowed"),
    ("not in this role", "review_passed", OFFICER, "not_in_role"),
    ("the server's role", "returned", Actor("x", "", "server"), "role_borrowed"),
    ("auditor writes", "item_answered", Actor("auditor", "", "auditor"), "not_in_role"),
    ("auditor as officer", "item_answered", Actor("auditor", "", "officer"), "role_borrowed"),
    ("admin plans", "inspection_planned", Actor("bureau_admin", "", "officer"), "role_borrowed"),
    ("the bureau's own word", "event_set_aside", OFFICER, "not_in_role"),
    ("the bureau's own act", "account_changed", OFFICER, "not_in_role"),
]


def test_a_role_that_is_not_ones_own_does_nothing_and_holds_up_nothing(served: Served, tmp_path: Path) -> None:
    laptop, door = introduced(served, tmp_path / "a")
    plan = sign(laptop, "inspection_planned", PLAN, OFFICER)
    forged = {"item": "A01", "value": "不符合", "reason": "x", "event": plan, "officers": [{"id": "auditor"}]}
    bad = {sign(laptop, kind, {**forged, "text": name}, actor): code for name, kind, actor, code in BORROWED}
    good = sign(laptop, "item_answered", ANSWER, OFFICER)
    outcome = laptop.sync(door.post)
    assert outcome.open == () and {id: r.code for id, r in outcome.refused.items()} == bad
    assert laptop.store.aside() == {id: (STREAM, code) for id, code in bad.items()}
    ledger = served.office.ledger
    assert {plan, good, *bad} < {entry.id for entry in ledger.entries(STREAM)}, "kept as it was signed"
    rows = ledger.rows(STREAM)
    assert {key: row["code"] for (topic, key), row in rows.items() if topic == "aside"} == bad
    assert rows["inspection", ""]["officers"] == PLAN["officers"] and ledger.teams()[STREAM] == {"officer"}
    assert ("review", "") not in rows and [v["value"] for v in rows["answer", "A01"]["answer"]] == ["符合"]
    lead, lead_door = introduced(served, tmp_path / "lead", "team_lead")
    lead.sync(lead_door.post)
    assert lead.store.digest(STREAM) == laptop.store.digest(STREAM) and lead.store.rows(STREAM) == rows
    ledger.rebuild()
    assert ledger.rows(STREAM) == rows and ledger.teams()[STREAM] == {"officer"}
    assert laptop.sync(door.post).refused == {} and faults(served.office) == []
    laptop.close()
    lead.close()


def test_a_stick_is_judged_alike(served: Served, tmp_path: Path) -> None:
    laptop, _ = introduced(served, tmp_path / "a")
    sign(laptop, "inspection_planned", PLAN, OFFICER)
    bad = sign(laptop, "review_passed", {}, LEAD)
    sign(laptop, "item_answered", ANSWER, OFFICER)
    note = Checkpoint.sign(STREAM, laptop.store.heads(STREAM), laptop.store.device_key).note
    lines = [entry.line for entry in laptop.store.entries(STREAM)]
    with (tmp_path / "stick").open("wb") as file:
        write_bundle(file, served.office.key.public, [Parcel([note], {}, lines)], [])
    taken = take_in(served.office, tmp_path / "stick")
    assert taken.events == 3 and taken.refused == [f"{STREAM} {bad[:8]} role_borrowed"]
    assert answer(served) and ("review", "") not in served.office.ledger.rows(STREAM)
    laptop.close()


def test_what_a_lead_wrote_before_the_role_changed_is_taken_and_flagged(served: Served, tmp_path: Path) -> None:
    """Weeks offline: the review was written in the role of then; the bureau hears of it when it is another one."""
    laptop, door = introduced(served, tmp_path / "a", "team_lead")
    sign(laptop, "inspection_planned", PLAN, OFFICER)
    sign(laptop, "returned", {"reason": "示例原因"}, LEAD)
    served.office.accounts.add("team_lead", "示例人员", Role.OFFICER, PASSWORD)
    with pytest.raises(Problem) as ended:
        laptop.sync(door.post)
    assert ended.value.code == "signed_out"
    served.office.accounts.add("officer", "示例组长", Role.LEAD, PASSWORD)
    colleague = served.door("officer", laptop.store.device, enrol=False)
    assert laptop.sync(colleague.post).refused == {}
    assert served.office.ledger.rows(STREAM)["review", ""]["decisions"]
    assert flagged(served.office) == {"role_ended": 1}
    sign(laptop, "item_answered", ANSWER, Actor("team_lead", "", "officer"))  # in the role of now
    laptop.sync(colleague.post)
    assert flagged(served.office) == {"role_ended": 1} and answer(served)
    laptop.close()


def test_a_closed_account_and_a_person_without_one_lose_no_work(served: Served, tmp_path: Path) -> None:
    laptop, door = introduced(served, tmp_path / "a")
    sign(laptop, "inspection_planned", PLAN, OFFICER)
    sign(laptop, "item_answered", ANSWER, Actor("p-09120018", "09120018", "officer"))
    served.office.accounts.close("officer")
    lead = served.door("team_lead", laptop.store.device, enrol=False)
    assert laptop.sync(lead.post).refused == {} and answer(served)
    assert door.token and flagged(served.office) == {}
    laptop.close()


def test_what_a_revoked_device_hands_in_is_flagged(served: Served, tmp_path: Path) -> None:
    laptop, door = introduced(served, tmp_path / "a")
    sign(laptop, "inspection_planned", PLAN, OFFICER)
    laptop.sync(door.post)
    served.office.accounts.revoke(laptop.store.device)
    sign(laptop, "item_answered", ANSWER, OFFICER)
    laptop.sync(door.post)
    assert answer(served) and flagged(served.office) == {"device_revoked": 1}
    laptop.close()


def test_a_kind_of_a_later_version_is_carried_on(served: Served, tmp_path: Path) -> None:
    laptop, door = introduced(served, tmp_path / "a")
    sign(laptop, "inspection_planned", PLAN, OFFICER)
    later = sign(laptop, "sound_recorded", {}, Actor("auditor", "", "auditor"))
    assert laptop.sync(door.post).refused == {}
    assert later in {entry.id for entry in served.office.ledger.entries(STREAM)}
    laptop.close()


def test_no_laptop_is_enrolled_under_a_bureaus_name(served: Served) -> None:
    door = served.door("officer", served.office.key.name, enrol=False)
    with pytest.raises(Problem) as refused:
        door.enrol("officer", DeviceKey.generate(served.office.key.name))
    assert refused.value.code == "garbled"


@pytest.mark.parametrize("stream", ["register", "rules", "operation", "somewhere/else"])
def test_what_the_bureau_says_of_itself_comes_by_no_stick(served: Served, tmp_path: Path, stream: str) -> None:
    """Nor does it in an event of a kind that nobody here knows yet, which nobody can judge."""
    laptop, _ = introduced(served, tmp_path / "a")
    foreign = sign(laptop, "of_a_later_version", {"id": "x"}, OFFICER, stream)
    mine = sign(laptop, "item_answered", ANSWER, OFFICER)
    ends = {s: laptop.store.heads(s) for s in (stream, STREAM)}
    notes = [Checkpoint.sign(s, heads, laptop.store.device_key).note for s, heads in ends.items()]
    lines = [entry.line for s in ends for entry in laptop.store.entries(s)]
    with (tmp_path / "s.inspector").open("wb") as file:
        write_bundle(file, served.office.key.public, [Parcel(notes, {}, lines)], [])
    taken = take_in(served.office, tmp_path / "s.inspector")
    assert taken.streams == {STREAM} and [line.split()[1:] for line in taken.refused] == [[foreign[:8], "not_allowed"]]
    assert {e.id for e in served.office.ledger.entries(STREAM)} == {mine}
    laptop.close()
