"""From the plan to the archive, by three people on three laptops with the bureau's server between them.

The lead plans and draws, or an officer opens a clue, or the year's plan has entered the inspection. The visit and the week
after it have no network: what the second officer finds goes to the first by stick, and everything goes to the bureau only when
the papers have been served. Then the lead reviews, two persons publish, the unit is reminded, asks for more time and mends, the
case is closed, rated, archived and counted. At the end all three laptops hold the same, and the exported record verifies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inspector_app.actions import (
    archiving,
    arrival,
    check,
    closing,
    draw,
    duties,
    evidence,
    figures,
    filecheck,
    filling,
    findings,
    onsite,
    papers,
    plan,
    planning,
    publicity,
    rating,
    rectify,
    register,
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
from inspector_app.domain.annual import report
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clauses import ordered
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.finding import Consequence
from inspector_app.domain.followup import ACCEPTED, GRANTED, RESULTS
from inspector_app.domain.inspection import Kind, Stage, outgoing_papers
from inspector_app.domain.paper import VOLUME
from inspector_app.domain.people import Bureau, Credential, Officer, UnitKind
from inspector_app.domain.planning import SIGNERS, Clue, Plan
from inspector_app.domain.pools import Wish
from inspector_app.domain.publicity import RESULT
from inspector_app.domain.rating import LEVELS
from inspector_app.domain.visit import Attendee
from inspector_app.record.verify_command import run as verify
from tests.office import card, laptop_at
from tests.server.conftest import PASSWORD, Served
from tests.server.test_laptop import joined, lead_laptop, served_office
from tests.sync.world import START

__all__ = ["served_office"]

FIRM, SERVICE = "inspection/2026-08", "inspection/2026-13"
UNIT, FIRST, SECOND = "示例联系人", "示例沈岚", "示例陆一鸣"
TERM = timedelta(days=30)
PLAN = Plan(
    "", True, 2026, "示例库房专项检查计划", "示例依据", "区级机关", "库房、设施、设备", "双随机抽查，实地核查", 20, 1
)


class Team:
    """Three laptops, one clock for all of them."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.folder, self.stream = folder, ""
        served.office.accounts.add("lu", SECOND, Role.OFFICER, PASSWORD)
        self.first = joined(served, folder / "first")
        officer = Officer("lu", SECOND, "科员", Credential("09120023", START.date(), START.date()))
        self.second = set_up(
            laptop_at(folder / "second"), Bureau("示例区档案局", "示档"), officer, "shili-tongxing-2026"
        )
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
def team(served: Served, folder: Path) -> Iterator[Team]:
    with ExitStack() as stack:
        made = Team(served, folder)
        for session in made.all:
            stack.callback(session.close)
        yield made


def drawn(us: Team) -> str:
    """The lead plans, has it approved and announced, and draws a unit in public; all others have no valid credential."""
    book, today = us.lead.book, us.lead.book.clock.now().at.date()
    id = planning.draw_up(book, PLAN).value
    planning.approve_plan(book, id, "示例周敏", today)
    planning.announce_plan(book, id, "区政府门户网站", today)
    for officer in us.lead.queries.officers():
        if officer.credential and not officer.leader and officer.id not in ("shen", "lu"):
            register.register_officer(book, replace(officer, credential=replace(officer.credential, status="暂停")))
    first = today + timedelta(days=10)
    wish = Wish("示例抽取", 1, frozenset({UnitKind.ORGAN.value}), first, first + timedelta(days=7))
    made = draw.seal(book, wish, PLAN.title).value
    draw.make(book, made, draw.Public("40718253", "示例何静", "局门户网站", "示例区档案局203室"))
    for role in SIGNERS:
        draw.sign(book, made, role, f"示例{role}")
    draw.announce(book, made, "区政府门户网站")
    draw.certify(book, made)
    (stream,) = draw.use(book, made, draw.proposed(book, draw.true_draw(book, made))).value
    us.meet()
    entered = us.first.queries.case(stream)
    assert {officer.id for officer in entered.officers} == {"shen", "lu"} and entered.draw
    assert draw.agrees(
        draw.true_draw(us.first.book, made),
        draw.replay_file(draw.export_file(us.first.book, made, us.folder / "draw.json")),
    )
    return stream


