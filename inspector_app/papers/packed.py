"""The ZIP of a Word or OFD file: same parts, same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (2000, 1, 1, 0, 0, 0)
"""A clock has no place in what is compared by its bytes."""


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts by their names, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """What lies in such a file, in its order."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}
