"""What the fold makes: rows of plain JSON by topic and key, and the versions of a value that stand in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Key = tuple[str, str]
Row = dict[str, Any]
Versions = list[Row]


def standing(versions: Versions) -> Versions:
    """The versions that differ in value, equal ones collapsed to the one with the smallest id."""
    if len(versions) < 2:
        return list(versions)
    seen: dict[str, Row] = {}
    for version in versions:
        seen.setdefault(json.dumps(version["value"], ensure_ascii=False, sort_keys=True), version)
    return list(seen.values())


def rows_of(topic: str, rows: Mapping[Key, Row]) -> list[Row]:
    """All rows of a topic in the order of their keys."""
    return [rows[key] for key in sorted(key for key in rows if key[0] == topic)]
