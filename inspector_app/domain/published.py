"""What is public now, as other systems and people read it: JSON, CSV, and rows of a page. Nothing here knows a case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .calendar import zh_date
from .publicity import year_of
from .rows import Row

SCHEMA = "inspector/published/v1"
_COLUMNS = ("编号", "类别", "渠道", "公示日期", "公示截止")


@dataclass(frozen=True, slots=True)
class Notice:
    """One publication: exactly the rows that two people have seen. `id` names the copy that was confirmed; `pictures` are
    its photos by digest, each with what is said of it."""

    id: str
    unit: str
    name: str
    bureau: str
    channels: tuple[str, ...]
    day: date
    until: date | None
    rows: tuple[tuple[str, str], ...]
    subject: str = ""
    pictures: tuple[tuple[str, str], ...] = ()

    @property
    def is_yearly(self) -> bool:
        """Whether it tells of a whole year and of no inspection."""
        return year_of(self.subject) is not None

    def says(self, words: Iterable[str]) -> bool:
        """Whether each of these words stands in it, its number and day included."""
        said = "\n".join(
            (self.unit, self.name, self.id, zh_date(self.day), self.day.isoformat(), *(text for _, text in self.rows))
        )
        return all(word in said for word in words)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": self.id, "name": self.name, "unit": self.unit, "bureau": self.bureau, "channels": list(self.channels),
            "published": self.day.isoformat(), "until": self.until.isoformat() if self.until else None,
            "rows": [{"name": name, "text": text} for name, text in self.rows],
            "pictures": [{"sha256": sha256, "text": text} for sha256, text in self.pictures],
        }  # fmt: skip


def read_notices(rows: Iterable[Row], today: date) -> tuple[Notice, ...]:
    """What is public today of rows of the topic `publication`, the newest first; what cannot be read is none. Whether a photo
    is kept back as a secret is asked where it is shown."""
    found = []
    for row in rows:
        try:
            notice = _newest(row)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        if notice is not None and (notice.until is None or notice.until >= today):
            found.append(notice)
    return tuple(sorted(found, key=lambda notice: (notice.day, notice.id), reverse=True))


def _newest(row: Row) -> Notice | None:
    """The copy that was sent last of those that are public."""
    public = [
        (id, made) for id, made in row.get("rounds", {}).items() if "confirmed" in made and "withdrawn" not in made
    ]
    if not public:
        return None
    id, made = max(public, key=lambda each: int(each[1]["nth"]))
    sent, confirmed = made["sent"], made["confirmed"]
    until = str(confirmed.get("until", ""))
    return Notice(
        id[:16], str(sent["unit"]), str(sent["name"]), str(sent["bureau"]), tuple(map(str, sent["channels"])),
        date.fromisoformat(confirmed["day"]), date.fromisoformat(until) if until else None,
        tuple((str(each["label"]), str(each["text"])) for each in sent["rows"] if not each.get("picture")),
        str(row.get("subject", "")), tuple((str(each["picture"]), str(each["text"])) for each in sent["rows"] if each.get("picture")),
    )  # fmt: skip


def as_json(notices: Iterable[Notice]) -> str:
    plain = {"schema": SCHEMA, "notices": [notice.plain() for notice in notices]}
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def as_csv(notices: Iterable[Notice], channels: Mapping[str, str]) -> str:
    """RFC 4180 with a byte order mark, one line a notice and one column for each row that any of them has; `channels` are
    their names. A cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    held = tuple(notices)
    labels = tuple(dict.fromkeys(label for notice in held for label, _ in notice.rows))
    lines = [_csv_line((*_COLUMNS, *labels))]
    for notice in held:
        said = dict(notice.rows)
        where = "、".join(channels.get(each, each) for each in notice.channels)
        cells = (notice.id, notice.name, where, notice.day.isoformat(), notice.until.isoformat() if notice.until else "",
                 *(said.get(label, "") for label in labels))  # fmt: skip
        lines.append(_csv_line(f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells))
    return "\ufeff" + "".join(lines)


def _csv_line(cells: Iterable[str]) -> str:
    return ",".join('"{}"'.format(cell.replace('"', '""')) for cell in cells) + "\r\n"
