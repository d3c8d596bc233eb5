"""The lists that the bureau makes public of itself as a workbook, and what was done of the duties in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ..domain.listed import Entry, Listing
from .table import Column, written

Lines = Iterable[Sequence[str | date]]
_WIDE, _NARROW = 30, 14
"""Widths of columns in characters."""


def write(listing: Listing, entries: Iterable[Entry], **more: tuple[Sequence[str], Lines]) -> bytes:
    """A sheet of the list, and one for each of `more`: its headings and its rows."""
    columns = {listing.title: (*(Column(each.name, _WIDE, wrap=True) for each in listing.headings),
                               *(Column(name, _NARROW) for name in ("有效期起", "有效期止", "登记人", "核定人", "核定日期")))}  # fmt: skip
    rows: dict[str, Lines] = {listing.title: [
        (*each.said.values(), each.valid_from or "", each.valid_to or "", each.kept_by, each.verified_by, each.verified_on or "")
        for each in entries
    ]}  # fmt: skip
    for name, (headings, lines) in more.items():
        columns[name] = tuple(Column(each, _WIDE if nth else _NARROW, wrap=True) for nth, each in enumerate(headings))
        rows[name] = lines
    return written(columns, rows)
