"""The store key: random, never in the clear in a file, wrapped once for each person of the laptop.

A person's wrapping key comes from the system keyring's secret and that person's PIN together, so that neither a
stolen file nor a watched PIN is enough. Where no keyring is, a passphrase of twelve characters or more stands alone:
a short PIN on a file would be guessed offline. The key is also sealed to the bureau's recovery key, if there is one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ..domain.problems import Problem
from ..durable import settle

LEAST_PIN = 6
LEAST_PASSPHRASE = 12
_SERVICE = "inspector-app"
_ROW = {"name", "salt", "cost", "keyring", "sealed"}


@dataclass(frozen=True, slots=True)
class Cost:
    """Parameters of scrypt; the default takes about a quarter of a second and 64 MiB."""

    n: int = 2**16
    r: int = 8
    p: int = 1


class Secrets(Protocol):
    """Where a secret of this machine can be kept outside the files: the operating system's keyring."""

    def get(self, name: str) -> bytes | None: ...

    def set(self, name: str, secret: bytes) -> None: ...


class SystemKeyring:
    """The operating system's keyring. Backends that keep nothing, or keep it in the clear, are refused."""

    def __init__(self) -> None:
        import keyring
        from keyring.backends import chainer, fail, null

        backend = keyring.get_keyring()
        members = list(backend.backends) if isinstance(backend, chainer.ChainerBackend) else [backend]
        useful = [b for b in members if not isinstance(b, fail.Keyring | null.Keyring) and _is_system(b)]
        if not useful:
            raise LookupError("no system keyring")
        self._backend = useful[0]

    def get(self, name: str) -> bytes | None:
        text = self._backend.get_password(_SERVICE, name)
        return base64.b64decode(text) if text else None

    def set(self, name: str, secret: bytes) -> None:
        self._backend.set_password(_SERVICE, name, base64.b64encode(secret).decode())
        if self.get(name) != secret:
            raise LookupError("the keyring did not keep the secret")


def _is_system(backend: object) -> bool:
    return type(backend).__module__.startswith(
        ("keyring.backends.SecretService", "keyring.backends.kwallet", "keyring.backends.Windows",
         "keyring.backends.macOS", "keyring.backends.libsecret")
    )  # fmt: skip


def system_secrets() -> Secrets | None:
    """The system's keyring, or None where there is none that can be trusted."""
    try:
        return SystemKeyring()
    except Exception:  # a keyring backend fails in as many ways as there are desktops
        return None


class _Guarded:
    """A keyring whose failures are told: a desktop's keyring fails in as many ways as there are desktops."""

    def __init__(self, inner: Secrets) -> None:
        self._inner = inner

    def get(self, name: str) -> bytes | None:
        try:
            return self._inner.get(name)
        except Exception as error:
            raise Problem("keyring_failed", detail=type(error).__name__) from error

    def set(self, name: str, secret: bytes) -> None:
        try:
            self._inner.set(name, secret)
        except Exception as error:
            raise Problem("keyring_failed", detail=type(error).__name__) from error


