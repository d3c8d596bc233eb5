"""The sample inspection with everything served: one order to rectify and one opinion. Made once and copied for every test."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from inspector_app.actions import (
    check,
    closing,
    evidence,
    filling,
    findings,
    papers,
    rectify,
    service,
    signing,
)
from inspector_app.actions.rectify import Sight
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clauses import ordered
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.finding import Consequence, Finding
from inspector_app.domain.followup import RESULTS
from inspector_app.domain.inspection import outgoing_papers
from inspector_app.domain.paper import VOLUME
from tests.office import CASE, arrive, card, conform, copied, finish_visit, office

BAD = {"E01": Consequence.RECTIFY, "E03": Consequence.RECTIFY, "A03": Consequence.OPINION}
TERM = timedelta(days=30)
PEOPLE = ("示例沈岚", "示例陆一鸣")


def serve(session: Session, *papers_: str) -> None:
    now = session.book.clock.now().at
    delivery = service.Delivery(papers_, "直接送达", now, "示例地点", "示例吴晓", relation="办公室主任", servers=PEOPLE)
    service.serve(session.book, CASE, delivery)


def _to_service(session: Session) -> None:
    book = session.book
    arrive(book)
    for code in BAD:
        check.answer(book, CASE, code, "不符合")
    conform(session)
    for n, (code, consequence) in enumerate(BAD.items()):
        check.note(book, CASE, code, f"示例：{code} 没有落实，共 {n + 2} 处。")
        evidence.add_photos(book, CASE, card()[n : n + 1], item=code)
        id = findings.record(book, CASE, code).value
        findings.change(book, CASE, id, "consequence", consequence)
        if consequence is Consequence.RECTIFY:
            findings.change(book, CASE, id, "due", book.clock.now().at.date() + TERM)
            findings.change(book, CASE, id, "demand", "示例：全面排查，限期整改。")
    check.finish(book, CASE)
    finish_visit(session)
    findings.confirm(book, CASE, [finding.id for finding in session.queries.case(CASE).findings])
    findings.deliberate(book, CASE, "一致同意")
    made = [papers.issue(book, CASE, kind).value.id for kind in outgoing_papers(session.queries.case(CASE))]
    findings.decide(book, CASE)
    papers.issue(book, CASE, "proof_of_service")
    serve(session, *made)


def _serve_all(folder: Path) -> Session:
    session = office(folder)
    _to_service(session)
    return session


def served(folder: Path) -> Session:
    """Signed in as the first officer, a minute after the last paper was served."""
    session = copied(_serve_all, folder)
    skip(session, timedelta(minutes=1))
    return session


def skip(session: Session, span: timedelta) -> None:
    """Later."""
    clock = session.book.clock
    assert isinstance(clock, TrialClock)
    clock.skip(span)


def case_of(session: Session) -> CaseFile:
    return session.queries.case(CASE)


def today(session: Session) -> date:
    return session.book.clock.now().at.date()


def clause(session: Session, code: str) -> Finding:
    return next(finding for finding in case_of(session).findings if finding.code == code)


def sights(
    session: Session, results: dict[str, str], pictures: dict[str, tuple[str, ...]] | None = None
) -> list[Sight]:
    return [
        Sight(f.id, results.get(f.code, RESULTS[0]), f"示例：{f.code} 当场看过。", (pictures or {}).get(f.code, ()))
        for f in ordered(case_of(session))
    ]


def reinspect(session: Session, **results: str) -> str:
    """An hour of re-inspection that ends now; returns its id."""
    end: datetime = session.book.clock.now().at
    begin = end - timedelta(hours=1)
    return rectify.reinspect(
        session.book, CASE, begin, end, "示例吴晓", sights(session, results), "没有异议", "示例：保持"
    ).value


def sign(session: Session, kind: str, sheet: str) -> None:
    """Make a paper of a sheet, with the signatures of the unit and of both officers."""
    book, now = session.book, session.book.clock.now().at
    paper = papers.issue(book, CASE, kind, sheet=sheet).value
    for name, role, witness in (
        ("示例吴晓", "被检查单位", None),
        (PEOPLE[0], "检查人员", None),
        (PEOPLE[1], "记录人", "lu"),
    ):
        signing.sign(book, CASE, paper.id, Signer(name, role, now), witness=witness)


def report_closing(session: Session) -> None:
    """The closing report, as the head has approved it."""
    said = {"closing_rectified": "示例：已经复查。", "closing_reason": "已经整改并复查合格"}
    filling.fill(session.book, CASE, "closing_report", said)
    papers.issue(session.book, CASE, "closing_report")


def close(session: Session) -> None:
    """All the way to the closing."""
    reinspect(session)
    sign(session, "reinspection_record", case_of(session).followup.reinspections[-1].sheet)
    report_closing(session)
    closing.close(session.book, CASE, "已经整改并复查合格", "示例周敏")


def bind(session: Session) -> None:
    """The papers of the volume of a closed case."""
    day = today(session).isoformat()
    filling.fill(session.book, CASE, "case_cover", {"retention": "30年", "filed_by": "示例沈岚", "filed_on": day})
    checked = {"volume_note": "示例：齐全。", "volume_checker": "示例周敏", "volume_checked": day}
    filling.fill(session.book, CASE, "case_remarks", checked)
    for kind in VOLUME:
        papers.issue(session.book, CASE, kind)
