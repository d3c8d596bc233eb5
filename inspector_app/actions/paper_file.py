"""Every paper of the catalog in one folder, with a report: of the sample inspection or of an exported record."""

from __future__ import annotations

import tomllib

from ..domain.casefile import Sheet
from ..places import RESOURCES


def sample_sheets() -> tuple[Sheet, ...]:
    """What was filled in for the sample inspection, one sheet of each kind."""
    data = tomllib.loads((RESOURCES / "trial" / "sheets.toml").read_text("utf-8"))
    return tuple(
        Sheet(
            kind, kind, {name: value for name, value in fields.items() if isinstance(value, str)},
            {name: tuple(map(tuple, value)) for name, value in fields.items() if isinstance(value, list)},
        )
        for kind, fields in data.items()
    )  # fmt: skip
