"""A sample that nobody chooses: which items follow from a seed alone, and anybody finds the same again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def sample(seed: str, codes: Iterable[str], percent: int) -> tuple[str, ...]:
    """`percent` of the codes, rounded up, in their own order: those whose SHA-256 with the seed is smallest."""
    held = list(codes)
    most = -(-len(held) * percent // 100)
    chosen = sorted(held, key=lambda code: hashlib.sha256(f"{seed}/{code}".encode()).digest())[:most]
    return tuple(code for code in held if code in chosen)
