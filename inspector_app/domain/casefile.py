"""The case file: everything a screen shows and a paper says of one inspection, frozen when asked for.

It is read from the projection of the inspection's stream and the registers; nobody writes to it. Papers
and screens share it, so that what was seen on the screen is what stands on the paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from .archiving import Archived
from .cancelling import Cancelled
from .evidence import SPOKEN, Mark
from .followup import Followup
from .legal import Round
from .people import Bureau, Officer, Unit
from .publicity import Penalty, Publication
from .rating import Rating
from .selfcheck import SelfCheck
from .signed_page import SignedPage


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person of the unit who is present (在场人员); need not be the legal representative (国办发〔2024〕54号)."""

    name: str
    title: str = ""
    phone: str = ""
    role: str = "陪同人"


@dataclass(frozen=True, slots=True)
class Recusal:
    """A request that an officer withdraw, and what was decided (行政处罚法43)."""

    text: str
    decision: str = ""
    decided_by: str = ""
    id: str = ""
    officer: str = ""  # id of the one who is to withdraw
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A step at the door: what was told, in which wording version, with which reply."""

    at: datetime
    by: str
    wording: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """What one check of the equipment found; `state` is ok, warn or bad."""

    name: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """The equipment as it was checked once, before departure or on arrival."""

    at: datetime
    by: str
    checks: tuple[Ready, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording made on a laptop of the team, whatever became of it."""

    id: str
    what: str  # 录像 录音
    device: str
    laptop: str  # name of the laptop that recorded
    by: str
    started: datetime
    stopped: datetime | None = None  # None: under way, or not looked after yet
    duration: int = 0  # milliseconds that are kept
    evidence: str = ""  # number of the piece that it became; "" where nothing was kept
    interrupted: bool = False
    reason: str = ""  # why it was interrupted, or why it was stopped where no person did


