"""The checks, one small function each, by what they look at. A new one is a function and its rows in forms/review.toml."""

from ..check import LOOKS
from . import (
    across,
    archive,
    content,
    evidence,
    findings,
    papers,
    persons,
    printing,
    procedure,
    readings,
    said,
    sequence,
    service,
    times,
    words,
)

__all__ = [
    "LOOKS", "across", "archive", "content", "evidence", "findings", "papers", "persons", "printing", "procedure", "readings",
    "said", "sequence", "service", "times", "words",
]  # fmt: skip
