"""The sample bureau on a laptop, signed in as its first officer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.actions.sign_in import Session
from tests.office import office


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = office(tmp_path)
    yield made
    made.close()
