"""What a person fills in for a paper: which fields there are, what each may hold, and the same as a JSON Schema.

The wording of the papers (forms/papers) says which fields a paper uses; nothing here knows a paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .problems import Problem

Value = str | Sequence[Sequence[str]]
"""Text, a day (ISO 8601), a moment (ISO 8601 with zone), a choice; or the rows of a table."""

KINDS = ("text", "prose", "day", "moment", "choice", "rows", "key")
"""What an entry may be; `key` is the first column of a table whose rows the case gives."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a sheet, or one column of a table of it."""

    name: str
    kind: str
    label: str
    mandatory: bool = False
    options: tuple[str, ...] = ()
    columns: tuple[Entry, ...] = ()
    given: str = ""  # where the rows of a table come from; "" = they are added by hand
    default: str = ""  # what the case already says, as a template of facts


def check(entry: Entry, value: object) -> Value:
    """The value as it is stored. Raises `Problem`: `field_needed` for what is no value of this entry, `bad_date`."""
    if entry.kind == "rows":
        if not isinstance(value, list | tuple) or any(not _fits(entry, row) for row in value):
            raise Problem("field_needed", what=entry.label)
        return [
            [str(check(column, cell)) for column, cell in zip(entry.columns, row, strict=True)]
            for row in value
            if any(str(cell).strip() for cell in row)
        ]
    if not isinstance(value, str):
        raise Problem("field_needed", what=entry.label)
    text = value.strip()
    if text and entry.kind == "choice" and text not in entry.options:
        raise Problem("field_needed", what=f"{entry.label}（{'、'.join(entry.options)}）")
    if text and entry.kind in ("day", "moment"):
        try:
            _ = date.fromisoformat(text) if entry.kind == "day" else datetime.fromisoformat(text)
        except ValueError:
            raise Problem("bad_date", text=text) from None
    return text


def _fits(entry: Entry, row: object) -> bool:
    return isinstance(row, list | tuple) and len(row) == len(entry.columns)


def schema(name: str, title: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a sheet: its values by name. A mandatory field that the case fills in is not required."""
    entries = tuple(entries)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"inspector/sheet/{name}",
        "title": title,
        "type": "object",
        "properties": {entry.name: _schema(entry) for entry in entries},
        "required": [entry.name for entry in entries if entry.mandatory and not entry.default],
        "additionalProperties": False,
    }


def _schema(entry: Entry) -> dict[str, Any]:
    about: dict[str, Any] = {"title": entry.label}
    if entry.kind == "rows":
        columns = [_schema(column) for column in entry.columns]
        row = {"type": "array", "prefixItems": columns, "items": False, "minItems": len(columns)}
        return {**about, "type": "array", "items": row, "minItems": int(entry.mandatory and not entry.given)}
    about["type"] = "string"
    if entry.kind == "choice":
        about["enum"] = [*entry.options] if entry.mandatory else ["", *entry.options]
    elif entry.mandatory:
        about["minLength"] = 1
    formats = {"day": "date", "moment": "date-time"}
    if entry.kind in formats and entry.mandatory:
        about["format"] = formats[entry.kind]
    return about
