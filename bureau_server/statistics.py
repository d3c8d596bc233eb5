"""The figures of a year at the bureau: counted by the same functions as on the laptops, over what has come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inspector_app.domain import calendar, policy, pools, statistics
from inspector_app.domain.annual import report, tables
from inspector_app.domain.event import PLANNING, REGISTER, RULES_STREAM
from inspector_app.domain.planning import read_planning
from inspector_app.domain.reading import published
from inspector_app.domain.register import read_register
from inspector_app.domain.tally import TOPIC, read_tallies
from inspector_app.places import SHIPPED, Shelf

from .office import Office


def year(office: Office, which: int, may_read: Callable[[str], bool]) -> dict[str, Any]:
    """The section of the report, and the table of each chart, of the inspections that somebody may read."""
    ledger = office.ledger
    shelf = Shelf(SHIPPED.folder, published(ledger.rows(RULES_STREAM))[0])
    measures = statistics.Measures(
        statistics.parse(shelf.text("statistics.toml")), pools.parse(shelf.text("draw.toml")),
        policy.parse(shelf.text("policy.toml")), calendar.parse(shelf.text("calendar.toml")),
    )  # fmt: skip
    tallies = read_tallies((stream, row) for stream, _, row in ledger.topic(TOPIC) if may_read(stream))
    counted = statistics.count(
        which, office.clock.now().at.date(), tallies, read_register(ledger.rows(REGISTER)),
        read_planning(ledger.rows(PLANNING)).plans, measures,
    )  # fmt: skip
    return {
        "year": which, "report": report(counted),
        "tables": [{"title": title, "heads": heads, "rows": rows} for title, heads, rows in tables(counted)],
    }  # fmt: skip
