"""The registers that an inspection refers to: bureau, units, officers, and what is noted of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .people import Bureau, Credential, Officer, Unit, UnitKind
from .roster import OfficerNote, UnitNote, read_officer_note, read_unit_note
from .rows import Key, Row, readable, rows_of


@dataclass(frozen=True, slots=True)
class Register:
    """The registers that an inspection refers to: bureau, units, officers, and what is noted of them."""

    bureau: Bureau
    units: Mapping[str, Unit]
    officers: Mapping[str, Officer]
    unit_notes: tuple[UnitNote, ...] = ()
    officer_notes: tuple[OfficerNote, ...] = ()

    def name_of(self, person: str) -> str:
        officer = self.officers.get(person)
        return officer.name if officer else person


def read_register(rows: Mapping[Key, Row]) -> Register:
    """The registers as they stand; a case keeps its own officers in `inspection_planned`."""
    bureau = rows.get(("bureau", ""), {})
    fields = ("name", "code", "address", "phone", "government", "court", "id")
    return Register(
        bureau=Bureau(**{"name": "", "code": ""} | {f: str(bureau[f]) for f in fields if f in bureau}),
        units={unit.id: unit for unit in readable(read_unit, rows_of("unit", rows))},
        officers={officer.id: officer for officer in readable(read_officer, rows_of("officer", rows))},
        unit_notes=tuple(readable(read_unit_note, _kept("unit_note", rows))),
        officer_notes=tuple(readable(read_officer_note, _kept("officer_note", rows))),
    )


def _kept(topic: str, rows: Mapping[Key, Row]) -> list[Row]:
    return [row for row in rows_of(topic, rows) if not row.get("dropped")]


def read_unit(row: Row) -> Unit:
    return Unit(
        row["id"], row["name"], UnitKind(row["kind"]), row["credit_code"], row.get("address", ""),
        row.get("head", ""), row.get("contact", ""), row.get("phone", ""), row.get("risk", ""), row.get("credit", ""),
    )  # fmt: skip


def read_officer(row: Row) -> Officer:
    held = row.get("credential")
    credential = (
        Credential(
            held["number"], date.fromisoformat(held["valid_from"]), date.fromisoformat(held["valid_to"]),
            held.get("status", "有效"),
        )
        if held
        else None
    )  # fmt: skip
    return Officer(
        row["id"], row["name"], row.get("title", ""), credential, row.get("leader", False), row.get("phone", "")
    )
