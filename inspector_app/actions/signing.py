"""Signatures on papers: noted as given or refused on paper, or drawn on the screen where policy has switched that on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..domain.casefile import CaseFile
from ..domain.drawing import Drawing
from ..domain.event import BlobRef, Draft
from ..domain.paper import GUEST, OFFICERS, Issued, Signature, paper_step
from ..domain.problems import Problem
from ..papers.render import CATALOG
from ..record.strokes import MIME, bind, check_strokes
from .book import Book, Done
from .papers import paper_of, pdf_of


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, in which role; with a reason it is a refusal, noted by those present."""

    name: str
    role: str  # 被检查单位 检查人员 记录人 联合检查人员 见证人
    signed_at: datetime
    reason: str = ""
    seen_by: str = ""
    read_by: str = ""  # who read it aloud to a signer who cannot read
    read_before: str = ""  # in whose presence
    mark: str = ""  # what such a signer put down: 指印 or 画押


def sign(
    book: Book, stream: str, paper: str, signer: Signer, witness: str | None = None, *, strokes: Drawing | None = None,
    pages: Sequence[int] = (), fingerprint: Path | None = None,
) -> Done[str]:  # fmt: skip
    """Note a signature on paper, or the refusal with its reason and a second person (行政诉讼证据规定15).

    An officer other than the one signed in confirms with the own PIN: pass the result as `witness`. Where policy switched
    it on, `strokes` drawn on the screen or the picture of a `fingerprint` are kept, and `pages` says which were signed.

    Raises:
        Problem: `electronic_off`, `signature_dot`, `pages_unsigned`, `signed_and_refused`, what `take_in` raises for a bad picture,
            `field_needed`, `date_order`, `date_ahead`, `not_found`, `not_allowed`.
    """
    case = book.queries.case(stream)
    issued = paper_of(case, paper)
    if not signer.name.strip():
        raise Problem("field_needed", what="签字人姓名")
    if signer.signed_at < issued.at.replace(second=0, microsecond=0):
        raise Problem("date_order", later="签字时间", earlier="文书制作时间")
    if signer.signed_at > book.clock.now().at:
        raise Problem("date_ahead", what="签字时间")
    officer = _officer(book, case, signer, witness) if signer.role in OFFICERS else ""
    if signer.role == GUEST and signer.name.strip() not in {guest.name for guest in case.guests if not guest.absent}:
        raise Problem("not_found", what=f"到场的联合检查人员“{signer.name.strip()}”")
    refused = bool(signer.reason.strip())
    if refused and not signer.seen_by.strip():
        raise Problem("field_needed", what="拒签的见证人或第二名执法人员")
    _check_reading(signer)
    body: dict[str, object] = {
        "paper": paper, "title": issued.title, "name": signer.name.strip(), "role": signer.role,
        "signed_at": signer.signed_at.isoformat(), "pdf": issued.sha256, "code": issued.code,
    }  # fmt: skip
    blobs: tuple[BlobRef, ...] = ()
    if strokes is not None or fingerprint is not None:
        if refused:
            raise Problem("signed_and_refused", who=signer.name.strip())
        held, blobs = _on_screen(book, stream, issued, signer, strokes, pages, fingerprint)
        body |= held
    if officer:
        body["officer"] = officer
    if refused:
        body |= {"reason": signer.reason.strip(), "seen_by": signer.seen_by.strip()}
    if signer.read_by:
        body |= {"read_by": signer.read_by, "read_before": signer.read_before.strip(), "means": f"听读后{signer.mark}"}
    kind = "signature_refused" if refused else "paper_signed"
    done = book.done(paper, [Draft(stream, kind, body, paper_step(issued.kind), blobs, witness)])
    book.store.fix_checkpoint(stream)
    return done


def _officer(book: Book, case: CaseFile, signer: Signer, witness: str | None) -> str:
    """The id of the officer who signs: of those with this name the one who has confirmed, else the one signed in."""
    named = {officer.id for officer in case.able if officer.name == signer.name}
    if not named:
        raise Problem("not_found", what=f"本案检查人员“{signer.name}”")
    for id in (witness or "", book.person.id):
        if id in named:
            return id
    raise Problem("not_allowed", who=book.person.name, act=f"代{signer.name}签字")


def _check_reading(signer: Signer) -> None:
    """Who cannot read hears it from one person before another, and then sets a mark."""
    if not signer.read_by:
        return
    if signer.reason.strip():
        raise Problem("signed_and_refused", who=signer.name.strip())
    if not signer.read_before.strip() or not signer.mark:
        raise Problem("field_needed", what="宣读时在场的人，按指印还是画押")
    if signer.read_before.strip() == signer.read_by:
        raise Problem("same_person", officer=signer.read_by)


def _on_screen(
    book: Book, stream: str, issued: Issued, signer: Signer, strokes: Drawing | None, pages: Sequence[int],
    fingerprint: Path | None,
) -> tuple[dict[str, object], tuple[BlobRef, ...]]:  # fmt: skip
    """What the event says of strokes and fingerprint, and their files, which lie in the vault before it."""
    if not book.rules.policy.electronic:
        raise Problem("electronic_off")
    pdf_of(book, stream, issued.id)  # nobody signs bytes that are away or damaged
    body: dict[str, object] = {}
    blobs: list[BlobRef] = []
    if fingerprint is not None:
        from ..evidence.photo import take_in  # Pillow is imported with the first picture

        picture = take_in(fingerprint)
        book.rules.room_for(book.store.path, picture.size)
        blobs.append(book.keep(picture.original, picture.mime, "imported"))
        body |= {"fingerprint": blobs[-1].sha256, "means": "指印"}
    if strokes is not None:
        signed = sorted(set(pages) & set(range(1, issued.pages + 1)))
        if CATALOG[issued.kind].signed and len(signed) < issued.pages:  # on paper each of its pages bears the strip
            open_pages = [str(page) for page in range(1, issued.pages + 1) if page not in signed]
            raise Problem("pages_unsigned", paper=issued.title, pages="、".join(open_pages))
        if not strokes.strokes:
            raise Problem("field_needed", what="屏幕上的签名")
        if strokes.is_dot:
            raise Problem("signature_dot")
        point = book.store.fix_checkpoint(stream, {"paper": issued.number, "revision": str(issued.revision)})
        name, role, at = signer.name.strip(), signer.role, signer.signed_at
        content = bind(strokes, issued.sha256, point, name, role, at, signed)
        blobs.append(book.keep(content, MIME, "captured"))
        means = "电子签名、指印" if fingerprint is not None else "电子签名"
        body |= {"strokes": blobs[-1].sha256, "pages": signed, "means": means}
    return body, tuple(blobs)


def drawing_of(book: Book, signature: Signature) -> Drawing:
    """What was drawn for a signature on the screen. Raises `Problem("strokes_foreign")`, and for a missing file."""
    content = book.queries.content(signature.strokes, f"{signature.name}的电子签名")
    try:
        return check_strokes(content, signature).drawing
    except ValueError as error:
        raise Problem("strokes_foreign", who=signature.name, detail=error) from error


def fingerprint_of(book: Book, signature: Signature) -> bytes:
    """A small picture (JPEG) of a fingerprint, whatever it came as. Raises Problem for a missing or damaged file."""
    from ..evidence.photo import glance_at  # Pillow is imported with the first picture

    name = f"{signature.name}的指印"
    return glance_at(name, book.queries.content(signature.fingerprint, name))
