"""Keys of devices. Every signature names its suite, so that SM2 can stand beside Ed25519 one day."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SUITE = "ed25519-sha256"
_NOTE_ED25519 = b"\x01"  # signature type of C2SP signed-note


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A device's public key under the name that its notes carry."""

    name: str
    raw: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signed note names the key (C2SP signed-note)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _NOTE_ED25519 + self.raw).digest()[:4]

    @property
    def id(self) -> str:
        """Name and hash, e.g. QH-07A1+1f0c9a2b; short enough to be read out."""
        return f"{self.name}+{self.hash.hex()}"

    def verify(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def text(self) -> str:
        """`name+hash+base64`, the verifier key form of C2SP signed-note."""
        return f"{self.id}+{base64.b64encode(_NOTE_ED25519 + self.raw).decode()}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Raises ValueError when text is not a verifier key or its hash is wrong."""
        name, _, rest = text.partition("+")
        digest, _, encoded = rest.partition("+")
        raw = base64.b64decode(encoded, validate=True)
        made = cls(name, raw[1:])
        if raw[:1] != _NOTE_ED25519 or len(raw) != 33 or made.hash.hex() != digest:
            raise ValueError("not a verifier key")
        return made


def typed_key(text: str) -> str:
    """A key id as a person types it: spaces and case do not matter."""
    return "".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """The signing key of one device incarnation; its secret never leaves the encrypted store."""

    name: str
    _secret: Ed25519PrivateKey

    @classmethod
    def generate(cls, name: str) -> DeviceKey:
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, name: str, raw: bytes) -> DeviceKey:
        return cls(name, Ed25519PrivateKey.from_private_bytes(raw))

    def to_bytes(self) -> bytes:
        return self._secret.private_bytes_raw()

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self._secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes) -> bytes:
        return self._secret.sign(message)
