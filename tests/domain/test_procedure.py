"""The procedure's data: every hook is there, cites what the catalogue knows, and says what the law says."""

import re
from datetime import date

import pytest

from inspector_app.actions.service import METHODS
from inspector_app.domain.finding import Consequence
from inspector_app.domain.inspection import MOVES, Kind
from inspector_app.domain.law import parse as parse_laws
from inspector_app.domain.people import UnitKind
from inspector_app.domain.problems import PROBLEMS
from inspector_app.domain.procedure import parse
from inspector_app.places import FORMS

PROCEDURE = parse((FORMS / "procedure.toml").read_text("utf-8"))
LAWS = parse_laws(path.read_text("utf-8") for path in sorted((FORMS / "laws").glob("*.toml")))
DAY = date(2026, 3, 16)

_CITED = re.compile(r"(?P<law>[^；、，（）第《》依]+?)》?(?P<places>(?:、?第[一二三四五六七八九十百〇]+[条款项])+)")
_DOCUMENT = re.compile(r"国办发〔\d{4}〕\d+号")
_OUTSIDE = frozenset({"上海市优化营商环境条例"})
"""Cited for the plan and the code only; the catalogue holds what papers and checklists cite."""


def citations(text: str) -> list[str]:
    """Full citations of the articles in a hook such as 行政处罚法第四十二条、第五十五条；国办发〔2024〕54号."""
    found = []
    for match in _CITED.finditer(_DOCUMENT.sub("", text)):
        if match["law"] in _OUTSIDE:
            continue
        law = LAWS.law(match["law"])
        assert law is not None, match["law"]
        found += [f"《{law.title}》{place}" for place in re.split("、", match["places"])]
    return found


def test_every_move_and_every_refusal_has_its_hook() -> None:
    stages = {move.target.value for move in MOVES}
    codes = {"too_few_officers", "credential_missing", "credential_expired"}
    assert set(PROCEDURE.hooks) == stages | codes | {"paper_called_for", "review", "legal_review"}
    assert codes <= set(PROBLEMS)
    assert all(PROCEDURE.hooks.values())


def test_every_consequence_says_what_it_rests_on() -> None:
    assert set(PROCEDURE.consequences) == set(Consequence)
    assert all(PROCEDURE.basis(consequence) for consequence in Consequence)


@pytest.mark.parametrize("hook", [
    *PROCEDURE.hooks.values(),
    *(basis.hook for basis in PROCEDURE.consequences.values() if basis.hook and "至" not in basis.hook),
    *(hook for basis in PROCEDURE.consequences.values() for hook in basis.items.values()),
    *(basis.note for basis in PROCEDURE.consequences.values() if basis.note),
    *(PROCEDURE.power(kind, unit) for kind in Kind for unit in UnitKind),
])  # fmt: skip
def test_a_hook_cites_articles_in_force(hook: str) -> None:
    found = citations(hook)
    assert found or _DOCUMENT.search(hook) or any(name in hook for name in _OUTSIDE)
    for citation in found:
        assert LAWS.in_force(citation, DAY).verified


def test_a_wrong_article_would_be_seen() -> None:
    with pytest.raises(Exception, match="第九十九条"):
        LAWS.in_force(citations("档案法第九十九条")[0], DAY)
    with pytest.raises(AssertionError, match="示例法"):
        citations("示例法第一条")


def test_an_order_rests_on_45_and_a_fine_procedure_on_54() -> None:
    assert PROCEDURE.basis("rectify", "E01") == "档案法第四十五条"
    assert PROCEDURE.basis("propose", "H04") == "档案法实施条例第四十六条"
    assert PROCEDURE.basis("file", "H04") == "行政处罚法第五十四条"


def test_a_transfer_names_the_article_of_its_item_or_says_that_it_is_open() -> None:
    """实施条例46 is about clues and proposals; only export (档案法50) has an article of its own."""
    assert PROCEDURE.basis("transfer", "H07") == "档案法第五十条，移送海关"
    for item in ("I05", "K10"):
        said = PROCEDURE.basis("transfer", item)
        assert "待核" in said and "保密" in said and "第四十六条" not in said
    assert PROCEDURE.basis("transfer") == "依据待核"
    assert "行政处罚法第二十七条" in PROCEDURE.consequences["transfer"].note


def test_the_power_depends_on_the_kind_of_inspection_and_of_unit() -> None:
    """档案法43 is for clues only; organs are bound by their own rules as well (机关档案管理规定4)."""
    for unit in UnitKind:
        assert "第四十三条" in PROCEDURE.power(Kind.CLUE_BASED, unit)
        for kind in set(Kind) - {Kind.CLUE_BASED}:
            assert "第四十三条" not in PROCEDURE.power(kind, unit)
            assert "《中华人民共和国档案法》第四十二条" in PROCEDURE.power(kind, unit)
    assert "《机关档案管理规定》第四条第三款" in PROCEDURE.power(Kind.ROUTINE, UnitKind.ORGAN)
    assert "机关档案管理规定" not in PROCEDURE.power(Kind.ROUTINE, UnitKind.ENTERPRISE)


def test_what_is_read_aloud_has_a_version() -> None:
    for key in ("recording", "rights"):
        assert PROCEDURE.wordings[key].version
    assert "{bureau}" in PROCEDURE.wordings["rights"].text
    assert "\n" not in PROCEDURE.wordings["rights"].text and "    " not in PROCEDURE.wordings["rights"].text
    for word in ("拒绝检查", "陈述和申辩", "回避"):
        assert word in PROCEDURE.wordings["rights"].text


def test_every_method_of_service_says_what_counts() -> None:
    assert set(PROCEDURE.proofs) == set(METHODS)
    assert all(PROCEDURE.proofs.values())
