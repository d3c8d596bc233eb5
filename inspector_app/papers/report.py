"""What stands on a paper, as the file review sees it: the text of its blocks and, page by page, what was really set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..review.dossier import Print
from .blocks import (
    Addressee,
    Attachment,
    Blank,
    Block,
    Fields,
    Note,
    Paper,
    Para,
    Photos,
    Prose,
    Sign,
    Table,
    Title,
)
from .page import RED, Page, Text
from .written import Written

_FACE = re.compile(rb"/Type\s*/FontDescriptor\b")
_FILE = re.compile(rb"/FontFile2?3?\s+\d+ \d+ R")
_NAME = re.compile(rb"/FontName\s*/([^\s/<>\[\]()]+)")


def print_of(
    paper: Paper, pages: Sequence[Page], *,
    missing: tuple[str, ...], broken: tuple[str, ...], forced: int, collisions: tuple[str, ...], substitutes: tuple[str, ...],
) -> Print:  # fmt: skip
    """The report of a paper that was set on these pages."""
    texts = [[mark for mark in page.marks if isinstance(mark, Text)] for page in pages]
    titles = [block.lines for block in paper.blocks if isinstance(block, Title)]
    return Print(
        kind=paper.kind, title=paper.title, number=paper.number, day=paper.day, template=paper.template,
        passages=tuple(text for block in paper.blocks for text in passages(block) if text),
        leaves=tuple(tuple(text.text for text in page) for page in texts),
        page=paper.furniture.page if paper.template == "form" else "",
        strip=paper.strip.labels,
        title_lines=titles[0] if titles else (),
        signer=next((block.name for block in paper.blocks if isinstance(block, Sign)), ""),
        ending=any(isinstance(block, Prose) for block in paper.blocks),
        missing=missing, broken=broken, forced=forced, collisions=collisions, substitutes=substitutes,
        red=any(text.colour == RED for page in texts for text in page),
    )  # fmt: skip


def passages(block: Block) -> Iterator[str]:
    """The unbroken texts of a block in reading order."""
    match block:
        case Title(lines):
            yield "".join(lines)
        case Addressee(text) | Note(text):
            yield text
        case Para():
            yield block.lead + block.text
        case Attachment(label, names):
            yield label + "；".join(names)
        case Sign(name, day):
            yield name
            yield day
        case Fields(rows):
            for row in rows:
                for field in row:
                    yield f"{field.name}：{field.value}"
        case Prose(paragraphs, ending):
            for para in paragraphs:
                yield para.lead + para.text
            yield ending
        case Table(heads, _, table):
            for cells in table:
                yield "；".join(f"{head}：{cell}" for head, cell in zip(heads, cells, strict=True))
        case Photos(heading, shots):
            yield heading
            for shot in shots:
                yield "；".join(f"{label}：{value}" for line in shot.rows for label, value in line)
        case Blank():
            return
        case _:
            raise TypeError(type(block).__name__)


def bare_faces(pdf: bytes) -> tuple[str, ...]:
    """The faces that a PDF of ours names and does not hold."""
    found = []
    for head in Written(pdf).heads():
        if _FACE.search(head) and not _FILE.search(head):
            name = _NAME.search(head)
            found.append(name[1].decode("ascii", "replace") if name else "?")
    return tuple(found)
