"""The laptop's way to the bureau's server: HTTPS that trusts the pinned root of the bureau and nobody else."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, TypeVar
from urllib.parse import quote

import httpx

from ..domain.clock import CHINA
from ..domain.problems import PROBLEMS, Problem
from ..record.keys import DeviceKey
from .browser import Grant, Visit
from .enrolment import Address as Address
from .enrolment import enrolment, fingerprint
from .pieces import as_file
from .wire import FIRST_PIECE, LEAST_PIECE, MIME, PIECE, RECEIPT

Step = Callable[[int, int], bool]
T = TypeVar("T")
_OIDC = "oidc"
_SECONDS = httpx.Timeout(60, connect=10)
_PIECE_SECONDS = 10.0
_READ_BACK = 20e6
"""Bytes a second at which a slow bureau reads a whole file back before it signs for it."""
_NOT_YET_VALID, _EXPIRED = 9, 10
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL: told only where the root has signed."""
_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL."""
_CLOCKS_DIFFER = timedelta(minutes=10)


def peek(url: str) -> tuple[str, str, bool]:
    """The root certificate that a server names, its fingerprint, which a person compares with the bureau's paper, and
    whether it says that the unit's own accounts sign in there.

    Nothing is trusted by this: what is pinned afterwards is the certificate whose fingerprint was compared.

    Raises:
        Problem: `no_connection`.
    """
    try:
        with httpx.Client(
            verify=False, timeout=_SECONDS, trust_env=False
        ) as http:  # compared by a person, not by the machine
            told = http.get(f"{url}/authority").json()
        root = str(told["certificate"])
        return root, fingerprint(root), _OIDC in str(told.get("sign_in", "")).split()
    except (httpx.HTTPError, OSError, ValueError, KeyError, TypeError) as error:
        raise Problem("no_connection", detail="没有回应，或不是局里的服务器") from error


class Door:
    """A connection to the bureau. `token` is the session's; it is empty before signing in."""

    def __init__(self, address: Address, token: str = "") -> None:
        self.token = token
        self.bureau_time: datetime | None = None
        """What the clock of the bureau's server showed with its last message of the exchange."""
        self._address = address
        self._piece = FIRST_PIECE
        context = ssl.create_default_context(cadata=address.root)
        self._http = httpx.Client(base_url=address.url, verify=context, timeout=_SECONDS, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Door:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- people and devices -------------------------------------------------------------------------------------

    def sign_in(self, account: str, password: str, code: str, device: str, own: str = "") -> Mapping[str, str]:
        """Sign in; keeps the token and answers with name, role and the bureau's public key. `own` takes the place of a
        password that an admin gave."""
        body = {"account": account, "password": password, "code": code, "device": device, "own": own}
        return self._signed_in("/session", body)

    def takes_unit_accounts(self) -> bool:
        """Whether the unit's own accounts sign in here."""
        return _OIDC in _part(self._json("GET", "/authority"), "sign_in").split()

    def visit(self) -> Visit:
        """A way through the browser to where the unit's accounts sign in.

        Raises:
            Problem: `no_oidc`, `oidc_unreachable`.
        """
        told = self._json("GET", "/session/oidc")
        return Visit({name: _part(told, name) for name in ("authorization", "client_id", "scope")})

    def sign_in_with(self, grant: Grant, device: str) -> Mapping[str, str]:
        """Sign in with what the browser brought; as `sign_in`.

        Raises:
            Problem: `oidc_refused`, `unknown_account` (as `refused_by_bureau`), `oidc_unreachable`.
        """
        return self._signed_in("/session/oidc", {**asdict(grant), "device": device})

    def _signed_in(self, path: str, body: Mapping[str, str]) -> Mapping[str, str]:
        answer = self._json("POST", path, body)
        self.token = _part(answer, "token")
        return {name: str(value) for name, value in answer.items()}

    def sign_out(self) -> None:
        """End the session at the bureau."""
        self._send("DELETE", "/session")
        self.token = ""

    def enrol(self, account: str, key: DeviceKey) -> str:
        """Enrol this laptop's key; answers with its certificate. Raises `Problem("device_known")` where another laptop has
        its name, and what the bureau says."""
        proof = base64.b64encode(key.sign(enrolment(account))).decode()
        answer = self._ask("POST", "/devices", json={"key": key.public.text(), "proof": proof})
        if answer.headers.get("Problem") == "device_known":
            raise Problem("device_known", device=key.name)
        return _part(_plain(_checked(answer)), "certificate")

    def device_keys(self) -> list[str]:
        """The public keys of all laptops, the bureau's own first."""
        return [str(text) for text in self._json("GET", "/devices/keys")]

    def revoked_keys(self) -> list[str]:
        """Those of them that were revoked: nothing new is to be signed with them."""
        return [str(text) for text in self._json("GET", "/devices/revoked")]

    def devices(self) -> list[Mapping[str, str]]:
        """All laptops of the bureau: name, account, since when, and when it was revoked."""
        return [{name: str(value) for name, value in row.items()} for row in self._json("GET", "/devices")]

    def revoke(self, name: str) -> None:
        """Revoke a laptop for good."""
        self._send("DELETE", f"/devices/{name}")

    def accounts(self) -> list[Mapping[str, Any]]:
        """All accounts of the bureau, and what was done to each."""
        return [dict(row) for row in self._json("GET", "/people")]

    def invite(self, account: str, name: str, role: str, totp: bool) -> Mapping[str, str]:
        """A new account; answers once with `password` and `totp`, "" for none."""
        return self._given("/people", {"id": account, "name": name, "role": role, "totp": totp})

    def change_role(self, account: str, role: str) -> None:
        """Another role for an account."""
        self._send("PUT", f"/people/{quote(account)}/role", json={"role": role})

    def set_active(self, account: str, active: bool) -> None:
        """Close an account, or open it again."""
        self._send("PUT", f"/people/{quote(account)}/active", json={"active": active})

    def reset_password(self, account: str) -> Mapping[str, str]:
        """As `invite`: a password that is good for signing in once."""
        return self._given(f"/people/{quote(account)}/password", {})

    def reset_totp(self, account: str, wanted: bool) -> Mapping[str, str]:
        """As `invite`: the secret of a new second factor, or none any more."""
        return self._given(f"/people/{quote(account)}/totp", {"wanted": wanted})

    def _given(self, path: str, body: Mapping[str, Any]) -> Mapping[str, str]:
        answer = self._json("POST", path, body)
        return {name: _part(answer, name) for name in ("password", "totp")}

    def lease_numbers(self, series: str, prefix: str, year: int, count: int) -> tuple[int, int]:
        """Lease a block of document numbers: first and last."""
        answer = self._json("POST", "/numbers", {"series": series, "prefix": prefix, "year": year, "count": count})
        return _count(answer, "first"), _count(answer, "last")

    # -- the exchange -------------------------------------------------------------------------------------------

    def post(self, message: bytes) -> bytes:
        """Carry one message of the exchange. What comes back from a captive portal is no message and is refused."""
        response = self._send("POST", "/sync", content=message, headers={"Content-Type": MIME})
        if response.headers.get("content-type", "").partition(";")[0] != MIME:
            raise Problem("garbled")
        self.bureau_time = _date(response.headers)
        return response.content

    # -- files --------------------------------------------------------------------------------------------------

    def safe_bytes(self, sha256: str) -> int:
        """How many bytes of a file the bureau has now."""
        response = self._send("HEAD", f"/blobs/sha256/{sha256}")
        return _count(response.headers, "Upload-Offset")

    def hand_in(
        self, sha256: str, file: BinaryIO, size: int, step: Step = lambda done, total: True, begun: bool = True
    ) -> str | None:  # fmt: skip
        """Send the rest of a file piece by piece (tus 1.0, core); None when `step(done, total)` said stop. The bureau's
        receipt comes with the answer to the last piece; "" where nothing was left to send, and it is to be asked for.

        Of a file that was never `begun` the first piece goes without asking where to go on; should some of it be there
        all the same, by a colleague's laptop, the bureau says so and is asked then.

        Raises:
            Problem: what the bureau says, `no_connection`, `not_our_server`.
        """
        place, note = self.safe_bytes(sha256) if begun else 0, ""
        while place < size:
            if not step(place, size):
                return None
            file.seek(place)
            sent = {"Upload-Offset": str(place), "Content-Type": "application/offset+octet-stream"}
            piece, began = file.read(self._piece), time.monotonic()
            wait = _patience(size if place + len(piece) >= size else 0)
            answer = self._ask("PATCH", f"/blobs/sha256/{sha256}", content=piece, headers=sent, timeout=wait)
            if answer.headers.get("Problem") == "offset_differs" and not begun:
                place, begun = self.safe_bytes(sha256), True
                continue
            place = _count(_checked(answer).headers, "Upload-Offset")
            self._piece = fitting(len(piece), time.monotonic() - began)
            note = _note(answer.headers.get(RECEIPT, ""))
        step(size, size)
        return note

    def receipt(self, sha256: str, size: int = 0) -> str:
        """The bureau's signed note for a whole file of so many bytes."""
        response = self._send("GET", f"/blobs/sha256/{sha256}/receipt", timeout=_patience(size))
        return _part(_plain(response), "note")

    @contextmanager
    def fetch(self, sha256: str) -> Iterator[tuple[BinaryIO, str]]:
        """The content of a file as it comes over the line, and the bureau's receipt for it, "" where an older bureau sends
        none; read it in pieces, whoever keeps it checks its digest.

        Raises:
            Problem: as `hand_in`, also while reading.
        """
        with self._coming(f"/blobs/sha256/{sha256}") as (content, headers):
            yield content, _note(headers.get(RECEIPT, ""))

    @contextmanager
    def update(self) -> Iterator[BinaryIO]:
        """The update file that the bureau holds ready, as it comes; its signatures tell whether it is one. Raises as `fetch`."""
        with self._coming("/update") as (content, _):
            yield content

    @contextmanager
    def _coming(self, path: str) -> Iterator[tuple[BinaryIO, Mapping[str, str]]]:
        request = self._http.build_request("GET", path, headers=self._headers({}))
        response = self._through(lambda: self._http.send(request, stream=True))
        try:
            pieces = _checked(response).iter_bytes()
            yield as_file(lambda: self._through(lambda: next(pieces, b""))), response.headers
        finally:
            response.close()

    # -- small things -------------------------------------------------------------------------------------------

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return _plain(self._send(method, path, json=body) if body is not None else self._send(method, path))

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return _checked(self._ask(method, path, **more))

    def _ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        sent = self._headers(headers or {})
        return self._through(lambda: self._http.request(method, path, headers=sent, **more))

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), "Tus-Resumable": "1.0.0", **more}

    def _through(self, send: Callable[[], T]) -> T:
        try:
            return send()
        except httpx.ConnectError as error:
            if (why := _verification(error)) is not None:
                raise self._untimely() if why in (_NOT_YET_VALID, _EXPIRED) else Problem("not_our_server") from error
            raise Problem("no_connection", detail="没有回应") from error
        except (httpx.HTTPError, OSError) as error:
            raise Problem("no_connection", detail="中途断了") from error

    def _untimely(self) -> Problem:
        """Why a certificate of the bureau's own root is not valid today: this laptop's clock, or the certificate.

        The bureau is asked for its time over a connection that checks all but the time; nothing else goes over it.
        """
        context = ssl.create_default_context(cadata=self._address.root)
        context.verify_flags = ssl.VerifyFlags(context.verify_flags | _NO_CHECK_TIME)
        try:
            with httpx.Client(verify=context, timeout=_SECONDS, trust_env=False) as http:
                there = _date(http.get(f"{self._address.url}/health").headers)
        except (httpx.HTTPError, OSError):
            return Problem("certificate_untimely")
        here = datetime.now(UTC)
        if there is None or abs(there - here) < _CLOCKS_DIFFER:
            return Problem("certificate_untimely")
        return Problem("clock_differs", here=_local(here), there=_local(there))


