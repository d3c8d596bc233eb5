"""The sample bureau on a laptop, signed in as its first officer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.actions.sign_in import Session
from tests.office import copied, seeded


@pytest.fixture
def session(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    """In the morning, or at the stage that the test `begins` with."""
    made = copied(getattr(request, "param", seeded), tmp_path)
    yield made
    made.close()
