"""Clean case files of many kinds, with the reports of their papers as the composer sets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from inspector_app.actions.rules import Rules
from inspector_app.domain.casefile import CaseFile
from inspector_app.domain.evidence import Evidence
from inspector_app.domain.followup import conclusion_of
from inspector_app.domain.inspection import Kind, outgoing_papers
from inspector_app.domain.paper import Issued, Service, Signature
from inspector_app.domain.people import UnitKind
from inspector_app.domain.sheet import Sheet
from inspector_app.domain.visit import Recusal
from inspector_app.papers.fonts import bundled
from inspector_app.papers.render import compose_pages, title_of
from inspector_app.review.dossier import Dossier, Elsewhere, Moment, Print
from tests.papers import sample
from tests.papers.sample import HEAD, SECOND, at

RULES, FACES = Rules(), bundled()
SIGNED = (
    Signature(HEAD.name, "检查人员", at(11, 20)), Signature(SECOND.name, "记录人", at(11, 21)),
    Signature("示例吴晓", "被检查单位", at(11, 22)),
)  # fmt: skip
"""The hands of both officers and of the unit, in that order."""
PAPER_DAY = 18


def issued(kind: str, day: int, hour: int = 9, number: str = "", **more: object) -> Issued:
    title = title_of(kind).replace("\n", "")
    made = Issued(
        f"P-{kind}", kind, title, number or sample.stamp(kind).number, 1, at(hour, 0, day), "00" * 32, 2, sample.CODE
    )
    return replace(made, **more)  # type: ignore[arg-type]


def served(kinds: Sequence[str], day: int, hour: int = 15) -> Service:
    return Service(tuple(f"P-{kind}" for kind in kinds), "直接送达", at(hour, 20, day), "示例区水务局办公楼305室", "示例吴晓",
                   "办公室主任", servers=("shen", "lu"))  # fmt: skip


def clean_case(case: CaseFile = sample.CASE) -> CaseFile:
    """The sample case, served and in order to the last signature."""
    visit = replace(case.visit, place="办公楼201室、202室" if "室" in case.visit.place else case.visit.place)
    notice = issued("notice", 6, served=served(["notice"], 6))
    record = issued("onsite_record", 16, 11, signatures=SIGNED, ended=visit.ended)
    listed = [issued("evidence_list", 16, 11, signatures=SIGNED)] if case.evidence else []
    outgoing = outgoing_papers(case)
    decided = [issued(kind, PAPER_DAY, served=served(outgoing, PAPER_DAY)) for kind in outgoing]
    decided = [replace(p, findings=tuple(f.id for f in case.findings)) for p in decided]
    proof = issued("proof_of_service", PAPER_DAY, 16)
    before = issued("proof_of_service", 6, 16, number="示档达〔2026〕12号", id="P-proof-1")
    volume = [issued(kind, 20) for kind in ("publicity", "case_cover", "case_contents", "case_remarks")]
    papers = (notice, before, record, *listed, *decided, proof, *volume)
    return replace(case, stage="served", visit=visit, papers=papers, sheets=tuple(_sheets(case)))


def _sheets(case: CaseFile) -> Iterator[Sheet]:
    """What was filled in, as this case calls for it."""
    ordered = {f.code for f in case.findings if f.consequence in ("rectify", "correct")}
    for sheet in sample.CASE.sheets:
        if sheet.kind == "publicity":
            yield replace(sheet, fields={**sheet.fields, "public_on": "2026-04-10"})
        elif sheet.kind == "reinspection_record":
            rows = tuple(row for row in sheet.rows["re_items"] if row[0] in ordered)
            if rows:
                said = {**sheet.fields, "re_conclusion": conclusion_of([row[1] for row in rows])}
                yield replace(sheet, fields=said, rows={**sheet.rows, "re_items": rows})
        else:
            yield sheet


@cache
def print_of(kind: str, paper: str, case: CaseFile) -> Print:
    """What the composer sets of a case; photos are left out, they are no text."""
    made = compose_pages(kind, case, sample.stamp(kind), {}, "shanghai", FACES)
    return replace(made.shown, paper=paper, number=next((p.number for p in case.papers if p.id == paper), ""))


def dossier(case: CaseFile, moment: Moment = Moment.CLOSE, elsewhere: tuple[Elsewhere, ...] = ()) -> Dossier:
    prints = tuple(print_of(p.kind, p.id, case) for p in case.papers if not p.draft)
    return Dossier(
        case=case, laws=RULES.laws, policy=RULES.policy, calendar=RULES.calendar, today=at(9, 0, 20).date(), moment=moment,
        prints=prints, elsewhere=elsewhere,
    )  # fmt: skip


def with_findings(*consequences: str) -> CaseFile:
    """The case with the findings of these consequences only; the items of the others conform."""
    case = sample.CASE
    kept = tuple(f for f in case.findings if f.consequence in consequences)
    codes = {f.code for f in kept}
    items = tuple(
        i if i.code in codes or i.value == "不适用" else replace(i, value="符合", evidence=()) for i in case.items
    )
    evidence = tuple(piece for piece in case.evidence if piece.item in codes)
    return replace(case, findings=kept, items=items, evidence=evidence)


def with_unit(kind: UnitKind, case: CaseFile = sample.CASE) -> CaseFile:
    unit = replace(case.unit, kind=kind)
    code = "JC-2026-0001" if kind.is_enterprise else ""
    if kind.is_enterprise:
        case = with_findings("rectify", "opinion", "on_the_spot")
    return replace(case, unit=unit, code=code)


def sound(number: str = "ZJ-017") -> Evidence:
    first = sample.CASE.evidence[0]
    return replace(
        first, number=number, kind="录音", mime="audio/x-wav", transcript="示例吴晓说明记录中断的经过", sha256="ab" * 32,
        original_name="REC.WAV",
    )  # fmt: skip


def film(begin: datetime, duration: int, number: str = "ZJ-050") -> Evidence:
    """A film of so many milliseconds from the recorder of the first officer."""
    return replace(sound(number), kind="录像", mime="video/mp4", taken_at=begin, duration=duration, device="SL-0012",
                   sha256=f"{duration:064x}", original_name="SL-0012.MP4")  # fmt: skip


def copied(number: str = "ZJ-018") -> Evidence:
    first = sample.CASE.evidence[0]
    return replace(first, number=number, kind="复印件", sha256="cd" * 32,
                   method="复印自办公室案卷，经核对与原件一致，2026年3月16日由示例吴晓提供")  # fmt: skip


def _refused(case: CaseFile) -> CaseFile:
    papers = tuple(
        replace(p, signatures=(*p.signatures[:2], replace(p.signatures[2], refused="对事实有不同意见", witness="示例郑青")))
        if p.kind == "onsite_record" else p for p in case.papers
    )  # fmt: skip
    return replace(case, papers=papers)


def _left(case: CaseFile) -> CaseFile:
    papers = tuple(
        replace(p, served=replace(p.served, method="留置送达", refusal="拒绝签收", witness="示例居委会工作人员", receiver=""))
        if p.served and p.kind != "notice" else p for p in case.papers
    )  # fmt: skip
    return replace(case, papers=papers)


def _urgent(case: CaseFile) -> CaseFile:
    visit = replace(case.visit, urgent="库房漏水，情况紧急")
    return replace(case, visit=visit, approved_at=at(15, 0, 16))


def _asked_recusal(case: CaseFile) -> CaseFile:
    told = replace(case.visit.rights_told, reply="申请回避") if case.visit.rights_told else None
    asked = Recusal("与单位负责人是亲属", "不予回避，经核实没有亲属关系", "示例周敏", "r1", "lu")
    return replace(case, visit=replace(case.visit, rights_told=told, recusals=(asked,)))


def _stated(case: CaseFile) -> CaseFile:
    visit = replace(case.visit, statement_reply="陈述申辩", statement="吊顶渗水系台风造成，已经报修")
    return replace(case, visit=visit)


def _kind(case: CaseFile, kind: Kind) -> CaseFile:
    return replace(case, kind=kind.value, plan="" if kind is Kind.CLUE_BASED else case.plan)


def _elsewhere(case: CaseFile) -> tuple[Elsewhere, ...]:
    day = at(9, 30, 10)
    other = Elsewhere(
        "2026-016", "u02", "示例区教育局", ("shen", "lu"), day, day + timedelta(hours=2), ("示档检〔2026〕16号",)
    )
    return (other,)


@cache
def clean_files() -> dict[str, Dossier]:
    """Twenty files of different kinds in which nothing is wrong that blocks."""
    whole = sample.CASE
    cases = {
        "八个问题，三种文书": clean_case(whole),
        "只有意见": clean_case(with_findings("opinion")),
        "只有责令整改": clean_case(with_findings("rectify")),
        "只有责令改正": clean_case(with_findings("correct")),
        "当场改正": clean_case(with_findings("on_the_spot")),
        "没有问题": clean_case(with_findings()),
        "意见和整改": clean_case(with_findings("opinion", "rectify")),
        "事业单位": clean_case(with_unit(UnitKind.INSTITUTION)),
        "街镇": clean_case(with_unit(UnitKind.TOWN)),
        "企业": clean_case(with_unit(UnitKind.ENTERPRISE)),
        "档案服务企业": clean_case(with_unit(UnitKind.SERVICE_ENTERPRISE)),
        "档案馆": clean_case(with_unit(UnitKind.ARCHIVES)),
        "专项检查": clean_case(_kind(whole, Kind.SPECIAL)),
        "个案检查": clean_case(_kind(whole, Kind.CLUE_BASED)),
        "批后监管": clean_case(_kind(whole, Kind.AFTER_APPROVAL)),
        "紧急检查": clean_case(_urgent(whole)),
        "拒签": _refused(clean_case(whole)),
        "留置送达": _left(clean_case(whole)),
        "申请回避": clean_case(_asked_recusal(whole)),
        "陈述申辩，录音和复印件": clean_case(
            _stated(replace(whole, evidence=(*whole.evidence, sound(), copied())))
        ),
    }  # fmt: skip
    return {name: dossier(case, elsewhere=_elsewhere(case)) for name, case in cases.items()}
