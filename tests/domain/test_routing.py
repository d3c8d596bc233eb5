"""From finding to consequence: what the data propose for each item, and what the officer has to weigh."""

from __future__ import annotations

import json

import pytest

from inspector_app.domain.finding import Consequence, Severity, doubt
from inspector_app.domain.people import UnitKind
from inspector_app.domain.policy import parse
from inspector_app.domain.procedure import parse as parse_procedure
from inspector_app.places import FORMS

POLICY = parse((FORMS / "policy.toml").read_text("utf-8"))
PROCEDURE = parse_procedure((FORMS / "procedure.toml").read_text("utf-8"))
ITEMS = {row["code"]: row for row in json.loads((FORMS / "checklists" / "items.json").read_text("utf-8"))}
SPECIAL = {
    "F02": Consequence.CORRECT, "L01": Consequence.CORRECT, "L05": Consequence.CORRECT,
    "I03": Consequence.PROPOSE, "J03": Consequence.PROPOSE, "N04": Consequence.PROPOSE, "H04": Consequence.PROPOSE,
    "H07": Consequence.TRANSFER, "I05": Consequence.TRANSFER, "K10": Consequence.TRANSFER,
}  # fmt: skip
"""Items with a rule of their own, at a unit that is no service enterprise."""


def proposed(code: str, kind: UnitKind) -> Consequence:
    return Consequence(POLICY.consequence(ITEMS[code]["consequence"], kind))


@pytest.mark.parametrize("kind", [kind for kind in UnitKind if kind is not UnitKind.SERVICE_ENTERPRISE])
def test_a_hazard_is_ordered_removed_a_listed_breach_has_its_own_way_all_else_is_an_opinion(kind: UnitKind) -> None:
    for code, row in ITEMS.items():
        hazard = row["severity"] == Severity.HAZARD and not row["consequence"].startswith("约谈")
        usual = Consequence.RECTIFY if hazard else Consequence.OPINION
        assert proposed(code, kind) is SPECIAL.get(code, usual), code


def test_a_service_enterprise_is_talked_to_or_a_case_is_filed() -> None:
    service = UnitKind.SERVICE_ENTERPRISE
    assert proposed("M03", service) is Consequence.TALK and proposed("H04", service) is Consequence.FILE
    assert "第五十一条" in POLICY.order_basis("M03", service.value) and not POLICY.order_basis("M03", "G")


def test_what_a_consequence_rests_on_is_the_article_of_its_rule() -> None:
    basis = PROCEDURE.basis
    assert "第四十五条" in basis(Consequence.RECTIFY) and "第四十六条" in basis(Consequence.PROPOSE)
    assert all("第四十九条" in POLICY.order_basis(code, "G") for code in ("F02", "L01", "L05"))
    assert "海关" in basis(Consequence.TRANSFER, "H07") and "保密" in basis(Consequence.TRANSFER, "I05")
    assert "网信" in basis(Consequence.TRANSFER, "K10")
    assert all(PROCEDURE.consequences[each].why for each in Consequence), "each says which findings it is for"


def test_what_speaks_against_a_consequence_is_told_and_nothing_else() -> None:
    for proposal in Consequence:
        for severity in Severity:
            assert doubt(proposal, severity, proposal) == "" or proposal is Consequence.RECTIFY
    assert "安全隐患为前提" in doubt(Consequence.RECTIFY, Severity.SERIOUS, Consequence.RECTIFY)
    assert doubt(Consequence.RECTIFY, Severity.HAZARD, Consequence.RECTIFY) == ""
    assert "责令限期整改" in doubt(Consequence.OPINION, Severity.HAZARD, Consequence.RECTIFY)
