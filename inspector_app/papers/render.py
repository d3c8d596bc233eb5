"""Makes the PDF of a paper: deterministic, every face embedded as a subset, photos passed through unchanged.

The only door of this room for the actions: what stands in `__all__`.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..domain.casefile import CaseFile
from ..domain.numbers import is_temporary
from ..domain.problems import Problem
from ..domain.sheet import Entry
from ..domain.sheet import schema as schema_of
from ..domain.signs import drawable, named
from ..places import SHIPPED, Shelf
from ..review.dossier import Print
from . import grid
from .blocks import Furniture, Paper, Strip
from .catalog import CATALOG, Maker, Recipe
from .facts import case_facts, clean
from .flow import Setter, paginate
from .fonts import NAMES, Faces, faces
from .form import Form
from .furniture import code_area
from .letter import Letter
from .page import Code, Page, Photo, Picture, Text, roles
from .pdf import write
from .qr import ink
from .report import bare_faces, print_of
from .titles import by_sense
from .wording import Wording, name_of_set, placeholders, title_of

__all__ = [
    "CATALOG", "OTHER_FORMATS", "Blank", "Photo", "Rendered", "Report", "Stamp", "case_facts", "code_on", "compose_pages", "form_of",
    "in_format", "kinds_of_sheet", "measured", "missing", "name_of_set", "render", "required", "schema", "status_of", "title_of",
    "undrawable", "warm_up",
]  # fmt: skip

_NUMBER = "文书编号"
_IN_HEAD = 24  # characters of the bureau's name on one line of a head: 6.5 mm each
_EDGE = 5.0  # what printers leave free
_TRIAL_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What ties a paper to the record: number, revision, checkpoint code, signed note and the id of the key that
    signed it, or why it is only a draft."""

    number: str
    revision: int
    code: str
    note: str
    draft: str
    date: date
    key: str = ""
    sheet: str = ""  # id of what was filled in for it
    copy: str = ""  # whose copy it is; "" = the original


