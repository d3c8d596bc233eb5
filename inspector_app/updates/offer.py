"""What an update file offers to a laptop, as the person is shown it; loads nothing of what reads the file."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from .. import __version__

RULES, PROGRAM = "rules", "program"
"""The two roles that sign, and the folders of what each may sign."""

NAMED = "x-name"
"""Beside a key in signed metadata: whose it is, in words of the one who delegates to it."""


def rules_name(version: str = __version__) -> str:
    """Rules are made for one version of the program: a later one carries its own, and another may not understand them."""
    return f"{version}.json"


def program_name() -> str:
    """The program for computers like this one."""
    return f"{sys.platform}-{platform.machine().lower()}.tar.gz"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that an update file brings."""

    version: str
    """The version of the program that it is, or that it is made for."""
    release: int
    """Counts the releases of its role; never goes back."""
    sha256: str
    size: int
    said: str
    """What it brings, in the words of whoever made it."""
    signers: tuple[str, ...]
    """Who signed it, each with the beginning of the key's id."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What of a file is new here; nothing of it has been taken yet."""

    rules: Piece | None
    program: Piece | None
