"""Signing in through the system's browser: one loopback redirect with state, nonce and PKCE (RFC 7636, RFC 8252).

The laptop never sees a password of the unit's account; it brings the bureau a code and the proof that it asked for it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from ..domain.problems import Problem

PATIENCE = 300.0
"""Seconds that somebody may take in the browser."""
_LOOK = 0.1
_LOOPBACK = ("127.0.0.1", "localhost")

GoOn = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Grant:
    """What came back: the code, and what the bureau needs to redeem it."""

    code: str
    verifier: str
    nonce: str
    redirect: str


class Visit:
    """One way through the browser: `url` is to be opened there, `wait` takes what comes back. Good for one time."""

    def __init__(self, invitation: Mapping[str, str], patience: float = PATIENCE) -> None:
        """`invitation` is what the bureau says: authorization, client_id, scope.

        Raises:
            Problem: `oidc_unreachable` when that is no web address a browser may be sent to.
        """
        place = urlsplit(invitation["authorization"])
        if place.scheme != "https" and not (place.scheme == "http" and place.hostname in _LOOPBACK):
            raise Problem("oidc_unreachable")
        self._patience = patience
        self._state, self._nonce, self._verifier = (secrets.token_urlsafe(32) for _ in range(3))
        self._door = _Loopback(self._state)
        challenge = hashlib.sha256(self._verifier.encode()).digest()
        asked = urlencode({
            "response_type": "code", "client_id": invitation["client_id"], "scope": invitation["scope"],
            "redirect_uri": self._door.url, "state": self._state, "nonce": self._nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="), "code_challenge_method": "S256",
        })  # fmt: skip
        self.url = place._replace(query="&".join(filter(None, (place.query, asked)))).geturl()

    def close(self) -> None:
        """Nobody comes back any more."""
        self._door.server_close()

    def wait(self, go_on: GoOn = lambda: True) -> Grant | None:
        """Wait for the one redirect that bears our state; None once `go_on` says no. Closes the door in any case.

        Raises:
            Problem: `oidc_refused` when the provider says so, `browser_left` when nobody came back in time.
        """
        until = time.monotonic() + self._patience
        try:
            while not self._door.answer:
                if not go_on():
                    return None
                if time.monotonic() > until:
                    raise Problem("browser_left")
                self._door.handle_request()
        finally:
            self.close()
        told = self._door.answer
        if "code" not in told:
            raise Problem(
                "oidc_refused", detail=_DENIED if told.get("error") == "access_denied" else "登录系统没有放行"
            )
        return Grant(told["code"], self._verifier, self._nonce, self._door.url)


_DENIED = "在浏览器里选了不同意"


class _Loopback(ThreadingHTTPServer):
    """Listens on 127.0.0.1 and any port. Threads, as browsers open connections ahead and leave them idle."""

    daemon_threads = True
    block_on_close = False
    timeout = _LOOK

    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", 0), _Redirect)
        self.state = state
        self.answer: Mapping[str, str] = {}
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def take(self, told: Mapping[str, str]) -> bool:
        """Take the first answer that bears our state; whatever else comes, whoever sends it, changes nothing."""
        with self.lock:
            if self.answer or not secrets.compare_digest(told.get("state", "").encode(), self.state.encode()):
                return False
            self.answer = told
            return True

    def handle_error(self, *_: object) -> None:
        """A connection that breaks off is none of our business."""


class _Redirect(BaseHTTPRequestHandler):
    server: _Loopback
    timeout = 5

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        told = {name: values[0] for name, values in parse_qs(place.query).items()}
        if place.path != "/":
            self._say(404, "没有这一页。")
        elif not self.server.take(told):
            self._say(400, "这不是这次登录。回到程序，再点一次“用单位账号登录”。")
        elif "code" in told:
            self._say(200, "浏览器里的登录已经完成。可以关掉这一页，回到程序。")
        else:
            self._say(200, "没有登录。可以关掉这一页，回到程序。")

    def _say(self, status: int, sentence: str) -> None:
        page = f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>登录</title><p>{escape(sentence)}</p></html>'.encode()
        self.send_response(status)
        for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page))),
                            ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("Connection", "close")):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nothing is written: the line would hold the code."""
