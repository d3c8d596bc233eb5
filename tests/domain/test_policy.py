"""What the bureau may set: complete, sourced, and consistent with the words of the law."""

import json
from datetime import date

import pytest

from inspector_app.domain.calendar import parse as parse_calendar
from inspector_app.domain.finding import Consequence
from inspector_app.domain.law import parse as parse_laws
from inspector_app.domain.numbers import Number, parse_number
from inspector_app.domain.people import UnitKind
from inspector_app.domain.policy import parse
from inspector_app.domain.problems import Problem
from inspector_app.places import FORMS

TEXT = (FORMS / "policy.toml").read_text("utf-8")
POLICY = parse(TEXT)
CALENDAR = parse_calendar((FORMS / "calendar.toml").read_text("utf-8"))
LAWS = parse_laws(path.read_text("utf-8") for path in sorted((FORMS / "laws").glob("*.toml")))
ITEMS = json.loads((FORMS / "checklists" / "items.json").read_text("utf-8"))
PAPERS = ("notice", "onsite_record", "evidence_list", "result_notice", "opinion", "rectification", "correction_order",
          "proof_of_service")  # fmt: skip


def test_each_consequence_of_the_data_has_exactly_one_value() -> None:
    for item in ITEMS:
        for kind in item["applies_to"]:
            assert Consequence(POLICY.consequence(item["consequence"], kind))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("意见书", "opinion"), ("责令限期整改", "rectify"), ("责令限期改正", "correct"), ("处分建议", "propose"),
        ("移送", "transfer"), ("当场改正", "on_the_spot"),
    ],
)  # fmt: skip
def test_the_proposed_consequences(words: str, value: str) -> None:
    assert {POLICY.consequence(words, kind) for kind in UnitKind} == {value}


@pytest.mark.parametrize(
    ("words", "enterprise", "others"), [("立案/处分建议", "file", "propose"), ("约谈/责令限期改正", "talk", "opinion")]
)
def test_only_a_service_enterprise_is_fined_or_summoned(words: str, enterprise: str, others: str) -> None:
    """档案法49 fines service enterprises, 实施条例51 summons them; an organ gets a proposal (实施条例46) or an opinion."""
    assert POLICY.consequence(words, UnitKind.SERVICE_ENTERPRISE) == enterprise
    assert {POLICY.consequence(words, k) for k in UnitKind if k is not UnitKind.SERVICE_ENTERPRISE} == {others}


@pytest.mark.parametrize(
    ("item", "kind", "article"),
    [("F02", "G", "第四十九条"), ("L01", "T", "第四十九条"), ("L05", "E", "第四十九条"), ("M03", "V", "第五十一条"),
     ("M03", "G", ""), ("E01", "G", ""), ("F01", "S", "")],
)  # fmt: skip
def test_an_order_to_correct_has_no_basis_that_nobody_chose(item: str, kind: str, article: str) -> None:
    assert POLICY.order_basis(item, kind) == (f"《中华人民共和国档案法实施条例》{article}" if article else "")


def test_the_articles_to_choose_from_bind_the_unit() -> None:
    for kind, articles in (("G", "四十九 五十"), ("V", "四十九 五十 五十一"), ("A", "四十八 四十九 五十")):
        chosen = POLICY.order_articles(kind)
        assert chosen == tuple(f"《中华人民共和国档案法实施条例》第{n}条" for n in articles.split())
        assert all(LAWS.in_force(article, date(2026, 3, 16)).verified for article in chosen)
        assert {POLICY.order_basis(item, kind) for item in ("F02", "M03", "L01")} <= {"", *chosen}


def test_an_unknown_consequence_or_paper_is_told() -> None:
    for look in (lambda name: POLICY.consequence(name, "G"), POLICY.paper, lambda name: POLICY.prefix(name, "闵档")):
        with pytest.raises(Problem) as caught:
            look("示例没有")
        assert caught.value.code == "not_found"


@pytest.mark.parametrize("kind", PAPERS)
def test_each_paper_has_a_series_that_makes_valid_numbers(kind: str) -> None:
    prefix = POLICY.prefix(POLICY.paper(kind).series, "闵档")
    number = Number(prefix, 2026, 1)
    assert prefix.startswith("闵档")
    assert parse_number(str(number)) == number


def test_no_two_series_share_a_prefix() -> None:
    prefixes = [POLICY.prefix(series, "闵档") for series in POLICY.series]
    assert len(prefixes) == len(set(prefixes))


def test_temporary_codes_stand_on_records_lists_of_evidence_and_proofs_of_service_only() -> None:
    """Of all papers, not only of those of a visit: 笔录 (also 询问, 复查), 证据登记单, 回证."""
    assert {kind for kind, rule in POLICY.papers.items() if rule.temporary} == {
        "onsite_record", "interview", "reinspection_record", "evidence_list", "proof_of_service"
    }  # fmt: skip


def test_a_paper_that_may_not_be_issued_on_site_says_why() -> None:
    assert all(rule.on_site or rule.reason for rule in POLICY.papers.values())
    assert all(rule.by for rule in POLICY.papers.values())


@pytest.mark.parametrize(
    ("key", "start", "last"),
    [
        ("reply_term", date(2026, 3, 16), date(2026, 4, 28)),
        ("rectify_term", date(2026, 3, 16), date(2026, 4, 28)),  # 30 working days over 清明
        ("register_preserve", date(2026, 9, 23), date(2026, 10, 10)),  # over 国庆, the Saturday worked
        ("reconsideration", date(2026, 3, 16), date(2026, 5, 15)),
        ("public_notice_service", date(2026, 9, 1), date(2026, 10, 8)),  # the last day falls into the holiday
        ("lawsuit", date(2025, 8, 31), date(2026, 2, 28)),  # no 31 February; the 28th is worked
        ("rectify_most", date(2026, 3, 16), date(2026, 6, 16)),
        ("limitation", date(2024, 2, 29), date(2026, 2, 28)),
    ],
)
def test_terms_run_by_their_unit(key: str, start: date, last: date) -> None:
    assert POLICY.deadline(key).last_day(start, CALENDAR) == last


def test_a_term_into_an_unknown_year_is_not_guessed() -> None:
    for key in ("rectify_term", "lawsuit", "limitation"):
        with pytest.raises(Problem) as caught:
            POLICY.deadline(key).last_day(date(2026, 12, 1), CALENDAR)
        assert caught.value.code == "unknown_year"


def test_hours_have_no_last_day() -> None:
    with pytest.raises(ValueError, match="H"):
        POLICY.deadline("approval_late").last_day(date(2026, 3, 16), CALENDAR)


@pytest.mark.parametrize(
    ("score", "grade"), [(100, "优秀"), (80, "优秀"), (79.9, "良好"), (60, "合格"), (59.9, "不合格"), (0, "不合格")]
)
def test_grades_by_the_share_of_met_items(score: float, grade: str) -> None:
    assert POLICY.grade(score) == grade