def on_a_clue(us: Team) -> str:
    """Somebody reports an archives service; the first officer opens an inspection on it, and the lead sees the clue settled."""
    book, now, known = us.first.book, us.first.book.clock.now().at, us.first.queries.case(SERVICE)
    id = planning.receive_clue(
        book, Clue("", "举报", known.unit.id, now.date(), "示例：数字化场所没有监控", "示例群众")
    ).value
    begin = now + timedelta(days=20)
    asked = plan.Plan(
        "2026-clue", known.unit, Kind.CLUE_BASED, [known.officers[0], known.officers[1]], None, begin, begin + timedelta(hours=6),
        known.unit.address, known.checklist, ("数字化场所和设备",), ("现场察看",), ("服务合同",), checks_this_year=0,
    )  # fmt: skip
    stream = planning.open_on_clue(book, id, asked).value
    us.meet()
    assert [clue.inspection for clue in us.lead.queries.planning().clues if clue.id == id] == [stream]
    return stream


def by_the_plan(us: Team) -> str:
    """The year's plan has entered it."""
    return FIRM


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
        book,
        stream,
        service.Delivery(made, "直接送达", now, "示例地点", UNIT, relation="办公室主任", servers=(FIRST, SECOND)),
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
    """The unit is reminded and asks for more time; then it reports clause by clause, and the officers look again."""
    book, stream = us.first.book, us.stream
    clauses = ordered(us.case())
    due = max(finding.due for finding in clauses if finding.due)
    rectify.remind(book, stream, UNIT, "电话")
    asked = rectify.ask_extension(
        book, stream, book.clock.now().at.date(), due + timedelta(days=9), "示例：设备采购"
    ).value
    rectify.decide_extension(book, stream, asked, GRANTED, "示例周敏")
    us.later(timedelta(days=(due - book.clock.now().at.date()).days + 5))
    now = book.clock.now().at
    assert not any(duty.stream == stream and duty.day < now.date() for duty in duties.due(us.first.book)), (
        "more time was granted"
    )
    pictures = card(20)[10:]
    answers = []
    for n, finding in enumerate(clauses):
        proofs = rectify.film_rectification(book, stream, [pictures[2 * n]], finding.id, again=False).value.numbers
        answers.append(rectify.Answer(finding.id, "示例：已经改正。", proofs))
    rectify.report(book, stream, now.date(), answers)
    for finding in clauses:
        rectify.judge(book, stream, finding.id, ACCEPTED, "")
    seen = []
    for n, finding in enumerate(clauses):
        (shot,) = rectify.film_rectification(book, stream, [pictures[2 * n + 1]], finding.id, again=True).value.numbers
        seen.append(rectify.Sight(finding.id, RESULTS[0], "示例：当场看过，已经改正。", [shot]))
    rectify.reinspect(book, stream, now - timedelta(hours=1), now, UNIT, seen, "没有异议", "示例：保持")
    sheet = us.case().followup.reinspections[-1].sheet
    sign(book, stream, papers.issue(book, stream, "reinspection_record", sheet=sheet).value.id)


def close(us: Team) -> None:
    book, stream = us.first.book, us.stream
    reason = "已经整改并复查合格" if ordered(us.case()) else "没有发现问题"
    filling.fill(
        book, stream, "closing_report", {"closing_rectified": "示例：没有遗留问题。", "closing_reason": reason}
    )
    papers.issue(book, stream, "closing_report")
    closing.close(book, stream, reason, "示例周敏")


