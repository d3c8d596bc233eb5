"""Wrong tries in a row: after too many under one name the next is refused for a while. The database remembers, so that
every process of the server refuses alike."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network

from sqlalchemy import Connection, delete, select, update

from inspector_app.domain.clock import Clock
from inspector_app.domain.problems import Problem

from . import schema
from .database import once


@dataclass(frozen=True, slots=True)
class Throttle:
    """`tries` wrong ones in a row, and how many seconds the next is refused then."""

    clock: Clock
    tries: int
    seconds: int

    def check(self, connection: Connection, name: str) -> None:
        """Raises `Problem("too_many_tries")` with the minutes that are left."""
        now = self._now()
        row = connection.execute(select(schema.throttle).where(schema.throttle.c.name == name)).first()
        if row is not None and row.tries >= self.tries and row.until > now:
            raise Problem("too_many_tries", minutes=(row.until - now + 59) // 60)

    def attempt(self, connection: Connection, name: str) -> None:
        """Note a try before anybody looks whether it is wrong, so that of many at once no more are looked at than of as many
        one by one. Raises as `check`; where the try was right, `forget`."""
        table, now = schema.throttle, self._now()
        connection.execute(delete(table).where(table.c.until <= now))
        connection.execute(once(connection, table).values(name=name, tries=0, until=now + self.seconds))
        connection.execute(select(table.c.tries).where(table.c.name == name).with_for_update())
        self.check(connection, name)
        self.count(connection, name)

    def count(self, connection: Connection, name: str) -> None:
        """Note a wrong try."""
        table, now = schema.throttle, self._now()
        connection.execute(delete(table).where(table.c.until <= now))
        connection.execute(once(connection, table).values(name=name, tries=0, until=now + self.seconds))
        connection.execute(
            update(table).where(table.c.name == name).values(tries=table.c.tries + 1, until=now + self.seconds)
        )

    def forget(self, connection: Connection, name: str) -> None:
        connection.execute(delete(schema.throttle).where(schema.throttle.c.name == name))

    def _now(self) -> int:
        return int(self.clock.now().at.timestamp())


def visitor(secret: bytes, host: str) -> str:
    """A name for whoever asks from an address, that does not tell the address. Of IPv6 it is the network of 64 bits: one
    visitor has all of its addresses."""
    with contextlib.suppress(ValueError):
        host = str(ip_network(f"{IPv6Address(host)}/64", strict=False))
    return "page/" + hashlib.blake2b(host.encode(), key=hashlib.sha256(secret).digest(), digest_size=12).hexdigest()
