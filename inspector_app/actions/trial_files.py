"""Files that a newcomer to the trial has at hand: a camera's card, the unit's self-assessment, photos after rectification."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ..domain.clock import Clock, TrialClock
from .laptop import Laptop
from .sign_in import Session

_FIRST = timedelta(seconds=70)
"""How long after the sample's beginning its first photo is taken, until the visit says when it really began."""


def card_of(laptop: Laptop) -> Path:
    """The folder that stands for a camera's card."""
    return laptop.folder / "示例存储卡"


def self_check_of(laptop: Laptop) -> Path:
    """The workbook that the unit of today's visit has filled in."""
    return laptop.folder / "示例自查表.xlsx"


def rectified_of(laptop: Laptop) -> Path:
    """The folder with photos of what was put right, named after the items."""
    return laptop.folder / "示例整改照片"


def lay_out(session: Session, stream: str, start: datetime, said: dict[str, Any]) -> None:
    """Write all of them; `said` is what the unit says of itself, item by item, and by whom and when."""
    from ..evidence import sample  # Pillow and openpyxl are imported where pictures and workbooks are made
    from ..workbooks import selfcheck

    laptop, queries = session.laptop, session.book.queries
    sample.write_card(card_of(laptop), start + _FIRST)
    sample.write_rectified(rectified_of(laptop))
    case = queries.case(stream)
    items = queries.form(case).infos
    answers = {item.code: ("符合", "") for item in items} | {
        code: (one[0], one[1]) for code, one in said["items"].items()
    }
    made = selfcheck.write(items, case.unit.name, answers, said["by"], said["day"])
    self_check_of(laptop).write_bytes(made)


def photograph_from(laptop: Laptop, clock: Clock) -> None:
    """The visit has begun: from now on the photos of the card are taken, one a second and by the sample day's pace four a
    second, so that none is older than the visit or later than its import."""
    from ..evidence import sample

    pace = clock.pace if isinstance(clock, TrialClock) else 1.0
    sample.retime(card_of(laptop), clock.now().at, timedelta(seconds=max(1.0, pace / 4)))
