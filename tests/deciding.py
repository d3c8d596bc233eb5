"""A sample inspection whose result is decided: made once, copied for every test."""

from __future__ import annotations

from pathlib import Path

from inspector_app.actions import check, evidence, findings, papers
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.inspection import outgoing_papers
from tests.office import CASE, arrive, card, conform, copied, finish_visit, laid_out, office

FACT = "未开放的《示例宗族纠纷卷》（0042-WS-2019-0013）没有登记，示例吴晓（13800001234）说明"


def decide(session: Session) -> None:
    """From the door to the decision: one finding whose fact says more than the public may read."""
    book = session.book
    arrive(book)
    check.answer(book, CASE, "E01", "不符合")
    conform(session)
    check.note(book, CASE, "E01", "没有落实。")
    evidence.add_photos(book, CASE, card(1), item="E01")
    id = findings.record(book, CASE, "E01").value
    findings.change(book, CASE, id, "fact", f"{FACT}。")
    check.finish(book, CASE)
    finish_visit(session)
    findings.confirm(book, CASE, [id])
    findings.deliberate(book, CASE, "一致同意")
    for kind in outgoing_papers(session.queries.case(CASE)):
        papers.issue(book, CASE, kind)
    findings.decide(book, CASE)


def _decide(folder: Path) -> Session:
    session = office(folder)
    decide(session)
    return session


def decided_folder(folder: Path) -> Path:
    """A laptop of the first officer, with the inspection of today decided."""
    return laid_out(_decide, folder)


def decided(folder: Path) -> Session:
    return copied(_decide, folder)


def become(session: Session, id: str, role: Role) -> None:
    """Somebody else acts in this book."""
    session.book.person = next(officer for officer in session.queries.officers() if officer.id == id)
    session.book.role = role
