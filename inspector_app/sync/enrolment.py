"""What a laptop and the bureau agree on when a laptop is enrolled: the words it signs, and the fingerprint people compare."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Address:
    """Where the bureau is: its address, and its root certificate (PEM) as pinned at enrolment."""

    url: str
    root: str


def enrolment(account: str) -> bytes:
    """What a laptop signs to show that it holds the key that it enrols."""
    return f"inspector/enrol/v1\n{account}\n".encode()


def second_factor(account: str, secret: str) -> str:
    """The secret of a second factor (RFC 6238, base32) as the authenticator of a phone reads it from a code: Key Uri Format."""
    issuer = quote("档案行政检查")
    return f"otpauth://totp/{issuer}:{quote(account)}?secret={secret}&issuer={issuer}"


def fingerprint(certificate: str) -> str:
    """The first 128 bits of the SHA-256 of a root certificate (PEM), in fours. Raises ValueError when it is none."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()[:32].upper()
    return " ".join(digest[n : n + 4] for n in range(0, 32, 4))
