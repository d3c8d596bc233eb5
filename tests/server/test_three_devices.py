"""From the plan to the closing, by three people on three laptops with the bureau's server between them.

The visit and the week after it have no network: what the second officer finds goes to the first by stick, and everything
goes to the bureau only when the papers have been served. Then the lead reviews, two persons publish, the unit mends, and
the case is closed. At the end all three laptops and the server hold the same, and the exported record verifies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import (
    arrival,
    check,
    closing,
    evidence,
    filecheck,
    filling,
    findings,
    onsite,
    papers,
    plan,
    publicity,
    rectify,
    review,
    service,
    signing,
    stick,
    sync,
)
from inspector_app.actions.book import Book
from inspector_app.actions.devices import device_keys
from inspector_app.actions.exchange import export_record
from inspector_app.actions.sign_in import Session, set_up
from inspector_app.actions.signing import Signer
from inspector_app.domain.access import Role
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clauses import ordered
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.finding import Consequence
from inspector_app.domain.followup import ACCEPTED, RESULTS
from inspector_app.domain.inspection import Stage, outgoing_papers
from inspector_app.domain.people import Bureau, Credential, Officer
from inspector_app.domain.publicity import RESULT
from inspector_app.domain.visit import Attendee
from inspector_app.record.verify_command import run as verify
from tests.office import card, laptop_at
from tests.server.conftest import PASSWORD, Served
from tests.server.test_laptop import joined, lead_laptop, served_office
from tests.sync.world import START

__all__ = ["served_office"]

ORGAN, FIRM, SERVICE = "inspection/2026-02", "inspection/2026-08", "inspection/2026-13"
UNIT, FIRST, SECOND = "示例联系人", "示例沈岚", "示例陆一鸣"
TERM = timedelta(days=30)


class Team:
    """Three laptops, one clock for all of them."""

    def __init__(self, served: Served, folder: Path, stream: str) -> None:
        self.folder, self.stream = folder, stream
        served.office.accounts.add("lu", SECOND, Role.OFFICER, PASSWORD)
        self.first = joined(served, folder / "first")
        officer = Officer("lu", SECOND, "科员", Credential("09120023", START.date(), START.date()))
        self.second = set_up(laptop_at(folder / "second"), Bureau("示例区档案局", "示档"), officer, "shili-tongxing-2026")
        sync.enrol(self.second.book, served.address, "lu", PASSWORD)
        self.lead = lead_laptop(served, folder / "lead")

    @property
    def all(self) -> Sequence[Session]:
        return self.first, self.second, self.lead

    def case(self, session: Session | None = None) -> CaseFile:
        return (session or self.first).queries.case(self.stream)

    def later(self, span: timedelta) -> None:
        for session in self.all:
            clock = session.book.clock
            assert isinstance(clock, TrialClock)
            clock.skip(span)

    def meet(self) -> None:
        """Everybody hands over, and then has what the others handed over."""
        for session in (*self.all, *self.all[:2]):
            sync.hand_over(session.book)

    def carry(self, source: Session, target: Session) -> None:
        """The case by stick, from one laptop to another."""
        reader = next(k for k in stick.readers(source.book) if k.name == target.book.store.device)
        file = self.folder / f"{source.book.store.device}-{len(source.book.store.events(self.stream))}.inspector"
        assert not stick.unpack_stick(target.book, stick.pack_stick(source.book, reader, [self.stream], file)).refused


@contextmanager
def team(served: Served, folder: Path, stream: str) -> Iterator[Team]:
    with ExitStack() as stack:
        made = Team(served, folder, stream)
        for session in made.all:
            stack.callback(session.close)
        yield made


def prepare(us: Team) -> None:
    """Approval, inspection code, the notice, in time before the visit; then the day of the visit comes."""
    book, case = us.first.book, us.case()
    if case.approved_at is None:
        plan.approve(book, us.stream, "zhou", "示例周敏", book.clock.now().at)
        if case.unit.kind.is_enterprise:
            plan.receive_code(book, us.stream, "示例检查码")
    if case.paper("notice") is None:
        notice = papers.issue(book, us.stream, "notice").value
        serve(book, us.stream, notice.id)
    us.later(case.planned_from - book.clock.now().at)


def serve(book: Book, stream: str, *made: str) -> None:
    now = book.clock.now().at
    service.serve(
        book, stream, service.Delivery(made, "直接送达", now, "示例地点", UNIT, relation="办公室主任", servers=(FIRST, SECOND))
    )


def sign(book: Book, stream: str, paper: str) -> None:
    now = book.clock.now().at
    signing.sign(book, stream, paper, Signer(UNIT, "被检查单位", now))
    signing.sign(book, stream, paper, Signer(FIRST, "检查人员", now))
    signing.sign(book, stream, paper, Signer(SECOND, "记录人", now), witness="lu")


def visit(us: Team, bad: dict[str, Consequence]) -> None:
    """The first officer arrives; each answers half of the list on the own laptop; the stick brings both together."""
    book, stream = us.first.book, us.stream
    arrival.begin_visit(book, stream, us.case().place)
    arrival.show_credentials(book, stream, ["shen", "lu"], "lu")
    arrival.tell_recording(book, stream, "v1")
    arrival.tell_rights(book, stream, "v1", "不申请回避")
    arrival.confirm_attendees(book, stream, [Attendee(UNIT, "办公室主任", "021-10000000")])
    arrival.explain_law(book, stream, "档案法第十九条", UNIT)
    us.carry(us.first, us.second)
    items = [item.code for item in us.case().items]
    photos = dict(zip(bad, card(), strict=False))
    for session, codes in ((us.first, items[::2]), (us.second, items[1::2])):
        for code in codes:
            check.answer(session.book, stream, code, "不符合" if code in bad else "符合")
            if code in bad:
                check.note(session.book, stream, code, f"示例：{code} 没有落实。")
                assert evidence.add_photos(session.book, stream, [photos[code]], item=code).value.numbers
    us.carry(us.second, us.first)
    assert not any(item.conflict or not item.value for item in us.case().items)
    for code, consequence in bad.items():
        id = findings.record(book, stream, code).value
        findings.change(book, stream, id, "consequence", consequence)
        if consequence is Consequence.RECTIFY:
            findings.change(book, stream, id, "due", book.clock.now().at.date() + TERM)
            findings.change(book, stream, id, "demand", "示例：全面排查，限期整改。")
    check.finish(book, stream)
    onsite.record_remarks(book, stream, "情况属实。")
    onsite.record_statement(book, stream, "不陈述申辩")
    sign(book, stream, papers.issue(book, stream, "onsite_record").value.id)
    onsite.end_visit(book, stream)


def decide(us: Team) -> None:
    """Findings to papers, served; still without any network."""
    book, stream = us.first.book, us.stream
    if ids := [finding.id for finding in us.case().findings]:
        findings.confirm(book, stream, ids)
    findings.deliberate(book, stream, "一致同意")
    made = [papers.issue(book, stream, kind).value.id for kind in outgoing_papers(us.case())]
    findings.decide(book, stream)
    papers.issue(book, stream, "proof_of_service")
    serve(book, stream, *made)


def mend(us: Team) -> None:
    """The unit reports, the officers look again."""
    book, stream = us.first.book, us.stream
    now = book.clock.now().at
    clauses = ordered(us.case())
    rectify.report(book, stream, now.date(), [rectify.Answer(f.id, "示例：已经改正。") for f in clauses])
    for finding in clauses:
        rectify.judge(book, stream, finding.id, ACCEPTED, "")
    seen = [rectify.Sight(f.id, RESULTS[0], "示例：当场看过，已经改正。") for f in clauses]
    rectify.reinspect(book, stream, now - timedelta(hours=1), now, UNIT, seen, "没有异议", "示例：保持")
    sheet = us.case().followup.reinspections[-1].sheet
    sign(book, stream, papers.issue(book, stream, "reinspection_record", sheet=sheet).value.id)


def close(us: Team) -> None:
    book, stream = us.first.book, us.stream
    reason = "已经整改并复查合格" if ordered(us.case()) else "没有发现问题"
    filling.fill(book, stream, "closing_report", {"closing_rectified": "示例：没有遗留问题。", "closing_reason": reason})
    papers.issue(book, stream, "closing_report")
    closing.close(book, stream, reason, "示例周敏")


@pytest.mark.parametrize(("stream", "count"), [(ORGAN, 3), (FIRM, 0), (SERVICE, 1)], ids=["organ", "firm", "service"])
def test_from_the_plan_to_the_closing_on_three_laptops(
    served_office: Served, tmp_path: Path, stream: str, count: int
) -> None:
    """An organ with two orders and an opinion, an enterprise without a finding, an archives service with one order."""
    with team(served_office, tmp_path, stream) as us:
        prepare(us)
        us.meet()
        kinds = (Consequence.RECTIFY, Consequence.OPINION, Consequence.RECTIFY)
        visit(us, dict(zip([item.code for item in us.case().items][1:], kinds[:count], strict=False)))
        decide(us)
        us.later(timedelta(days=7))
        before = len(us.lead.book.store.events(stream))
        review.hand_in(us.first.book, stream)
        us.meet()
        assert len(us.lead.book.store.events(stream)) > before
        handed_in = [paper for paper in us.case(us.lead).papers if not paper.draft]
        assert handed_in and all(us.lead.book.vault.has(paper.sha256) for paper in handed_in), "what waits for the lead is there"
        review.comment(us.lead.book, stream, us.case().items[0].code, "示例：看过，没有意见。")
        review.approve(us.lead.book, stream)
        publicity.send(us.first.book, stream, RESULT)
        us.meet()
        publicity.confirm(us.lead.book, stream, RESULT)
        us.meet()
        if count:
            us.later(timedelta(days=10))
            mend(us)
        close(us)
        us.meet()
        heads = {tuple(sorted(session.book.store.heads(stream))) for session in us.all}
        assert len(heads) == 1 and all(us.case(session).stage == Stage.CLOSED for session in us.all)
        assert all(session.book.store.aside() == {} for session in us.all), "nobody wrote what the own role does not allow"
        assert not filecheck.look(us.first.book, stream).blocks
        exported = export_record(us.first.book, stream, tmp_path / "示例.zip")
        last = us.case().paper("closing_report")
        assert last is not None
        keys = [key.id for key in device_keys(us.lead.book.store)]
        assert exported is not None and verify(exported.value, [last.code], keys) == 0, "to whom the others' laptops told the keys"
        made = {paper.kind for paper in us.case(us.lead).papers if not paper.draft}
        assert {"notice", "onsite_record", "closing_report"} <= made
