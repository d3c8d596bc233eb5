"""Files of different kinds, made by the acts themselves: nothing is found in them at any step, and no block keeps a paper that
the law lets be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector_app.actions import cancelling, filecheck, findings, papers
from inspector_app.actions.filecheck import Moment, Severity
from inspector_app.actions.sign_in import Session
from inspector_app.domain.inspection import Kind, outgoing_papers
from tests.office import copied, seeded
from tests.review import office_files as files
from tests.review.office_files import File


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = copied(seeded, tmp_path)
    yield made
    made.close()


def found(file: File, *moments: Moment) -> list[str]:
    """What the review finds now, of what may be asked now or of these moments; notes of this computer are left out."""
    states = dict(filecheck.verify_files(file.book, file.case))
    seen = [filecheck.look(file.book, file.stream, moment, files=states) for moment in moments or (None,)]
    assert [verdict.failed for verdict in seen if verdict.failed] == []
    return [f"{r.check.code} {r.message}" for v in seen for r in v.remarks if r.check.severity is not Severity.NOTE]


def walked(file: File, *steps: Callable[[File], File]) -> File:
    """Step by step, with nothing to be found after any of them."""
    for step in steps:
        step(file)
        assert found(file) == [], step
    assert found(file, *Moment) == []
    return file


def test_an_enterprise_with_two_orders(session: Session, tmp_path: Path) -> None:
    walked(
        files.planned(session, tmp_path, "u08", "enterprise", kind=Kind.SPECIAL), files.approved, files.notified, files.arrived,
        lambda f: files.checked(f, {"E01": "rectify", "F02": "correct"}), files.recorded, files.decided, files.rectified,
        lambda f: files.closed(f, "已经整改并复查合格"),
    )  # fmt: skip


def test_nothing_found(session: Session, tmp_path: Path) -> None:
    walked(
        files.planned(session, tmp_path, "u05", "institution"), files.approved, files.notified, files.arrived,
        lambda f: files.checked(f, {}), files.recorded, files.decided, lambda f: files.closed(f, "没有发现问题"),
    )  # fmt: skip


def test_refused_and_left(session: Session, tmp_path: Path) -> None:
    left = {"method": "留置送达", "receiver": "", "relation": "", "refusal": "拒绝签收", "seen_by": "示例居委会何平"}
    walked(
        files.planned(session, tmp_path, "u11", "town", kind=Kind.AFTER_APPROVAL), files.approved, files.notified, files.arrived,
        lambda f: files.checked(f, {"A09": "opinion"}), lambda f: files.recorded(f, refused=True),
        lambda f: files.decided(f, **left), lambda f: files.closed(f, "意见已经送达"),
    )  # fmt: skip


def test_an_urgent_visit_is_recorded_before_its_approval_comes(session: Session, tmp_path: Path) -> None:
    """What is signed on the spot does not wait for an approval that may follow within the term; the decision does."""
    file = walked_urgent(files.planned(session, tmp_path, "u09", "enterprise", ahead=0))
    files.approve(file)
    walked(file, files.decided, files.rectified, lambda f: files.closed(f, "已经整改并复查合格"))


def walked_urgent(file: File) -> File:
    files.arrived(file, "库房漏水，情况紧急")
    files.checked(file, {"E03": "rectify"})
    assert found(file) == ["D48 涉企检查没有检查码。"]
    files.recorded(file)
    assert [each.split()[0] for each in found(file, Moment.CLOSE)] == ["V2", "V17", "D48", "D58"]
    file.later(days=2)
    assert found(file)[0] == "V2 检查没有经负责人批准。", "the term is over"
    file.later(days=-2)
    return file


def test_papers_of_one_step_are_made_anew_one_after_the_other(session: Session, tmp_path: Path) -> None:
    file = files.planned(session, tmp_path, "u02", "organ")
    for step in (files.approved, files.notified, files.arrived):
        step(file)
    files.recorded(files.checked(file, {"E01": "rectify", "A03": "opinion", "E04": "on_the_spot"}))
    file.workdays(1, 14)
    ids = {finding.code: finding.id for finding in file.case.findings}
    findings.confirm(file.book, file.stream, [*ids.values()])
    findings.deliberate(file.book, file.stream, "一致同意")
    files.make(file, outgoing_papers(file.case))
    findings.decide(file.book, file.stream)
    findings.change(file.book, file.stream, ids["E04"], "fact", "E04 遮光帘只拉合一半，当场已经拉合", "示例：用语更正")
    findings.confirm(file.book, file.stream, [ids["E04"]])
    stale = [paper.kind for paper in file.case.papers if paper.stale]
    assert sorted(stale) == ["opinion", "rectification"]
    for kind in stale:
        papers.issue(file.book, file.stream, kind)
    assert found(file) == []


def test_a_cancelled_inspection_is_asked_nothing_that_comes_later(session: Session, tmp_path: Path) -> None:
    file = files.notified(files.approved(files.planned(session, tmp_path, "u27", "organ")))
    cancelling.cancel(file.book, file.stream, "示例：单位搬迁", "示例周敏", "电话告知")
    assert found(file, *Moment) == []
