"""How the server says no: one shape for whatever is refused, and one sentence a person can act on.

A request that is not what the description asks for is told where it is not, and never what stood there: it may be a password.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

from inspector_app.domain.problems import Problem
from inspector_app.sync.wire import Garbled

from .bounds import JSON_BYTES
from .figures import Figures
from .logs import log

TUS = {"Tus-Resumable": "1.0.0"}


class Refusal(BaseModel):
    """What every refusal says. The code stands in the header `Problem` as well, for answers to HEAD have no body."""

    code: str = Field(description="names the problem, for programs", examples=["signed_out"])
    fact: str = Field(description="what is the case, in Chinese", examples=["局里的登录已过期。本机数据都在。"])
    way_out: str = Field(description="what a person can do now, in Chinese", examples=["重新登录后再交换。"])
    where: list[str] = Field(
        [], description="parts of the request that are not as described", examples=[["body.account"]]
    )


def _described(said: str) -> dict[str, Any]:
    return {
        "description": said,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{Refusal.__name__}"}}},
    }


DESCRIBED: dict[int | str, dict[str, Any]] = {"default": _described("Refused, with the reason")}
"""What OpenAPI says of the refusals of every door; JSON also where the door's own answer is a page or bytes."""

SIGNED_IN: dict[int | str, dict[str, Any]] = {
    401: _described("Nobody is signed in with this token, or not any more"), 403: _described("Not for this role"),
}  # fmt: skip
"""And of those that are not open to everybody."""


def tell_refusals(app: FastAPI, figures: Figures) -> None:
    """Problems become their sentence and status; so does what the framework and the database refuse."""

    def told(problem: Problem, status: int = 0, where: list[str] | None = None) -> JSONResponse:
        figures.problems.labels(problem.code).inc()
        body = Refusal(code=problem.code, fact=problem.fact, way_out=problem.way_out, where=where or [])
        headers = TUS | {"Problem": problem.code}
        return JSONResponse(body.model_dump(), status or problem.sentence.status, headers)

    @app.exception_handler(Problem)
    async def refused(request: Request, problem: Problem) -> JSONResponse:
        return told(problem)

    @app.exception_handler(Garbled)
    async def garbled(request: Request, error: Garbled) -> JSONResponse:
        return told(Problem("another_protocol" if "protocol" in str(error) else "garbled"))

    @app.exception_handler(RequestValidationError)
    async def otherwise(request: Request, error: RequestValidationError) -> JSONResponse:
        where = sorted({".".join(map(str, each["loc"])) for each in error.errors()})
        return told(Problem("garbled"), 422, [_plain(place) for place in where[:20]])

    @app.exception_handler(HTTPException)
    async def nowhere(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:
            return told(Problem("not_found", what="这个地址"), 404)
        if error.status_code == 413:
            return told(Problem("too_large", size=f"{JSON_BYTES >> 10} KiB 以上"))
        return told(Problem("garbled"), error.status_code)

    @app.exception_handler(DataError)
    async def unfit(request: Request, error: DataError) -> JSONResponse:  # PostgreSQL takes no NUL in a text
        return told(Problem("garbled"))

    @app.exception_handler(OperationalError)
    async def database(request: Request, error: OperationalError) -> JSONResponse:
        log.error({"what": "database", "kind": type(error.orig).__name__})
        if " full" in str(error.orig) or type(error.orig).__name__ == "DiskFull":
            return told(Problem("server_disk_full"))
        return told(Problem("no_connection", detail="局里的数据库没有回应"))

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> JSONResponse:  # uvicorn logs it
        return told(Problem("server_fault"))


def _plain(place: str) -> str:
    """A place as it can be told: whoever asks names the keys of a body."""
    return place.encode("utf-8", "replace").decode()[:100]
