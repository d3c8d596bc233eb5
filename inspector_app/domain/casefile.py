"""The case file: everything a screen shows and a paper says of one inspection, frozen when asked for.

It is read from the projection of the inspection's stream and the registers; nobody writes to it. Papers
and screens share it, so that what was seen on the screen is what stands on the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .archiving import Archived
from .cancelling import Cancelled
from .evidence import Evidence
from .finding import Finding
from .followup import Followup
from .item import ItemFact
from .item_review import Verdict
from .legal import Round
from .paper import GUEST, VOLUME, Filmed, Issued
from .people import Bureau, Officer, Unit
from .publicity import Penalty, Publication
from .rating import Rating
from .recorded import Recording, Unfilmed
from .review import Review
from .rows import Version
from .selfcheck import SelfCheck
from .sheet import Sheet
from .together import SHEET, Guest, Together, together, unsigned
from .visit import Visit
from .waiver import Waiver


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
    visit: Visit = Visit()  # noqa: RUF009 - frozen
    items: tuple[ItemFact, ...] = ()
    checking_finished: bool = False
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    papers: tuple[Issued, ...] = ()
    heads: tuple[str, ...] = ()
    unknown_events: int = 0
    review: Review = Review()  # noqa: RUF009 - frozen
    readings: tuple[tuple[str, str], ...] = ()  # values of questions beside the items, e.g. E08_temperature
    reading_conflicts: tuple[tuple[str, tuple[Version, ...]], ...] = ()  # where two officers read off differently
    waivers: tuple[Waiver, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    filmed: tuple[Filmed, ...] = ()
    recordings: tuple[Recording, ...] = ()
    unfilmed: tuple[Unfilmed, ...] = ()
    self_check: SelfCheck | None = None
    verdicts: tuple[Verdict, ...] = ()
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
    def together(self) -> Together:
        """Which other authorities come along, and which other tasks the visit carries out."""
        return together(self.sheet(SHEET))

    @property
    def guests(self) -> tuple[Guest, ...]:
        """Of the other authorities of a joint inspection: who came and who did not; until that is noted, who is to come."""
        held, seen = self.together, self.visit.guests
        known = {guest.office for guest in seen}
        return (*(g for g in seen if g.office in held.offices), *(g for g in held.guests if g.office not in known))

    def unsigned_guests(self, record: Issued) -> tuple[Guest, ...]:
        """Those of other authorities who came and of whose signature on the record, or its refusal, nothing is noted."""
        return unsigned(self.guests, (s.name for s in record.signatures if s.role == GUEST))

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
