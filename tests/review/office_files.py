"""Files of inspections as an office makes them: by the acts themselves, from the plan to the volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from inspector_app.actions import (
    arrival,
    check,
    closing,
    evidence,
    filling,
    findings,
    footage,
    onsite,
    papers,
    plan,
    rectify,
    service,
    signing,
)
from inspector_app.actions.book import Book
from inspector_app.actions.rectify import Answer, Sight
from inspector_app.actions.service import Delivery
from inspector_app.actions.sign_in import Session
from inspector_app.actions.signing import Signer
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.clauses import ordered
from inspector_app.domain.clock import CHINA, TrialClock
from inspector_app.domain.followup import RESULTS
from inspector_app.domain.inspection import Kind, outgoing_papers
from inspector_app.domain.paper import VOLUME
from inspector_app.domain.visit import Attendee
from tests.office import conform
from tests.papers.sample import jpeg

TEAM = ("shen", "lu")


@dataclass
class File:
    """One inspection on a laptop, and the clock that goes on while it is carried out."""

    session: Session
    stream: str
    folder: Path

    @property
    def book(self) -> Book:
        return self.session.book

    @property
    def case(self) -> CaseFile:
        return self.session.queries.case(self.stream)

    @property
    def now(self) -> datetime:
        return self.book.clock.now().at

    def later(self, **span: float) -> None:
        assert isinstance(self.book.clock, TrialClock)
        self.book.clock.skip(timedelta(**span))

    def workdays(self, count: int, hour: int = 9) -> None:
        """On to a working day, at an hour."""
        day = self.book.rules.calendar.add_workdays(self.now.date(), count)
        self.later(seconds=(datetime(day.year, day.month, day.day, hour, tzinfo=CHINA) - self.now).total_seconds())


def planned(
    session: Session, folder: Path, unit: str, checklist: str, *, kind: Kind = Kind.ROUTINE, ahead: int = 8
) -> File:
    register, book = session.queries.register(), session.book
    file = File(session, "", folder)
    file.workdays(1)
    day = book.rules.calendar.add_workdays(file.now.date(), ahead) if ahead else file.now.date()
    begin = datetime(day.year, day.month, day.day, 9, tzinfo=CHINA)
    file.stream = plan.plan_inspection(book, plan.Plan(
        f"示例-{unit}-{kind.value}", register.units[unit], kind, [register.officers[id] for id in TEAM],
        register.officers["zhou"], begin, begin + timedelta(hours=7), f"{register.units[unit].address}2层档案室", checklist,
        ("档案工作责任制和管理制度落实情况",), ("查阅材料", "现场察看"), ("档案工作责任制文件",), "年度检查计划", "2026年度档案行政检查计划",
        checks_this_year=0,
    )).value  # fmt: skip
    return file


def approved(file: File) -> File:
    filling.fill(
        file.book, file.stream, "approval", {"in_plan": "计划内", "joint": "单独检查", "recording_plan": "不录音录像"}
    )
    papers.issue(file.book, file.stream, "approval")
    return approve(file)


def approve(file: File) -> File:
    file.later(hours=1)
    plan.approve(file.book, file.stream, "zhou", "示例周敏", file.now)
    if file.case.unit.kind.is_enterprise:
        plan.receive_code(file.book, file.stream, "示例检查码1")
    return file


def notified(file: File) -> File:
    made = papers.issue(file.book, file.stream, "notice").value
    file.later(hours=2)
    serve(file, made.id)
    return file


def serve(file: File, *ids: str, **more: object) -> None:
    """In person, or as `more` says, with a proof of its own."""
    unit = file.case.unit
    said: dict[str, object] = {
        "method": "直接送达", "receiver": unit.contact, "relation": "办公室主任", "place": unit.address, **more,
    }  # fmt: skip
    servers = [officer.name for officer in file.case.able][:2]
    service.serve(file.book, file.stream, Delivery(ids, served_at=file.now, servers=servers, **said), witness="lu")  # type: ignore[arg-type]
    file.later(minutes=5)
    papers.issue(file.book, file.stream, "proof_of_service")


def arrived(file: File, urgent: str = "") -> File:
    book, stream, case = file.book, file.stream, file.case
    file.later(seconds=max(0.0, (case.planned_from - file.now).total_seconds()))
    arrival.begin_visit(book, stream, case.place, urgent)
    arrival.show_credentials(book, stream, TEAM, "lu")
    arrival.tell_recording(book, stream, "v1")
    arrival.tell_rights(book, stream, "v1", "不申请回避")
    arrival.confirm_attendees(book, stream, [Attendee(case.unit.contact, "办公室主任", case.unit.phone)])
    arrival.explain_law(book, stream, "档案法第十九条", case.unit.contact)
    return file


def checked(file: File, bad: Mapping[str, str]) -> File:
    """Every item is answered; each bad one becomes a finding with photos and leads to what is said of it."""
    book, stream = file.book, file.stream
    for n, (code, consequence) in enumerate(bad.items(), 1):
        file.later(minutes=3)
        check.answer(book, stream, code, "不符合")
        check.note(book, stream, code, f"{code} 对照要求查看，{n + 1}处没有落实。")
        # a run of three, then one
        photos = [file.folder / f"{code}-{nth}.jpg" for nth in range(5 - 2 * n if n < 3 else 1)]
        for nth, photo in enumerate(photos):
            photo.write_bytes(jpeg(seed=10 * n + nth))
        told = {"proves": f"{code} 没有落实的情况", "method": "数码相机现场拍摄", "carrier": "相机存储卡（示例卡01）"}
        for number in evidence.add_photos(book, stream, photos, item=code).value.numbers:
            evidence.describe(book, stream, number, {**told, "taken_at": file.now.isoformat()})
        id = findings.record(book, stream, code).value
        findings.change(book, stream, id, "consequence", consequence)
        if consequence in ("rectify", "correct"):
            due = book.rules.calendar.add_workdays(file.now.date(), 25)
            findings.change(book, stream, id, "due", due.isoformat())
    file.later(minutes=20)
    conform(file.session, stream)
    check.finish(book, stream)
    return file


def recorded(file: File, *, refused: bool = False) -> File:
    """What is signed on the spot, and the end of the visit."""
    book, stream, contact = file.book, file.stream, file.case.unit.contact
    if file.case.evidence:
        sign(file, "evidence_list")
    onsite.record_remarks(book, stream, "情况属实。")
    onsite.record_statement(book, stream, "不陈述申辩")
    sign(file, "onsite_record", *((f"{contact}认为与实际不符", "示例居委会何平") if refused else ("", "")))
    if gaps := footage.gaps(book, file.case):
        footage.explain(book, stream, [gap.step.key for gap in gaps], "示例：以照片和文字记录")
    onsite.end_visit(book, stream)
    return file


def sign(file: File, kind: str, refused: str = "", seen_by: str = "", sheet: str = "") -> None:
    book, stream = file.book, file.stream
    ended = file.now.replace(second=0) if kind == "onsite_record" else None
    paper = papers.issue(book, stream, kind, ended=ended, sheet=sheet).value
    file.later(minutes=3)
    unit = Signer(file.case.unit.contact, "被检查单位", file.now, refused, seen_by)
    signing.sign(book, stream, paper.id, unit)
    signing.sign(book, stream, paper.id, Signer("示例沈岚", "检查人员", file.now))
    signing.sign(book, stream, paper.id, Signer("示例陆一鸣", "记录人", file.now), witness="lu")


def decided(file: File, **how: object) -> File:
    """Deliberated, made, served; `how` as `serve`."""
    book, stream = file.book, file.stream
    file.workdays(1, 14)
    if file.case.findings:
        findings.confirm(book, stream, [finding.id for finding in file.case.findings])
    findings.deliberate(book, stream, "一致同意")
    file.later(hours=1)
    made = make(file, outgoing_papers(file.case))
    findings.decide(book, stream)
    file.later(hours=1)
    serve(file, *made, **how)
    return file


def make(file: File, kinds: Sequence[str]) -> list[str]:
    return [papers.issue(file.book, file.stream, kind).value.id for kind in kinds]


def rectified(file: File) -> File:
    """Reported and seen again."""
    book, stream = file.book, file.stream
    file.workdays(5)
    answers = [Answer(finding.id, f"{finding.code} 已按要求整改。") for finding in ordered(file.case)]
    rectify.report(book, stream, file.now.date(), answers)
    file.workdays(3, 11)
    sights = [Sight(finding.id, RESULTS[0], "当场看过，已按要求办理。") for finding in ordered(file.case)]
    begun = file.now - timedelta(hours=1)
    rectify.reinspect(
        book, stream, begun, file.now, f"{file.case.unit.contact}，办公室主任", sights, "没有异议", "保持"
    )
    sign(file, "reinspection_record", sheet=file.case.followup.reinspections[-1].sheet)
    return file


def closed(file: File, reason: str) -> File:
    """Published, closed, and bound in a volume."""
    book, stream = file.book, file.stream
    file.workdays(1)
    day = file.now.date().isoformat()
    public = {"public_result": "检查已经完成。", "public_on": day, "public_channel": "区政府门户网站"}
    filling.fill(book, stream, "publicity", public)
    filling.fill(book, stream, "closing_report", {"closing_rectified": "已经办理完毕。", "closing_reason": reason})
    make(file, ("publicity", "closing_report"))
    closing.close(book, stream, reason, "示例周敏")
    filling.fill(book, stream, "case_cover", {"retention": "30年", "filed_by": "示例沈岚", "filed_on": day})
    checked = {"volume_note": "本卷文件齐全。", "volume_checker": "示例周敏", "volume_checked": day}
    filling.fill(book, stream, "case_remarks", checked)
    make(file, VOLUME)
    return file
