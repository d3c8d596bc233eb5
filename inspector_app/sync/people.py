"""An account of the bureau as server and laptop tell it to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.access import Role

ACCOUNT_ID = r"^[0-9A-Za-z\u4e00-\u9fff][^\s/\x00-\x1f]{0,63}$"
PERSON_NAME = r"^[^\s\x00-\x1f]{1,40}$"


@dataclass(frozen=True, slots=True)
class Step:
    """What an admin did to an account."""

    what: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in at the bureau, and in which role."""

    id: str
    name: str
    role: Role
    active: bool
    """Whether the person may sign in now."""
    totp: bool
    """Whether a second factor is asked for."""
    first: bool
    """Whether the password is one that an admin gave and nobody has replaced yet."""
    steps: tuple[Step, ...] = ()
    """What was done to it, the newest first."""

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Account:
        """From JSON. Raises KeyError, TypeError, ValueError where it is none."""
        steps = tuple(Step(str(s["what"]), str(s["by"]), datetime.fromisoformat(s["at"])) for s in plain["steps"])
        return cls(str(plain["id"]), str(plain["name"]), Role(plain["role"]), bool(plain["active"]), bool(plain["totp"]),
                   bool(plain["first"]), steps)  # fmt: skip
