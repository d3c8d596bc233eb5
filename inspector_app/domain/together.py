"""联合检查 and 合并检查: which other authority comes along with whom, and which other tasks the one visit carries out.

Several authorities at one door are one visit, several tasks at one unit are one visit (国办发〔2024〕54号, paraphrased). Both
stand on the sheet of the 审批表, as the head approves them; notice, record on site and figures say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .rows import Key, Row
from .sheet import Sheet, Value, read_sheets

SHEET = "approval"
"""The kind and id of the sheet on which it stands."""
JOINT, MERGED, BOTH = "联合检查", "合并检查", "联合、合并检查"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of another authority who takes part; `name` and `credential` are empty until that authority has named one."""

    office: str
    name: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task of another plan that the visit carries out as well."""

    plan: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """How an inspection is held together with others; `leads` is the authority in the lead, empty for the own bureau."""

    leads: str = ""
    guests: tuple[Guest, ...] = ()
    tasks: tuple[Task, ...] = ()

    @property
    def offices(self) -> tuple[str, ...]:
        """The other authorities, each once."""
        return tuple(dict.fromkeys(guest.office for guest in self.guests))

    @property
    def plans(self) -> tuple[str, ...]:
        """The other plans, each once."""
        return tuple(dict.fromkeys(task.plan for task in self.tasks))

    @property
    def form(self) -> str:
        """What it is called; "" for an inspection that stands alone."""
        return BOTH if self.guests and self.tasks else JOINT if self.guests else MERGED if self.tasks else ""


def together(sheet: Sheet | None) -> Together:
    """What a sheet says, unless the inspection stands alone by it; a joint one may be merged as well, and the other way round."""
    if sheet is None or sheet.fields.get("joint", "") not in (JOINT, MERGED):
        return Together()
    guests = [Guest(*row) for row in sheet.rows.get("partners", ()) if len(row) == 3 and row[0]]
    tasks = [Task(*row) for row in sheet.rows.get("merged", ()) if len(row) == 2 and row[0]]
    return Together(sheet.fields.get("joint_leader", "") if guests else "", tuple(guests), tuple(tasks))


def together_in(rows: Mapping[Key, Row]) -> Together:
    """The same from the rows of an inspection."""
    row = rows.get(("sheet", SHEET))
    return together(next(iter(read_sheets({("sheet", SHEET): row}, str)), None) if row else None)


def offices_in(text: str) -> tuple[str, ...]:
    """The authorities that a plan names in one line, e.g. 示例区教育局、示例区民政局."""
    return tuple(dict.fromkeys(part.strip() for part in re.split("[、，,；;\n]", text) if part.strip()))


def joint_with(offices: Iterable[str]) -> dict[str, Value]:
    """What is filled in where a plan says with whom; whom they send is filled in later, by hand."""
    rows: Sequence[Sequence[str]] = [[office, "", ""] for office in offices]
    return {"joint": JOINT, "partners": rows}
