"""The double-random draw: fair to the weights, never an inadmissible team, every admissible one possible, drawn again
by a script that shares no line with the application."""

from __future__ import annotations

import itertools
import json
import math
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector_app.domain.draw import (
    Candidate,
    Chance,
    Recusal,
    Sealed,
    Subject,
    draw,
    exported,
    replay,
    sha256,
    staffed,
)
from inspector_app.domain.problems import Problem

SECRET = "示例种子"
SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "draw-replay.py"
SEEDS = 2_000
ALL_SEEDS = 100_000


def sealed(weights: dict[str, int], officers: int = 4, count: int = 1, most: int = 9) -> Sealed:
    units = tuple(Subject(id, f"示例{id}", "机关", weight) for id, weight in weights.items())
    people = tuple(Candidate(f"p{n}", f"示例人{n}", most) for n in range(officers))
    return Sealed("示例抽取", count, units, people, (), ("示例规则",), sha256(SECRET))


def too_rare(counts: Counter[str], odds: dict[str, float]) -> float:
    """The p of a chi-square test: the upper tail of the distribution with len - 1 degrees (Wilson and Hilferty)."""
    total, free = sum(counts.values()), len(odds) - 1
    chi = sum((counts[key] - total * p) ** 2 / (total * p) for key, p in odds.items())
    z = ((chi / free) ** (1 / 3) - (1 - 2 / (9 * free))) / math.sqrt(2 / (9 * free))
    return math.erfc(z / math.sqrt(2)) / 2


WEIGHTS = {"u1": 1, "u2": 2, "u3": 4, "u4": 8, "u5": 16, "u6": 5}


def fair(seeds: int) -> dict[str, float]:
    """p of units against their weights, of the second unit given the first, and of ordered teams against equal odds."""
    pool, total = sealed(WEIGHTS, count=2), sum(WEIGHTS.values())
    units: Counter[str] = Counter()
    second: Counter[str] = Counter()
    teams: Counter[str] = Counter()
    for seed in range(seeds):
        first, other = draw(pool, SECRET, str(seed)).rows
        units[first.unit.id] += 1
        if first.unit.id == "u5":
            second[other.unit.id] += 1
        teams["-".join(officer.id for officer in first.officers)] += 1
    left = {id: weight for id, weight in WEIGHTS.items() if id != "u5"}
    pairs = ["-".join(pair) for pair in itertools.permutations([f"p{n}" for n in range(4)], 2)]
    return {
        "units": too_rare(units, {id: weight / total for id, weight in WEIGHTS.items()}),
        "second": too_rare(second, {id: weight / sum(left.values()) for id, weight in left.items()}),
        "teams": too_rare(teams, dict.fromkeys(pairs, 1 / len(pairs))),
    }


def test_units_come_by_weight_and_officers_with_equal_odds() -> None:
    found = fair(SEEDS)
    assert min(found.values()) > 0.001, found


@pytest.mark.campaign
def test_a_hundred_thousand_seeds_are_fair() -> None:
    found = fair(ALL_SEEDS)
    print(f"\n{ALL_SEEDS} seeds: " + ", ".join(f"{name} p = {p:.3f}" for name, p in found.items()))
    assert min(found.values()) > 0.001


def test_an_unfair_draw_is_seen() -> None:
    counts = Counter({"a": 540, "b": 460})
    assert too_rare(counts, {"a": 0.5, "b": 0.5}) < 0.02
    assert too_rare(Counter({"a": 505, "b": 495}), {"a": 0.5, "b": 0.5}) > 0.5


def test_numbers_are_even_and_follow_from_the_seed_alone() -> None:
    chance, again = Chance("示例"), Chance("示例")
    numbers = [chance.below(7) for _ in range(3_500)]
    assert numbers == [again.below(7) for _ in range(3_500)]
    assert too_rare(Counter(map(str, numbers)), {str(n): 1 / 7 for n in range(7)}) > 0.001


# -- with constraints ----------------------------------------------------------------------------------------------------

SMALL = replace(
    sealed({"a": 1, "b": 3, "c": 2}, officers=4, count=3, most=2),
    recusals=(Recusal("p0", "a", "近亲属"), Recusal("p1", "a", "近三年任职"), Recusal("p2", "c", "近亲属")),
)
"""Six places for eight: a can only have p2 and p3, which leaves c one of those two at most."""

Whole = tuple[tuple[str, frozenset[str]], ...]


def wholes(pool: Sealed) -> set[Whole]:
    """Every way to give each unit two officers, by trying all of them."""
    out = {(r.officer, r.unit) for r in pool.recusals}
    free = [o.id for o in pool.officers if not o.bar]
    pairs = {u.id: [frozenset(p) for p in itertools.combinations(free, 2) if not any((o, u.id) in out for o in p)]
             for u in pool.units}  # fmt: skip
    most = {o.id: o.most for o in pool.officers}
    found = set()
    for teams in itertools.product(*pairs.values()):
        load = Counter(officer for team in teams for officer in team)
        if all(load[id] <= most[id] for id in load):
            found.add(tuple(zip(pairs, teams, strict=True)))
    return found


def whole_of(pool: Sealed, word: str) -> Whole:
    teams = {row.unit.id: frozenset(o.id for o in row.officers) for row in draw(pool, SECRET, word).rows}
    return tuple((unit.id, teams[unit.id]) for unit in pool.units)


def test_every_admissible_whole_comes_and_no_other() -> None:
    expected = wholes(SMALL)
    assert len(expected) > 3
    assert {whole_of(SMALL, str(seed)) for seed in range(400)} == expected


