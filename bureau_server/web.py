"""The bureau's doors over HTTP. Each route names the act that it is; a route without one is never served.

OpenAPI describes them all at /openapi.json. Files follow the core protocol of tus 1.0 on /blobs/sha256/<hex>, without a
creation request: an event that was handed in has named the file, its digest and its size already.
"""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, StreamingResponse
from prometheus_client import generate_latest
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect

from inspector_app.domain.access import OF_KEEPERS, Role, may
from inspector_app.domain.event import Actor
from inspector_app.domain.problems import Problem
from inspector_app.review.dossier import Moment
from inspector_app.sync.wire import MIME, RECEIPT, Push

from . import filing, shapes, updates
from .accounts import Person
from .blobs import PIECE, Rooms
from .bounds import BODY_BYTES, JSON_BYTES
from .door import Allowed, Door, DoorMaker, bearer
from .figures import Counted, Figures
from .logs import log
from .office import Office
from .people import account_doors, device_doors, session_doors
from .public.doors import public_doors
from .refusals import DESCRIBED, SIGNED_IN, TUS, Refusal, tell_refusals
from .rights import Rights
from .timestamp import due, stamping


class Lease(BaseModel):
    """A block of document numbers that a laptop asks for."""

    series: str = Field(pattern=r"^[a-z_]{1,40}$", examples=["notice"])
    prefix: str = Field(min_length=1, max_length=40, examples=["示档检"])
    year: int = Field(ge=2000, le=2100, examples=[2026])
    count: int = Field(ge=1, le=200, examples=[20])