@dataclass(frozen=True, slots=True)
class Visit:
    """One attendance on site. Times are local with zone; None means not yet."""

    place: str = ""
    arrived: datetime | None = None
    ended: datetime | None = None
    credentials_shown: Told | None = None
    recording_told: Told | None = None
    rights_told: Told | None = None
    recusals: tuple[Recusal, ...] = ()
    leading_official: str = ""
    attendees: tuple[Attendee, ...] = ()
    law_explained: Told | None = None
    law_topics: str = ""
    remarks: str = ""
    statement: str = ""
    statement_reply: str = ""
    attendees_at: datetime | None = None
    urgent: str = ""  # why the visit began before its approval or notice
    secret_area: str = ""  # who said that the team is where state secrets are and nothing is captured; "" = it is not
    readiness: tuple[Readiness, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One of several values that stand side by side: who wrote it and when."""

    event: str
    value: str
    reason: str
    by: str
    at: datetime
    field: str = ""  # of a finding: which of its fields


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A checklist item with what was answered. `conflict` holds all versions when officers differ."""

    code: str
    text: str
    section: str
    basis: str
    value: str = ""  # 符合 基本符合 不符合 不适用, or the typed value of another question; "" = open
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    finding: str = ""
    by: str = ""
    at: datetime | None = None
    conflict: tuple[Version, ...] = ()
    note_conflict: tuple[Version, ...] = ()


VOLUME = ("case_cover", "case_contents", "case_remarks")
"""Papers of the volume itself: not counted among its pages."""

STORED = "存入时间"
"""`Evidence.time_from` of a photo that holds no time of its own: what stands for it is when it was stored."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence with its mandatory fields (行政诉讼证据规定12, 64)."""

    number: str
    kind: str  # 照片 录音 录像 复印件
    item: str
    taken_at: datetime | None
    added_at: datetime
    place: str
    maker: str
    maker_credential: str
    proves: str
    method: str
    carrier: str
    present: str
    sha256: str
    sm3: str
    original_name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0
    transcript: str = ""
    withdrawn: str = ""
    time_from: str = ""
    thumbnail: str = ""  # SHA-256 of the small picture made at intake; "" for sound
    copy: str = ""  # SHA-256 of the larger one, for the window and for papers
    origin: str = ""  # captured imported; "" in records of earlier versions
    view: str = ""  # of `domain.evidence.VIEWS`
    marks: tuple[Mark, ...] = ()
    marks_shown: bool = True  # whether papers show the copy with the marks
    secrecy: str = ""  # CLEARED or BLOCKED of `domain.evidence`; "" = not checked yet
    secrecy_by: str = ""
    secrecy_at: datetime | None = None
    secrecy_reason: str = ""
    duration: int = 0  # milliseconds, of sound and film
    device: str = ""  # register number of the recorder, or the name of the laptop that recorded
    secret: str = ""  # a state of `secrecy.state_of`; then it is withdrawn as well
    found_by: tuple[str, ...] = ()  # ids of those who found a secret in it

    @property
    def of_process(self) -> bool:
        """Whether it records the process as a whole (执法全过程记录), and no item of the checklist rests on it."""
        return self.duration > 0 and not self.item

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the mandatory fields that are still empty."""
        fields = {
            "制作时间": self.taken_at if self.time_from != STORED else None,
            "制作地点": self.place,
            "制作人": self.maker,
            "证明对象": self.proves,
            "制作方法": self.method,
            "原始载体": self.carrier,
        }
        if self.kind in SPOKEN and not self.of_process:
            fields["文字说明"] = self.transcript.strip()
        return tuple(name for name, value in fields.items() if not value)


@dataclass(frozen=True, slots=True)
class Unfilmed:
    """Why a step that policy wants recorded has no footage; `step` is a key of `footage.Step`."""

    step: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact found (问题): exactly one consequence, its legal basis, its evidence."""

    id: str
    code: str
    fact: str
    basis: tuple[str, ...]  # full citations: 《中华人民共和国档案法》第十九条第二款
    evidence: tuple[str, ...]
    severity: int
    consequence: str  # value of domain.finding.Consequence
    demand: str = ""  # what must be done, or what is suggested
    due: date | None = None
    confirmed: bool = False
    proposed: bool = False
    conflict: tuple[Version, ...] = ()
    against: tuple[Version, ...] = ()  # it was withdrawn, and changed or confirmed by one who did not know of it
    twins: tuple[str, ...] = ()  # other findings of the same item, recorded by one who did not know of this one
    order_basis: str = ""  # the article that an order to correct rests on
    lost: tuple[str, ...] = ()  # evidence it rested on that was withdrawn since
    unproven: str = ""  # why it was confirmed without evidence

    @property
    def differs(self) -> str:
        """What two officers did differently and a person has to settle; "" for nothing."""
        if self.against:
            return "一人撤销、另一人改过"
        if self.twins:
            return "两人各记了一次"
        return "两处填写不同" if self.conflict else ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature on paper or on the screen, or its refusal with the reason and those who noted it."""

    name: str
    role: str  # 被检查单位 检查人员 记录人 见证人
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
class Sheet:
    """What was filled in for a paper that no other act states, e.g. the answers of one person who was questioned."""

    id: str  # the kind where it occurs once
    kind: str
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    rows: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict, hash=False)
    by: str = ""
    at: datetime | None = None
    conflict: tuple[Version, ...] = ()
    """What two officers filled in differently; `field` names the entry, `dropped` one that was taken away beside a change."""


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


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said on an item or a finding in the review; it is only ever added to."""

    about: str  # code of an item, or id of a finding; "" = the whole inspection
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """Where the review by the team lead stands. A decision is bound to what it saw: anything newer reopens it."""

    outcome: str = ""  # handed_in returned review_passed; "" = not handed in
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    changed_since: int = 0  # answers, findings, evidence and papers that the decision had not seen
    comments: tuple[Comment, ...] = ()

    @property
    def word(self) -> str:
        """In a few characters, for lists."""
        if self.outcome == "review_passed":
            return "认可后有改动" if self.changed_since else "已认可"
        return {"handed_in": "待复核", "returned": "退回修改"}.get(self.outcome, "未送复核")

    @property
    def waits(self) -> bool:
        """Whether the team lead has to look."""
        return self.outcome == "handed_in" or (self.outcome == "review_passed" and self.changed_since > 0)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A remark of the file review that somebody let stand, with the reason; `place` is the place it was found at and
    `role` the one in which it was said."""

    check: str
    place: str
    reason: str
    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One inspection (检查) from plan to archive, as it stands now."""

    id: str
    bureau: Bureau
    unit: Unit
    kind: str  # routine special clue_based after_approval
    stage: str  # value of domain.inspection.Stage
    checklist: str  # key of the published checklist, e.g. organ
    officers: tuple[Officer, ...]  # the first is the head of the team
    leading_official: Officer | None
    planned_from: datetime
    planned_to: datetime
    place: str
    checklist_sha256: str = ""
    """Digest of the version of the checklist that the inspection was planned with."""
    scope: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    source: str = ""
    plan: str = ""
    draw: str = ""
    draw_seed: str = ""
    drawn_at: datetime | None = None
    published_where: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None
    approved_late: bool = False  # an urgent visit whose approval came after the policy's term
    code: str = ""
    assistants: int = 0
    checks_this_year: int | None = None
    visit: Visit = Visit()
    items: tuple[ItemFact, ...] = ()
    checking_finished: bool = False
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    papers: tuple[Issued, ...] = ()
    heads: tuple[str, ...] = ()
    unknown_events: int = 0
    review: Review = Review()
    readings: tuple[tuple[str, str], ...] = ()  # values of questions beside the items, e.g. E08_temperature
    reading_conflicts: tuple[tuple[str, tuple[Version, ...]], ...] = ()  # where two officers read off differently
    waivers: tuple[Waiver, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    filmed: tuple[Filmed, ...] = ()
    recordings: tuple[Recording, ...] = ()
    unfilmed: tuple[Unfilmed, ...] = ()
    self_check: SelfCheck | None = None
    publications: tuple[Publication, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    rating: Rating | None = None
    followup: Followup = Followup()  # noqa: RUF009 - frozen
    pictures: tuple[Evidence, ...] = ()
    """Photos of the rectification: the unit's proofs and those of a re-inspection. The evidence of the visit is closed."""
    involved: frozenset[str] = frozenset()
    """Ids of all who ever took part in the inspection, those whose place another took and the leading official included."""
    legal: tuple[Round, ...] = ()
    archived: Archived | None = None
    cancelled: Cancelled | None = None
    rating_code: str = ""
    """Under which the unit may rate the inspection on a phone; "" until it was given out."""

    @property
    def able(self) -> tuple[Officer, ...]:
        """The officers who may act: those of the team whom no granted request has taken out (行政处罚法43)."""
        return tuple(officer for officer in self.officers if officer.id not in self.recused)

    @property
    def recused(self) -> frozenset[str]:
        """Ids of those whom a granted request has taken out, whether or not somebody took their place."""
        return frozenset(recusal.officer for recusal in self.visit.recusals if recusal.granted)

    def paper(self, kind: str, sheet: str | None = None) -> Issued | None:
        """The newest formal paper of this kind that stands, else the newest draft, else None; of one sheet, if named."""
        mine = [p for p in self.papers if p.kind == kind and not p.reopened and sheet in (None, p.sheet)]
        formal = [p for p in mine if not p.draft]
        newest = formal or mine
        return newest[-1] if newest else None

    def formal(self, kind: str, sheet: str | None = None) -> tuple[Issued, ...]:
        """Every version of a kind (and sheet) that was formally made, the earliest first; each but the last gave way."""
        return tuple(p for p in self.papers if p.kind == kind and not p.draft and sheet in (None, p.sheet))

    @property
    def filed(self) -> tuple[Issued, ...]:
        """The papers that the case's volume holds, in the order in which they were made: every proof of service, and of
        every other paper the version that stands. Cover, contents and remarks are the volume's own."""
        formal = [p for p in self.papers if not p.draft and not p.reopened and p.kind not in VOLUME]
        return tuple(
            p for n, p in enumerate(formal)
            if p.kind == "proof_of_service" or not any((o.kind, o.sheet) == (p.kind, p.sheet) for o in formal[n + 1 :])
        )  # fmt: skip

    def rounds(self, kind: str, sheet: str = "") -> tuple[Round, ...]:
        """Every time a paper was handed in for its legal review, the earliest first."""
        return tuple(r for r in self.legal if (r.kind, r.paper_sheet) == (kind, sheet))

    def served(self, kind: str) -> bool:
        """Whether a version of this kind has reached the unit."""
        return any(p.served is not None for p in self.formal(kind))

    def sheet(self, id: str) -> Sheet | None:
        return next((s for s in self.sheets if s.id == id), None)

    def item(self, code: str) -> ItemFact | None:
        return next((i for i in self.items if i.code == code), None)