def _verification(error: httpx.ConnectError) -> int | None:
    """OpenSSL's reason why a certificate was refused; None where it was something else."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_code
        cause = cause.__cause__ or cause.__context__
    return None


def _date(headers: Mapping[str, str]) -> datetime | None:
    """When an answer was made by the clock of whoever made it (RFC 9110, 6.6.1)."""
    try:
        return parsedate_to_datetime(headers["date"])
    except (ValueError, KeyError):
        return None


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _checked(response: httpx.Response) -> httpx.Response:
    """The response, if it is a good one; else the problem that the bureau told."""
    if response.is_success:
        return response
    code = response.headers.get("Problem", "")
    if code in (
        "signed_out",
        "wrong_password",
        "server_disk_full",
        "another_protocol",
        "garbled",
        "no_oidc",
        "oidc_unreachable",
        "no_update",
        "password_to_set",
        "first_password_over",
        "own_account",
    ):
        raise Problem(code)
    if code in PROBLEMS:
        raise Problem("refused_by_bureau", detail=_said(response) or PROBLEMS[code].fact)
    raise Problem("no_connection", detail=f"回应 {response.status_code}")


def fitting(size: int, seconds: float) -> int:
    """How many bytes are to go next, when so many took so long: a piece takes some ten seconds at the most. So a bad line loses
    little by a cut, stopping is not waited for, and it is seen that something moves."""
    return max(LEAST_PIECE, min(PIECE, int(size / max(seconds, 1e-3) * _PIECE_SECONDS)))


def _patience(size: int) -> httpx.Timeout:
    return httpx.Timeout(60 + size / _READ_BACK, connect=10)


def _plain(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise Problem("garbled") from error


def _part(answer: Any, name: str) -> str:
    """A part of an answer; a captive portal's answer has none."""
    try:
        return str(answer[name])
    except (KeyError, TypeError, IndexError) as error:
        raise Problem("garbled") from error


def _count(answer: Any, name: str) -> int:
    try:
        return int(_part(answer, name))
    except ValueError as error:
        raise Problem("garbled") from error


def _note(text: str) -> str:
    """A receipt from a header; "" where it is none, so that it is asked for."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""


def _said(response: httpx.Response) -> str:
    """The bureau's own sentence; the answer to HEAD has none."""
    try:
        response.read()
        plain = response.json()
        return f"{plain['fact']}{plain['way_out']}"
    except (ValueError, KeyError, TypeError, httpx.HTTPError):
        return ""