def make_app(office: Office) -> FastAPI:
    """The server's application. It holds nothing between two requests but its connections, its counters and what is public."""
    # No pages of documentation beside the description: FastAPI's load scripts from elsewhere into the bureau's own address.
    app = FastAPI(
        title="档案行政检查 局端", version="1", description=__doc__ or "", lifespan=_lifespan, docs_url=None, redoc_url=None,
        openapi_tags=_TAGS, responses=DESCRIBED, max_body_size=JSON_BYTES, generate_unique_id_function=lambda door: door.name,
    )  # fmt: skip
    app.state.doors = []
    app.state.office = office
    figures = Figures()

    def door(method: str, path: str, act: str, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a handler as a route that asks for the right to `act`."""
        app.state.doors.append(Door(method, path, act))
        more["description"] = "\n\n".join(filter(None, (more.get("description"), _who(act))))
        more["responses"] = (SIGNED_IN if act else {}) | more.get("responses", {})

        def wrap(handler: Callable[..., Any]) -> Callable[..., Any]:
            app.add_api_route(path, handler, methods=[method], **more)
            return handler

        return wrap

    def tagged(tag: str) -> DoorMaker:
        return partial(door, tags=[tag])

    def allowed(act: str) -> Callable[..., Awaitable[Person]]:
        async def check(token: Annotated[str, Depends(bearer)]) -> Person:
            person = await run_in_threadpool(office.accounts.person_of, token)
            if not may(person.actor, act) or (person.revoked and act in OF_KEEPERS):
                raise Problem("not_allowed", who=person.name, act=act)
            return person

        return check

    _health(office, figures, tagged("operation"))
    session_doors(office, tagged("people"), allowed)
    account_doors(office, tagged("people"), allowed)
    device_doors(office, tagged("people"), allowed)
    rooms = Rooms()  # for whatever comes whole: a piece of a file, or a packed message
    _exchange(office, tagged("exchange"), allowed, rooms)
    _files(office, tagged("files"), allowed, rooms)
    _desk(office, tagged("desk"), allowed)
    public_doors(office, tagged("public"))
    updates.open_door(office, tagged("exchange"), allowed)
    tell_refusals(app, figures)
    app.add_middleware(Counted, figures=figures)
    return app


_TAGS = [
    {
        "name": "desk",
        "description": "What has come in, for other systems of the bureau: inspections, figures, file reviews",
    },
    {"name": "public", "description": "Pages and data that anybody reads without signing in"},
    {"name": "people", "description": "Signing in, accounts, laptops"},
    {"name": "exchange", "description": "Laptops and the bureau: events, document numbers, updates"},
    {"name": "files", "description": "Files by their SHA-256, as tus 1.0 carries them"},
    {"name": "operation", "description": "Whether the server is well, and who it is"},
]


def _who(act: str) -> str:
    """Whom a door opens to, in a sentence of its description."""
    roles = [role.value for role in Role if may(Actor("", "", role), act)]
    return f"Open to: {', '.join(roles)} (act `{act}`)." if act else "Open to everybody."


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    log.info({"what": "started"})
    with stamping(app.state.office):
        yield
    log.info({"what": "stopped"})


# -- health and figures -------------------------------------------------------------------------------------------


def _health(office: Office, figures: Figures, door: DoorMaker) -> None:
    @door("GET", "/health", "", summary="Whether database and files answer", response_model=shapes.Health,
          responses={503: {"model": Refusal, "description": "One of them does not answer"}})  # fmt: skip
    def health() -> dict[str, str]:
        office.ledger.told_count()
        office.blobs.check()
        return {"epoch": office.ledger.epoch}

    @door("GET", "/authority", "", summary="The bureau's root certificate, the server's public key, how to sign in",
          response_model=shapes.About)  # fmt: skip
    def authority() -> dict[str, str]:
        ways = "password oidc" if office.provider else "password"
        return {"certificate": office.authority.certificate, "key": office.key.public.text(), "sign_in": ways}

    @door("GET", "/metrics", "", summary="Figures in Prometheus text", response_class=PlainTextResponse)
    def metrics() -> str:
        figures.events.set(office.ledger.told_count())
        figures.unstamped.set(len(due(office)) if office.time else 0)
        return generate_latest(figures.registry).decode()


# -- the exchange -------------------------------------------------------------------------------------------------


def _exchange(office: Office, door: DoorMaker, allowed: Allowed, rooms: Rooms) -> None:
    @door("POST", "/sync", "sync", summary="One round of the exchange", response_class=Response,
          max_body_size=BODY_BYTES, responses=_MESSAGE, description=_ROUND,
          openapi_extra={"requestBody": {"required": True, "content": {MIME: {"schema": {"type": "string", "format": "binary"}}}}})  # fmt: skip
    async def sync(request: Request, person: Annotated[Person, Depends(allowed("sync"))]) -> Response:
        with rooms.room(_length(request)) as room:
            push = await run_in_threadpool(Push.unpack, await _body(request, room))
        if push.device != person.device:
            raise Problem("not_allowed", who=push.device, act="sync")
        answer = await run_in_threadpool(lambda: filing.exchange(office, person, push).pack())
        return Response(answer, media_type=MIME)

    @door("POST", "/numbers", "lease_numbers", summary="Lease a block of document numbers", response_model=shapes.Block)
    def lease(wish: Lease, person: Annotated[Person, Depends(allowed("lease_numbers"))]) -> dict[str, int]:
        if person.revoked:
            raise Problem("not_allowed", who=person.device, act="lease_numbers")
        first = filing.lease_numbers(office, person, wish.series, wish.prefix, wish.year, wish.count)
        return {"first": first, "last": first + wish.count - 1}


_MESSAGE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A message of the same kind",
        "content": {MIME: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_ROUND = """A message is a header in canonical JSON, a line feed, and one line an event, packed with Zstandard (RFC 8878).
Up: `protocol` (1), `device`, `sums` (stream to summary of its tips), `full` (stream to tips, where they differ), `notes` (signed).
Down: `protocol`, `epoch`, `differ`, `notes`, `receipts`, `refused` (id, stream, code, facts), `more`."""


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


_OFFSET: dict[int | str, dict[str, Any]] = {200: {"description": "Where to go on", "headers": {
    name: {"schema": {"type": "integer"}, "description": said} for name, said in (
        ("Upload-Offset", "bytes that are safe"), ("Upload-Length", "bytes of the file, as the record names it"))
}}}  # fmt: skip
_CONTENT: dict[int | str, dict[str, Any]] = {200: {
    "description": "All bytes; whoever keeps them checks the digest",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "headers": {RECEIPT: {"schema": {"type": "string"}, "description": "the bureau's signed note, base64"}},
}}  # fmt: skip


def _files(office: Office, door: DoorMaker, allowed: Allowed, rooms: Rooms) -> None:
    path = "/blobs/sha256/{sha256}"
    Digest = Annotated[str, Path(description="SHA-256, 64 digits and small letters", examples=["9f86d081…"])]

    @door("OPTIONS", path, "", summary="What of tus is spoken here", status_code=204, response_class=Response)
    def options(sha256: Digest) -> Response:
        return Response(status_code=204, headers=TUS | {"Tus-Version": "1.0.0", "Tus-Max-Size": str(1 << 40)})

    @door("HEAD", path, "hand_in_file", summary="How many bytes are safe", response_class=Response, responses=_OFFSET)
    def head(sha256: Digest, person: Annotated[Person, Depends(allowed("hand_in_file"))]) -> Response:
        ref = filing.wanted(office, person, sha256)
        return Response(headers=TUS | {
            "Upload-Offset": str(office.blobs.offset(sha256)), "Upload-Length": str(ref.size), "Cache-Control": "no-store",
        })  # fmt: skip

    @door("PATCH", path, "hand_in_file", summary="Hand in the next piece, at most 4 MiB", status_code=204,
          max_body_size=BODY_BYTES, description="The last one is answered with the receipt: header `Receipt`, base64.",
          openapi_extra={"requestBody": {"required": True, "content": {
              "application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}}}})  # fmt: skip
    async def patch(
        sha256: Digest, request: Request, person: Annotated[Person, Depends(allowed("hand_in_file"))],
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
        return Response(status_code=204, headers=TUS | told)

    @door(
        "GET",
        f"{path}/receipt",
        "sync",
        summary="The bureau's signature for a whole file",
        response_model=shapes.Receipt,
    )
    def receipt(sha256: Digest, person: Annotated[Person, Depends(allowed("sync"))]) -> dict[str, str]:
        return {"note": filing.receipt_for(office, person, sha256)}

    @door("GET", path, "read_file", summary="The content of a file, and its receipt", response_class=StreamingResponse,
          responses=_CONTENT)  # fmt: skip
    async def content(sha256: Digest, person: Annotated[Person, Depends(allowed("read_file"))]) -> StreamingResponse:
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
    @door(
        "GET",
        "/desk/inspections",
        "see_desk",
        summary="Inspections and where they stand",
        response_model=list[shapes.Inspection],
    )
    def inspections(person: Annotated[Person, Depends(allowed("see_desk"))]) -> list[dict[str, Any]]:
        rights = Rights(office.ledger, person)
        return [
            {"stream": stream, "unit": row.get("unit_name", ""), "stage": row.get("stage", ""),
             "planned_from": row.get("planned_from", ""), "officers": [o.get("name", "") for o in row.get("officers", [])]}
            for stream, _, row in office.ledger.topic("inspection")
            if rights.may_read(stream)
        ]  # fmt: skip

    @door("GET", "/desk/statistics", "see_desk", summary="Figures of one year, as the laptops show them",
          response_model=shapes.YearOfWork)  # fmt: skip
    def statistics_of(
        person: Annotated[Person, Depends(allowed("see_desk"))], year: Annotated[int, Query(ge=2000, le=2100)]
    ) -> dict[str, Any]:
        from .statistics import year as counted  # policy and calendar are loaded when somebody asks

        return counted(office, year, Rights(office.ledger, person).may_read)

    @door(
        "GET",
        "/desk/review",
        "see_desk",
        summary="File review (案卷评查) of one inspection",
        response_model=shapes.Review,
    )
    def file_review(
        person: Annotated[Person, Depends(allowed("see_desk"))],
        stream: Annotated[str, Query(description="of the inspection", examples=["inspection/2026-03"])],
        moment: Moment = Moment.CLOSE,
    ) -> dict[str, Any]:
        if not Rights(office.ledger, person).may_read(stream):
            raise Problem("not_allowed", who=person.name, act="查看这件检查")
        from .review import plain, review  # laws, policy and calendar are loaded when somebody asks

        return plain(review(office, stream, moment))
