"""A test that begins later in the day than the others: with a copy of a laptop on which the inspection has come so far."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.actions.sign_in import Session


def begins(stage: Callable[[Path], Session], what: str = "session") -> pytest.MarkDecorator:
    """Marks a test whose `session` (or `window`) begins at a stage of `tests.office`."""
    return pytest.mark.parametrize(what, [stage], indirect=True, ids=[stage.__name__])