class KeyBox:
    """The wrapped keys beside a store, one JSON file with mode 0600."""

    def __init__(self, path: Path, secrets_of: Secrets | None = None, cost: Cost | None = None) -> None:
        self._path = path
        self._secrets = _Guarded(secrets_of) if secrets_of is not None else None
        self._cost = cost or Cost()

    @classmethod
    def of_system(cls, path: Path) -> KeyBox:
        """With the operating system's keyring where there is one."""
        return cls(path, system_secrets())

    @property
    def needs_passphrase(self) -> bool:
        """Whether a new secret must be a passphrase, because no keyring stands behind it."""
        return self._secrets is None

    @property
    def least(self) -> int:
        """Fewest characters of a new secret here."""
        return LEAST_PASSPHRASE if self.needs_passphrase else LEAST_PIN

    def people(self) -> dict[str, str]:
        """Those who may open the store: id and name."""
        return {id: row["name"] for id, row in self._read()["people"].items()}

    def create(self, person: str, name: str, secret: str, recovery: bytes | None = None) -> bytes:
        """Make a new store key for the first person; returns the key.

        `recovery` is a raw X25519 public key of the bureau.

        Raises:
            Problem: `pin_too_short`.
            FileExistsError: there is a box already; it is never overwritten.
        """
        if self._path.exists():
            raise FileExistsError(self._path)
        self.check(secret)
        key = secrets.token_bytes(32)
        box: dict[str, Any] = {"version": 1, "box": secrets.token_hex(8), "people": {}}
        if recovery is not None:
            box |= _recovery(key, recovery)
        if self._secrets is not None:
            self._secrets.set(box["box"], secrets.token_bytes(32))
        box["people"][person] = {"name": name, **self._wrap(box, key, person, secret)}
        self._write(box)
        return key

    def unlock(self, person: str, secret: str) -> bytes:
        """The store key for this person's PIN or passphrase. Raises `Problem("wrong_pin")`."""
        return self._opened(self._read(), person, secret)[0]

    def cosigner(self, person: str, secret: str) -> bytes:
        """The key with which this person cosigns, by the PIN: the store key does not open it. Made at the first use, and
        anew after a new PIN. Raises `Problem("wrong_pin")`."""
        box = self._read()
        derived = self._opened(box, person, secret)[1]
        cipher = AESGCM(hashlib.blake2b(b"cosign", key=derived, digest_size=32).digest())
        if held := box["people"][person].get("cosigner"):
            sealed = bytes.fromhex(held)
            return cipher.decrypt(sealed[:12], sealed[12:], person.encode())
        key, nonce = Ed25519PrivateKey.generate().private_bytes_raw(), secrets.token_bytes(12)
        box["people"][person]["cosigner"] = (nonce + cipher.encrypt(nonce, key, person.encode())).hex()
        self._write(box)
        return key

    def _opened(self, box: dict[str, Any], person: str, secret: str) -> tuple[bytes, bytes]:
        """The store key, and the key derived from the PIN that wraps it."""
        row = box["people"].get(person)
        if row is None:
            raise Problem("wrong_pin")
        if row["keyring"] and self._secrets is None:
            raise Problem("keyring_lost")
        derived = self._derive(box, secret, bytes.fromhex(row["salt"]), Cost(*row["cost"]), row["keyring"])
        try:
            sealed = bytes.fromhex(row["sealed"])
            return AESGCM(derived).decrypt(sealed[:12], sealed[12:], person.encode()), derived
        except InvalidTag:
            raise Problem("wrong_pin") from None

    def add_person(self, key: bytes, person: str, name: str, secret: str) -> None:
        """Let a further person open the store, or give a known one a new PIN."""
        self.check(secret)
        box = self._read()
        if self._secrets is not None and self._secrets.get(box["box"]) is None:
            self._secrets.set(box["box"], secrets.token_bytes(32))  # recovered on another computer
        box["people"][person] = {"name": name, **self._wrap(box, key, person, secret)}
        self._write(box)

    @property
    def has_recovery(self) -> bool:
        """Whether the bureau's recovery key opens this store."""
        return "recovery" in self._read()

    @property
    def recovery_key(self) -> str:
        """The bureau's public recovery key in hexadecimal; empty when there is none or an older version set it."""
        return str(self._read().get("recovery_key", ""))

    def set_recovery(self, key: bytes, public: bytes) -> None:
        """Seal the store key to another public key of the bureau; the one before opens nothing here any more.

        Raises:
            Problem: `recovery_public` when the bytes are no usable public key.
        """
        self._write(self._read() | _recovery(key, public))

    def recover(self, private: bytes) -> bytes:
        """The store key by the bureau's private recovery key.

        Raises:
            Problem: `recovery_absent` when none was set here, `recovery_other` when it is not this one.
        """
        sealed = self._read().get("recovery")
        if sealed is None:
            raise Problem("recovery_absent")
        return _unseal(sealed, private)

    def check(self, secret: str) -> None:
        """Raises `Problem` when a new secret is too short: `no_keyring` or `pin_too_short`."""
        if len(secret) < self.least:
            raise Problem("no_keyring" if self.needs_passphrase else "pin_too_short", least=self.least)

    def _wrap(self, box: dict[str, Any], key: bytes, person: str, secret: str) -> dict[str, Any]:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        derived = self._derive(box, secret, salt, self._cost, self._secrets is not None)
        sealed = nonce + AESGCM(derived).encrypt(nonce, key, person.encode())
        cost = [self._cost.n, self._cost.r, self._cost.p]
        return {"salt": salt.hex(), "cost": cost, "keyring": self._secrets is not None, "sealed": sealed.hex()}

    def _derive(self, box: dict[str, Any], secret: str, salt: bytes, cost: Cost, with_keyring: bool) -> bytes:
        pepper = (self._secrets.get(box["box"]) if self._secrets and with_keyring else None) or b""
        if with_keyring and not pepper:
            raise Problem("keyring_lost")
        return hashlib.scrypt(
            secret.encode(), salt=salt + pepper, n=cost.n, r=cost.r, p=cost.p, dklen=32,
            maxmem=256 * cost.n * cost.r * cost.p,
        )  # fmt: skip

    def _read(self) -> dict[str, Any]:
        try:
            box: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
            if not all(row.keys() >= _ROW for row in box["people"].values()) or not isinstance(box["box"], str):
                raise ValueError("a part of the box is missing")
            return box
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Problem("keys_damaged") from error

    def _write(self, box: dict[str, Any]) -> None:
        temporary = self._path.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        write_private(temporary, json.dumps(box, ensure_ascii=False, indent=1).encode())
        settle(temporary, self._path)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read, down to the disk. Raises FileExistsError, OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_public_key(text: str) -> bytes:
    """A recovery key as it is typed: 64 hexadecimal digits. Raises `Problem("recovery_public")` when it seals nothing."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise Problem("recovery_public")
    _seal(bytes(32), raw)
    return raw


def new_recovery_key(passphrase: str) -> tuple[bytes, bytes]:
    """A key pair for the bureau: the private key as encrypted PEM for the safe, the raw public key for laptops."""
    private = X25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    return pem, private.public_key().public_bytes_raw()


def read_recovery_key(pem: bytes, passphrase: str) -> bytes:
    """The raw private key. Raises `Problem("recovery_phrase")` for a wrong passphrase or a file that is none."""
    try:
        private = load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError) as error:
        raise Problem("recovery_phrase") from error
    if not isinstance(private, X25519PrivateKey):
        raise Problem("recovery_phrase")
    return private.private_bytes_raw()


def _recovery(key: bytes, public: bytes) -> dict[str, str]:
    """What the box keeps of a recovery key: the store key sealed to it, and the key itself for reading it out."""
    return {"recovery": _seal(key, public), "recovery_key": public.hex()}


def _seal(key: bytes, recovery: bytes) -> str:
    """Seal to a public key: an ephemeral X25519 key, HKDF over both public keys, AES-256-GCM."""
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recovery))
    except ValueError as error:  # a point of small order
        raise Problem("recovery_public") from error
    return (public + AESGCM(_expand(shared, public + recovery)).encrypt(bytes(12), key, b"recovery")).hex()


def _unseal(sealed: str, private: bytes) -> bytes:
    raw, own = bytes.fromhex(sealed), X25519PrivateKey.from_private_bytes(private)
    shared = own.exchange(X25519PublicKey.from_public_bytes(raw[:32]))
    derived = _expand(shared, raw[:32] + own.public_key().public_bytes_raw())
    try:
        return AESGCM(derived).decrypt(bytes(12), raw[32:], b"recovery")
    except InvalidTag:
        raise Problem("recovery_other") from None


def _expand(shared: bytes, context: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"inspector recovery" + context).derive(shared)
