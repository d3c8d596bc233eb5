"""What a door is: a route that names the act it is for. Each file of doors registers its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from inspector_app.domain.problems import Problem

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


_TOKEN = HTTPBearer(auto_error=False, scheme_name="session", description="The token that POST /session answers with")


async def bearer(told: Annotated[HTTPAuthorizationCredentials | None, Depends(_TOKEN)]) -> str:
    """The token of a request. Raises `Problem("signed_out")` where there is none."""
    if told is None:
        raise Problem("signed_out")
    return told.credentials
