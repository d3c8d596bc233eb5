"""A proxy between laptop and server that delays, throttles, cuts and swallows, and a captive portal.

Both run in a thread of their own and speak plain TCP or TLS on loopback; nothing of the client or the server is patched.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.patience import SECONDS

_PART = 16384
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: the close becomes a reset."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What the network does from now on. Counts of bytes begin when the fault is set."""

    latency: float = 0.0
    """Seconds that each part waits."""
    rate: int = 0
    """Bytes per second in each direction; 0 is as fast as it goes."""
    cut_up: int | None = None
    """Bytes from the laptop that still get through before the connection ends."""
    cut_down: int | None = None
    """Bytes from the server that still get through; 0 swallows the very next answer after the request went in."""
    reset: bool = False
    """Whether the end is a reset instead of a close."""
    refuse: bool = False
    """Whether new connections are ended at once."""


class _Cut(Exception):
    """The fault ends this connection."""


@dataclass
class Proxy:
    """Passes bytes on and counts them; `fault` may be changed at any time."""

    target: tuple[str, int]
    port: int = 0
    fault: Fault = Fault()
    passed: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def set(self, fault: Fault) -> None:
        self.passed.clear()
        self.fault = fault

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the laptop."""
        if self.fault.refuse:
            self._end(writer)
            return
        there, back = await asyncio.open_connection(*self.target)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, back, "up"))
                both.create_task(self._pump(there, writer, "down"))
        except* (_Cut, OSError):
            pass
        finally:
            self._end(writer)
            self._end(back)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        while data := await reader.read(_PART):
            fault = self.fault
            await asyncio.sleep(fault.latency + (len(data) / fault.rate if fault.rate else 0))
            limit = fault.cut_up if way == "up" else fault.cut_down
            rest = len(data) if limit is None else max(0, min(len(data), limit - self.passed[way]))
            writer.write(data[:rest])
            self.passed[way] += rest
            self.total[way] += rest
            await writer.drain()
            if rest < len(data):
                raise _Cut
        raise _Cut  # one side has ended: so does the other

    def _end(self, writer: asyncio.StreamWriter) -> None:
        if self.fault.reset:
            made: socket.socket = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        writer.transport.abort() if self.fault.reset else writer.close()


@contextlib.contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """A proxy before the server at `url`."""
    parts = urlsplit(url)
    made = Proxy((parts.hostname or "", parts.port or 0))
    with _listening(made.serve) as port:
        made.port = port
        yield made


@contextlib.contextmanager
def portal(certificate: Path | None = None, key: Path | None = None, date: str = "") -> Iterator[str]:
    """A captive portal: 200 and a page of HTML for whatever is asked; over TLS when it has a certificate.

    `date` is what its clock says in the header of each answer (RFC 9110, 6.6.1).
    """
    page = "<html><body>请先登录无线网络</body></html>".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n"
    head += f"Date: {date}\r\n\r\n" if date else "\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n") if certificate else await reader.read(_PART)
            writer.write(head.encode() + page)
            await writer.drain()
        writer.close()

    context = None
    if certificate and key:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    with _listening(answer, context) as port:
        yield f"https://127.0.0.1:{port}"


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.contextmanager
def _listening(serve: Serve, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Listen on loopback in a thread of its own; gives the port."""
    started, ports = threading.Event(), list[int]()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    @contextlib.asynccontextmanager
    async def server() -> AsyncIterator[asyncio.Server]:
        open_: set[asyncio.Task[None]] = set()

        async def tracked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            open_.add(task)
            try:
                await serve(reader, writer)
            finally:
                open_.discard(task)

        made = await asyncio.start_server(tracked, "127.0.0.1", 0, ssl=context)
        try:
            yield made
        finally:
            made.close()
            for task in list(open_):
                task.cancel()
            await asyncio.gather(*open_, return_exceptions=True)

    async def run() -> None:
        async with server() as made:
            ports.append(made.sockets[0].getsockname()[1])
            started.set()
            await ended.wait()

    def work() -> None:
        loop.run_until_complete(run())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    loop.set_exception_handler(lambda _loop, _context: None)  # a laptop that does not trust us ends the handshake
    thread = threading.Thread(target=work, name="faults", daemon=True)
    thread.start()
    assert started.wait(SECONDS)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(SECONDS)
