"""好差评: the unit rates the inspection, once: on the laptop, or on a phone by a code that the laptop makes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.inspection import Stage
from ..domain.problems import Problem
from ..domain.rating import LEVELS
from .book import Book, Done
from .sync import own_address

STEP = "归档"


def rate(book: Book, stream: str, word: str, text: str = "", by_name: str = "") -> Done[str]:
    """Keep what the unit says of the inspection: one of `LEVELS`, and its own words if it wants. Like a signature it is
    not taken back.

    Raises `Problem`: `field_needed` for no level, `move_refused` before the visit has ended, `rated_already`.
    """
    _rateable(book, stream)
    if word not in LEVELS:
        raise Problem("field_needed", what="满意程度")
    body = {"level": 5 - LEVELS.index(word), "word": word, "text": text.strip(), "by_name": by_name.strip()}
    return book.done(word, [Draft(stream, "rated", body, STEP)])


def invite(book: Book, stream: str) -> Done[str]:
    """Make the code under which the unit rates this inspection on a phone, and return the address that its QR holds. It
    works once the bureau has it by an exchange; asked again it is the same.

    Raises `Problem`: as `rate`, and `not_enrolled` without a bureau.
    """
    case, site = _rateable(book, stream), book.rules.publicity.text.get("site") or own_address(book).url
    code = case.rating_code or secrets.token_hex(16).upper()
    address = f"{site.rstrip('/')}/public/rate?code={code}"
    if case.rating_code:
        return Done(address, frozenset())
    return book.done(address, [Draft(stream, "rating_invited", {"code": code}, STEP)])


def squares(address: str) -> Sequence[Sequence[bool]]:
    """The QR of an address, row by row: True is dark."""
    from ..papers.qr import squares as drawn  # what sets papers is loaded when something is drawn

    return drawn(address)


def slip(book: Book, stream: str, address: str) -> bytes:
    """The PDF of a slip with the code of an address that `invite` gave, for the unit to take along."""
    from ..papers.rating_slip import Slip, rating_slip

    queries = book.queries
    case = queries.case(stream)
    day = (case.visit.arrived or case.planned_from).date()
    return rating_slip(Slip(queries.register().bureau.name, case.unit.name, day, address, address.rpartition("=")[2]))


def _rateable(book: Book, stream: str) -> CaseFile:
    case = book.queries.case(stream)
    if case.visit.ended is None:
        hook = book.rules.procedure.hooks[Stage.RATED]
        raise Problem("move_refused", act="单位评价", reason="现场检查还没有结束", hook=hook, way="先结束现场检查。")
    if case.rating is not None:
        raise Problem("rated_already", word=case.rating.word)
    return case
