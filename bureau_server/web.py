"""The bureau's doors over HTTP. Each route names the act that it is; a route without one is never served.

OpenAPI describes them all at /openapi.json. Files follow the core protocol of tus 1.0 on /blobs/sha256/<hex>, without a
creation request: an event that was handed in has named the file, its digest and its size already.
"""

import asyncio
import base64
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client import Counter as CounterMetric
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inspector_app.domain.access import OF_KEEPERS, may
from inspector_app.domain.problems import Problem
from inspector_app.review.dossier import Moment
from inspector_app.sync.wire import MIME, RECEIPT, Garbled, Push

from . import filing, updates
from .accounts import Person
from .blobs import PIECE, Rooms
from .door import Allowed, Door, DoorMaker
from .office import Office
from .people import account_doors, device_doors, session_doors
from .public.doors import public_doors
from .rights import Rights
from .timestamp import due, stamping

_TUS = {"Tus-Resumable": "1.0.0"}
log = logging.getLogger("bureau_server")


class Figures:
    """What operation looks at; of this process only, and without anybody's name."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Gauge("inspector_events", "Events in the ledger", registry=self.registry)
        self.unstamped = Gauge("inspector_unstamped", "Streams that wait for a time stamp", registry=self.registry)
        self.problems = CounterMetric("inspector_problems", "Refusals by kind", ["code"], registry=self.registry)
        self.requests = Histogram(
            "inspector_request_seconds", "Time of requests", ["method", "path", "status"], registry=self.registry
        )


class Lease(BaseModel):
    """A block of document numbers that a laptop asks for."""

    series: str = Field(pattern=r"^[a-z_]{1,40}$")
    prefix: str = Field(min_length=1, max_length=40)
    year: int = Field(ge=2000, le=2100)
    count: int = Field(ge=1, le=200)


def make_app(office: Office) -> FastAPI:
    """The server's application. It holds nothing between two requests but its connections, its counters and what is public."""
    app = FastAPI(title="档案行政检查 局端", version="1", description=__doc__ or "", lifespan=_lifespan)
    app.state.doors = []
    app.state.office = office
    figures = Figures()
    bearer = _bearer(office)

    def door(method: str, path: str, act: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a handler as a route that asks for the right to `act`."""
        app.state.doors.append(Door(method, path, act))

        def wrap(handler: Callable[..., Any]) -> Callable[..., Any]:
            app.add_api_route(path, handler, methods=[method], **more)
            return handler

        return wrap

    def allowed(act: str) -> Callable[..., Awaitable[Person]]:
        async def check(person: Annotated[Person, Depends(bearer)]) -> Person:  # async: it needs no thread
            if not may(person.actor, act) or (person.revoked and act in OF_KEEPERS):
                raise Problem("not_allowed", who=person.name, act=act)
            return person

        return check

    _health(office, figures, door)
    session_doors(office, door, allowed)
    account_doors(office, door, allowed)
    device_doors(office, door, allowed)
    rooms = Rooms()  # for whatever comes whole: a piece of a file, or a packed message
    _exchange(office, door, allowed, rooms)
    _files(office, door, allowed, rooms)
    _desk(office, door, allowed)
    public_doors(office, door)
    updates.open_door(office, door, allowed)
    _guard(app, figures)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    log.info(json.dumps({"what": "started"}))
    with stamping(app.state.office):
        yield
    log.info(json.dumps({"what": "stopped"}))


def _bearer(office: Office) -> Callable[..., Person]:
    def person(authorization: Annotated[str, Header(max_length=200)] = "") -> Person:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Problem("signed_out")
        return office.accounts.person_of(token)

    return person


def _guard(app: FastAPI, figures: Figures) -> None:
    """Problems become their sentence and status; every request is counted and logged without who and what."""

    @app.exception_handler(Problem)
    async def told(request: Request, problem: Problem) -> JSONResponse:
        figures.problems.labels(problem.code).inc()
        body = {"code": problem.code, "fact": problem.fact, "way_out": problem.way_out}
        return JSONResponse(body, problem.sentence.status, headers=_TUS | {"Problem": problem.code})

    @app.exception_handler(Garbled)
    async def garbled(request: Request, error: Garbled) -> JSONResponse:
        return await told(request, Problem("another_protocol" if "protocol" in str(error) else "garbled"))

    @app.exception_handler(OperationalError)
    async def database(request: Request, error: OperationalError) -> JSONResponse:
        log.error(json.dumps({"what": "database", "kind": type(error.orig).__name__}))
        if " full" in str(error.orig) or type(error.orig).__name__ == "DiskFull":
            return await told(request, Problem("server_disk_full"))
        return await told(request, Problem("no_connection", detail="局里的数据库没有回应"))

    app.add_middleware(_Counted, figures=figures)


class _Counted:
    """Passes requests on as they are, and notes how long each took. (Starlette's own base for this copies bodies.)"""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = time.perf_counter(), 0

        async def told(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, told)
        if scope["type"] == "http":
            path, spent = getattr(scope.get("route"), "path", "unknown"), time.perf_counter() - begun
            self._figures.requests.labels(scope["method"], path, str(status)).observe(spent)
            log.info(json.dumps({"method": scope["method"], "path": path, "status": status,
                                 "ms": round(1000 * spent, 1)}))  # fmt: skip


# -- health and figures -------------------------------------------------------------------------------------------


def _health(office: Office, figures: Figures, door: DoorMaker) -> None:
    @door("GET", "/health", "", summary="Whether database and files answer")
    def health() -> dict[str, str]:
        office.ledger.summaries()
        return {"status": "ok", "epoch": office.ledger.epoch}

    @door("GET", "/authority", "", summary="The bureau's root certificate, the server's public key, how to sign in")
    def authority() -> dict[str, str]:
        ways = "password oidc" if office.provider else "password"
        return {"certificate": office.authority.certificate, "key": office.key.public.text(), "sign_in": ways}

    @door("GET", "/metrics", "", summary="Figures in Prometheus text", response_class=PlainTextResponse)
    def metrics() -> str:
        figures.events.set(office.ledger.count())
        figures.unstamped.set(len(due(office)) if office.time else 0)
        return generate_latest(figures.registry).decode()


# -- the exchange -------------------------------------------------------------------------------------------------


def _exchange(office: Office, door: DoorMaker, allowed: Allowed, rooms: Rooms) -> None:
    @door("POST", "/sync", "sync", summary="One round of the exchange", response_class=Response,
          openapi_extra={"requestBody": {"required": True, "content": {MIME: {"schema": {"type": "string", "format": "binary"}}}}})  # fmt: skip
    async def sync(request: Request, person: Annotated[Person, Depends(allowed("sync"))]) -> Response:
        with rooms.room(_length(request)) as room:
            push = Push.unpack(await _body(request, room))
        if push.device != person.device:
            raise Problem("not_allowed", who=push.device, act="sync")
        pull = await run_in_threadpool(filing.exchange, office, person, push)
        return Response(pull.pack(), media_type=MIME)

    @door("POST", "/numbers", "lease_numbers", summary="Lease a block of document numbers")
    def lease(wish: Lease, person: Annotated[Person, Depends(allowed("lease_numbers"))]) -> dict[str, int]:
        if person.revoked:
            raise Problem("not_allowed", who=person.device, act="lease_numbers")
        first = filing.lease_numbers(office, person, wish.series, wish.prefix, wish.year, wish.count)
        return {"first": first, "last": first + wish.count - 1}


def _length(request: Request) -> int:
    """Bytes that a body takes at the most: what it says of itself, as far as that may be."""
    return min(int(request.headers.get("content-length", PIECE)), PIECE)


async def _body(request: Request, room: memoryview) -> memoryview:
    """The body, put into `room`; refused as soon as it is longer than that."""
    end = 0
    try:
        async for part in request.stream():
            if end + len(part) > len(room):
                raise Problem("too_large", size=f"{PIECE >> 20} MiB 以上")
            room[end : end + len(part)] = part
            end += len(part)
    except ClientDisconnect:
        raise Problem("garbled") from None  # a laptop went away in the middle: nobody hears this, nothing was taken in
    return room[:end]


# -- files --------------------------------------------------------------------------------------------------------


def _files(office: Office, door: DoorMaker, allowed: Allowed, rooms: Rooms) -> None:
    path = "/blobs/sha256/{sha256}"

    @door("OPTIONS", path, "", summary="What of tus is spoken here", status_code=204)
    def options(sha256: str) -> Response:
        return Response(status_code=204, headers=_TUS | {"Tus-Version": "1.0.0", "Tus-Max-Size": str(1 << 40)})

    @door("HEAD", path, "hand_in_file", summary="How many bytes are safe", response_class=Response)
    def head(sha256: str, person: Annotated[Person, Depends(allowed("hand_in_file"))]) -> Response:
        ref = filing.wanted(office, person, sha256)
        return Response(headers=_TUS | {
            "Upload-Offset": str(office.blobs.offset(sha256)), "Upload-Length": str(ref.size), "Cache-Control": "no-store",
        })  # fmt: skip

    @door("PATCH", path, "hand_in_file", summary="Hand in the next piece, at most 4 MiB", status_code=204,
          description="The last one is answered with the receipt: header `Receipt`, base64.",
          openapi_extra={"requestBody": {"required": True, "content": {
              "application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}}}})  # fmt: skip
    async def patch(
        sha256: str, request: Request, person: Annotated[Person, Depends(allowed("hand_in_file"))],
        upload_offset: Annotated[int, Header(ge=0)], content_type: Annotated[str, Header()] = "",
    ) -> Response:  # fmt: skip
        if content_type != "application/offset+octet-stream":
            raise HTTPException(415)
        with rooms.room(_length(request)) as room:
            content = await _body(request, room)
            if int(request.headers.get("content-length", len(content))) != len(content):
                raise Problem("garbled")
            offset, note = await run_in_threadpool(filing.add_piece, office, person, sha256, upload_offset, content)
        told = {"Upload-Offset": str(offset)} | (_receipt(note) if note else {})
        return Response(status_code=204, headers=_TUS | told)

    @door("GET", f"{path}/receipt", "sync", summary="The bureau's signature for a whole file")
    def receipt(sha256: str, person: Annotated[Person, Depends(allowed("sync"))]) -> dict[str, str]:
        return {"note": filing.receipt_of(office, sha256)}

    @door("GET", path, "read_file", summary="The content of a file, and its receipt", response_class=StreamingResponse)
    async def content(sha256: str, person: Annotated[Person, Depends(allowed("read_file"))]) -> StreamingResponse:
        ref, note = await run_in_threadpool(filing.readable, office, person, sha256)
        told = {"Content-Length": str(ref.size), "X-Content-Type-Options": "nosniff", **_receipt(note)}
        content = _pieces(office.blobs.stream(sha256))
        return StreamingResponse(content, media_type="application/octet-stream", headers=told)


def _receipt(note: str) -> dict[str, str]:
    return {RECEIPT: base64.b64encode(note.encode()).decode()}


async def _pieces(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Pieces one by one off the event loop; one is in memory at a time."""
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        yield part


# -- the lead's desk ----------------------------------------------------------------------------------------------


def _desk(office: Office, door: DoorMaker, allowed: Allowed) -> None:
    @door("GET", "/desk/inspections", "see_desk", summary="Inspections and where they stand")
    def inspections(person: Annotated[Person, Depends(allowed("see_desk"))]) -> list[dict[str, Any]]:
        rights = Rights(office.ledger, person)
        return [
            {"stream": stream, "unit": row.get("unit_name", ""), "stage": row.get("stage", ""),
             "planned_from": row.get("planned_from", ""), "officers": [o.get("name", "") for o in row.get("officers", [])]}
            for stream, _, row in office.ledger.topic("inspection")
            if rights.may_read(stream)
        ]  # fmt: skip

    @door("GET", "/desk/statistics", "see_desk", summary="Figures of one year, as the laptops show them")
    def statistics_of(
        person: Annotated[Person, Depends(allowed("see_desk"))], year: Annotated[int, Query(ge=2000, le=2100)]
    ) -> dict[str, Any]:
        from .statistics import year as counted  # policy and calendar are loaded when somebody asks

        return counted(office, year, Rights(office.ledger, person).may_read)

    @door("GET", "/desk/review", "see_desk", summary="File review (案卷评查) of one inspection")
    def file_review(
        person: Annotated[Person, Depends(allowed("see_desk"))], stream: str, moment: Moment = Moment.CLOSE
    ) -> dict[str, Any]:
        if not Rights(office.ledger, person).may_read(stream):
            raise Problem("not_allowed", who=person.name, act="查看这件检查")
        from .review import plain, review  # laws, policy and calendar are loaded when somebody asks

        return plain(review(office, stream, moment))