@dataclass(frozen=True, slots=True)
class Report:
    """What the setting found: emergency breaks, widest gap in ems, bad page breaks, text that meets a picture or leaves
    its page, faces used, facts that are missing."""

    broken: tuple[str, ...] = ()
    stretch: float = 0.0
    forced: int = 0
    collisions: tuple[str, ...] = ()
    faces: Mapping[str, str] | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper set on its pages before it is written, with what the setting found and what stands on it."""

    pages: tuple[Page, ...]
    report: Report
    shown: Print


@dataclass(frozen=True, slots=True)
class Rendered:
    """The bytes of a paper, their digest, and what is to be said of them; `shown` is for the file review."""

    pdf: bytes
    sha256: str
    pages: int
    report: Report
    shown: Print


@dataclass(frozen=True, slots=True)
class Blank:
    """What there is to fill in for a paper: the kind of its sheet, whether a case may have several, the entries, what the
    case says where nothing is filled in, and the rows that the case gives a table: key and words."""

    sheet: str
    several: bool
    entries: tuple[Entry, ...]
    defaults: Mapping[str, str]
    given: Mapping[str, tuple[tuple[str, str], ...]]
    by_hand: bool = True  # whether it is filled in, or written by an act of its own


def form_of(kind: str, case: CaseFile, titles: str = "shanghai", shelf: Shelf = SHIPPED) -> Blank:
    """The form on screen of a paper; "entries" is empty for a paper that the case fills alone."""
    _recipe(kind)
    maker = Maker(case, _TRIAL_DAY, kind, titles, frozenset(), shelf)
    entries = tuple(maker.entries.values())
    return Blank(
        maker.words.sheet, maker.words.several, entries,
        {entry.name: maker.default(entry) for entry in entries if entry.default},
        {entry.name: tuple(maker.given(entry)) for entry in entries if entry.given}, maker.words.by_hand,
    )  # fmt: skip


def schema(kind: str, titles: str = "shanghai", shelf: Shelf = SHIPPED) -> dict[str, Any]:
    """JSON Schema of what is filled in for a paper."""
    _recipe(kind)
    words = Wording(kind, titles, {}, shelf)
    return schema_of(kind, words.title.replace("\n", ""), words.entries)


def kinds_of_sheet(sheet: str, shelf: Shelf = SHIPPED) -> tuple[str, ...]:
    """The kinds of paper that are made from a kind of sheet."""
    return tuple(kind for kind in CATALOG if Wording(kind, "shanghai", {}, shelf).sheet == sheet)


def missing(
    kind: str, case: CaseFile, titles: str = "shanghai", shelf: Shelf = SHIPPED, sheet: str = ""
) -> tuple[str, ...]:
    """Chinese names of the mandatory facts that are still empty, in the order of the paper."""
    recipe = _recipe(kind)
    maker = Maker(case, _TRIAL_DAY, kind, titles, frozenset(), shelf, sheet)
    for _ in recipe.blocks(maker):
        pass
    return tuple(maker.words.empty)


def status_of(kind: str, titles: str = "shanghai", shelf: Shelf = SHIPPED) -> str:
    """Whether the chosen set of this paper still has to be compared with the official form; "" when it was."""
    _recipe(kind)
    return Wording(kind, titles, {}, shelf).status


def required(kind: str, titles: str = "shanghai", shelf: Shelf = SHIPPED) -> tuple[str, ...]:
    """Chinese names of all facts that this kind of paper may demand."""
    _recipe(kind)
    return placeholders(kind, titles, shelf)


def render(
    kind: str,
    case: CaseFile,
    stamp: Stamp,
    photos: Mapping[str, Photo],
    titles: str = "shanghai",
    shelf: Shelf = SHIPPED,
) -> Rendered:
    """Make the paper as PDF, in a set of titles and with the words of a shelf. Photos go by the number of their evidence.

    Raises:
        Problem: `paper_incomplete` when a formal paper lacks a mandatory fact, `missing_glyph` with all characters
            that no face has, `photo_damaged` when a photo is no JPEG, `not_found` for an unknown kind.
    """
    with _uninterrupted():
        return _rendered(kind, case, stamp, photos, titles, shelf)


def _rendered(
    kind: str, case: CaseFile, stamp: Stamp, photos: Mapping[str, Photo], titles: str, shelf: Shelf
) -> Rendered:  # fmt: skip
    made = compose_pages(kind, case, stamp, photos, titles, faces(), shelf)
    pdf = write(made.pages, photos, made.shown.title, case.bureau.name, stamp.date, faces())
    shown = replace(made.shown, bare_faces=bare_faces(pdf))
    return Rendered(pdf, hashlib.sha256(pdf).hexdigest(), len(made.pages), made.report, shown)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Without the collection of garbage: setting a paper leaves none and makes thousands of other objects, and a seventh of the
    time would go into looking through them. They are gone when this ends."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


OTHER_FORMATS = (".docx", ".ofd")
"""In which a paper can be made besides PDF: to be edited, and GB/T 33190 as an experiment; neither is an original."""


def in_format(
    form: str, kind: str, case: CaseFile, stamp: Stamp, photos: Mapping[str, Photo], titles: str = "shanghai",
    shelf: Shelf = SHIPPED,
) -> bytes:  # fmt: skip
    """The paper in one of `OTHER_FORMATS`, marked as no original. Raises like `render`; a Word file draws no glyphs."""
    if form == ".docx":
        from . import word

        paper, _ = _paper(kind, case, stamp, frozenset(photos), titles, shelf)
        return word.write(paper, photos, Wording(kind, titles, {}, shelf).plain("editable"))
    from . import ofd

    made = compose_pages(kind, case, stamp, photos, titles, faces(), shelf)
    return ofd.write(made.pages, photos, made.shown.title, case.bureau.name, stamp.date, faces())


def measured(
    kind: str,
    case: CaseFile,
    stamp: Stamp,
    photos: Mapping[str, Photo],
    titles: str = "shanghai",
    shelf: Shelf = SHIPPED,
) -> dict[str, float]:
    """How near the composed pages come to the bars of GB/T 9704 and of our own (papers.bars), in millimetres."""
    from .bars import measure

    made = compose_pages(kind, case, stamp, photos, titles, faces(), shelf)
    return measure(made.pages, faces(), made.shown.template)


def code_on(kind: str, payload: str, page: int, titles: str = "shanghai", shelf: Shelf = SHIPPED) -> grid.Area:
    """Where on a page (from 1) of a kind of paper the ink of its QR code stands, in millimetres."""
    _recipe(kind)
    return ink(payload, code_area(Wording(kind, titles, {}, shelf).template, page - 1))


def undrawable(text: str) -> frozenset[str]:
    """The characters of typed text that no face of this computer draws; what cannot be set is left out of papers."""
    return frozenset(faces().lacking(clean(text)))


def warm_up() -> None:
    """Parse the faces ahead of the first paper; to be called from a worker."""
    own = faces()
    for role in own.sources:
        own.face(role)


def compose_pages(
    kind: str, case: CaseFile, stamp: Stamp, photos: Mapping[str, Photo], titles: str, with_faces: Faces,
    shelf: Shelf = SHIPPED,
) -> Composed:  # fmt: skip
    """The composed pages of a paper before they are written."""
    paper, lacking = _paper(kind, _legible(case, with_faces), stamp, frozenset(photos), titles, shelf)
    setter = Setter(with_faces)
    form = paper.template in ("form", "cover")
    frame: Form | Letter = Form(setter, paper) if form else Letter(setter, paper)
    pieces = frame.pieces()
    leaves, forced = paginate(pieces, frame.bounds)
    if len(leaves) > 1:
        fewer, also_forced = paginate(frame.closer(pieces), frame.bounds)
        if len(fewer) < len(leaves):
            leaves, forced = fewer, also_forced
    pages = tuple(
        Page((*frame.frame(leaf, n, len(leaves)), *leaf.marks()), tuple(leaf.tags())) for n, leaf in enumerate(leaves)
    )
    if setter.missing:
        raise Problem("missing_glyph", glyphs=named("".join(setter.missing)))
    notes = setter.notes
    drawn = roles(pages)
    used = {NAMES[role]: with_faces.face(role).name for role in drawn}
    bad = (*collisions(pages), *outside(pages))
    broken = tuple(notes.broken)
    substitutes = tuple(called for role in drawn if (called := with_faces.substitute(role)))
    shown = print_of(
        paper, pages, missing=lacking, broken=broken, forced=forced, collisions=bad, substitutes=substitutes
    )
    shown = replace(shown, sheet=stamp.sheet)
    return Composed(pages, Report(broken, notes.stretch, forced, bad, used, lacking), shown)


def _legible(case: CaseFile, with_faces: Faces) -> CaseFile:
    """The case with the names of files as they can be drawn: nobody can call a stored file otherwise."""
    lacking = with_faces.lacking("".join(piece.original_name for piece in case.evidence))
    if not lacking:
        return case
    return replace(
        case, evidence=tuple(replace(p, original_name=drawable(p.original_name, lacking)) for p in case.evidence)
    )


def _recipe(kind: str) -> Recipe:
    if kind not in CATALOG:
        raise Problem("not_found", what=f"文书“{kind}”的格式")
    return CATALOG[kind]


def _paper(
    kind: str, case: CaseFile, stamp: Stamp, photos: frozenset[str], titles: str, shelf: Shelf
) -> tuple[Paper, tuple[str, ...]]:
    recipe = _recipe(kind)
    maker = Maker(case, stamp.date, kind, titles, photos, shelf, stamp.sheet)
    blocks = tuple(recipe.blocks(maker))
    lacking = tuple(maker.words.empty)
    w = maker.words
    if not stamp.draft:
        empty = (*(() if stamp.number else (_NUMBER,)), *lacking)
        if empty:
            raise Problem("paper_incomplete", paper=w.title.replace("\n", ""), fields="、".join(empty))
    number = stamp.number or w.plain("unnumbered")
    status = w.plain("draft_status").format(status=w.status) if w.status else ""
    furniture = replace(
        Furniture(*(w.plain(key) for key in Furniture.__dataclass_fields__)),
        draft_reason=w.plain("draft_reason").format(reason=stamp.draft, status=status),
        number=w.plain("number_temporary" if is_temporary(number) else "number"),
    )  # fmt: skip
    issuer = by_sense(w.facts["bureau"] or w.plain("gap"), w.items("title_words"), _IN_HEAD)
    paper = Paper(
        kind=kind, title=w.title.replace("\n", ""), template=w.template, issuer="\n".join(issuer),
        number=number, day=stamp.date, code=stamp.code, note=stamp.note,
        revision=stamp.revision, draft=stamp.draft, key=stamp.key, furniture=furniture, blocks=blocks,
        strip=maker.strip() if recipe.signed else Strip(), copy=stamp.copy,
    )  # fmt: skip
    return paper, lacking


def outside(pages: tuple[Page, ...]) -> tuple[str, ...]:
    """Text that leaves the type area sideways or comes too near the edge of the sheet to be printed: must be empty."""
    found = []
    for number, page in enumerate(pages, 1):
        for text in (mark for mark in page.marks if isinstance(mark, Text)):
            wide = text.start < grid.LEFT - grid.CELL or text.right > grid.RIGHT + grid.CELL
            if wide or text.top < _EDGE or text.top + text.size > grid.SHEET_HEIGHT - _EDGE:
                found.append(f"{number}: {text.text}")
    return tuple(found)


def collisions(pages: tuple[Page, ...]) -> tuple[str, ...]:
    """Where a QR code or a photo meets text: must be empty."""
    found = []
    for number, page in enumerate(pages, 1):
        texts = [mark for mark in page.marks if isinstance(mark, Text)]
        for box in (mark for mark in page.marks if isinstance(mark, Code | Picture)):
            found += [f"{number}: {text.text}" for text in texts if text.area.meets(box.area)]
    return tuple(found)
