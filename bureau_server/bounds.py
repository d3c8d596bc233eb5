"""What a connection may cost before it is known who asks: bytes of a head and a body, seconds for each, and how many at once.

Uvicorn sets no bounds to any of these with the parser that is used here. A laptop on a bad line stays far within them.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .blobs import PIECE

CONNECTIONS = 500
"""Open connections of one process; each keeps a quarter of a megabyte for TLS."""
HEAD_BYTES = 64 << 10
"""Of a request's line and headers; a laptop sends some 300."""
JSON_BYTES = 64 << 10
"""Of a body that is no message of the exchange and no piece of a file."""
BODY_BYTES = 2 * PIECE
"""Of any other; doors that take so much read it themselves, up to `PIECE`, once they know who asks."""
PATIENCE = 30.0
"""Seconds for a head, and for a body or an answer besides its length."""
FAREWELL = 2.0
"""Seconds that a connection without a request may take to end when the server stops."""
SLOWEST = 4_000
"""Bytes a second that a body comes and an answer is taken at the least; laptops work on 20,000 for all they do at a time."""


class Bounded(HttpToolsProtocol):
    """A connection that is ended where it keeps the server waiting or never comes to an end."""

    _due: asyncio.TimerHandle | None = None
    _in_head = False
    _bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            transport.abort()
        else:
            self._expect(0)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._bytes += len(data)
        if self._bytes > (HEAD_BYTES if self._in_head else BODY_BYTES):
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._bytes = True, 0
        self._expect(0)

    def on_headers_complete(self) -> None:
        self._in_head, self._bytes = False, 0
        told = next((value for name, value in self.headers if name == b"content-length"), b"")
        self._expect(min(int(told), PIECE) if told.isdigit() else JSON_BYTES)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._forget()  # from here on the server is at work
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # What is written may not have gone yet; who asks nothing further is left sooner, by uvicorn.
        self._expect(PIECE)

    def shutdown(self) -> None:
        super().shutdown()
        if self.transport.is_closing():  # nothing was under way: whoever does not say goodbye in turn is not waited for
            self._forget()
            self._due = self.loop.call_later(FAREWELL, self._end)

    def _expect(self, size: int) -> None:
        """End the connection unless so many bytes have gone by in the time that they may take."""
        self._forget()
        self._due = self.loop.call_later(PATIENCE + size / SLOWEST, self._end)

    def _forget(self) -> None:
        if self._due is not None:
            self._due.cancel()

    def _end(self) -> None:
        self.transport.abort()
