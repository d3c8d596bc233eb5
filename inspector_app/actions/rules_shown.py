"""The rules in force, text by text, for who keeps them: where each comes from, whether anybody has checked it, a copy to work on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..domain.event import RULES_STREAM
from ..domain.projection import standing
from ..places import RULES, Shelf
from .book import Book
from .handing_out import write_folder

GROUPS = dict(zip(RULES, ("政策和程序", "法规库", "文书用语", "检查表"), strict=True))
_TITLES = {
    "policy.toml": "期限、文号、签发和后果", "procedure.toml": "每一步的依据和宣读的用语", "calendar.toml": "工作日历",
    "draw.toml": "双随机规则", "plan.toml": "新建检查时先填好的内容", "publicity.toml": "公示渠道和遮盖规则",
    "review.toml": "案卷评查", "statistics.toml": "统计口径", "powers.toml": "权责清单", "law_publicity.toml": "普法责任清单",
    "papers/common.toml": "各文书共用的用语",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One text. `unchecked` of `parts` have nobody who verified them; `by` and `since` say who published it, where the bureau
    did; `waits`: another one has come that is in force from the next sign-in."""

    name: str
    title: str
    parts: int
    unchecked: int
    source: str
    by: str = ""
    since: datetime | None = None
    waits: bool = False


def in_force(book: Book) -> dict[str, tuple[Rule, ...]]:
    """Every text of the rules by its group."""
    shelf, rows = book.rules.shelf, book.store.rows(RULES_STREAM)
    officers, said = book.queries.register().officers, _read(shelf, book.rules.policy.titles)
    forms = {f"checklists/{f.key}.xml": (f.title, 1, int(not f.verified_by)) for f in book.rules.checklist_heads}

    def one(name: str) -> Rule:
        told = said.get(name) or forms[name]
        if name not in shelf.published:
            return Rule(name, *told, "随更新来" if name in shelf.updated else "程序自带", waits=("rule", name) in rows)
        last = standing(rows["rule", name]["versions"])[0]
        by = officers[last["by"]].name if last["by"] in officers else last["by"]
        waits = rows["rule_text", last["value"]]["text"] != shelf.published[name]
        return Rule(name, *told, "本局发布", by, datetime.fromisoformat(last["at"]), waits)

    return {group: tuple(map(one, shelf.names(pattern))) for pattern, group in GROUPS.items()}


@lru_cache(maxsize=2)
def _read(shelf: Shelf, titles: str) -> dict[str, tuple[str, int, int]]:
    """Of each text its title, how many parts somebody has to verify, and of how many nobody has. Sixty texts are read once."""
    found = {}
    for name in (name for pattern in RULES if pattern.endswith(".toml") for name in shelf.names(pattern)):
        plain = tomllib.loads(shelf.text(name))
        own = plain.get("sets", {})
        title = (
            _TITLES.get(name) or plain.get("title") or (own.get(titles) or own.get("ministry", {})).get("title", name)
        )
        checked = list(_checkers(plain))
        found[name] = (str(title), len(checked), sum(not each for each in checked))
    return found


def _checkers(plain: Any) -> Iterator[str]:
    """Every `verified_by` of a text, however deep it stands."""
    if isinstance(plain, dict):
        if "verified_by" in plain:
            yield str(plain["verified_by"])
        for value in plain.values():
            yield from _checkers(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from _checkers(value)


def text_of(book: Book, name: str) -> str:
    """A text as it is in force."""
    return book.rules.shelf.text(name)


def take_out(book: Book, folder: Path) -> Path:
    """Write all texts in force into a new folder laid out like forms/, to be changed there and published.

    Raises `Problem`: `file_exists`, `file_unwritable`.
    """
    shelf = book.rules.shelf
    return write_folder(
        folder, ((name, shelf.text(name).encode()) for pattern in RULES for name in shelf.names(pattern))
    )
