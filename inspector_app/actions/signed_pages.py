"""Signed pages that come back on paper: each photo or page of a scanned PDF is read, matched to the exact page, and kept
with a straight copy.

The code on a page says for which paper, revision and copy (联) it was printed, and is signed. It says nothing of what
somebody wrote on the sheet: that is for the eye.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..domain.calendar import zh_date
from ..domain.casefile import CaseFile
from ..domain.event import BlobRef, Draft
from ..domain.paper import Issued, paper_step
from ..domain.problems import Problem
from ..domain.signed_page import SignedPage
from ..papers.render import code_on
from ..record.checkpoint import Checkpoint, claims, page_of
from .book import Book, Done
from .papers import paper_of, standing
from .procedure import check_open
from .sync import known_keys


@dataclass(frozen=True, slots=True)
class Place:
    """Which page it is: the paper's id, its page from 1 (0 where the code names none), the serial of the copy (联), and
    why, where an officer has said so by hand."""

    paper: str
    page: int
    copy: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a scanned PDF: the file and its bytes, the page from 1, and what draws it: its size in pixels, and red, green
    and blue of each."""

    file: Path
    original: bytes
    number: int
    draw: Callable[[], tuple[tuple[int, int], bytes]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture, or a page of a PDF, that was looked at and is not kept yet. Without a `place`, or with a `problem`, it cannot
    be kept as it is."""

    file: Path
    sha256: str
    mime: str
    thumbnail: bytes
    # large enough to be read: the straight copy where there is one, else a copy of the file as it lies
    picture: bytes = b""
    text: str = ""  # of its code
    straight: bytes = b""
    by_edges: bool = False
    place: Place | None = None
    problem: Problem | None = None
    leaf: int = 0  # page of a scanned PDF, from 1; 0 = the file is a picture

    @property
    def name(self) -> str:
        return self.file.name + (f" 第 {self.leaf} 页" if self.leaf else "")

    @property
    def fit(self) -> bool:
        return self.place is not None and self.problem is None

    @property
    def by_hand(self) -> bool:
        """Whether an officer may say which page it is: no code was read, or it names no page, or that page is kept."""
        return self.problem is not None and self.problem.code in ("page_no_code", "page_unnumbered", "page_kept")


def look(book: Book, stream: str, source: Path | Leaf, beside: Sequence[Seen] = ()) -> Seen:
    """Read a picture file, or a page of a PDF, and say which page it is, or in a problem why it cannot be kept. `beside` is
    what was looked at before.

    Writes nothing. Takes about a second for a photo of 12 megapixels.
    """
    from ..evidence.scan import drawn_scan, read_scan  # Pillow is imported with the first picture

    case = book.queries.case(stream)
    file, leaf = (source.file, source.number) if isinstance(source, Leaf) else (source, 0)
    try:
        scan = drawn_scan(source.original, *source.draw()) if isinstance(source, Leaf) else read_scan(source)
    except Problem as problem:
        return Seen(file, "", "", b"", problem=problem, leaf=leaf)
    seen = Seen(file, hashlib.sha256(scan.original).hexdigest(), scan.mime, scan.thumbnail, scan.larger, leaf=leaf)
    ours = [code for code in scan.codes if claims(code.text)]
    try:
        _check_new(case, seen, beside)
        if leaf and not ours and scan.blank:
            raise Problem("page_blank", name=seen.name)
        if not ours:
            raise Problem("page_no_code", name=seen.name)
        if len(ours) > 1:
            raise Problem("page_two_codes", name=seen.name, count=len(ours))
        seen = replace(seen, text=ours[0].text)
        place = _place(book, case, seen)
        ink = code_on(paper_of(case, place.paper).kind, seen.text, max(place.page, 1), *book.rules.words)
        made = scan.straight(ours[0], ink.corners)
        seen = replace(seen, place=place, straight=made.jpeg, picture=made.jpeg, thumbnail=made.thumbnail,
                       by_edges=made.by_edges)  # fmt: skip
        _check_page(case, seen, beside)
    except Problem as problem:
        return replace(seen, problem=problem)
    return seen


def assign(book: Book, stream: str, seen: Seen, paper: str, page: int, why: str) -> Seen:
    """An officer says by hand which page a file shows, with a reason that the event keeps.

    Raises:
        Problem: what kept the file from being taken, where that is nothing a person can settle by looking;
            `reason_needed`, `bad_pages`, and `page_superseded` and its like for a paper that does not stand.
    """
    if seen.problem is not None and not seen.by_hand:
        raise seen.problem
    case = book.queries.case(stream)
    if seen.place is not None:  # its code was read, and only the page is in question
        paper = seen.place.paper
    issued = paper_of(case, paper)
    _check_stands(case, issued, seen.name)
    if not 1 <= page <= issued.pages:
        raise Problem("bad_pages", text=page, count=issued.pages)
    if not why.strip():
        raise Problem("reason_needed", what="指定签字页")
    copy = seen.place.copy if seen.place is not None else 0
    return replace(seen, place=Place(paper, page, copy, why.strip()), problem=None)


def chosen(seen: Sequence[Seen]) -> list[Seen]:
    """What can be kept of all that was looked at.

    Raises:
        Problem: `pdf_mixed` for a PDF that holds pages of another inspection, too: the whole file would go into this one.
    """
    fit = [each for each in seen if each.fit]
    inside = {each.sha256 for each in fit if each.leaf}
    for each in seen:
        if each.sha256 in inside and each.problem is not None and each.problem.code == "page_of_another":
            raise Problem("pdf_mixed", name=each.file.name)
    return fit


def keep(book: Book, stream: str, pages: Sequence[Seen]) -> Done[tuple[str, ...]]:
    """Keep what was looked at: the file as it is, its straight copy beside it; all in one batch, or nothing.

    Returns what was kept, in words. Codes are weighed once more, as a paper may have been made anew since.

    Raises:
        Problem: `field_needed` for no page at all, what `look` finds, `page_changed`, `disk_low`, `not_allowed`.
    """
    book.allow("inspect", stream)
    case = book.queries.case(stream)
    check_open(book, case, "signed_page_kept")
    drafts: list[Draft] = []
    said: list[str] = []
    originals: dict[str, BlobRef] = {}
    for number, seen in enumerate(pages):
        if seen.problem is not None or seen.place is None:
            raise seen.problem or Problem("page_no_code", name=seen.name)
        before = pages[:number]
        _check_new(case, seen, before)
        if not seen.place.reason:
            _place(book, case, seen)
            _check_page(case, seen, before)
        issued = paper_of(case, seen.place.paper)
        _check_stands(case, issued, seen.name)
        if seen.sha256 not in originals:
            originals[seen.sha256] = _original(book, seen)
        drafts.append(_draft(book, case, seen, seen.place, issued, originals[seen.sha256]))
        said.append(f"《{issued.title}》第 {seen.place.page} 页")
    if not drafts:
        raise Problem("field_needed", what="要存的签字页")
    return book.done(tuple(said), drafts)


def picture_of(book: Book, kept: SignedPage) -> bytes:
    """A kept page to look at: its straight copy, else the file as it came. Raises Problem for a missing or damaged file."""
    return book.queries.content(kept.straight or kept.original, f"签字页第 {kept.page} 页")


def withdraw(book: Book, stream: str, page: SignedPage, why: str) -> Done[str]:
    """Take back a page that was kept by mistake: its file and the entry of its keeping stay, and it counts no more.

    Raises:
        Problem: `reason_needed`, `not_found` for a page that is not kept, or no more, `not_allowed`, `case_closed`.
    """
    book.allow("inspect", stream)
    case = book.queries.case(stream)
    issued = next((paper for paper in case.papers if page.id in {kept.id for kept in paper.kept}), None)
    if issued is None:
        raise Problem("not_found", what="这一页签字页")
    if not why.strip():
        raise Problem("reason_needed", what="撤下签字页")
    body = {
        "paper": issued.id, "title": issued.title, "kept": page.id, "where": _where(issued, page.page, page.copy),
        "reason": why.strip(),
    }  # fmt: skip
    taken, back = (
        Draft(stream, "signed_page_withdrawn", {**body, "reason": reason}, paper_step(issued.kind))
        for reason in (body["reason"], "")
    )
    return book.done(f"《{issued.title}》第 {page.page} 页", [taken], reverse=[back])


def _where(issued: Issued, page: int, serial: int) -> str:
    """Which page of which copy (联), as an entry of the record says it."""
    copy = next((c for c in issued.copies if c.serial == serial), None)
    return f"，第 {page} 页，共 {issued.pages} 页" + (f"，第{copy.serial}联　{copy.name}" if copy else "")


def _original(book: Book, seen: Seen) -> BlobRef:
    """The file into the vault as it is: a PDF once, however many of its pages are kept."""
    try:
        content = seen.file.read_bytes()
    except OSError as error:
        raise Problem("page_changed", name=seen.file.name) from error
    if hashlib.sha256(content).hexdigest() != seen.sha256:
        raise Problem("page_changed", name=seen.file.name)
    book.rules.room_for(book.store.path, len(content))
    return book.keep(content, seen.mime, "imported")


def _draft(book: Book, case: CaseFile, seen: Seen, place: Place, issued: Issued, original: BlobRef) -> Draft:
    blobs = [original]
    shown = seen.straight or (seen.picture if seen.leaf else b"")  # a PDF is not looked at page by page, its copy is
    if shown:
        book.rules.room_for(book.store.path, len(shown))
        blobs.append(book.keep(shown, "image/jpeg", "made"))
    copy = next((c for c in issued.copies if c.serial == place.copy), None)
    body = {
        "paper": issued.id, "title": issued.title, "number": issued.number, "revision": issued.revision,
        "pdf": copy.sha256 if copy else issued.sha256, "code": copy.code if copy else issued.code,
        "original_name": seen.file.name, "original": seen.sha256,
        "straight": blobs[1].sha256 if shown else "",
        "straightened_by": ("纸边" if seen.by_edges else "二维码") if seen.straight else "",
        "page": place.page, "pages": issued.pages, "serial": place.copy,
        "where": _where(issued, place.page, place.copy),
        "recognised": "指定" if place.reason else "二维码",
    }  # fmt: skip
    if seen.leaf:
        body["leaf"] = seen.leaf
    if place.reason:
        body["reason"] = place.reason
    return Draft(case.id, "signed_page_kept", body, paper_step(issued.kind), tuple(blobs))


# -- which page it is ------------------------------------------------------------------------------------------------


def _place(book: Book, case: CaseFile, seen: Seen) -> Place:
    """What the code of a page says, after its signature was found good and its paper the one in force."""
    name = seen.name
    note = Checkpoint.read(seen.text)
    keys = [key for held in known_keys(book.store).values() for key in held]
    if note is None or note.signed_by(keys) is None:
        raise Problem("page_forged", name=name)
    about = dict(note.about)
    if note.stream != case.id:
        number = about.get("paper") or "草稿"
        raise Problem("page_of_another", name=name, case=_heading(book, note.stream), number=number)
    for issued in case.papers:
        serials = {issued.code: 0} | {copy.code: copy.serial for copy in issued.copies}
        if note.code in serials:
            break
    else:
        if "paper" not in about:
            raise Problem("page_of_draft", name=name)
        raise Problem("page_unknown", name=name, number=about["paper"], revision=about.get("revision", "1"))
    _check_stands(case, issued, name)
    page, pages = page_of(seen.text)
    if pages != issued.pages or not 1 <= page <= pages:
        page = 1 if issued.pages == 1 else 0
    return Place(issued.id, page, serials[note.code])


def _heading(book: Book, stream: str) -> str:
    """An inspection as a person knows it; by its number where this laptop does not hold it."""
    try:
        return book.queries.case(stream).unit.name
    except Problem:
        return stream.rpartition("/")[2]


def _check_stands(case: CaseFile, issued: Issued, name: str) -> None:
    """Raises Problem unless the paper is formal and in force; a proof of service is for its own delivery, and stays."""
    if issued.draft:
        raise Problem("page_of_draft", name=name)
    if issued.kind == "proof_of_service":
        return
    facts = {
        "name": name, "paper": f"《{issued.title}》", "revision": issued.revision, "day": zh_date(issued.at.date()),
    }  # fmt: skip
    current = standing(case, issued.kind, issued.sheet)
    if current is None:
        raise Problem("page_withdrawn", **facts, reason=issued.reopened or "重新制作")
    if current.id != issued.id:
        since = zh_date(current.at.date())
        raise Problem("page_superseded", **facts, current=current.revision, number=current.number, since=since)
    if issued.stale and issued.served is None:
        raise Problem("paper_stale", paper=issued.title)


def _check_new(case: CaseFile, seen: Seen, beside: Sequence[Seen]) -> None:
    """Raises Problem for what is kept already, whatever its name, or was looked at just now, and for the archived paper itself."""
    for issued in case.papers:
        if seen.sha256 in (issued.sha256, *(copy.sha256 for copy in issued.copies)):
            raise Problem("page_unsigned", name=seen.name, paper=f"《{issued.title}》")
    kept = {(page.original, page.leaf) for issued in case.papers for page in issued.kept}
    kept |= {(other.sha256, other.leaf) for other in beside if other.fit}
    if (seen.sha256, seen.leaf) in kept:
        raise Problem("page_same_file", name=seen.name)


def _check_page(case: CaseFile, seen: Seen, beside: Sequence[Seen]) -> None:
    """Raises Problem where the code names no page, or the page is kept already, or chosen just now."""
    assert seen.place is not None
    issued = paper_of(case, seen.place.paper)
    paper, where = f"《{issued.title}》", (seen.place.page, seen.place.copy)
    if not seen.place.page:
        raise Problem("page_unnumbered", name=seen.name, paper=paper)
    held = {(kept.page, kept.copy) for kept in issued.kept}
    places = (other.place for other in beside if other.place is not None and other.problem is None)
    held |= {(place.page, place.copy) for place in places if place.paper == issued.id}
    if where in held:
        raise Problem("page_kept", name=seen.name, paper=paper, page=seen.place.page)
