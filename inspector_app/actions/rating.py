"""好差评: the unit rates the inspection on the laptop, once."""

from __future__ import annotations

from ..domain.event import Draft
from ..domain.inspection import Stage
from ..domain.problems import Problem
from ..domain.rating import LEVELS
from .book import Book, Done
from .queries import Queries

STEP = "归档"


def rate(book: Book, stream: str, word: str, text: str = "", by_name: str = "") -> Done[str]:
    """Keep what the unit says of the inspection: one of `LEVELS`, and its own words if it wants. Like a signature it is
    not taken back.

    Raises `Problem`: `field_needed` for no level, `move_refused` before the visit has ended, `rated_already`.
    """
    case = Queries(book).case(stream)
    if case.visit.ended is None:
        hook = book.rules.procedure.hooks[Stage.RATED]
        raise Problem("move_refused", act="单位评价", reason="现场检查还没有结束", hook=hook, way="先结束现场检查。")
    if case.rating is not None:
        raise Problem("rated_already", word=case.rating.word)
    if word not in LEVELS:
        raise Problem("field_needed", what="满意程度")
    body = {"level": 5 - LEVELS.index(word), "word": word, "text": text.strip(), "by_name": by_name.strip()}
    return book.done(word, [Draft(stream, "rated", body, STEP)])
