"""Time stamps of an authority outside the bureau (RFC 3161): proof that what the bureau held existed then.

Stamped is what the bureau signs for: its receipt over the heads of each stream. The receipts of all streams that moved on
since their last stamp go into one list of digests, and one token is asked for the list. A receipt, its list and the token
prove the time by themselves; the list names no stream. The exchange never waits for any of this.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from sqlalchemy import insert, select

from inspector_app.domain.problems import Problem
from inspector_app.record.checkpoint import Checkpoint

from . import schema

if TYPE_CHECKING:
    from .office import Office

log = logging.getLogger("bureau_server")

_ORIGIN = "inspector/timestamp/v1"
_SECONDS = httpx.Timeout(10)
_MOST = 64 << 10
"""Bytes of an answer; tokens with their certificates have some 2 to 8 kB."""
AT_ONCE = 1_000
"""Receipts of one list."""
AGAIN = 300.0
"""Seconds until an authority that failed is asked again."""


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


# -- what is to be stamped, and what was --------------------------------------------------------------------------------


def due(office: Office) -> list[str]:
    """Streams that have moved on since their last stamp."""
    streams, stamps = schema.stream, schema.stamp
    stamped = select(stamps.c.stream).where(
        stamps.c.stream == streams.c.stream, stamps.c.summary == streams.c.summary
    )  # fmt: skip
    query = select(streams.c.stream).where(streams.c.count > 0, ~stamped.exists()).order_by(streams.c.stream)
    with office.ledger.reader.connect() as connection:
        return list(connection.scalars(query))


def stamp(office: Office) -> int:
    """Have everything stamped that is due; returns how many receipts that were.

    Raises:
        Problem: `no_timestamp`; what was stamped before stays, and the rest is due the next time.
    """
    if office.time is None:
        raise Problem("no_timestamp", detail="配置里没有 [timestamp]")
    waiting, done = due(office), 0
    for start in range(0, len(waiting), AT_ONCE):
        receipts = [(stream, *office.ledger.signed_summary(stream)) for stream in waiting[start : start + AT_ONCE]]
        listed = _list(_digest(note) for _, note, _ in receipts)
        answer = office.time.ask(listed.encode())
        at = office.clock.now().at.isoformat()
        name = _digest(listed)
        rows = [
            {"stream": stream, "digest": _digest(note), "note": note, "summary": summary, "token": name, "at": at}
            for stream, note, summary in receipts
        ]
        with office.engine.begin() as connection:
            connection.execute(insert(schema.token), {"digest": name, "at": at, "list": listed, "answer": answer})
            connection.execute(insert(schema.stamp), rows)
        done += len(rows)
    return done


def check(office: Office) -> tuple[int, list[str]]:
    """How many stamps there are, and everything that is wrong with them. Needs the configuration's roots."""
    with office.ledger.reader.connect() as connection:
        stamps = connection.execute(select(schema.stamp).order_by(schema.stamp.c.stream, schema.stamp.c.at)).all()
        tokens = {row.digest: row for row in connection.execute(select(schema.token))}
    if office.time is None:
        return len(stamps), []
    good: dict[str, str] = {}
    found: list[str] = []
    for name, row in tokens.items():
        try:
            office.time.time_of(bytes(row.answer), row.list.encode())
            good[name] = row.list
        except ValueError as error:
            found.append(f"时间戳 {name[:8]} 不能证明它的清单（{error}）")
    held: dict[str, set[str]] = {}
    for row in stamps:
        if row.stream not in held:
            held[row.stream] = {entry.id for entry in office.ledger.entries(row.stream)}
        note = Checkpoint.read(row.note)
        if note is None or note.stream != row.stream or note.signed_by([office.key.public]) is None:
            found.append(f"{row.stream}：{row.at} 盖过时间戳的回执不是本局签的")
        elif any(digest not in held[row.stream] for _, digest in note.heads.values()):
            found.append(f"{row.stream}：{row.at} 盖过时间戳的内容现在没有了")
        if row.token not in tokens or (row.token in good and _digest(row.note) not in good[row.token].split("\n")):
            found.append(f"{row.stream}：{row.at} 的回执不在盖过时间戳的清单里")
    return len(stamps), found


def _list(digests: Iterator[str]) -> str:
    return "\n".join((_ORIGIN, *sorted(digests), ""))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# -- beside the server --------------------------------------------------------------------------------------------------


@contextmanager
def stamping(office: Office) -> Iterator[None]:
    """Stamp now and again in a thread of its own, as long as the server runs."""
    if office.time is None:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_work, args=(office, office.time, ended), name="time stamps", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(30)


def _work(office: Office, authority: Authority, ended: threading.Event) -> None:
    pause = 0.0
    while not ended.wait(pause):
        try:
            stamp(office)
            pause = authority.every
        except Exception as error:  # whatever it is, the server goes on, and it is due again
            log.error(json.dumps({"what": "time stamp", "kind": type(error).__name__, "detail": str(error)[:200]}))
            pause = min(AGAIN, authority.every)
