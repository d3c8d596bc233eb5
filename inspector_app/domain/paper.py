"""The papers that were made of an inspection: signed, served, given back, and which of them stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .people import Officer
from .rows import NameOf, Row, readable, when
from .serving import FIELDS
from .signed_page import SignedPage, pages_of

VOLUME = ("case_cover", "case_contents", "case_remarks")
"""Papers of the volume itself: not counted among its pages."""

OFFICERS = ("检查人员", "记录人")
"""The roles in which officers sign."""
GUEST = "联合检查人员"
"""The role in which those of another authority sign the record of a joint inspection."""


_STEPS: Mapping[str, str] = {
    "plan": "准备", "draw_record": "准备", "approval": "准备", "notice": "准备", "onsite_record": "笔录",
    "evidence_list": "取证", "hash_list": "取证", "interview": "取证", "sampling_list": "取证", "preservation_list": "取证",
    "rectification_report": "整改", "extension": "整改", "reinspection_record": "复查", "reinspection_opinion": "复查",
    "closing_report": "归档", "case_cover": "归档", "case_contents": "归档", "case_remarks": "归档", "publicity": "归档",
}  # fmt: skip


def paper_step(kind: str) -> str:
    """The step of the procedure in which a kind of paper is made."""
    return _STEPS.get(kind, "处理")


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature on paper or on the screen, or its refusal with the reason and those who noted it."""

    name: str
    role: str  # 被检查单位 检查人员 记录人 联合检查人员 见证人
    at: datetime
    refused: str = ""
    witness: str = ""
    page_evidence: str = ""
    pdf: str = ""  # SHA-256 of the bytes that were signed
    strokes: str = ""  # SHA-256 of what was drawn on the screen; "" = signed on paper
    fingerprint: str = ""  # SHA-256 of the picture of a fingerprint
    read_by: str = ""  # who read it aloud to somebody who cannot read
    read_before: str = ""  # in whose presence
    means: str = ""  # how it was signed, where that was not by a name on paper
    pages: tuple[int, ...] = ()  # the pages that were signed one by one, from 1; on paper they are not counted
    officer: str = ""  # id of the officer who signed; "" for others, and for what earlier versions wrote

    @property
    def hand(self) -> str:
        """Whose signature it is among those of the officers: two of them may have one name."""
        return self.officer or self.name


@dataclass(frozen=True, slots=True)
class Service:
    """How a paper was served (送达); methods of 民事诉讼法 88 to 95."""

    papers: tuple[str, ...]
    method: str
    at: datetime
    place: str
    receiver: str
    relation: str = ""
    witness: str = ""
    refusal: str = ""
    servers: tuple[str, ...] = ()
    filmed: tuple[str, ...] = ()  # numbers of pictures of the process or of its proof, or the name of a recorder's file
    proof: tuple[tuple[str, str], ...] = ()  # names of `serving.FIELDS` and what they say


