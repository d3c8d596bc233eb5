"""All data of forms/: every table says who verified it, and nobody is named who did not."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from inspector_app.places import FORMS

FILES = sorted(FORMS.rglob("*.toml"))
MARKS = {"verified_by", "verified_on"}
WHOLE = {"laws", "papers"}
"""Folders whose files are compared with one original and carry the marks at their head."""


def unmarked(table: dict[str, Any], place: str) -> Iterator[str]:
    """Places of tables with values of their own that neither they nor a table above marks as verified or not."""
    if set(table) >= MARKS:
        return
    if any(not isinstance(value, dict | list) for value in table.values()):
        yield place
    for key, value in table.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield from unmarked(part, f"{place}.{key}")
            elif isinstance(value, list):
                yield f"{place}.{key}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_table_says_who_verified_it(path: Any) -> None:
    data = tomllib.loads(path.read_text("utf-8"))
    assert list(unmarked(data, path.stem)) == []
    if path.parent.name not in WHOLE:
        assert not MARKS & set(data), "each setting is verified by itself"


def test_a_table_without_marks_is_seen() -> None:
    marks = 'verified_by = ""\nverified_on = ""\n'
    for text, place in (
        ("a = 1", "x"), ("[t]\na = 1", "x.t"), (f"[t.u]\n{marks}[t.v]\na = 1", "x.t.v"), ("[[t]]\na = 1", "x.t"),
        (f"[t]\na = 1\n[t.u]\n{marks}", "x.t"), ("a = [1]", "x.a"),
    ):  # fmt: skip
        assert list(unmarked(tomllib.loads(text), "x")) == [place]
    assert not list(unmarked(tomllib.loads(f"{marks}[t]\na = 1"), "x"))


def test_terms_and_figures_name_their_source() -> None:
    data = tomllib.loads((FORMS / "policy.toml").read_text("utf-8"))
    for table in ("deadline", "yearly", "threshold"):
        for key, row in data[table].items():
            assert row["source"], key
            assert row["confidence"] in ("A", "B", "M", "参考"), key
