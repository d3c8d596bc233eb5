"""People, their devices and sessions. Passwords are kept as Argon2id (RFC 9106), second factors as TOTP (RFC 6238)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from inspector_app.domain.access import Role
from inspector_app.domain.clock import Clock
from inspector_app.domain.event import Actor
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.sync.people import Account

from . import schema
from .database import once
from .throttle import Throttle

SESSION_SECONDS = 14 * 86_400
"""How long a laptop stays signed in at the bureau; work on the laptop itself does not need it."""
TRIES, WAIT_SECONDS = 5, 300
"""Wrong passwords in a row for one name, and how long the next try is refused then."""
FIRST_DAYS = 7
"""How long a password that an admin gave opens the way to one's own."""
LEAST = 12
"""Characters of a password that somebody sets."""
HASHES = 2
"""Passwords that are looked at at a time: each takes 64 MiB and a processor or more for a moment."""
_STEP = 30
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without what is misread aloud or on paper: 0 and O, 1 and I."""
Also = Callable[[Connection], object]
"""What is written in the transaction of a change, so that there is never one without the other."""


def _nothing(connection: Connection) -> None:
    """No more than the change itself."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, with which device; a revoked device may still hand in, and what it hands in is flagged."""

    id: str
    name: str
    role: Role
    device: str = ""
    holds: bool = False
    """Whether it was enrolled by this person; a name is only what somebody says at signing in."""
    revoked: bool = False

    @property
    def actor(self) -> Actor:
        return Actor(self.id, "", self.role.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """The role that a person has at the bureau, "" for none, and all that the person has ever had."""

    now: str = ""
    ever: frozenset[str] = frozenset()


class Accounts:
    """Accounts in the bureau's database."""

    def __init__(self, engine: Engine, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._clock = clock
        self._throttle = Throttle(clock, TRIES, WAIT_SECONDS)
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    # -- people -----------------------------------------------------------------------------------------------

    def add(
        self, id: str, name: str, role: Role, password: str, *, totp: bool = False, also: Also = _nothing
    ) -> str:  # fmt: skip
        """A new account, or a new password for an old one; returns the TOTP secret, "" without one.

        An empty password opens nothing: such a person signs in with the unit's account only.
        Raises `Problem("last_admin")`.
        """
        password = password or secrets.token_urlsafe(32)
        secret = pyotp.random_base32() if totp else ""
        row = {"id": id, "name": name, "role": role.value, "password": self._hasher.hash(password), "totp": secret,
               "totp_used": 0, "active": 1}  # fmt: skip
        with self._engine.begin() as connection:
            if role is not Role.ADMIN:
                _leave_an_admin(connection, id)
            connection.execute(delete(schema.account).where(schema.account.c.id == id))
            connection.execute(insert(schema.account), row)
            self._note_role(connection, id, role)
            _forget(connection, id)
            also(connection)
        return secret

    def invite(self, id: str, name: str, role: Role, *, totp: bool = False, also: Also = _nothing) -> tuple[str, str]:
        """A new account that signs in once with a password made here, and sets an own one then; returns that password and
        the TOTP secret, "" without one. Raises `Problem("account_known")`, also for one that is closed."""
        password, secret = _made_up(), pyotp.random_base32() if totp else ""
        row = {"id": id, "name": name, "role": role.value, "password": self._hasher.hash(password), "totp": secret,
               "totp_used": 0, "active": 1}  # fmt: skip
        with self._engine.begin() as connection:
            known = connection.scalar(select(schema.account.c.name).where(schema.account.c.id == id))
            if known is not None or not connection.execute(once(connection, schema.account).values(row)).rowcount:
                raise Problem("account_known", account=id, name=known or name)
            self._note_role(connection, id, role)
            self._note_first(connection, id)
            also(connection)
        return password, secret

    def change_role(self, id: str, role: Role, also: Also = _nothing) -> None:
        """Another role from now on; whoever is signed in signs in again. Raises `Problem`: `not_found`, `last_admin`."""

        def more(connection: Connection) -> None:
            self._note_role(connection, id, role)
            also(connection)

        self._change(id, more, keeps_admin=role is Role.ADMIN, role=role.value)

    def close(self, id: str, also: Also = _nothing) -> None:
        """The person may not sign in any more; what was handed in stays. Raises `Problem`: `not_found`, `last_admin`."""
        self._change(id, also, keeps_admin=False, active=0)

    def reopen(self, id: str, also: Also = _nothing) -> None:
        """The person may sign in again, as before. Raises `Problem("not_found")`."""
        self._change(id, also, active=1)

    def reset_password(self, id: str, also: Also = _nothing) -> str:
        """A password made here in place of the old one, good for signing in once. Raises `Problem("not_found")`."""
        password = _made_up()

        def more(connection: Connection) -> None:
            self._note_first(connection, id)
            also(connection)

        self._change(id, more, password=self._hasher.hash(password))
        return password

    def reset_totp(self, id: str, wanted: bool, also: Also = _nothing) -> str:
        """A new second factor, or none; returns its secret, "" for none. Raises `Problem("not_found")`."""
        secret = pyotp.random_base32() if wanted else ""
        self._change(id, also, totp=secret, totp_used=0)
        return secret

    def _change(self, id: str, also: Also, *, keeps_admin: bool = True, **values: str | int) -> None:
        with self._engine.begin() as connection:
            if not keeps_admin:
                _leave_an_admin(connection, id)
            done = connection.execute(update(schema.account).where(schema.account.c.id == id).values(values))
            if not done.rowcount:
                raise Problem("not_found", what=f"账号“{id}”")
            if "password" in values:
                _forget(connection, id)
            connection.execute(delete(schema.session).where(schema.session.c.account == id))
            also(connection)

    def _note_role(self, connection: Connection, id: str, role: Role) -> None:
        since = self._clock.now().at.isoformat()
        connection.execute(once(connection, schema.role).values(account=id, role=role.value, since=since))

    def _note_first(self, connection: Connection, id: str) -> None:
        until = self._seconds() + FIRST_DAYS * 86_400
        connection.execute(insert(schema.first_password).values(account=id, until=until))

    def accounts(self) -> list[Account]:
        """All accounts, those in use first."""
        table, first = schema.account, schema.first_password
        with self._reader.connect() as connection:
            waiting = set(connection.scalars(select(first.c.account)))
            rows = connection.execute(select(table).order_by(table.c.active.desc(), table.c.id))
            return [Account(r.id, r.name, Role(r.role), bool(r.active), bool(r.totp), r.id in waiting) for r in rows]

    def standing(self, id: str) -> Standing:
        """What a person is and was at the bureau; of somebody without an account nothing is known."""
        accounts, roles = schema.account, schema.role
        with self._reader.connect() as connection:
            row = connection.execute(select(accounts.c.role, accounts.c.active).where(accounts.c.id == id)).first()
            ever = set(connection.scalars(select(roles.c.role).where(roles.c.account == id)))
        return Standing(row.role if row and row.active else "", frozenset(ever | ({row.role} if row else set())))

    def people(self) -> list[Person]:
        """All accounts that are in use."""
        table = schema.account
        with self._reader.connect() as connection:
            rows = connection.execute(select(table).where(table.c.active == 1).order_by(table.c.id))
            return [Person(row.id, row.name, Role(row.role)) for row in rows]

    # -- signing in -------------------------------------------------------------------------------------------

    def sign_in(self, id: str, password: str, code: str, device: str, own: str = "") -> str:
        """Password and second factor; returns the token of a session. `own` is the password that takes the place of one
        that an admin gave.

        Raises:
            Problem: `wrong_password` (also for unknown names: they take as long), `too_many_tries`, `password_to_set` where
                the password is good for setting an own one only, `first_password_over`.
        """
        now = self._seconds()
        with self._engine.begin() as connection:
            self._throttle.attempt(connection, id)
        with self._reader.connect() as connection:
            row = connection.execute(select(schema.account).where(schema.account.c.id == id)).first()
        good = self._matches(row.password if row else self._nobody, password)
        step = self._step_of(row.totp, code, row.totp_used, now) if row and row.totp else 0
        if row is None or not row.active or not good or step is None:
            raise Problem("wrong_password")
        with self._engine.begin() as connection:
            self._throttle.forget(connection, id)
        first = self._first(id, now)
        if first and (len(own) < LEAST or own == password):
            raise Problem("password_to_set")
        with self._engine.begin() as connection:
            used = schema.account.c.totp_used < step if row.totp else schema.account.c.id == id
            done = connection.execute(
                update(schema.account).where(schema.account.c.id == id, used)
                .values(totp_used=step or schema.account.c.totp_used)
            )  # fmt: skip
            if not done.rowcount:  # somebody used this very code a moment ago
                raise Problem("wrong_password")
            if first:
                same = schema.account.c.password == row.password
                mine = update(schema.account).where(schema.account.c.id == id, same)
                if not connection.execute(mine.values(password=self._hasher.hash(own))).rowcount:
                    raise Problem("wrong_password")  # it was used, or another was given, a moment ago
                _forget(connection, id)
        return self.open_session(id, device)

    def _first(self, id: str, now: int) -> bool:
        """Whether the password of an account is one that an admin gave. Raises `Problem("first_password_over")`."""
        table = schema.first_password
        with self._reader.connect() as connection:
            until = connection.scalar(select(table.c.until).where(table.c.account == id))
        if until is not None and until < now:
            raise Problem("first_password_over")
        return until is not None

    def sign_in_known(self, id: str, device: str) -> str:
        """A session for whom the unit's own sign-in has named. Raises `Problem("unknown_account")`, also when closed."""
        if not any(person.id == id for person in self.people()):
            raise Problem("unknown_account", account=id)
        return self.open_session(id, device)

    def open_session(self, id: str, device: str) -> str:
        """A new session's token; only its digest is kept."""
        token = secrets.token_urlsafe(32)
        with self._engine.begin() as connection:
            connection.execute(delete(schema.session).where(schema.session.c.until < self._seconds()))
            connection.execute(insert(schema.session), {
                "token": _digest(token), "account": id, "device": device, "until": self._seconds() + SESSION_SECONDS,
            })  # fmt: skip
        return token

    def person_of(self, token: str) -> Person:
        """Who holds this token. Raises `Problem("signed_out")`."""
        account, session = schema.account, schema.session
        query = (
            select(account.c.id, account.c.name, account.c.role, session.c.device)
            .join(session, session.c.account == account.c.id)
            .where(session.c.token == _digest(token), session.c.until >= self._seconds(), account.c.active == 1)
        )
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
            if row is None:
                raise Problem("signed_out")
            table, holder = schema.device, schema.holder
            held = and_(holder.c.device == table.c.name, holder.c.account == row.id)
            asked = (
                select(table.c.revoked_at, holder.c.account).outerjoin(holder, held).where(table.c.name == row.device)
            )
            known = connection.execute(asked).all()
        holds, revoked = any(by for _, by in known), bool(known) and all(at for at, _ in known)
        return Person(row.id, row.name, Role(row.role), row.device, holds, revoked)

    def sign_out(self, token: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(schema.session).where(schema.session.c.token == _digest(token)))

    def _matches(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerificationError, InvalidHashError):
            return False

    def _step_of(self, secret: str, code: str, used: int, now: int) -> int | None:
        """The time step whose code this is: this one or a neighbour, and none that was used before."""
        totp = pyotp.TOTP(secret)
        for step in (now // _STEP + shift for shift in (0, -1, 1)):
            if step > used and secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
                return step
        return None

    # -- devices ----------------------------------------------------------------------------------------------

    def enrol(self, person: Person, key: PublicKey, certificate: str) -> None:
        """Note a device's key, and who has enrolled it: on one laptop several people may sign in.

        Raises:
            Problem: `device_known` where another key has this name: whoever could put an own one beside it would sign as
                that laptop, and in the roles of those who enrolled it.
        """
        now = self._clock.now().at.isoformat()
        row = {"name": key.name, "key": key.text(), "account": person.id, "certificate": certificate,
               "enrolled_at": now, "revoked_at": ""}  # fmt: skip
        with self._engine.begin() as connection:
            held = connection.scalars(select(schema.device.c.key).where(schema.device.c.name == key.name)).all()
            if held and key.text() not in held:
                raise Problem("device_known", device=key.name)
            connection.execute(once(connection, schema.device).values(row))
            connection.execute(once(connection, schema.holder).values(device=key.name, account=person.id))

    def revoke(self, name: str, also: Also = _nothing) -> None:
        """The device is lost or retired: it takes nothing more, and what it still hands in is flagged."""
        table = schema.device
        now = self._clock.now().at.isoformat()
        with self._engine.begin() as connection:
            done = connection.execute(update(table).where(table.c.name == name, table.c.revoked_at == "")
                                      .values(revoked_at=now))  # fmt: skip
            if not done.rowcount:
                raise Problem("not_found", what=f"设备“{name}”")
            also(connection)

    def devices(self) -> list[dict[str, str]]:
        """All devices: name, account, when enrolled, when revoked ("" = in use)."""
        table = schema.device
        with self._reader.connect() as connection:
            rows = connection.execute(select(table).order_by(table.c.name))
            return [
                {"name": r.name, "account": r.account, "key": r.key, "enrolled_at": r.enrolled_at,
                 "revoked_at": r.revoked_at} for r in rows
            ]  # fmt: skip

    def holders(self, device: str) -> tuple[frozenset[str], bool]:
        """The accounts that have enrolled a device, and whether it is revoked."""
        devices, holders = schema.device, schema.holder
        with self._reader.connect() as connection:
            rows = connection.execute(
                select(devices.c.account, devices.c.revoked_at).where(devices.c.name == device)
            ).all()
            more = connection.scalars(select(holders.c.account).where(holders.c.device == device)).all()
        return frozenset((*(row.account for row in rows), *more)), bool(rows) and all(row.revoked_at for row in rows)

    def keys(self, device: str) -> Sequence[PublicKey]:
        """The public keys of a device, also of a revoked one: weeks offline never lose work."""
        table = schema.device
        with self._reader.connect() as connection:
            return [
                PublicKey.parse(text) for text in connection.scalars(select(table.c.key).where(table.c.name == device))
            ]

    def _seconds(self) -> int:
        return int(self._clock.now().at.timestamp())


def _leave_an_admin(connection: Connection, id: str) -> None:
    """Raises `Problem("last_admin")` where this account is the only admin that is in use. Those rows stay locked until the
    transaction ends, so that two admins cannot close each other."""
    table = schema.account
    admins = select(table.c.id).where(table.c.role == Role.ADMIN.value, table.c.active == 1).with_for_update()
    if list(connection.scalars(admins)) == [id]:
        raise Problem("last_admin", account=id)


def _forget(connection: Connection, id: str) -> None:
    """An own password stands: nothing that an admin gave is waited for, and nobody is signed in by the old one."""
    connection.execute(delete(schema.first_password).where(schema.first_password.c.account == id))
    connection.execute(delete(schema.session).where(schema.session.c.account == id))


def _made_up() -> str:
    """A password of 80 bits in four groups, to be read out or copied from paper."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
