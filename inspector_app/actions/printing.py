"""Printing as the record and this laptop see it: what is laid over a paper, what a printer needs, what became of a print.

What is known of a printer lies in the laptop's own encrypted database (`meta`, key `printers`): it is measured on this
laptop with this printer, so it is no event and never leaves it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..domain.printing import Correction, Habit, Order, Outcome, Plan
from ..papers import calibration, press
from .book import Book, Done
from .papers import note_print

_KEY = "printers"


def habit_of(book: Book, printer: str) -> Habit:
    """What was last chosen and measured for a printer."""
    told = _known(book)["by_name"].get(printer)
    return Habit.of(told) if told else Habit()


def keep_habit(book: Book, printer: str, habit: Habit) -> None:
    """Remember it, and that this printer was the last one."""
    known = _known(book)
    known["by_name"][printer] = habit.to_json()
    known["last"] = printer
    book.store.set_meta(_KEY, json.dumps(known).encode())


def last_printer(book: Book) -> str:
    """The printer that was used last on this laptop, or ""."""
    return str(_known(book)["last"])


def _known(book: Book) -> dict[str, Any]:
    return dict(json.loads(book.store.meta(_KEY) or b'{"last": "", "by_name": {}}'))


def fit(content: bytes, plan: Plan, grey: Callable[[bytes], bytes]) -> bytes:
    """The bytes to be sent: the archived ones, with what the plan says laid over them. `grey` takes the colour out of a
    JPEG. Raises `Problem("paper_unfit")`."""
    return press.fit(content, plan, grey)


def has_red(content: bytes) -> bool:
    """Whether a paper has a red head that may be pre-printed on the sheet."""
    return press.has_red(content)


def calibration_page(*, proof: bool = False) -> bytes:
    """The page by which a printer is measured, or by which its correction is proven."""
    return calibration.calibration_page(proof=proof)


def correction_of(width: float, height: float, left: float, top: float) -> Correction:
    """What makes a printer true that printed the frame so, in millimetres. Raises `Problem("measure_absurd")`."""
    return calibration.correction_of(width, height, left, top)


def note_job(book: Book, stream: str, paper: str, order: Order, outcome: Outcome, copy: int = 0) -> Done[str]:
    """Note how a print of a paper, or of one of its copies (联), ended. Only what was confirmed counts; a print that broke
    off is noted with its reason."""
    plan = order.plan
    about: dict[str, object] = {
        "asked": order.copies, "sent": outcome.sent, "pages": f"{plan.first}-{plan.last}" if plan.first else "",
        "profile": "thermal" if plan.thermal else "plain", "options": order.options,
    }  # fmt: skip
    if outcome.copies and not outcome.confirmed:
        about["unconfirmed"] = "，交给了打印系统，没有确认印完"
    if outcome.problem is not None:
        about["reason"] = outcome.problem.fact.rstrip("。")
    return note_print(book, stream, paper, outcome.copies, order.printer, copy, about)
