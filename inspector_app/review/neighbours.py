"""The other inspections of the bureau, from the rows that the fold makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ..domain.projection import Row, standing
from ..domain.reading import is_plan, officers_in
from .dossier import Elsewhere

Topic = Iterable[tuple[str, str, Row]]
"""All rows of one topic: stream, key, row."""


def neighbours(stream: str, plans: Topic, visits: Topic, papers: Topic) -> Iterator[Elsewhere]:
    """Every readable inspection but the one of `stream`."""
    numbers: dict[str, list[str]] = {}
    for other, _, row in papers:
        if row.get("number") and not row.get("draft"):
            numbers.setdefault(other, []).append(str(row["number"]))
    on_site = {other: row for other, _, row in visits}
    for other, _, plan in plans:
        if other == stream or not is_plan(plan):
            continue
        visit = on_site.get(other, {})
        yield Elsewhere(
            other, plan["unit"]["id"], plan["unit_name"], tuple(o["id"] for o in officers_in(plan)),
            _moment(visit, "begun", "arrived"), _moment(visit, "ended", "ended"), tuple(numbers.get(other, ())), plan["kind"],
        )  # fmt: skip


def _moment(visit: Mapping[str, Any], name: str, field: str) -> datetime | None:
    """When a step was first taken; one that cannot be read counts as not taken."""
    stand = standing(visit.get(name, []))
    value = stand[0]["value"] if stand else {}
    try:
        return datetime.fromisoformat(value.get(field) or value["at"])
    except (KeyError, TypeError, ValueError):
        return None
