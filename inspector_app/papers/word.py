"""A paper as a Word file, for those who have to edit it in an office suite. It says on every page that it is no original:
what counts is the PDF that was archived.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from . import grid
from .blocks import (
    STRUCK,
    Addressee,
    Attachment,
    Blank,
    Block,
    Field,
    Fields,
    Note,
    Paper,
    Para,
    Photos,
    Prose,
    Sign,
    Strip,
    Table,
    Title,
)
from .fonts import FANG, HEI, TITLE
from .packed import packed, parts_of
from .page import Photo

_FACES = {FANG: "仿宋_GB2312", HEI: "黑体", TITLE: "方正小标宋简体"}
_SIZE, _TITLE, _SMALL = 16, 22, 9


def write(paper: Paper, photos: Mapping[str, Photo], remark: str) -> bytes:
    """The Word file; `remark` stands at the head of every page."""
    made = _Writer(photos)
    made.page(remark)
    if paper.template in ("letter", "document"):
        made.line(paper.issuer, TITLE, 28, WD_ALIGN_PARAGRAPH.CENTER, red=not paper.draft)
        made.line(paper.number, FANG, _SIZE, WD_ALIGN_PARAGRAPH.CENTER)
    else:
        made.line(paper.furniture.number + paper.number, FANG, 12, WD_ALIGN_PARAGRAPH.RIGHT)
    for block in paper.blocks:
        made.block(block)
    made.strip(paper.strip)
    properties = made.document.core_properties
    properties.title, properties.author, properties.comments = paper.title, paper.issuer.replace("\n", ""), remark
    properties.created = properties.modified = datetime.combine(paper.day, datetime.min.time())
    out = io.BytesIO()
    made.document.save(out)
    return packed(parts_of(out.getvalue()))


class _Writer:
    """Paragraphs and tables one after the other."""

    def __init__(self, photos: Mapping[str, Photo]) -> None:
        self.document = Document()
        self.photos = photos

    def page(self, remark: str) -> None:
        """The sheet of GB/T 9704 with the remark in its head."""
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(grid.SHEET_WIDTH), Mm(grid.SHEET_HEIGHT)
        section.left_margin, section.right_margin = Mm(grid.LEFT), Mm(grid.SHEET_WIDTH - grid.RIGHT)
        section.top_margin, section.bottom_margin = Mm(grid.TOP), Mm(grid.SHEET_HEIGHT - grid.BOTTOM)
        _write(section.header.paragraphs[0], remark, HEI, _SMALL)

    def line(
        self, text: str, role: str = FANG, size: int = _SIZE, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
        indent: float = 0.0, *, lead: str = "", lead_role: str = HEI, red: bool = False,
    ) -> None:  # fmt: skip
        """A paragraph; `indent` in characters."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(0)
        paragraph.paragraph_format.first_line_indent = Pt(indent * size)
        if lead:
            _write(paragraph, lead, lead_role, size)
        _write(paragraph, text, role, size, red=red)

    def block(self, block: Block) -> None:
        match block:
            case Title(lines):
                for text in lines:
                    self.line(text, TITLE, _TITLE, WD_ALIGN_PARAGRAPH.CENTER)
            case Addressee(text):
                self.line(text)
            case Para():
                self.line(block.text, block.role, indent=block.indent, lead=block.lead, lead_role=block.lead_role)
            case Note(text):
                self.line(text, indent=2.0)
            case Blank(lines):
                for _ in range(lines):
                    self.line("")
            case Attachment(label, names):
                for number, name in enumerate(names, 1):
                    counted = name if len(names) == 1 else f"{number}.{name}"
                    self.line(f"{label if number == 1 else ''}{counted}", indent=2.0)
            case Sign(name, day):
                self.line("")
                self.line(name, align=WD_ALIGN_PARAGRAPH.RIGHT)
                self.line(day, align=WD_ALIGN_PARAGRAPH.RIGHT)
            case Prose(paragraphs, ending):
                for para in paragraphs:
                    self.block(para)
                if ending:
                    self.line(ending)
            case Fields(rows):
                width = max(len(cells) for cells in rows) * 2
                self.table([[text for cell in cells for text in (cell.name, _said(cell))] for cells in rows], width)
            case Table(heads, _, rows):
                self.table([list(heads), *([text or STRUCK for text in cells] for cells in rows)], len(heads))
            case Photos(heading, shots):
                self.line(heading, HEI)
                for shot in shots:
                    if shot.key in self.photos:
                        self.document.add_picture(io.BytesIO(self.photos[shot.key].jpeg), width=Mm(120))
                    for pairs in shot.rows:
                        self.line("；".join(f"{label}：{value}" for label, value in pairs), size=_SMALL)
            case _:
                raise TypeError(type(block).__name__)

    def strip(self, strip: Strip) -> None:
        """The signatures, once at the end: who edits a record makes no pages of it that could be signed."""
        if strip.cells:
            self.line(strip.sentence)
            self.table([strip.labels, [cell.partition("|")[2] for cell in strip.cells]], len(strip.cells))

    def table(self, rows: Sequence[Sequence[str]], width: int) -> None:
        made = self.document.add_table(rows=len(rows), cols=width)
        made.style = "Table Grid"
        for row, texts in zip(made.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                _write(cell.paragraphs[0], text, FANG, 12)
            if len(texts) < width:  # the last value takes what is left of the row
                row.cells[len(texts) - 1].merge(row.cells[-1])


def _said(cell: Field) -> str:
    """The value of a field and, on a line of its own, who signs below it."""
    value = cell.value if cell.value or cell.hand else STRUCK
    return f"{value}\n{cell.foot}" if cell.foot else value


def _write(paragraph: Paragraph, text: str, role: str, size: int, *, red: bool = False) -> None:
    run = paragraph.add_run(text)
    face = _FACES.get(role, _FACES[FANG])
    run.font.name, run.font.size = face, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    if red:
        run.font.color.rgb = RGBColor(0xC8, 0x10, 0x15)
