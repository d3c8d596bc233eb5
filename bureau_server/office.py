"""What one bureau's server is made of: configuration, keys, ledger, files, people. Every process makes its own."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from argon2 import PasswordHasher
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from inspector_app.domain.clock import Clock, SystemClock
from inspector_app.domain.event import BUREAU_DEVICE, BlobRef, Draft, Event
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import DeviceKey, PublicKey

from . import schema, settings
from .accounts import Accounts
from .authority import Authority
from .blobs import Blobs, Bucket, Folder, Pieces
from .database import make_tables, once, open_database
from .judging import Judge
from .ledger import Ledger

if TYPE_CHECKING:
    from .oidc import Provider
    from .time_authority import Authority as TimeAuthority

_SECRET = 32
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Config:
    """How a server is set up. Without a file: SQLite and a folder, TLS with a certificate of its own."""

    folder: Path
    database: str
    secret: bytes
    host: str = "127.0.0.1"
    port: int = 8443
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    bucket: Mapping[str, str] = field(default_factory=dict)
    oidc: Mapping[str, str] = field(default_factory=dict)
    timestamp: Mapping[str, str | int] = field(default_factory=dict)

    @classmethod
    def embedded(cls, folder: Path, **changes: Any) -> Config:
        """One folder holds everything; its secret is made at the first start (file mode 0600)."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(folder, f"sqlite:///{(folder / 'ledger.db').absolute()}", _secret(folder / "secret"), **changes)

    @classmethod
    def read(cls, file: Path) -> Config:
        """From a TOML file. The secret stands in a file of its own that the configuration names.

        Raises:
            OSError: the file, or one that it names, cannot be read.
            Problem: `settings_bad`.
        """
        plain = settings.read(file)
        folder = Path(plain["folder"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        named = {name: plain[name] for name in ("host", "port", "bucket", "oidc", "timestamp") if name in plain}
        return cls(folder, plain["database"], _secret(Path(plain["secret_file"])),
                   hosts=tuple(plain.get("hosts", ("localhost", "127.0.0.1"))), **named)  # fmt: skip

    @property
    def pieces(self) -> Pieces:
        try:
            return Bucket(**self.bucket) if self.bucket else Folder(self.folder / "files")
        except TypeError as error:
            raise ValueError(f"[bucket]：{error}") from error


def _secret(path: Path) -> bytes:
    """The bytes that open everything the server keeps encrypted; made when there are none. Raises `Problem("settings_bad")`."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(_SECRET)).decode())
        file.flush()
        os.fsync(file.fileno())
    return _read_secret(path)


def _read_secret(path: Path) -> bytes:
    try:
        secret = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        secret = b""
    if len(secret) != _SECRET:
        raise Problem("settings_bad", name=path, detail="不是完整的密钥，用保险柜里的那一份")
    return secret


class Office:
    """The parts of a running server, made from its configuration."""

    def __init__(self, config: Config, clock: Clock | None = None, hasher: PasswordHasher | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self.engine = open_database(config.database)
        make_tables(self.engine)
        self._box = _box(config.secret)
        self.accounts = Accounts(self.engine, self.clock, hasher)
        name, _, raw = self._kept("bureau_key", _new_key).partition(b" ")
        self.key = DeviceKey.from_bytes(name.decode(), base64.b64decode(raw))
        epoch = self._kept("epoch", lambda: secrets.token_hex(8).encode()).decode()
        self.ledger = Ledger(self.engine, self.key, self.clock, self.keys_of, epoch)
        self.time = _time_authority(config.timestamp)
        self.provider = _provider(config.oidc)
        self.blobs = Blobs(config.pieces, hashlib.blake2b(b"files", key=config.secret, digest_size=32).digest())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open to the database; the office can be asked no more."""
        self.engine.dispose()

    def keys_of(self, device: str) -> Sequence[PublicKey]:
        """The public keys of a device, or of the bureau itself."""
        return [self.key.public] if device == self.key.name else list(self.accounts.keys(device))

    @property
    def authority(self) -> Authority:
        """The bureau's root; made at the first use."""
        now = self.clock.now().at
        made = self._kept("authority", lambda: _joined(Authority.make(self.key.name, now)))
        certificate, _, key = made.decode().partition("\0")
        return Authority(certificate, key)

    # -- settings that are kept encrypted -----------------------------------------------------------------------

    def _kept(self, name: str, make: Any) -> bytes:
        """A value of this bureau that is made once; whoever comes second takes what the first one made."""
        table = schema.setting
        query = select(table.c.value).where(table.c.name == name)
        with self.engine.begin() as connection:
            sealed = connection.scalar(query)
            if sealed is None:
                nonce = secrets.token_bytes(12)
                sealed = nonce + self._box.encrypt(nonce, make(), name.encode())
                connection.execute(once(connection, table).values(name=name, value=sealed))
                sealed = connection.execute(query).scalar_one()
        return _opened(self._box, name, bytes(sealed))

    def judge(self) -> Judge:
        """Whether the people who wrote events could write them; for one batch."""
        return Judge(self.accounts, self.key.name)

    def write(self, draft: Draft) -> Event:
        """An event of the bureau itself."""
        return self.ledger.append(draft)

    # -- files --------------------------------------------------------------------------------------------------

    def named(self, sha256: str) -> tuple[BlobRef, list[str]] | None:
        """What the record says of a file, and the streams that name it; None when none does."""
        table = schema.blob
        with self.ledger.reader.connect() as connection:
            rows = connection.execute(select(table).where(table.c.sha256 == sha256)).all()
        if not rows:
            return None
        return BlobRef(sha256, rows[0].sm3, rows[0].size, rows[0].mime, rows[0].origin), [row.stream for row in rows]

    def carry_out(self) -> None:
        """Take away what an order in the record has destroyed; asked after each taking in, and again at every start."""
        for sha256 in self.ledger.destroyed():
            self.blobs.discard(sha256)


def check_secret(secret: bytes, name: str, sealed: bytes) -> None:
    """Whether a setting was sealed under this secret. Raises `Problem("other_secret")`."""
    _opened(_box(secret), name, sealed)


def _box(secret: bytes) -> AESGCM:
    return AESGCM(hashlib.blake2b(b"settings", key=secret, digest_size=32).digest())


def _opened(box: AESGCM, name: str, sealed: bytes) -> bytes:
    try:
        return box.decrypt(sealed[:12], sealed[12:], name.encode())
    except InvalidTag:
        raise Problem("other_secret") from None


def _time_authority(plain: Mapping[str, str | int]) -> TimeAuthority | None:
    """What asks others is loaded where it is configured: it takes as much memory as all of the bureau's own code."""
    if not plain:
        return None
    from .time_authority import Authority as TimeAuthority

    return TimeAuthority.configured(plain)


def _provider(plain: Mapping[str, str]) -> Provider | None:
    if not plain:
        return None
    from .oidc import Provider

    return Provider.configured(plain)


def _new_key() -> bytes:
    made = DeviceKey.generate(f"{BUREAU_DEVICE}{secrets.token_hex(2).upper()}")
    return f"{made.name} {base64.b64encode(made.to_bytes()).decode()}".encode()


def _joined(authority: Authority) -> bytes:
    return f"{authority.certificate}\0{authority.key}".encode()
