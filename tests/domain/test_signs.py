"""Signs that nobody would see are written out by their code."""

from __future__ import annotations

import pytest

from inspector_app.domain.signs import drawable, named, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("照片1.jpg", "照片1.jpg"),
        ("a\u202eb", "a<202E>b"),
        ("a\u2028b", "a<2028>b"),
        ("😀", "😀"),
        ("\ue000", "<E000>"),
    ],
)
def test_what_steers_or_hides_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_what_no_face_draws_is_written_out() -> None:
    assert drawable("照片😀.jpg", "😀") == "照片<1F600>.jpg"


def test_a_sign_is_named_with_its_code_and_shown_where_it_can_be() -> None:
    assert named("😀\u202e\u0337\ue000") == "😀<1F600>、<202E>、<0337>、\ue000<E000>"
