"""Random walks over all acts: whatever is tried in whatever order, nobody reaches a stage unlawfully."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector_app.actions import (
    arrival,
    check,
    evidence,
    findings,
    legal_review,
    legality,
    onsite,
    papers,
    service,
    signing,
)
from inspector_app.actions.book import Done, undo
from inspector_app.actions.service import Delivery
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.event import Draft
from inspector_app.domain.finding import Consequence
from inspector_app.domain.inspection import MOVES, Stage
from inspector_app.domain.legal import AGREED, PASSED, POINTS, WRONG, Point
from inspector_app.domain.problems import Problem
from inspector_app.domain.visit import Attendee
from tests.office import CASE, card, office, reviewing

BAD = ("E01", "E03", "H07", "A03")
STORY = ("begin", "credentials", "recording", "rights", "attendees", "answer_all", "photo", "record", "finish", "statement",
         "issue_record", "sign_unit", "sign_shen", "sign_lu", "end", "confirm", "deliberate", "issue", "issue", "issue", "decide",
         "serve")  # fmt: skip
"""The lawful order; a walk follows it now and then, so that it gets somewhere."""


class Walk:
    """A laptop and the acts that may be tried on it; what is refused is refused."""

    def __init__(self, session: Session, chance: Random) -> None:
        self.session, self.chance = session, chance
        self.done: list[Done[Any]] = []
        self.stages = [self.case.stage]

    @property
    def case(self) -> CaseFile:
        return self.session.queries.case(CASE)

    def step(self, name: str) -> None:
        before = self.case
        act: Callable[[], Done[Any] | None] = getattr(self, f"do_{name}")
        try:
            done = act()
        except Problem:
            assert self.case.stage == before.stage, "a refused act moves nothing"
            return
        if done is not None:
            self.done.append(done)
        self._reviewed_before(before)
        carried = self.case
        self.session.book.obey(self.session.book.rules)  # reads anew
        assert self.case == carried, "what is carried over from the last reading says what reading anew says"
        if self.case.stage != before.stage:
            self.stages.append(self.case.stage)
            lawful(before, self.case)

    def _reviewed_before(self, before: CaseFile) -> None:
        """Whatever was just made had, if it was ever handed in, an agreeing opinion on just what it says."""
        known = {paper.id for paper in before.papers}
        for paper in self.case.papers:
            rounds = before.rounds(paper.kind)
            if paper.id not in known and not paper.draft and rounds:
                assert rounds[-1].word == AGREED
                assert rounds[-1].version == legality.version_of(self.session.book, before, paper.kind, "")

    def do_hand_in(self) -> Done[Any] | None:
        grounds = self.session.book.rules.policy.major_grounds
        return legal_review.ask(
            self.session.book, CASE, self.chance.choice(("rectification", "opinion")), grounds, "示例"
        )

    def do_opinion(self) -> Done[Any] | None:
        found = self.chance.choice((PASSED, PASSED, WRONG))
        points = [Point(found, "示例"), *[Point(PASSED)] * (POINTS - 1)]
        round = self.case.legal[-1].id if self.case.legal else "R0"
        if self.chance.random() < 0.2:  # the team itself tries
            return legal_review.conclude(self.session.book, CASE, round, points, "示例")
        with reviewing(self.session):
            return legal_review.conclude(self.session.book, CASE, round, points, "示例")

    def do_begin(self) -> Done[Any] | None:
        return arrival.begin_visit(self.session.book, CASE, "示例地点")

    def do_credentials(self) -> Done[Any] | None:
        witness = self.chance.choice(("lu", "lu", "lu", "zhou", "shen"))
        return arrival.show_credentials(self.session.book, CASE, ["shen", "lu"], witness)

    def do_recording(self) -> Done[Any] | None:
        return arrival.tell_recording(self.session.book, CASE, "v1")

    def do_rights(self) -> Done[Any] | None:
        return arrival.tell_rights(
            self.session.book, CASE, "v1", self.chance.choice(("不申请回避",) * 4 + arrival.REPLIES)
        )

    def do_attendees(self) -> Done[Any] | None:
        return arrival.confirm_attendees(self.session.book, CASE, [Attendee("示例吴晓")])

    def do_request(self) -> Done[Any] | None:
        who = self.chance.choice(("shen", "lu"))
        return arrival.request_recusal(self.session.book, CASE, who, "示例：亲属")

    def do_decide_recusal(self) -> Done[Any] | None:
        about = [recusal.id for recusal in self.case.visit.recusals] or ["R0"]
        decision = self.chance.choice(("驳回申请", "驳回申请", "驳回申请", "同意回避"))
        return arrival.decide_recusal(
            self.session.book, CASE, self.chance.choice(about), decision, "示例局长", "示例：已核实"
        )

    def do_reopen(self) -> Done[Any] | None:
        return onsite.reopen(self.session.book, CASE, "示例：补正")

    def do_answer_all(self) -> Done[Any] | None:
        check.answer(self.session.book, CASE, "A01", "符合")
        left = [item.code for item in self.case.items if not item.value]
        drafts = [
            Draft(CASE, "item_answered", {"item": c, "value": "不符合" if c in BAD else "符合"}, "检查") for c in left
        ]
        if drafts:
            self.session.book.write(*drafts)
        for code in BAD:
            check.note(self.session.book, CASE, code, "示例：没有落实。")
        return None

    def do_answer(self) -> Done[Any] | None:
        value = self.chance.choice(("符合", "基本符合", "不符合"))
        return check.answer(self.session.book, CASE, self.chance.choice(BAD), value)

    def do_read_off(self) -> Done[Any] | None:
        return check.read_off(self.session.book, CASE, "E08_temperature", "20")

    def do_photo(self) -> Done[Any] | None:
        return evidence.add_photos(self.session.book, CASE, [self.chance.choice(card(8))], item=self.chance.choice(BAD))

    def do_record(self) -> Done[Any] | None:
        item = self.case.item(self.chance.choice(BAD))
        pieces = [piece.number for piece in self.case.evidence][:1]
        return findings.record(self.session.book, CASE, item.code if item else "", evidence=pieces)

    def do_withdraw(self) -> Done[Any] | None:
        return findings.withdraw(self.session.book, CASE, self._finding(), "示例：误记")

    def do_change(self) -> Done[Any] | None:
        due = self.session.book.clock.now().at.date() + timedelta(days=self.chance.randrange(-2, 40))
        return findings.change(self.session.book, CASE, self._finding(), "due", due, "示例：改期")

    def do_confirm(self) -> Done[Any] | None:
        return findings.confirm(self.session.book, CASE, [finding.id for finding in self.case.findings])

    def do_finish(self) -> Done[Any] | None:
        return check.finish(self.session.book, CASE)

    def do_statement(self) -> Done[Any] | None:
        return onsite.record_statement(self.session.book, CASE, "不陈述申辩")

    def do_remarks(self) -> Done[Any] | None:
        return onsite.record_remarks(self.session.book, CASE, f"意见{self.chance.randrange(9)}")

    def do_issue_record(self) -> Done[Any] | None:
        return papers.issue(self.session.book, CASE, "onsite_record")

    def do_issue(self) -> Done[Any] | None:
        kinds = ("rectification", "opinion", "correction_order", "result_notice")
        return papers.issue(self.session.book, CASE, self.chance.choice(kinds))

    def do_sign_unit(self) -> Done[Any] | None:
        return self._sign(Signer("示例吴晓", "被检查单位", self.session.book.clock.now().at))

    def do_sign_shen(self) -> Done[Any] | None:
        return self._sign(Signer("示例沈岚", "检查人员", self.session.book.clock.now().at))

    def do_sign_lu(self) -> Done[Any] | None:
        reason = self.chance.choice(("",) * 5 + ("示例：不在",))
        signer = Signer("示例陆一鸣", "记录人", self.session.book.clock.now().at, reason, "示例见证" if reason else "")
        return self._sign(signer, "lu")

    def do_end(self) -> Done[Any] | None:
        return onsite.end_visit(self.session.book, CASE)

    def do_deliberate(self) -> Done[Any] | None:
        return findings.deliberate(self.session.book, CASE, "一致同意")

    def do_decide(self) -> Done[Any] | None:
        return findings.decide(self.session.book, CASE)

    def do_serve(self) -> Done[Any] | None:
        formal = [paper.id for paper in self.case.papers if not paper.draft]
        some = formal if self.chance.random() < 0.5 else self.chance.sample(formal, 1)
        delivery = Delivery(
            some, "直接送达", self.session.book.clock.now().at, "示例地点", "示例吴晓", servers=("甲", "乙")
        )
        return service.serve(self.session.book, CASE, delivery)

    def do_undo(self) -> Done[Any] | None:
        undo(self.session.book, self.chance.choice(self.done) if self.done else Done(None, frozenset()))
        return None

    def _finding(self) -> str:
        return self.chance.choice([finding.id for finding in self.case.findings] or ["F0"])

    def _sign(self, signer: Signer, witness: str | None = None) -> Done[Any] | None:
        paper = self.case.paper("onsite_record")
        return signing.sign(self.session.book, CASE, paper.id if paper else "P0", signer, witness)


def lawful(before: CaseFile, after: CaseFile) -> None:
    """What must be true of the case at each move, said anew and not by the guards."""
    assert any(before.stage in move.sources and after.stage == move.target for move in MOVES)
    visit, record = after.visit, after.paper("onsite_record")
    if after.stage == Stage.CHECKING:
        assert visit.credentials_shown and visit.recording_told and visit.rights_told
    if after.stage in (Stage.CHECKED, Stage.RECORDED):
        assert all(item.value and not item.conflict for item in after.items)
        assert visit.rights_told and (visit.rights_told.reply != "申请回避" or visit.recusals)
    if after.stage == Stage.RECORDED:
        assert (
            record is not None and not record.draft and not record.stale and visit.statement_reply and visit.attendees
        )
        signed = {s.name for s in record.signatures if s.role in ("检查人员", "记录人") and not s.refused}
        able = {officer.name for officer in after.able}
        assert len(signed & able) >= 2 and any(s.role == "被检查单位" for s in record.signatures)
    if after.stage in (Stage.DELIBERATED, Stage.DECIDED):
        assert after.approved_at and all(
            f.confirmed and f.evidence and f.basis and not f.differs for f in after.findings
        )
    if after.stage in (Stage.DECIDED, Stage.SERVED):
        assert all(recusal.decision for recusal in visit.recusals)
        kinds = {Consequence(f.consequence).paper for f in after.findings} - {""} or {"result_notice"}
        made = [after.paper(kind) for kind in kinds]
        assert all(paper and not paper.draft and not paper.stale for paper in made)
        assert after.stage == Stage.DECIDED or all(paper and paper.served for paper in made)
        for finding in after.findings:
            kind = Consequence(finding.consequence).paper
            assert not kind or any(paper and finding.id in paper.findings for paper in made)


def wander(step: Callable[[str], object], story: Sequence[str], strays: Sequence[tuple[int, str]]) -> None:
    """The acts of the story in their order, with others strayed in between: each with the place it comes before."""
    for place in range(len(story) + 1):
        for _, name in (stray for stray in strays if stray[0] == place):
            step(name)
        if place < len(story):
            step(story[place])


ACTS = tuple(name.removeprefix("do_") for name in dir(Walk) if name.startswith("do_"))


@settings(max_examples=3)
@given(
    seed=st.integers(0, 2**32),
    strays=st.lists(st.tuples(st.integers(0, len(STORY)), st.sampled_from(ACTS)), max_size=25),
)
def test_no_walk_reaches_a_stage_unlawfully(seed: int, strays: list[tuple[int, str]]) -> None:
    with TemporaryDirectory() as folder:
        session = office(Path(folder))
        walk = Walk(session, Random(seed))
        wander(walk.step, STORY, strays)
        numbers = [paper.number for paper in walk.case.papers if paper.number]
        assert len(set(numbers)) == len(numbers)
        order = list(Stage)
        assert walk.stages == sorted(walk.stages, key=lambda stage: order.index(Stage(stage)))
        session.close()


def test_the_story_itself_reaches_the_end(tmp_path: Path) -> None:
    """The walk's acts are able to do it: otherwise the walks above would prove nothing."""
    session = office(tmp_path)
    walk = Walk(session, Random(2))
    for name in STORY:
        if name == "rights":
            arrival.tell_rights(session.book, CASE, "v1", "不申请回避")
        elif name == "sign_lu":
            signing.sign(session.book, CASE, walk.case.papers[-1].id,
                        Signer("示例陆一鸣", "记录人", session.book.clock.now().at), "lu")  # fmt: skip
        elif name == "issue":
            for kind in ("rectification", "opinion", "correction_order", "result_notice"):
                try:
                    papers.issue(session.book, CASE, kind)
                except Problem:
                    continue
        elif name == "credentials":
            arrival.show_credentials(session.book, CASE, ["shen", "lu"], "lu")
        elif name == "serve":
            made = [paper.id for paper in walk.case.papers]
            service.serve(session.book, CASE, Delivery(made, "直接送达", session.book.clock.now().at, "示例地点", "示例吴晓",
                                                       servers=("甲", "乙")))  # fmt: skip
        else:
            walk.step(name)
    assert walk.case.stage == Stage.SERVED and walk.case.findings[0].due != date.min
    session.close()
