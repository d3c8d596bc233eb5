"""What a person fills in for a paper: which fields there are, what each may hold, and the same as a JSON Schema.

The wording of the papers (forms/papers) says which fields a paper uses; nothing here knows a paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .problems import Problem
from .rows import Key, NameOf, Row, Version, side_by_side, standing, when

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was filled in for a paper that no other act states, e.g. the answers of one person who was questioned."""

    id: str  # the kind where it occurs once
    kind: str
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    rows: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict, hash=False)
    by: str = ""
    at: datetime | None = None
    conflict: tuple[Version, ...] = ()
    """What two officers filled in differently; `field` names the entry, `dropped` one that was taken away beside a change."""


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
        "required": [entry.name for entry in entries if _needed(entry)],
        "additionalProperties": False,
    }


def _needed(entry: Entry) -> bool:
    """Whether a person has to fill it in, as the case does not."""
    return entry.mandatory and not entry.default


def _schema(entry: Entry) -> dict[str, Any]:
    about: dict[str, Any] = {"title": entry.label}
    if entry.kind == "rows":
        columns = [_schema(column) for column in entry.columns]
        row = {"type": "array", "prefixItems": columns, "items": False, "minItems": len(columns)}
        return {**about, "type": "array", "items": row, "minItems": int(entry.mandatory and not entry.given)}
    about["type"] = "string"
    needed = _needed(entry)
    if entry.kind == "choice":
        about["enum"] = [*entry.options] if needed else ["", *entry.options]
    elif needed:
        about["pattern"] = r"\S"  # blanks say nothing
    formats = {"day": "date", "moment": "date-time"}
    if entry.kind in formats and needed:
        about["format"] = formats[entry.kind]
    return about


def read_sheets(rows: Mapping[Key, Row], name_of: NameOf) -> tuple[Sheet, ...]:
    """The sheets that hold something and were not taken away by one who knew what stands on them."""
    found = (_sheet(key, row, name_of) for (topic, key), row in sorted(rows.items()) if topic == "sheet")
    return tuple(sheet for sheet in found if sheet is not None)


def _sheet(id: str, row: Row, name_of: NameOf) -> Sheet | None:
    dropped = standing(row.get("dropped", []))
    if not row.get("fields") or (dropped and all(v["value"] for v in dropped)):
        return None
    texts: dict[str, str] = {}
    tables: dict[str, tuple[tuple[str, ...], ...]] = {}
    differing: list[Row] = []
    for name, versions in sorted(row["fields"].items()):
        stand = standing(versions)
        value = stand[0]["value"]
        if isinstance(value, list):
            tables[name] = tuple(tuple(str(cell) for cell in line) for line in value if isinstance(line, list))
        else:
            texts[name] = str(value)
        if len(stand) > 1:
            differing += [{**v, "value": _shown(v["value"]), "field": name} for v in stand]
    if len(dropped) > 1:
        differing += [
            {**v, "value": f"撤下：{v['value']}" if v["value"] else "保留", "field": "dropped"} for v in dropped
        ]
    if not any(texts.values()) and not any(tables.values()) and not differing:
        return None
    last = max((v for versions in row["fields"].values() for v in versions), key=lambda v: (v["at"], v["event"]))
    return Sheet(id, str(row["kind"]), texts, tables, name_of(last["by"]), when(last["at"]),
                 side_by_side(differing, name_of))  # fmt: skip


def _shown(value: Any) -> str:
    """The value of a field in one text, rows one after the other."""
    if not isinstance(value, list):
        return str(value)
    return "；".join("，".join(str(cell) for cell in line if cell) for line in value)
