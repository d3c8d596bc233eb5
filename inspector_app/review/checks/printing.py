"""How a paper was set and printed."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from ...domain.signs import named
from ..check import Hit, check, hit
from ..dossier import DAMAGED, Dossier

_PARTICLES = "的和与及或了在对为把被、，。；："


@check("N1")
def no_tofu(d: Dossier) -> Iterator[Hit]:
    """Every character has a glyph; the composer refuses a paper else."""
    for place, text in d.typed() if d.glyphs else ():
        if lacking := "".join(dict.fromkeys(c for c in text if c in d.glyphs)):
            yield hit(place.kind, place.key, place.field, glyphs=named(lacking))


@check("N2")
def embedded(d: Dossier) -> Iterator[Hit]:
    """Every face is in the file, so that it looks the same everywhere."""
    for sheet in d.shown():
        if sheet.bare_faces:
            yield hit("paper", sheet.kind, paper=sheet.title, faces="、".join(sheet.bare_faces))


@check("N3")
def no_collision(d: Dossier) -> Iterator[Hit]:
    """Nothing is printed over something else or off the sheet."""
    for sheet in d.shown():
        for place in sheet.collisions[:3]:
            yield hit("paper", sheet.kind, paper=sheet.title, where=place)


@check("N4")
def sign_block_in_company(d: Dossier) -> Iterator[Hit]:
    """The name of the bureau and the date share their page with text (GB/T 9704 7.3.5)."""
    for sheet in d.shown():
        if sheet.forced:
            yield hit("paper", sheet.kind, paper=sheet.title, fault=f"{sheet.forced}处分页不合要求")
        body = {line for passage in sheet.passages for line in (passage[:8],) if line}
        for n, leaf in enumerate(sheet.leaves, 1):
            if sheet.signer and n > 1 and sheet.signer in leaf and not _has_body(leaf, sheet.signer, body):
                yield hit("paper", sheet.kind, paper=sheet.title, fault=f"第{n}页只有落款，没有正文")


def _has_body(leaf: tuple[str, ...], signer: str, starts: set[str]) -> bool:
    """Whether a line of text stands above the name of the bureau."""
    above = leaf[: leaf.index(signer)]
    return any(len(text) > 8 for text in above) or any(text[:8] in starts for text in above)


@check("N5")
def title_by_sense(d: Dossier) -> Iterator[Hit]:
    """A title of several lines is broken by sense: no line begins or ends with a particle."""
    for sheet in d.shown():
        lines = sheet.title_lines
        bad = [b for a, b in pairwise(lines) if b[:1] in _PARTICLES or len(b) == 1 or a[-1:] in "第（《"]
        if bad:
            yield hit("paper", sheet.kind, paper=sheet.title, line=bad[0])


@check("N7")
def archived_bytes(d: Dossier) -> Iterator[Hit]:
    """What is printed is what was archived: the digests of the PDF and of all that is kept with it agree."""
    for paper in d.formal():
        if any(d.files.get(digest) == DAMAGED for digest in paper.files):
            yield hit("file", paper.id, paper=paper.title)


@check("N13")
def nothing_lost(d: Dossier) -> Iterator[Hit]:
    """Whatever a paper says stands on its pages, sentence by sentence; a table says its heads once a page, and is let pass."""
    for sheet in d.shown():
        if lost := _lost(sheet.passages, sheet.leaves):
            yield hit("paper", sheet.kind, paper=sheet.title, text=lost[:16])


@lru_cache(maxsize=256)
def _lost(passages: tuple[str, ...], leaves: tuple[tuple[str, ...], ...]) -> str:
    """The first text that is on no page; "" for none. A made paper stays as it is, and is looked through once."""
    pages = [_bare("".join(leaf)) for leaf in leaves]
    for passage in passages:
        text = _bare(passage)
        if len(text) < _SENTENCE or _ROW.match(passage) or _stands(text, pages):
            continue
        parts = re.split("[：；]", passage)  # a list of enclosures has its numbers between them
        if len(parts) == 1 or not all(_stands(_bare(part), pages) for part in parts):
            return passage
    return ""


_SENTENCE = 12
"""Characters from which a text is looked for: shorter ones may stand anywhere."""


_ROW = re.compile("[^：；]{1,10}：[^；]*；[^：；]{1,16}：")
"""How a row of a table begins: head and cell, head and cell."""


def _bare(text: str) -> str:
    """Without marks and spaces, which a line may set otherwise."""
    return re.sub(r"\W", "", text)


def _stands(text: str, pages: Sequence[str]) -> bool:
    """Whether a text stands on a page, or begins on one and goes on on those behind it."""
    for start in range(len(pages)):
        rest = text
        for page in pages[start:]:
            if rest in page:
                return True
            held = _held(rest, page)
            if not held:
                break
            rest = rest[held:]
    return False


def _held(text: str, page: str) -> int:
    """How many of the first characters of a text stand on a page, one after the other; not all of them do."""
    return bisect(range(1, len(text)), False, key=lambda n: text[:n] not in page)


@check("N10")
def broken_words(d: Dossier) -> Iterator[Hit]:
    """Words too long for their line were broken; somebody should look."""
    for sheet in d.shown():
        if sheet.broken:
            yield hit("paper", sheet.kind, paper=sheet.title, text=sheet.broken[0][:12])


@check("N11")
def faces_replaced(d: Dossier) -> Iterator[Hit]:
    """A face of the standard is not on this computer and was replaced."""
    told = {name for sheet in d.shown() for name in sheet.substitutes}
    if told:
        yield hit("case", "", "faces", faces="、".join(sorted(told)))