@st.composite
def pools(make: st.DrawFn) -> Sealed:
    """Small pools with bars, recusals and little room, so that many have no solution for all units."""
    count = make(st.integers(1, 4))
    units = tuple(
        Subject(f"u{n}", f"示例{n}", "企业", make(st.integers(1, 9)), make(st.sampled_from(["", "", "", "已查"])))
        for n in range(make(st.integers(1, 5)))
    )
    people = tuple(
        Candidate(f"p{n}", f"示例人{n}", make(st.integers(1, 3)), make(st.sampled_from(["", "", "", "证件到期"])))
        for n in range(make(st.integers(0, 5)))
    )
    ties = [Recusal(p.id, u.id, "近亲属") for p in people for u in units if make(st.integers(0, 4)) == 0]
    return Sealed("示例", count, units, people, tuple(ties), (), sha256(SECRET))


@settings(max_examples=60)
@given(pools(), st.text(max_size=8))
def test_no_inadmissible_team_is_ever_drawn(pool: Sealed, word: str) -> None:
    drawn = draw(pool, SECRET, word)
    out = {(r.officer, r.unit) for r in pool.recusals}
    load: Counter[str] = Counter()
    for row in drawn.rows:
        assert not row.unit.bar
        assert len({o.id for o in row.officers}) == 2
        assert not any(o.bar or (o.id, row.unit.id) in out for o in row.officers)
        assert all(each.reason for each in row.passed)
        load.update(o.id for o in row.officers)
    assert all(load[o.id] <= o.most for o in pool.officers)
    chosen = {row.unit.id for row in drawn.rows}
    assert len(chosen) == len(drawn.rows) <= pool.count
    if len(chosen) < pool.count:  # then nobody was left who could be taken
        assert chosen | {each.id for each in drawn.passed} == {u.id for u in pool.units}
        able = {u.id: {o.id for o in pool.officers if not o.bar and (o.id, u.id) not in out} for u in pool.units}
        room = {o.id: o.most for o in pool.officers}
        free = [u.id for u in pool.units if not u.bar and u.id not in chosen]
        assert not any(staffed(dict.fromkeys([*chosen, id], 2), room, able) for id in free)


@settings(max_examples=60)
@given(pools())
def test_whether_all_can_be_staffed_agrees_with_trying_everything(pool: Sealed) -> None:
    out = {(r.officer, r.unit) for r in pool.recusals}
    able = {u.id: {o.id for o in pool.officers if not o.bar and (o.id, u.id) not in out} for u in pool.units}
    can = staffed(dict.fromkeys(able, 2), {o.id: o.most for o in pool.officers}, able)
    assert can == bool(wholes(pool))


# -- the file ------------------------------------------------------------------------------------------------------------


def by_script(text: str, folder: Path, *more: str) -> tuple[int, str]:
    """What the script says, in an interpreter that sees neither the application nor the environment."""
    (folder / "draw.json").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(SCRIPT), str(folder / "draw.json"), *more],
        capture_output=True, text=True, check=False, cwd=folder, encoding="utf-8", env={"PATH": os.defpath},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def file_of(pool: Sealed, word: str) -> str:
    return exported(pool, SECRET, word, draw(pool, SECRET, word).lines)


BARRED = replace(
    SMALL,
    units=(*SMALL.units, Subject("d", "示例d“甲”\n\t\x7f", "街镇", 9, "本轮已查")),
    officers=(*SMALL.officers, Candidate("q", "示例𠮷", 3, "执法证到期")),
)


def test_the_script_draws_the_same(tmp_path: Path) -> None:
    lines = sum(len(draw(BARRED, SECRET, str(seed)).lines) for seed in range(3))
    assert lines > 20
    for seed in range(3):
        code, said = by_script(file_of(BARRED, str(seed)), tmp_path, BARRED.digest)
        assert (code, said.startswith("相同")) == (0, True), said


def test_the_script_is_short_and_stands_alone() -> None:
    text = SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) < 120
    named = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert named <= set(sys.stdlib_module_names)


def test_what_was_changed_is_found_by_both(tmp_path: Path) -> None:
    held = json.loads(file_of(BARRED, "40718253"))
    held["result"][3] += "改"
    changed = json.dumps(held)
    assert replay(changed).differs == 4
    assert by_script(changed, tmp_path)[1].startswith("第 4 行不同")
    held["result"] = held["result"][:3]
    assert replay(json.dumps(held)).differs == 4
    held = json.loads(file_of(BARRED, "40718253"))
    held["sealed"]["units"][0]["weight"] += 1
    with pytest.raises(Problem, match="校验值不符"):
        replay(json.dumps(held))
    assert by_script(json.dumps(held), tmp_path)[0] == 1
    assert by_script(file_of(BARRED, "1"), tmp_path, "ab" * 32)[0] == 1
    assert by_script("{}", tmp_path)[0] == 2
    held = json.loads(file_of(BARRED, "1")) | {"secret": "另一个"}
    with pytest.raises(Problem, match="种子"):
        replay(json.dumps(held))
    assert by_script(json.dumps(held), tmp_path)[0] == 1


def test_an_untouched_file_is_the_same_and_a_strange_one_is_told() -> None:
    assert replay(file_of(BARRED, "40718253")).differs == 0
    for text in ("", "[]", "{}", '{"format": "another"}', file_of(BARRED, "1").replace('"weight": 1,', '"weight": 0,')):
        with pytest.raises(Problem):
            replay(text)


def test_neither_side_alone_decides() -> None:
    """Another word, another secret or another pool gives another draw."""
    pool = sealed(WEIGHTS, count=6, officers=4)
    base = draw(pool, SECRET, "1").lines
    other = replace(pool, commitment=sha256("另一个"))
    assert len({base, draw(pool, SECRET, "2").lines, draw(other, "另一个", "1").lines,
                draw(replace(pool, title="示例之二"), SECRET, "1").lines}) == 4  # fmt: skip
