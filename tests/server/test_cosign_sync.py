"""会签 with the bureau's server behind: keys and revocations come from there, and what was taken in is handed on."""

from __future__ import annotations

from pathlib import Path

from inspector_app.actions import cosign, sync
from inspector_app.actions.sign_in import set_up
from inspector_app.domain.access import Role
from inspector_app.domain.cosigning import GIVEN
from inspector_app.domain.people import Bureau, Credential, Officer
from tests.office import CASE, arrive, laptop_at, refused
from tests.server.conftest import PASSWORD, Served
from tests.server.test_laptop import joined, served_office
from tests.sync.world import START

__all__ = ["served_office"]


def test_keys_come_from_the_bureau_and_the_bureau_hears_of_it(served_office: Served, tmp_path: Path) -> None:
    office = served_office.office
    office.accounts.add("lu", "示例陆一鸣", Role.OFFICER, PASSWORD)
    one = joined(served_office, tmp_path / "one")
    officer = Officer("lu", "示例陆一鸣", "科员", Credential("09120023", START.date(), START.date()))
    two = set_up(laptop_at(tmp_path / "two"), Bureau("示例区档案局", "示档"), officer, "shili-tongxing-2026")
    arrive(one.book)
    request = cosign.ask(one.book, CASE).note
    refused("cosign_stranger", lambda: cosign.look(two.book, request))
    sync.enrol(two.book, served_office.address, "lu", PASSWORD)
    for session in (two, one):
        sync.hand_over(session.book)
    answer = cosign.give(two, request, "lu", "shili-tongxing-2026").value
    cosign.take(one.book, CASE, answer)
    for session in (one, two):
        sync.hand_over(session.book)
    assert not one.book.store.aside() and not two.book.store.aside()
    assert cosign.taken(two.book, CASE) == cosign.taken(one.book, CASE) != []
    rows = office.ledger.rows(f"device/{two.book.store.device}")
    assert [row["note"] for (topic, _), row in rows.items() if topic == "cosigned_elsewhere"] == [request]
    assert GIVEN in {event.kind for event in two.book.store.events(f"device/{two.book.store.device}")}

    late = cosign.give(two, cosign.ask(one.book, CASE).note, "lu", "shili-tongxing-2026").value
    office.accounts.revoke(two.book.store.device)
    sync.hand_over(one.book)
    refused("cosign_revoked", lambda: cosign.take(one.book, CASE, late))
    one.close()
    two.close()
