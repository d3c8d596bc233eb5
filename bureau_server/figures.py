"""What operation looks at, in Prometheus text; of this process only, and without anybody's name."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client import Counter as CounterMetric
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .logs import log


class Figures:
    """Counters and gauges of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Gauge("inspector_events", "Events in the ledger", registry=self.registry)
        self.unstamped = Gauge("inspector_unstamped", "Streams that wait for a time stamp", registry=self.registry)
        self.problems = CounterMetric("inspector_problems", "Refusals by kind", ["code"], registry=self.registry)
        self.requests = Histogram(
            "inspector_request_seconds", "Time of requests", ["method", "path", "status"], registry=self.registry
        )


class Counted:
    """Passes requests on as they are, and notes how long each took. (Starlette's own base for this copies bodies.)"""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500  # that of a fault, which is answered further out

        async def told(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            path, spent = getattr(scope.get("route"), "path", "unknown"), time.perf_counter() - begun
            self._figures.requests.labels(scope["method"], path, str(status)).observe(spent)
            log.info({"method": scope["method"], "path": path, "status": status, "ms": round(1000 * spent, 1)})
