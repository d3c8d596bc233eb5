"""The file review: no false block on clean files, every seeded defect found, nothing that keeps others from looking."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import datetime

import pytest

from inspector_app.domain.law import numeral
from inspector_app.domain.signed_page import SignedPage
from inspector_app.domain.waiver import Waiver
from inspector_app.papers.render import CATALOG, compose_pages
from inspector_app.review.catalogue import parse
from inspector_app.review.check import Severity
from inspector_app.review.checks import LOOKS
from inspector_app.review.dossier import Moment, read_print
from inspector_app.review.verdict import Verdict, look
from tests.papers import sample
from tests.papers.sample import at
from tests.review.defects import DEFECTS
from tests.review.files import FACES, RULES, clean_files

CHECKS = RULES.filecheck
FILES = clean_files()
WHOLE = FILES["八个问题，三种文书"]
SEEDED = [(code, n) for code, defects in DEFECTS.items() for n in range(len(defects))]


def codes(verdict: Verdict) -> set[str]:
    return {remark.check.code for remark in verdict.remarks if remark.open}


@pytest.mark.parametrize("name", FILES)
def test_a_clean_file_has_no_remark_but_notes(name: str) -> None:
    verdict = look(FILES[name], CHECKS)
    assert [(r.check.code, r.message) for r in verdict.remarks if r.check.severity is not Severity.NOTE] == []
    assert (verdict.score, verdict.grade, verdict.failed) == (100, "优秀", ())


@pytest.mark.parametrize(("code", "n"), SEEDED)
def test_a_seeded_defect_is_found(code: str, n: int) -> None:
    bad = DEFECTS[code][n](WHOLE)
    verdict = look(bad, CHECKS)
    mine = [remark for remark in verdict.remarks if remark.check.code == code]
    assert mine, "not found"
    assert not verdict.failed
    for remark in mine:
        assert "{" not in remark.message and remark.check.way and remark.hit.place.kind


def test_every_check_has_two_defects_and_every_function_its_data() -> None:
    assert {check.code for check in CHECKS.checks} == set(LOOKS) == set(DEFECTS)
    assert len(LOOKS) >= 60
    assert [code for code, defects in DEFECTS.items() if len(defects) < 2] == []


def test_every_check_says_what_it_rests_on_and_the_articles_exist() -> None:
    for check in CHECKS.checks:
        assert check.name and check.clause and check.way.endswith("。"), check.code
        assert (check.points > 0) == (check.severity is Severity.DEDUCT), check.code
        for name, article in re.findall(r"(?:^|；)([^第；]+)第([一二三四五六七八九十百]+)条", check.clause):
            law = RULES.laws.law(name)
            assert law is not None or name in _ELSEWHERE, (check.code, name)
            if law is not None:
                assert law.knows(next(n for n in range(1, 200) if numeral(n) == article)), (check.code, check.clause)


_ELSEWHERE = {"农业行政执法文书制作规范"}
"""Rules of other fields that a weight was taken from; no paper cites them."""


def test_defects_do_not_hide_each_other() -> None:
    """Many defects at once: each is found as if it were alone."""
    rng = random.Random(20260316)
    alone = {
        (code, n): code
        for code, n in SEEDED
        if look(DEFECTS[code][n](WHOLE), CHECKS).remarks and not _of_another_file(code, n)
    }
    texts = [key for key in alone if key[0] in ("D29", "D34", "D38", "D50", "D14", "U1", "N10", "D62", "V11")]
    for _ in range(20):
        chosen = rng.sample([key for key in texts if key[1] == 0], 5)
        bad = WHOLE
        for code, n in chosen:
            bad = DEFECTS[code][n](bad)
        found = codes(look(bad, CHECKS))
        assert {code for code, _ in chosen} - {"D29", "D34", "D38"} <= found  # these three write the same fact


def _of_another_file(code: str, n: int) -> bool:
    return DEFECTS[code][n](WHOLE).case.unit != WHOLE.case.unit


def test_while_editing_an_open_file_nothing_is_asked_that_comes_later() -> None:
    """An inspection that was only planned has no remarks; one under way none of what is still to be done."""
    case = replace(
        WHOLE.case, stage="planned", approved_at=None, papers=(), findings=(), evidence=(), checking_finished=False,
        items=tuple(replace(i, value="", reason="", evidence=()) for i in WHOLE.case.items), visit=type(WHOLE.case.visit)(),
    )  # fmt: skip
    assert codes(look(replace(WHOLE, case=case, prints=(), moment=Moment.EDIT), CHECKS)) == set()
    arrived = replace(
        WHOLE.case, stage="on_site", papers=WHOLE.case.papers[:1], findings=(), evidence=(), items=case.items,
        visit=replace(case.visit, place="办公楼201室", arrived=WHOLE.case.visit.arrived),
    )  # fmt: skip
    assert codes(look(replace(WHOLE, case=arrived, prints=WHOLE.prints[:1], moment=Moment.EDIT), CHECKS)) == set()


def test_a_waiver_takes_a_remark_out_and_a_block_needs_the_person_that_policy_names() -> None:
    bad = DEFECTS["D50"][0](DEFECTS["V3"][0](WHOLE))
    first = look(bad, CHECKS)
    blocked = next(r for r in first.remarks if r.check.code == "V3")
    assert first.grade == "不合格" and first.score < 100

    def waived(role: str) -> Verdict:
        waivers = tuple(
            Waiver(r.check.code, str(r.hit.place), "示例：单位确认收到", "示例周敏", role, at(9, 0, 20))
            for r in first.remarks
        )
        return look(replace(bad, case=replace(bad.case, waivers=waivers)), CHECKS)

    assert blocked in waived("officer").blocks
    lifted = waived("team_lead")
    assert lifted.blocks == () and (lifted.score, lifted.grade) == (100, "优秀")
    assert all(not r.open and r.points == 0 for r in lifted.remarks)


def test_points_of_one_check_are_capped() -> None:
    pieces = tuple(replace(piece, proves="") for piece in WHOLE.case.evidence)
    verdict = look(replace(WHOLE, case=replace(WHOLE.case, evidence=pieces)), CHECKS)
    mine = [r for r in verdict.remarks if r.check.code == "D25"]
    assert len(mine) == 16 and sum(r.points for r in mine) == 3 and verdict.score == 97


def test_a_file_of_bad_make_never_stops_the_review() -> None:
    """A value of a kind that nobody expects keeps the checks of that value from looking, and is named."""
    broken = replace(WHOLE.case.findings[0], consequence="示例后果")
    verdict = look(replace(WHOLE, case=replace(WHOLE.case, findings=(broken,))), CHECKS)
    assert verdict.failed and {code for code, _ in verdict.failed} <= set(LOOKS)
    assert verdict.looked > 60


def test_what_stands_on_a_paper_survives_being_kept() -> None:
    for sheet in WHOLE.prints:
        assert read_print({**sheet.plain(), "of_a_later_version": [1]}) == sheet


def test_data_that_names_no_function_or_no_points_is_refused() -> None:
    text = RULES.shelf.text("review.toml")
    with pytest.raises(ValueError, match="D999"):
        parse(text.replace("[check.D1]", "[check.D999]"))
    with pytest.raises(KeyError):
        parse(text.replace('way = "', 'away = "', 1))
    with pytest.raises(ValueError, match="fatal"):
        parse(text.replace('severity = "block"', 'severity = "fatal"', 1))


def test_grades_follow_the_score() -> None:
    assert [CHECKS.grade(score) for score in (100, 90, 89, 75, 74, 60, 59, 0)] == [
        "优秀", "优秀", "良好", "良好", "合格", "合格", "不合格", "不合格",
    ]  # fmt: skip
    assert isinstance(at(9, 0), datetime)


def test_a_choice_by_hand_is_told_by_the_signed_page() -> None:
    bad = DEFECTS["D39"][1](WHOLE)
    assert "D39" in codes(look(bad, CHECKS))
    page = SignedPage(1, 0, "", "", at(9, 0), "")
    kept = tuple(replace(paper, kept=(page,)) for paper in bad.case.papers)
    assert "D39" not in codes(look(replace(bad, case=replace(bad.case, papers=kept)), CHECKS))
    assert "D39" not in codes(look(replace(bad, moment=Moment.PRINT), CHECKS)), "before closing it may still come"


@pytest.mark.parametrize("kind", CATALOG)
def test_nothing_counts_as_lost_on_any_paper_of_the_catalog(kind: str) -> None:
    """Of both sets of titles, and where a text runs over several pages."""
    case = sample.case_of(kind)
    long = replace(case, visit=replace(case.visit, remarks="我单位对检查情况没有异议，" * 200))
    for each, titles in ((case, "shanghai"), (case, "ministry"), (long, "shanghai")):
        shown = compose_pages(kind, each, sample.stamp(kind), {}, titles, FACES).shown
        verdict = look(replace(WHOLE, case=each, prints=(shown,), about=kind, moment=Moment.PRINT), CHECKS)
        assert [r.message for r in verdict.remarks if r.check.code in ("N13", "D80")] == []
