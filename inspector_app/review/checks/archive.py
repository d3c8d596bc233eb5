"""What is filled in on sheets, and the closed file: interviews, re-inspection, publication, cover, contents, remarks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

from ...domain.calendar import zh_date
from ...domain.casefile import CaseFile
from ...domain.clauses import due_of, ordered
from ...domain.followup import conclusion_of
from ...domain.inspection import DECIDING, OUTGOING
from ...domain.legal import AGREED
from ...domain.paper import VOLUME
from ...domain.problems import Problem
from ...domain.rows import when
from ...domain.sheet import Sheet
from ..check import Hit, check, hit
from ..dossier import Dossier

_SEVERAL = re.compile(r"[、，,；;]|和|与")
_LEADING = re.compile(r"是不是|对不对|对吧|难道|你承认|你是否承认|不是吗|没有吧")
_PRIVATE = re.compile(
    r"(?<![0-9A-Z])[1-9]\d{5}(?:19|20)\d{9}[\dX](?![0-9A-Z])"  # an identity number
    r"|(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)"  # a telephone
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
)
_APART = re.compile(r"(?<=\d)[ -](?=\d)")
"""What people put between the figures of a number."""


def sheets(d: Dossier, kind: str) -> Iterator[Sheet]:
    return (sheet for sheet in d.case.sheets if sheet.kind == kind)


def _day(text: str) -> date | None:
    """Of a day, or of a moment."""
    read = when(text)
    return read.date() if read is not None else None


def _moment(text: str) -> datetime | None:
    """A moment with its zone; what is none cannot be compared."""
    read = when(text)
    return read if read is not None and read.tzinfo is not None else None


@check("D23")
def one_person(d: Dossier) -> Iterator[Hit]:
    """One record of an interview is of one person, who was questioned alone (证据规定15)."""
    for sheet in sheets(d, "interview"):
        if _SEVERAL.search(sheet.fields.get("person", "")):
            yield hit("sheet", sheet.id, "person", person=sheet.fields["person"])


@check("D36")
def no_leading(d: Dossier) -> Iterator[Hit]:
    """Questions do not put the answer into the mouth of the person."""
    for sheet in sheets(d, "interview"):
        for row in sheet.rows.get("talk", ()):
            if row and (found := _LEADING.search(row[0])):
                yield hit("sheet", sheet.id, "talk", word=found[0])


@check("D68")
def interview_in_order(d: Dossier) -> Iterator[Hit]:
    """An interview begins before it ends, and has an answer to each question."""
    arrived = d.case.visit.arrived
    for sheet in sheets(d, "interview"):
        began, ended = sheet.fields.get("asked_from", ""), sheet.fields.get("asked_to", "")
        if began and ended and ended <= began:
            yield hit("sheet", sheet.id, "asked_to", fault="结束时间不晚于开始时间")
        if began and arrived is not None and (asked := _moment(began)) is not None and asked < arrived:
            yield hit("sheet", sheet.id, "asked_from", fault="早于到场")
        if any(row and row[0].strip() and not row[-1].strip() for row in sheet.rows.get("talk", ())):
            yield hit("sheet", sheet.id, "talk", fault="有的问题没有记录回答，拒绝回答的也要写明")
        if not d.formal("interview"):
            continue
        if not any(row and row[0].strip() for row in sheet.rows.get("talk", ())):
            yield hit("sheet", sheet.id, "talk", fault="没有问答")
        for field, label in (("person", "被询问人"), ("identity", "身份证件号码")):
            if not sheet.fields.get(field, "").strip():
                yield hit("sheet", sheet.id, field, fault=f"没有写{label}")


@check("D27")
def every_item_again(d: Dossier) -> Iterator[Hit]:
    """A re-inspection goes through the items of the order, all of them and no others."""
    wanted = {finding.code for finding in ordered(d.case)}
    for sheet in sheets(d, "reinspection_record"):
        seen = {row[0] for row in sheet.rows.get("re_items", ()) if row and row[0] and len(row) > 1 and row[1]}
        if left := sorted(wanted - seen):
            yield hit("sheet", sheet.id, "re_items", fault=f"没有写{'、'.join(left)}的复查结果")
        if more := sorted(seen - wanted):
            yield hit("sheet", sheet.id, "re_items", fault=f"{'、'.join(more)}不在责令的事项里")
        for field, fault in _of_the_record(sheet):
            yield hit("sheet", sheet.id, field, fault=fault)


def _of_the_record(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """What is wrong with the record of a re-inspection itself: field and fault."""
    rows = [row for row in sheet.rows.get("re_items", ()) if row and row[0] and len(row) > 1 and row[1]]
    if mute := [row[0] for row in rows if len(row) > 2 and not row[2].strip()]:
        yield "re_items", f"没有写{'、'.join(mute)}的复查所见"
    said = sheet.fields.get("re_conclusion", "")
    if rows and said and said != conclusion_of([row[1] for row in rows]):
        yield "re_conclusion", f"的结论“{said}”和逐项结果不符"
    began, ended = sheet.fields.get("re_from", ""), sheet.fields.get("re_to", "")
    if began and ended and ended <= began:
        yield "re_to", "的结束时间不晚于开始时间"
    if rows and not sheet.fields.get("re_present", "").strip():
        yield "re_present", "没有写单位在场人员"


@check("D9")
def not_before_the_term(d: Dossier) -> Iterator[Hit]:
    """A re-inspection waits for the term, unless the unit reported that it is done."""
    days = [due for f in ordered(d.case) if (due := due_of(d.case, f))]
    reported = bool(d.case.followup.replies)
    for sheet in sheets(d, "reinspection_record"):
        day = _day(sheet.fields.get("re_from", ""))
        if day is not None and days and day < max(days) and not reported:
            yield hit("sheet", sheet.id, "re_from", due=zh_date(max(days)))


@check("D10")
def published_in_time(d: Dossier) -> Iterator[Hit]:
    """The result is published within the term (国办发〔2018〕118号)."""
    made = [paper.at.date() for paper in d.formal(*OUTGOING)]
    if not made:
        return
    try:
        last = d.policy.deadline("publish_decision").last_day(max(made), d.calendar)
    except Problem:
        return
    published = [_day(sheet.fields.get("public_on", "")) for sheet in sheets(d, "publicity")]
    day = next((each for each in published if each is not None), None)
    if day is None and d.closing and d.today > last:
        yield hit("sheet", "publicity", "public_on", fault=f"{zh_date(last)}前应当公示，没有公示记录")
    elif day is not None and day > last:
        yield hit("sheet", "publicity", "public_on", fault=f"公示日期晚于{zh_date(last)}")


@check("V18")
def nobody_is_exposed(d: Dossier) -> Iterator[Hit]:
    """What is published holds no identity number, no telephone, no name of a person (个人信息保护法)."""
    unit = d.case.unit
    names = {name.strip() for name in _people(d.case) if name.strip() and not _OFFICE.search(name.strip())}
    for sheet in d.shown("publicity"):
        text = unicodedata.normalize("NFKC", sheet.text.replace(unit.credit_code, ""))
        found = _PRIVATE.search(text) or _PRIVATE.search(_APART.sub("", text))
        if found:
            yield hit("paper", "publicity", "", paper=sheet.title, what=f"号码“{found[0][:6]}…”")
        for name in sorted(names):
            if name in text:
                yield hit("paper", "publicity", "", paper=sheet.title, what=f"姓名“{name}”")


def _people(case: CaseFile) -> Iterator[str]:
    """Everybody whom the file names."""
    yield from (attendee.name for attendee in case.visit.attendees)
    yield from (officer.name for officer in case.officers)
    yield from (case.unit.head, case.unit.contact, case.approved_by)
    yield from (sheet.fields.get("person", "") for sheet in case.sheets if sheet.kind == "interview")
    for paper in case.papers:
        yield from (signature.name for signature in paper.signatures if signature.name != case.unit.name)
        if paper.served is not None:
            yield from (paper.served.receiver, paper.served.witness)


_OFFICE = re.compile(r"^.$|(?:[室科处部股组站队局会员]|中心|窗口|公司|单位|负责人|经办人|主任|代表|收发|门卫)$")
"""The name of an office or a post, which some enter where a person is asked for."""


@check("D42")
def contents(d: Dossier) -> Iterator[Hit]:
    """The contents list every paper that stands."""
    listed = next(iter(d.shown("case_contents")), None)
    if listed is None:
        return
    for paper in d.formal():
        if paper.kind not in _OF_THE_VOLUME and paper.number and paper.number not in listed.text:
            yield hit("paper", "case_contents", "", paper=paper.title, number=paper.number)


@check("D43")
def contents_in_order(d: Dossier) -> Iterator[Hit]:
    """The contents list the papers in the order of the volume: as they were made."""
    listed = next(iter(d.shown("case_contents")), None)
    if listed is None:
        return
    last = -1
    for paper in d.case.filed:
        place = listed.text.find(paper.number, last + 1) if paper.number else -1
        if place >= 0:
            last = place
        elif paper.number and paper.number in listed.text:  # one that is not listed at all is D42
            yield hit("paper", "case_contents", "order", paper=paper.title, number=paper.number)


@check("D90")
def contents_paged(d: Dossier) -> Iterator[Hit]:
    """The contents give each paper the pages that it takes, without a gap."""
    for listed in d.shown("case_contents"):
        rows, last = listed.passages[1:], 0
        for paper, row in zip(d.case.filed, rows, strict=False) if len(rows) == len(d.case.filed) else ():
            first, last = last + 1, last + paper.pages
            pages = str(first) if first == last else rf"{first}\D{last}"
            if paper.number in row and not re.search(rf"(?<![\d〔]){pages}(?!\d)", row.replace(paper.number, "")):
                yield hit("paper", "case_contents", "", paper=paper.title, first=first, last=last)


@check("D45")
def one_number_one_volume(d: Dossier) -> Iterator[Hit]:
    """One case has one number and one volume: what has no series of its own bears the number of the inspection."""
    for paper in d.formal():
        rule = d.policy.papers.get(paper.kind)
        if rule is not None and not rule.series and not d.is_own(paper.number):
            fault = f"《{paper.title}》的编号“{paper.number}”不是本案的检查编号"
            yield hit("paper", paper.kind, "number", fault=fault)
    standing = {paper.number for paper in d.case.papers}
    for listed in d.shown("case_contents"):
        for number in dict.fromkeys(_NUMBER.findall(listed.text)):
            if number not in standing:
                yield hit("paper", "case_contents", "", fault=f"目录里的“{number}”不在卷内")
    if len(covers := d.formal("case_cover")) > 1:
        yield hit("paper", "case_cover", "volumes", fault=f"本案有 {len(covers)} 个卷宗封面")


_NUMBER = re.compile(r"[\w]+〔20\d\d〕\d+号")
_OF_THE_VOLUME = frozenset(VOLUME)


@check("D44")
def volume_described(d: Dossier) -> Iterator[Hit]:
    """Cover and remarks say who filed the volume, who looked it through, and what state it is in."""
    for sheet in sheets(d, "case_cover"):
        for name, label in (("filed_by", "立卷人"), ("filed_on", "立卷时间"), ("volume_note", "本卷情况说明"),
                            ("volume_checker", "检查人"), ("volume_checked", "检查时间")):  # fmt: skip
            if d.closing and not sheet.fields.get(name, "").strip():
                yield hit("sheet", sheet.id, name, field=label)


@check("D87")
def volume_in_order(d: Dossier) -> Iterator[Hit]:
    """A volume is filed after the closing, looked through after that by somebody else, and whole when it is handed over."""
    closing = d.case.followup.closing
    for sheet in sheets(d, "case_cover"):
        filed, checked = (_day(sheet.fields.get(name, "")) for name in ("filed_on", "volume_checked"))
        if filed and closing is not None and filed < closing.at.date():
            yield hit("sheet", sheet.id, "filed_on", fault="立卷时间早于结案")
        if filed and checked and checked < filed:
            yield hit("sheet", sheet.id, "volume_checked", fault="检查时间早于立卷时间")
        by = sheet.fields.get("filed_by", "").strip()
        if by and by == sheet.fields.get("volume_checker", "").strip():
            yield hit("sheet", sheet.id, "volume_checker", fault="立卷人和检查人是同一人")
    for kind in VOLUME if d.case.archived is not None else ():
        if not d.formal(kind):
            yield hit("paper", kind, "", fault="已经归档的案卷缺封面、目录或者备考表")


@check("D47")
def kept_for(d: Dossier) -> Iterator[Hit]:
    """The volume has a term of keeping (归档文件整理)."""
    for sheet in sheets(d, "case_cover"):
        if d.closing and not sheet.fields.get("retention", "").strip():
            yield hit("sheet", sheet.id, "retention")


@check("D46")
def media_told(d: Dossier) -> Iterator[Hit]:
    """Sound and film, which cannot be bound in, stand in the remarks with their digest."""
    listed = next(iter(d.shown("case_remarks")), None)
    if listed is None:
        return
    for piece in d.case.evidence:
        if piece.kind in ("录音", "录像") and not piece.withdrawn and piece.number not in listed.text:
            yield hit("paper", "case_remarks", "", number=piece.number, kind=piece.kind)


@check("V19")
def legal_review_settled(d: Dossier) -> Iterator[Hit]:
    """No major decision goes out before its legal review has agreed; what was found wrong is dealt with and handed in again
    (118号 十二、十三)."""
    for paper in d.formal(*DECIDING):
        rounds = d.case.rounds(paper.kind, paper.sheet)
        opinions = [each.opinion for each in rounds if each.opinion is not None and each.opinion.at <= paper.at]
        if (rounds or paper.kind in d.policy.major) and not (opinions and opinions[-1].outcome == AGREED):
            yield hit("paper", paper.kind, "", paper=paper.title)
    acted = {each.sheet for each in d.case.legal}
    for sheet in (sheet for sheet in sheets(d, "legal_review") if sheet.id not in acted):  # of earlier versions
        decided = [p for p in d.formal(*OUTGOING) if _day(sheet.fields.get("review_done", "")) and
                   p.at.date() > date.fromisoformat(sheet.fields["review_done"])]  # fmt: skip
        if sheet.fields.get("review_outcome") == "存在问题" and decided:
            yield hit("sheet", sheet.id, "review_outcome", paper=decided[0].title)


@check("D69")
def preserved_in_time(d: Dossier) -> Iterator[Hit]:
    """What was taken into preservation is decided upon within seven working days (行政处罚法56)."""
    term = d.policy.deadline("register_preserve")
    for sheet in sheets(d, "preservation_list"):
        start, until = _day(sheet.fields.get("kept_from", "")), _day(sheet.fields.get("kept_until", ""))
        if start is None or until is None:
            continue
        try:
            last = term.last_day(start, d.calendar)
        except Problem:
            continue
        if until > last:
            yield hit("sheet", sheet.id, "kept_until", last=zh_date(last))
