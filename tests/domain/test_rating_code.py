"""The codes under which a unit rates on its phone."""

from __future__ import annotations

from inspector_app.domain.rating import codes_of


def test_codes_stand_in_their_order_and_a_bad_one_spoils_nothing() -> None:
    assert codes_of({}) == ()
    held = [
        {"value": {"at": at, **({"code": code} if code else {})}} for at, code in (("2", "B"), ("1", "A"), ("0", ""))
    ]
    assert codes_of({"invited": held}) == ("A", "B")
