"""What a door is: a route that names the act it is for. Each file of doors registers its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .accounts import Person

DoorMaker = Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]
"""Registers a handler as a route: method, path, the act it is for, and what FastAPI takes besides."""
Allowed = Callable[[str], Callable[..., Awaitable[Person]]]
"""Of an act the dependency that gives who asks, and refuses who may not."""


@dataclass(frozen=True, slots=True)
class Door:
    """A route as the rights see it: who may open it."""

    method: str
    path: str
    act: str
    """An action of `domain.access`, or "" for what everybody may: health, signing in, what OpenAPI says."""
