"""The two digests that every file of the record carries: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905), and its size.

SM3 comes from the cryptography package: a system's own OpenSSL may lack it, and is slower where it has it.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.hashes import SM3, Hash


class Digests:
    """Digests of the bytes so far, as hexadecimal text, and their number."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256, self._sm3 = hashlib.sha256(), Hash(SM3())

    def update(self, part: bytes) -> None:
        self._sha256.update(part)
        self._sm3.update(part)
        self.size += len(part)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def sm3(self) -> str:
        return self._sm3.copy().finalize().hex()
