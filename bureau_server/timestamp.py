"""Time stamps of an authority outside the bureau (RFC 3161): proof that what the bureau held existed then.

Stamped is what the bureau signs for: its receipt over the heads of each stream. The receipts of all streams that moved on
since their last stamp go into one list of digests, and one token is asked for the list. A receipt, its list and the token
prove the time by themselves; the list names no stream. The exchange never waits for any of this.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from inspector_app.domain.problems import Problem
from inspector_app.record.checkpoint import Checkpoint

from . import schema
from .logs import log

if TYPE_CHECKING:
    from .office import Office
    from .time_authority import Authority

_ORIGIN = "inspector/timestamp/v1"
AT_ONCE = 1_000
"""Receipts of one list."""
AGAIN = 300.0
"""Seconds until an authority that failed is asked again."""


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
            log.error({"what": "time stamp", "kind": type(error).__name__, "detail": str(error)[:200]})
            pause = min(AGAIN, authority.every)
