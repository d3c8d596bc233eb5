"""Signing in with an account of the unit: OpenID Connect by authorisation code with PKCE (RFC 7636, RFC 8252).

The laptop leads the person through the browser and hands in the code that came back; this server alone redeems it and
checks the ID token (OpenID Connect Core 3.1.3.7). The provider says who it is and nothing more: roles stay the bureau's.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from inspector_app.domain.problems import Problem

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signatures by a key of the provider; none, and none made with a shared secret."""
_SECONDS = httpx.Timeout(10)
_LEEWAY = 60
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Grant:
    """What a laptop brings from the browser: the code, and what proves that the laptop itself asked for it."""

    code: str
    verifier: str
    nonce: str
    redirect: str


class Provider:
    """The provider that the configuration names."""

    def __init__(self, issuer: str, client_id: str, claim: str = "sub", scope: str = "openid", secret_file: str = "",
                 ca: str = "") -> None:  # fmt: skip
        """`claim` of the ID token holds the account's id. A public client has no secret. `ca`: a root of its own (PEM).

        Raises:
            ValueError: the issuer is no HTTPS address (plain HTTP is for loopback only); OSError: a file is not there.
        """
        _check_web(issuer)
        self._issuer, self._client, self._claim, self._scope = issuer, client_id, claim, scope
        self._secret = Path(secret_file).read_text("utf-8").strip() if secret_file else ""
        self._context = ssl.create_default_context(cafile=ca or None)
        self._places = threading.BoundedSemaphore(_AT_ONCE)  # a slow provider never takes all threads of the server

    @classmethod
    def configured(cls, plain: Mapping[str, str]) -> Provider | None:
        """From the table `[oidc]`; None where there is none. Raises ValueError for a name that is not known."""
        try:
            return cls(**plain) if plain else None
        except TypeError as error:
            raise ValueError(f"[oidc]：{error}") from error

    def invitation(self) -> dict[str, str]:
        """What a laptop needs to lead somebody to the provider. Raises `Problem("oidc_unreachable")`."""
        with self._asking() as http:
            place = self._place(self._described(http), "authorization_endpoint")
        return {"authorization": place, "client_id": self._client, "scope": self._scope}

    def redeem(self, grant: Grant, now: datetime) -> str:
        """The id of the account that a grant stands for.

        Raises:
            Problem: `oidc_refused` when the provider does not take the code or its token does not hold,
                `oidc_unreachable`.
        """
        form = {"grant_type": "authorization_code", "code": grant.code, "redirect_uri": grant.redirect,
                "client_id": self._client, "code_verifier": grant.verifier}  # fmt: skip
        secret = httpx.BasicAuth(quote(self._client), quote(self._secret)) if self._secret else httpx.USE_CLIENT_DEFAULT
        with self._asking() as http:
            about = self._described(http)
            answer = http.post(self._place(about, "token_endpoint"), data=form, auth=secret)
            if answer.is_client_error:
                raise Problem("oidc_refused", detail="登录凭据已经用过、过期或不是这次登录的")
            token = _object(answer)
            keys = _object(http.get(self._place(about, "jwks_uri")))
        return self.account_of(str(token.get("id_token", "")), keys, grant.nonce, now)

    def account_of(self, token: str, keys: Mapping[str, Any], nonce: str, now: datetime) -> str:
        """Check an ID token with the provider's keys, all of what Core 3.1.3.7 asks; raises `oidc_refused`."""
        expected = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=_LEEWAY, exp={"essential": True}, iat={"essential": True},
            iss={"essential": True, "value": self._issuer}, aud={"essential": True, "value": self._client},
            nonce={"essential": True, "value": nonce}, azp={"value": self._client},
        )  # fmt: skip
        try:
            claims = jwt.decode(token, KeySet.import_key_set({"keys": list(keys["keys"])}), _ALGORITHMS).claims
            expected.validate(claims)
            others = claims["aud"] not in (self._client, [self._client])
            if others and claims.get("azp") != self._client:
                raise ValueError("for several parties, and not said that it is for this one")
            account = claims[self._claim]
            if not (isinstance(account, str) and account):
                raise ValueError("no account")
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise Problem("oidc_refused", detail="身份凭据的签名、时间或用途不对") from error
        return account

    # -- asking the provider --------------------------------------------------------------------------------------

    @contextmanager
    def _asking(self) -> Iterator[httpx.Client]:
        if not self._places.acquire(blocking=False):
            raise Problem("oidc_unreachable")
        try:
            with httpx.Client(verify=self._context, timeout=_SECONDS) as http:
                yield http
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Problem("oidc_unreachable") from error
        finally:
            self._places.release()

    def _described(self, http: httpx.Client) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 4), of this issuer and no other."""
        about = _object(http.get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"))
        if about.get("issuer") != self._issuer:
            raise Problem("oidc_unreachable")
        return about

    def _place(self, about: Mapping[str, Any], name: str) -> str:
        try:
            return _check_web(str(about[name]))
        except (KeyError, ValueError) as error:
            raise Problem("oidc_unreachable") from error


def _check_web(address: str) -> str:
    """An HTTPS address, or plain HTTP to this machine itself; else ValueError."""
    parts = urlsplit(address)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) not in (("http", "127.0.0.1"), ("http", "localhost")):
        raise ValueError(f"[oidc]：“{address}”不是 https 地址")
    return address


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    """The JSON object that a provider answers; raises `Problem("oidc_unreachable")` where there is none."""
    try:
        plain = answer.raise_for_status().json()
    except ValueError as error:
        raise Problem("oidc_unreachable") from error
    if not isinstance(plain, dict):
        raise Problem("oidc_unreachable")
    return plain