def keep(us: Team) -> None:
    """The unit says its word, the volume is bound and handed over."""
    book, stream, day = us.first.book, us.stream, us.first.book.clock.now().at.date()
    rating.rate(book, stream, LEVELS[0], "示例：没有意见")
    filling.fill(book, stream, "case_cover", {"retention": "30年", "filed_by": FIRST, "filed_on": day.isoformat()})
    filling.fill(
        book,
        stream,
        "case_remarks",
        {"volume_note": "示例", "volume_checker": "示例周敏", "volume_checked": day.isoformat()},
    )
    for kind in VOLUME:
        papers.issue(book, stream, kind)
    archiving.archive(book, stream, archiving.Handover(day, "示档-WS-2026-1", "示例何静", "示例库房", "示例系统"))


BEGINNINGS: dict[str, tuple[Callable[[Team], str], int]] = {
    "organ": (drawn, 3),
    "firm": (by_the_plan, 0),
    "service": (on_a_clue, 1),
}
"""How each comes to be inspected, and how many findings it has: two orders and an opinion, none, one order."""


@pytest.mark.parametrize("unit", BEGINNINGS)
def test_from_the_plan_to_the_archive_on_three_laptops(served_office: Served, tmp_path: Path, unit: str) -> None:
    begin, count = BEGINNINGS[unit]
    with team(served_office, tmp_path) as us:
        us.meet()
        us.stream = stream = begin(us)
        prepare(us)
        us.meet()
        away = us.first.book.clock.now().at, len(us.lead.book.store.events(stream))
        kinds = (Consequence.RECTIFY, Consequence.OPINION, Consequence.RECTIFY)
        visit(us, dict(zip([item.code for item in us.case().items][1:], kinds[:count], strict=False)))
        decide(us)
        us.later(timedelta(days=7))
        assert (
            us.first.book.clock.now().at - away[0] >= timedelta(days=7)
            and len(us.lead.book.store.events(stream)) == away[1]
        )
        review.hand_in(us.first.book, stream)
        us.meet()
        reviewed_and_published(us)
        if count:
            us.later(timedelta(days=10))
            mend(us)
        close(us)
        keep(us)
        us.meet()
        heads = {tuple(sorted(session.book.store.heads(stream))) for session in us.all}
        assert len(heads) == 1 and all(us.case(session).stage == Stage.ARCHIVED for session in us.all)
        assert all(session.book.store.aside() == {} for session in us.all), (
            "nobody wrote what the own role does not allow"
        )
        assert not filecheck.look(us.first.book, stream).blocks
        exported = export_record(us.first.book, stream, tmp_path / "示例.zip")
        last = us.case().paper("closing_report")
        assert last is not None
        keys = [key.id for key in device_keys(us.lead.book.store)]
        assert exported is not None and verify(exported.value, [last.code], keys) == 0, (
            "to whom the others' laptops told the keys"
        )
        made = {paper.kind for paper in us.case(us.lead).papers if not paper.draft}
        assert {"notice", "onsite_record", "closing_report", *VOLUME} <= made
        counted(us, count)


def reviewed_and_published(us: Team) -> None:
    """The lead has what was handed in, reviews it, and confirms what the officer sends to be published."""
    stream = us.stream
    handed_in = [paper for paper in us.case(us.lead).papers if not paper.draft]
    assert handed_in and all(us.lead.book.vault.has(paper.sha256) for paper in handed_in), (
        "what waits for the lead is there"
    )
    review.comment(us.lead.book, stream, us.case().items[0].code, "示例：看过，没有意见。")
    review.approve(us.lead.book, stream)
    publicity.send(us.first.book, stream, RESULT)
    us.meet()
    publicity.confirm(us.lead.book, stream, RESULT)
    us.meet()


def counted(us: Team, count: int) -> None:
    """Officer and lead count the same year, with this inspection in it and everything found in it put right."""
    years = [figures.year(session.book, us.case().planned_from.year) for session in (us.first, us.lead)]
    assert report(years[0]) == report(years[1])
    assert all(us.stream in year.done.ids and us.stream in year.rated.ids for year in years)
    assert all((us.stream in year.mended.ids) is bool(count) and us.stream not in year.late.ids for year in years)
