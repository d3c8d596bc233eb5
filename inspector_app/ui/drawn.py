"""How much there is to draw on a page of a PDF, reckoned from its bytes: a drawing once begun cannot be stopped.

An estimate for plans and drawings that are taken for scans. It knows what a stream says of itself, and so is no wall against
somebody who makes a file to do harm.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from math import prod

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NOT_DRAWN = re.compile(rb"/Image\b|/Length1\b|/Type0C\b|/CIDFontType0C\b|/OpenType\b|/ObjStm\b|/XRef\b")
_FILTER = re.compile(rb"/(\w+)Decode\b")
_DRAWS = re.compile(rb"\bDo\b")
_HEAD = 2048  # bytes of a dictionary that are looked at
_PACKED = 64  # how far what is packed otherwise, or twice, may unfold


def heaviest(content: bytes, most: int) -> int:
    """Bytes of operators that the heaviest page makes a reader go through, what it draws again and again included; beyond
    `most` the figure is only known to be larger."""
    pages: list[tuple[int, int]] = []
    forms = [(0, 1)]
    for head, size, draws in _operators(content, most):
        (forms if b"/Form" in head else pages).append((size, draws))
    again = max(size for size, _ in forms) * min(prod(max(1, draws) for _, draws in forms), most)
    return max((size + draws * again for size, draws in pages), default=0)


def _operators(content: bytes, most: int) -> Iterator[tuple[bytes, int, int]]:
    """(dictionary, bytes, how often it draws something else) of each stream that may hold operators."""
    for match in _STREAM.finditer(content):
        start = max(0, match.start() - _HEAD)
        head = content[max(start, content.rfind(b" obj", start, match.start())) : match.start()]
        if _NOT_DRAWN.search(head):
            continue
        filters = _FILTER.findall(head)
        raw = content[match.end() : content.find(b"endstream", match.end())]
        if filters != [b"Flate"]:
            yield head, len(raw) * (_PACKED if filters else 1), len(_DRAWS.findall(raw))
            continue
        try:
            plain = zlib.decompressobj().decompress(raw, most + 1)
        except zlib.error:  # not as it says: nothing can be drawn from it
            continue
        yield head, len(plain), len(_DRAWS.findall(plain))
