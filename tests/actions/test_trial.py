"""The trial's sample bureau as somebody meets it first."""

from __future__ import annotations

from pathlib import Path

from inspector_app.actions import trial
from tests.office import laptop_at


def test_the_first_screen_repeats_nothing_that_was_said_while_the_sample_was_made(tmp_path: Path) -> None:
    session = trial.seed(laptop_at(tmp_path / "laptop"))
    assert session.book.notices == []
    session.close()
