"""A unit is kept with its code as the certificate writes it, however it was typed."""

from __future__ import annotations

from dataclasses import replace

from inspector_app.actions import register
from inspector_app.actions.sign_in import Session
from inspector_app.domain.people import Unit, UnitKind
from tests.office import refused

TYPED = Unit("u-9", "示例区档案馆", UnitKind.ARCHIVES, " 91350100m000100y43\n")


def test_a_code_is_kept_in_one_form(session: Session) -> None:
    register.register_unit(session.book, TYPED)
    assert session.queries.register().units["u-9"].credit_code == "91350100M000100Y43"
    register.enter_all(session.book, [replace(TYPED, id="u-10")], [])
    assert session.queries.register().units["u-10"].credit_code == "91350100M000100Y43"


def test_a_wrong_code_leaves_nothing(session: Session) -> None:
    before = session.book.store.count()
    problem = refused(
        "credit_code", lambda: register.register_unit(session.book, replace(TYPED, credit_code="91350100M000100Y44"))
    )
    assert "校验位" in problem.fact
    assert session.book.store.count() == before
