"""The authority outside the bureau that stamps the time (RFC 3161); loaded only where the configuration names one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from inspector_app.domain.problems import Problem

_SECONDS = httpx.Timeout(10)
_MOST = 64 << 10
"""Bytes of an answer; tokens with their certificates have some 2 to 8 kB."""


class Authority:
    """The authority that the configuration names, and the roots that it is checked with."""

    def __init__(self, url: str, ca: str, every: int = 60) -> None:
        """`ca` is a PEM file: roots, and what stands between them and the signer; `every`: minutes between two lists.

        Raises:
            ValueError, OSError: no roots there, no web address, no sensible time.
        """
        if not url.startswith(("http://", "https://")) or every < 1:
            raise ValueError("[timestamp]：url 不是网址，或 every 小于 1 分钟")
        self._url, self.every = url, 60.0 * every
        certificates = x509.load_pem_x509_certificates(Path(ca).read_bytes())
        self._roots = [made for made in certificates if made.issuer == made.subject]
        self._between = [made for made in certificates if made.issuer != made.subject]
        if not self._roots:
            raise ValueError(f"[timestamp]：{ca} 里没有根证书")

    @classmethod
    def configured(cls, plain: Mapping[str, Any]) -> Authority | None:
        """From the table `[timestamp]`; None where there is none. Raises ValueError for a name that is not known."""
        try:
            return cls(**plain) if plain else None
        except (TypeError, AttributeError) as error:
            raise ValueError(f"[timestamp]：{error}") from error

    def ask(self, content: bytes) -> bytes:
        """A checked answer for these bytes. Raises `Problem("no_timestamp")`, whatever is wrong with it."""
        request = TimestampRequestBuilder(hash_algorithm=HashAlgorithm.SHA256).data(content).build()
        sent = {"Content-Type": "application/timestamp-query"}
        try:
            with (
                httpx.Client(timeout=_SECONDS, trust_env=False) as http,
                http.stream("POST", self._url, content=request.as_bytes(), headers=sent) as response,
            ):
                response.raise_for_status()
                answer = b""
                for piece in response.iter_bytes():
                    answer += piece
                    if len(answer) > _MOST:
                        raise ValueError("too long")
            self.time_of(answer, content, request.nonce)
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise Problem("no_timestamp", detail=str(error) or type(error).__name__) from error
        return answer

    def time_of(self, answer: bytes, content: bytes, nonce: int | None = None) -> datetime:
        """When the authority saw these bytes. Raises ValueError when the answer does not say so in its hand."""
        checks = VerifierBuilder(roots=list(self._roots), intermediates=list(self._between), nonce=nonce).build()
        made = decode_timestamp_response(answer)
        try:
            checks.verify_message(made, content)
        except VerificationError as error:
            raise ValueError(str(error)) from error
        return made.tst_info.gen_time
