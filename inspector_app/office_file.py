"""Office files (docx, xlsx) come from outside, and are zip packages (ISO/IEC 29500-2): bounded before anything unpacks them."""

from __future__ import annotations

import io
from zipfile import ZipFile

MOST_UNPACKED = 100_000_000
"""Bytes that all parts of one file may unpack to; the longest law and a district's registers take a tenth of it."""


class Swollen(ValueError):
    """A file that would unpack to more than that."""


def bounded(content: bytes) -> io.BytesIO:
    """The file, to be read by whoever knows its kind. What a part says of its own size is what unpacking it ends at.

    Raises:
        Swollen: if it would unpack to more than `MOST_UNPACKED`.
        BadZipFile: for what is no package.
    """
    file = io.BytesIO(content)
    with ZipFile(file) as package:
        if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
            raise Swollen(f"more than {MOST_UNPACKED} bytes")
    file.seek(0)
    return file
