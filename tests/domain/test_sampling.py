"""A sample follows from its seed alone, and is neither of one end nor of one size."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.sampling import sample

CODES = [f"A{n:02}" for n in range(1, 41)]


@given(seed=st.text(max_size=8), codes=st.lists(st.sampled_from(CODES), unique=True), percent=st.integers(0, 100))
def test_as_many_as_asked_in_their_own_order(seed: str, codes: list[str], percent: int) -> None:
    found = sample(seed, codes, percent)
    assert len(found) == -(-len(codes) * percent // 100) and [c for c in codes if c in found] == list(found)
    assert found == sample(seed, codes, percent)


def test_every_item_comes_up_about_as_often_as_any_other() -> None:
    drawn = Counter(code for n in range(2000) for code in sample(str(n), CODES, 10))
    assert set(drawn) == set(CODES) and all(120 < count < 280 for count in drawn.values())  # 200 each; six sigma are 80
