"""Gaps: what policy wants recorded and nothing shows, by the placed times of films and sounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.actions.rules import Rules
from inspector_app.domain import footage
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clock import CHINA
from inspector_app.domain.evidence import STORED, Evidence
from inspector_app.domain.footage import Rule, Want, gaps, parse, steps
from inspector_app.domain.recorded import Unfilmed
from inspector_app.domain.recorder import Sign, sign_of
from tests.papers.sample import at
from tests.review import files

POLICY = Rules().policy.recording
CASE = replace(files.clean_case(), evidence=())
"""Arrived 9:31, credentials, rights; every area answered between 10:01 and 10:13; signed at 11:22."""


def filmed(*films: Evidence, case: CaseFile = CASE) -> set[str]:
    """The keys of the steps that have no footage beside these films."""
    return {gap.step.key for gap in gaps(replace(case, evidence=films), POLICY)}


def film(begin: datetime, end: datetime, **more: object) -> Evidence:
    made = files.film(begin, int((end - begin).total_seconds() * 1000))
    return replace(made, **more)  # type: ignore[arg-type]


def test_without_footage_every_wanted_step_is_a_gap() -> None:
    wanted = {step.key for step in steps(CASE, POLICY) if step.want is not Want.NONE}
    assert filmed() == wanted and {"arrival", "credentials", "rights", "signing"} <= wanted
    assert len([key for key in wanted if key.startswith("area:")]) == len({item.section for item in CASE.items})
    assert not any(key.startswith("service") for key in wanted)


def test_one_film_of_the_whole_visit_closes_all() -> None:
    assert filmed(film(at(9, 0), at(12, 0))) == set()


@pytest.mark.parametrize("change", [{"withdrawn": "示例"}, {"time_from": STORED}, {"taken_at": None}, {"kind": "照片"}])
def test_what_has_no_known_place_in_time_closes_nothing(change: dict[str, object]) -> None:
    assert filmed(film(at(9, 0), at(12, 0), **change)) == filmed()


def test_sound_counts_and_a_moment_inside_is_enough_for_a_part() -> None:
    arrived = CASE.visit.arrived
    assert arrived is not None
    assert "arrival" not in filmed(film(arrived, arrived, kind="录音"))


def test_a_whole_step_tells_which_part_is_missing() -> None:
    signing = next(step for step in steps(CASE, POLICY) if step.key == "signing")
    third = (signing.end - signing.begin) / 3
    assert third > 2 * POLICY.slack
    middle = film(signing.begin + third, signing.end - third)
    (gap,) = [gap for gap in gaps(replace(CASE, evidence=(middle,)), POLICY) if gap.step.key == "signing"]
    first, last = gap.missing
    assert first == (signing.begin, signing.begin + third - POLICY.slack)
    assert last == (signing.end - third + POLICY.slack, signing.end)
    closed = (film(signing.begin, signing.begin + third), middle, film(signing.end - third, signing.end))
    assert "signing" not in filmed(*closed)


def test_a_refused_service_is_wanted_and_a_service_before_the_visit_is_none() -> None:
    case = replace(files._left(files.clean_case()), evidence=())
    keys = {step.key: step.want for step in steps(case, POLICY) if step.key.startswith("service")}
    assert set(keys.values()) == {Want.PART} and "service:P-notice" not in keys


def test_an_explained_gap_stays_a_gap_with_its_reason() -> None:
    case = replace(CASE, unfilmed=(Unfilmed("signing", "示例：记录仪没电", "示例沈岚", at(11, 30)),))
    reasons = {gap.step.key: gap.reason for gap in gaps(case, POLICY)}
    assert reasons["signing"] == "示例：记录仪没电" and reasons["arrival"] == ""
    assert "signing" not in {gap.step.key for gap in footage.open_gaps(case, POLICY)}


def test_before_the_arrival_and_without_policy_nothing_is_asked() -> None:
    before = replace(CASE, visit=replace(CASE.visit, arrived=None))
    assert gaps(before, POLICY) == () == gaps(CASE, parse({}))


@given(st.lists(st.tuples(st.integers(0, 240), st.integers(0, 60)), max_size=12))
def test_more_footage_never_opens_a_gap(spans: list[tuple[int, int]]) -> None:
    films = [film(at(9, 0) + timedelta(minutes=a), at(9, 0) + timedelta(minutes=a + b)) for a, b in spans]
    before = filmed()
    for count in range(len(films) + 1):
        now = filmed(*films[:count])
        assert now <= before
        before = now


def test_a_policy_of_bad_make_is_refused() -> None:
    assert parse({"step": {"arrival": {"name": "到场", "want": "全程"}}}).rules["arrival"] == Rule("到场", Want.WHOLE)
    for row in ({"name": "到场", "want": "有时"}, {"name": "到场", "want": "不录"}):
        with pytest.raises(ValueError):
            parse({"step": {"arrival": row}})


@pytest.mark.parametrize(("path", "sign"), [
    ("SL-0012_20260316103000.MP4", Sign("SL-0012", datetime(2026, 3, 16, 10, 30, tzinfo=CHINA))),
    ("sl-0012_20260316-103000.MP4", Sign("SL-0012", datetime(2026, 3, 16, 10, 30, tzinfo=CHINA))),
    ("DCIM/VID_20260316_103000.mp4", Sign("", datetime(2026, 3, 16, 10, 30, tzinfo=CHINA))),
    ("记录仪SL-0012/2026/0001.MOV", Sign("SL-0012")), ("SL-00123/0001.MOV", Sign()), ("X7/0001.MOV", Sign()),
    ("SL-0099_20269999999999.MP4", Sign()), ("IMG_0001.JPG", Sign()),
])  # fmt: skip
def test_names_of_files_say_device_and_time(path: str, sign: Sign) -> None:
    assert sign_of(path.split("/"), POLICY.names, ["SL-0012", "X7"]) == sign
