"""联合检查 and 合并检查: which other authority comes along with whom, and which other tasks the one visit carries out.

Several authorities at one door are one visit, several tasks at one unit are one visit (国办发〔2024〕54号, paraphrased). Both
stand on the sheet of the 审批表, as the head approves them; notice, record on site and figures say the same.
"""

from __future__ import annotations

import re
from collections import Counter
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
    absent: str = ""
    """Why the authority or this person did not come, as the team noted at the door."""


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


def read_guest(row: Row) -> Guest:
    return Guest(*(str(row[name]) for name in ("office", "name", "credential", "absent")))


def seen(noted: Iterable[Guest]) -> tuple[Guest, ...]:
    """Who of the other authorities came and who did not: of two officers who noted it apart from each other, the one who saw
    somebody is believed."""
    all_ = tuple(dict.fromkeys(noted))
    came = [guest for guest in all_ if not guest.absent]
    known = {(guest.office, guest.name) for guest in came} | {(guest.office, "") for guest in came}
    return (*came, *(guest for guest in all_ if guest.absent and (guest.office, guest.name) not in known))


def unsigned(guests: Iterable[Guest], signed: Iterable[str]) -> tuple[Guest, ...]:
    """Those who came and of whom neither signature nor refusal is noted; two of one name give two."""
    left, open_ = Counter(signed), []
    for guest in guests:
        if guest.absent:
            continue
        left[guest.name] -= 1
        if left[guest.name] < 0:
            open_.append(guest)
    return tuple(open_)


def offices_in(text: str) -> tuple[str, ...]:
    """The authorities that a plan names in one line, e.g. 示例区教育局、示例区民政局."""
    return tuple(dict.fromkeys(part.strip() for part in re.split("[、，,；;\n]", text) if part.strip()))


def merged_with(held: Sheet | None, tasks: Iterable[Task]) -> dict[str, Value]:
    """What is filled in where further tasks come to an inspection; a joint one stays joint."""
    now = together(held)
    rows = [[task.plan, task.what] for task in dict.fromkeys((*now.tasks, *tasks))]
    return {"joint": JOINT if now.guests else MERGED, "merged": rows}


def joint_with(offices: Iterable[str]) -> dict[str, Value]:
    """What is filled in where a plan says with whom; whom they send is filled in later, by hand."""
    rows: Sequence[Sequence[str]] = [[office, "", ""] for office in offices]
    return {"joint": JOINT, "partners": rows}