@dataclass(frozen=True, slots=True)
class Filmed:
    """A picture of how a paper was served, or a scan of what proves it (民事诉讼法89 to 95); no evidence of what was found."""

    number: str
    name: str
    taken_at: datetime | None
    by: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a paper (联): for whom, its serial, its own bytes in the vault and its own checkpoint code."""

    name: str
    serial: int
    sha256: str
    code: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was made: its exact bytes are in the vault under `sha256`."""

    id: str
    kind: str  # key in forms/papers: notice onsite_record evidence_list ...
    title: str
    number: str
    revision: int
    at: datetime
    sha256: str
    pages: int
    code: str  # checkpoint code, 32 characters
    draft: str = ""  # why it is only a draft; "" = formal
    printed: int = 0
    signatures: tuple[Signature, ...] = ()
    served: Service | None = None
    findings: tuple[str, ...] = ()
    reopened: str = ""  # why it no longer stands and has to be made anew; "" = it stands
    said: str = ""  # digest of what it was made from (domain.said); "" for papers of earlier versions
    stale: bool = False  # the case no longer says what this paper says
    ended: datetime | None = None  # end of the check as the record on site states it
    layout: tuple[str, ...] = ()  # what the setting could not do well
    report: str = ""  # SHA-256 of what stands on it, kept beside the PDF for the file review
    sheet: str = ""  # id of the sheet it was made from; "" = from the case alone
    entries: tuple[str, ...] = ()  # the entries of the sheet that it says
    copies: tuple[Copy, ...] = ()
    evidence: tuple[str, ...] = ()  # numbers of the evidence that it speaks of
    kept: tuple[SignedPage, ...] = ()
    taken_back: tuple[SignedPage, ...] = ()  # pages that were kept by mistake

    def hands(self, officers: Iterable[Officer], *, refused: bool = False) -> frozenset[str]:
        """The officers who signed it (`refused`: or would not), each once, by id; by name who is none of `officers` and
        signed without an id.

        A signature that says a name alone is led back to the officer of that name: where one of that name signed with an id
        as well, it may be the same hand, and two hands are asked for (行政处罚法42, 行政诉讼证据规定15).
        """
        marks = [s for s in self.signatures if s.role in OFFICERS and (refused or not s.refused)]
        signed = {s.officer for s in marks if s.officer}
        known = [(each.name, each.id) for each in officers] + [(s.name, s.officer) for s in marks if s.officer]
        for name in {s.name for s in marks if not s.officer}:
            same = {id for called, id in known if called == name}
            if not same & signed:
                signed.add(min(same, default=name))
        return frozenset(signed)

    @property
    def files(self) -> tuple[str, ...]:
        """Digests of all that is kept of it: its bytes and those of its copies, what stands on it, signatures, signed pages."""
        drawn = [digest for s in self.signatures for digest in (s.strokes, s.fingerprint)]
        pages = [digest for page in self.kept for digest in (page.original, page.straight)]
        held = (self.sha256, *(copy.sha256 for copy in self.copies), self.report, *drawn, *pages)
        return tuple(dict.fromkeys(filter(None, held)))

    @property
    def pages_lacking(self) -> tuple[int, ...]:
        """The pages of which none is kept as signed: of the copy (联) of which most are. A page without a readable code may
        be of any."""
        held = (
            {kept.page for kept in self.kept if kept.page and (kept.copy == copy or (kept.reason and not kept.copy))}
            for copy in (0, *(c.serial for c in self.copies))
        )
        most = max(held, key=len)
        return tuple(page for page in range(1, self.pages + 1) if page not in most)


def read_paper(row: Row, name_of: NameOf) -> Issued:
    services = tuple(readable(_service, row.get("services", [])))
    pages = tuple(pages_of(row, name_of))
    return Issued(
        id=row["paper"], kind=row["kind"], title=row["title"], number=row.get("number", ""),
        revision=row.get("revision", 1), at=datetime.fromisoformat(row["at"]), sha256=row["sha256"],
        pages=row["pages"], code=row.get("code", ""), draft=row.get("draft", ""),
        printed=sum(p.get("copies", 0) for p in row.get("prints", [])),
        signatures=tuple(readable(read_signature, row.get("signatures", []))),
        served=services[-1] if services else None,
        reopened=str(row["reopened"][-1].get("reason", "")) if row.get("reopened") else "",
        findings=tuple(row.get("findings", ())), ended=when(row.get("ended")),
        layout=tuple(row.get("layout", ())), said=row.get("said", ""), report=row.get("report", ""),
        sheet=str(row.get("sheet", "")), entries=tuple(map(str, row.get("entries", ()))), copies=tuple(readable(_copy, row.get("copies", []))),
        kept=tuple(page for page in pages if not page.withdrawn), taken_back=tuple(page for page in pages if page.withdrawn),
        evidence=tuple(map(str, row.get("evidence", ()))),
    )  # fmt: skip


def _copy(row: Row) -> Copy:
    return Copy(str(row["name"]), int(row["serial"]), str(row["sha256"]), str(row.get("code", "")))


def read_signature(row: Row) -> Signature:
    return Signature(
        row["name"], row["role"], datetime.fromisoformat(row["signed_at"]), row.get("reason", ""), row.get("seen_by", ""),
        row.get("page_evidence", ""), str(row.get("pdf", "")), str(row.get("strokes", "")), str(row.get("fingerprint", "")),
        str(row.get("read_by", "")), str(row.get("read_before", "")), str(row.get("means", "")),
        tuple(map(int, row.get("pages", ()))), str(row.get("officer", "")),
    )  # fmt: skip


def _service(row: Row) -> Service:
    return Service(
        papers=tuple(row["papers"]), method=row["method"], at=datetime.fromisoformat(row["served_at"]),
        place=row.get("place", ""), receiver=row.get("receiver", ""), relation=row.get("relation", ""),
        witness=row.get("seen_by", ""), refusal=row.get("refusal", ""), servers=tuple(row.get("servers", ())),
        filmed=tuple(map(str, row.get("filmed", ()))),
        proof=tuple((name, str(row[name])) for name in FIELDS if row.get(name)),
    )  # fmt: skip


def read_filmed(row: Row, name_of: NameOf) -> Filmed:
    return Filmed(row["number"], str(row.get("original_name", "")), when(row.get("taken_at")),
                  name_of(row["by"]), row["sha256"])  # fmt: skip
