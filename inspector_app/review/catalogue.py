"""Reads forms/review.toml and joins each check with its function: who imports this room's rest need not load them all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from .check import Catalogue, Check, Severity
from .checks import LOOKS
from .dossier import Moment, Told


def parse(text: str) -> Catalogue:
    """Read forms/review.toml. Raises KeyError or ValueError where a check lacks a part or names no function."""
    data = tomllib.loads(text)
    checks = []
    for code, row in data["check"].items():
        if code not in LOOKS:
            raise ValueError(f"no function looks for {code}")
        points = row.get("points", 0)
        checks.append(
            Check(
                code, LOOKS[code], row["name"], Severity(row["severity"]), frozenset(Moment(m) for m in row["moments"]), points,
                row.get("most", points * 3), row["clause"], row["message"], row["way"], row.get("verified_by", ""),
            )
        )  # fmt: skip
    grades = sorted(((row["least"], name) for name, row in data["grade"].items()), reverse=True)
    told = {kind: _told(row) for kind, row in data.get("told", {}).items()}  # what was published before knows none
    return Catalogue(tuple(checks), tuple(grades), data["score"]["failed"], tuple(data["score"]["lifts"]), told)


def _told(row: Mapping[str, Any]) -> Told:
    always, enterprise, by_clue = (
        tuple((what, re.compile(words)) for what, words in row.get(name, {}).items())
        for name in ("always", "enterprise", "by_clue")
    )
    return Told(always, enterprise, by_clue)
