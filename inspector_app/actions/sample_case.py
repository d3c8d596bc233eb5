"""A fixed case of the sample bureau, for papers: organ checklist, eight findings, sixteen photos, every sheet filled in."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from ..domain.casefile import CaseFile
from ..domain.clock import CHINA
from ..domain.evidence import Evidence
from ..domain.finding import Finding
from ..domain.item import ItemFact
from ..domain.paper import Issued, Service
from ..domain.people import Bureau, Credential, Officer, Unit, UnitKind
from ..domain.sheet import Sheet
from ..domain.visit import Attendee, Told, Visit
from ..papers.render import Stamp
from ..places import RESOURCES
from ..record.digests import Digests

DAY = date(2026, 3, 18)
KEY = "QH-8E94+5f0c21ab"
CODE = "7QK2M9XWT4HRB8ZC3VNE5YDGJ6P1FA0S"
NOTE = (
    "archives.example/inspection/2026-017\nstrand-a 214 Yb0T3dRkqJ4pWv8mXc2nLs7uFh1aGe5iOz6rKt9wDx0=\n"
    "strand-b 87 Jm4sQx8vTn2bHc6yRk0pWd3gLf7zVa1eUo5iXt9rBq4=\nroot Zk7wPq2mXs9vTc4nRb6yHd1gLf8zVa3eUo5iJt0rBx2=\n"
    "\n— laptop-01 5vQx8mTn2bHc6yRk0pWd3gLf7zVa1eUo5iXt9rBq4Jm4sQx8vTn2bHc6yRk0pWd3gLf7zVa1eUo5iXt9rBq4Jm4sQx8w==\n"
)

BUREAU = Bureau("示例区档案局", "示档", "示例区南泉路1号", "021-00000000", "示例区人民政府", "示例区人民法院")
UNIT = Unit(
    "u01", "示例区水务局", UnitKind.ORGAN, "11310112AY4CL12THR", "示例区南泉路81号", "示例李建国", "示例吴晓",
    "021-10000037",
)  # fmt: skip
_CREDENTIAL = Credential("09120017", date(2024, 1, 1), date(2028, 12, 31))
HEAD = Officer("shen", "示例沈岚", "四级主任科员", _CREDENTIAL)
SECOND = Officer("lu", "示例陆一鸣", "一级科员", replace(_CREDENTIAL, number="09120023"))
LEADER = Officer("zhou", "示例周敏", "副局长", replace(_CREDENTIAL, number="09120002"), leader=True)
SECTIONS = (
    "责任制与组织领导", "制度与经费", "机构与人员", "归档范围与保管期限",
    "收集与整理", "档案库房", "设施与设备", "安全与应急",
)  # fmt: skip


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((RESOURCES / "trial" / name).read_text("utf-8"))


_DATA = _data("case.toml")
FINDINGS: tuple[dict[str, Any], ...] = tuple(_DATA["finding"])


def sample_sheets() -> tuple[Sheet, ...]:
    """What was filled in for the sample inspection, one sheet of each kind."""
    return tuple(
        Sheet(
            kind, kind, {name: value for name, value in fields.items() if isinstance(value, str)},
            {name: tuple(map(tuple, value)) for name, value in fields.items() if isinstance(value, list)},
        )
        for kind, fields in _data("sheets.toml").items()
    )  # fmt: skip


def at(hour: int, minute: int, day: int = 16) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=CHINA)


def _evidence(n: int) -> Evidence:
    about = FINDINGS[(n - 1) // 2]
    place, maker = "示例区水务局办公楼二层档案库房", (HEAD, SECOND)[n % 2]
    content = Digests()
    content.update(f"sample {n}".encode())
    return Evidence(
        number=f"ZJ-{n:03d}", kind="照片", item=about["code"], taken_at=at(9, 40) + timedelta(minutes=3 * n), added_at=at(11, 0),
        place=place, maker=maker.name, maker_credential=maker.credential_number, proves=about["fact"].split("，")[0],
        method="数码相机现场拍摄，未作修改", carrier="相机存储卡（示例卡01）", present="示例吴晓",
        sha256=content.sha256, sm3=content.sm3, original_name=f"DSC{n:05d}.JPG", mime="image/jpeg", size=3_400_000,
        width=1600, height=1200,
    )  # fmt: skip


def _items() -> tuple[ItemFact, ...]:
    items = []
    deviations = {row["code"]: row for row in FINDINGS}
    for s, section in enumerate(SECTIONS):
        for n in range(1, 14):
            code = f"{'ABCDEFGH'[s]}{n:02d}"
            if code in deviations:
                value, evidence = ("基本符合" if deviations[code]["severity"] == 1 else "不符合"), _numbers(code)
            else:
                value, evidence = ("不适用" if n == 13 else "符合"), ()
            items.append(ItemFact(
                code, f"{section}第{n}项要求的落实情况", f"{s + 1:02d} {section}", "", value,
                "本单位没有所属单位" if value == "不适用" else "", "", evidence, by="shen", at=at(10, n),
            ))  # fmt: skip
    return tuple(items)


def _numbers(code: str) -> tuple[str, ...]:
    n = [row["code"] for row in FINDINGS].index(code)
    return (f"ZJ-{2 * n + 1:03d}", f"ZJ-{2 * n + 2:03d}")


def _findings() -> tuple[Finding, ...]:
    return tuple(
        Finding(
            f"f{n}", row["code"], row["fact"], tuple(row["basis"]), _numbers(row["code"]), row["severity"], row["consequence"],
            row["demand"], row.get("due"), confirmed=True, order_basis=row.get("order_basis", ""),
        )
        for n, row in enumerate(FINDINGS)
    )  # fmt: skip


VISIT = Visit(
    place="示例区水务局办公楼201室、202室", arrived=at(9, 30), ended=at(11, 26),
    credentials_shown=Told(at(9, 31), "示例沈岚"), recording_told=Told(at(9, 32), "示例沈岚"),
    rights_told=Told(at(9, 34), "示例沈岚", "2026-1", "不申请回避"), leading_official="示例周敏",
    attendees=(Attendee("示例吴晓", "办公室主任", "021-10000037"), Attendee("示例郑青", "档案员", "021-10000038")),
    law_explained=Told(at(9, 40), "示例周敏"),
    law_topics=_DATA["law_topics"],
    remarks="对检查情况没有异议，将尽快安排整改", statement="", statement_reply="不陈述申辩",
)  # fmt: skip

_SERVICE = Service(
    ("p2", "p3", "p4"), "直接送达", at(15, 20, 18), "示例区水务局办公楼305室", "示例吴晓", "办公室主任",
    servers=("shen", "lu"),
)  # fmt: skip


def _issued(id: str, kind: str, title: str, number: str, pages: int, service: Service | None) -> Issued:
    return Issued(id, kind, title, number, 1, at(9, 0, 18), "00" * 32, pages, CODE, served=service)


_BEFORE = replace(_SERVICE, papers=("p1",), at=at(9, 0, 9))
PAPERS = (
    _issued("p1", "notice", "档案行政检查告知书", "示档检〔2026〕17号", 2, _BEFORE),
    _issued("p2", "opinion", "行政检查意见书", "示档意〔2026〕9号", 2, _SERVICE),
    _issued("p3", "rectification", "责令限期整改通知书", "示档改〔2026〕4号", 5, _SERVICE),
    _issued("p4", "correction_order", "责令限期改正通知书", "示档正〔2026〕2号", 3, _SERVICE),
)

_VOLUME = (
    _issued("v1", "approval", "档案行政检查审批表", "示档检批〔2026〕17号", 2, None),
    PAPERS[0],
    _issued("v2", "onsite_record", "档案行政检查现场笔录", "示档笔〔2026〕17号", 4, None),
    _issued("v3", "interview", "询问笔录", "示档检询〔2026〕5号", 2, None),
    _issued("v4", "evidence_list", "证据登记单", "示档证〔2026〕17号", 7, None),
    *PAPERS[1:],
    _issued("v5", "proof_of_service", "送达回证", "示档达〔2026〕31号", 1, None),
    _issued("v6", "reinspection_opinion", "复查意见书", "示档复意〔2026〕4号", 2, None),
    _issued("v7", "closing_report", "档案行政检查结案报告", "示档检结〔2026〕17号", 1, None),
)
_WHEN = (at(9, 0, 2), at(9, 0, 9), at(11, 20), at(11, 5), at(11, 30), at(14, 0, 18), at(14, 0, 18), at(14, 0, 18), at(15, 30, 18),
         datetime(2026, 6, 1, 9, tzinfo=CHINA), datetime(2026, 7, 10, 9, tzinfo=CHINA))  # fmt: skip
VOLUME = tuple(replace(paper, at=when) for paper, when in zip(_VOLUME, _WHEN, strict=True))

CASE = CaseFile(
    id="2026-017", bureau=BUREAU, unit=UNIT, kind="routine", stage="decided", checklist="organ",
    officers=(HEAD, SECOND),
    leading_official=LEADER, planned_from=at(9, 0), planned_to=at(12, 0), place="示例区水务局办公楼",
    scope=("档案工作责任制和管理制度落实情况", "档案库房、设施、设备配置使用情况", "档案工作人员管理情况",
           "档案收集、整理、保管、提供利用等情况", "档案信息化建设和信息安全保障情况"),
    methods=("查阅材料", "现场察看", "抽样核对", "询问"),
    materials=("档案工作责任制文件", "归档范围和保管期限表及审核意见", "库房温湿度记录", "上一年度归档交接清单"),
    source="年度检查计划", plan="2026年度档案行政检查计划", approved_by="示例周敏",
    approved_at=at(9, 0, 2), checks_this_year=0,
    visit=VISIT, items=_items(), checking_finished=True, evidence=tuple(_evidence(n) for n in range(1, 17)),
    findings=_findings(), papers=PAPERS[:1], draw="自机关类名录库25家中随机抽取8家，本单位为第3家",
    draw_seed="示例种子2026-017", drawn_at=at(10, 0, 1), published_where="示例区政府门户网站", sheets=sample_sheets(),
)  # fmt: skip

NUMBERS = {
    "notice": "示档检〔2026〕17号",
    "onsite_record": "示档笔〔2026〕17号",
    "evidence_list": "示档证〔2026〕17号",
    "result_notice": "示档果〔2026〕3号",
    "opinion": "示档意〔2026〕9号",
    "rectification": "示档改〔2026〕4号",
    "correction_order": "示档正〔2026〕2号",
    "proof_of_service": "示档达〔2026〕31号",
    "plan": "示档检计〔2026〕1号",
    "approval": "示档检批〔2026〕17号",
    "interview": "示档检询〔2026〕5号",
    "sampling_list": "示档检样〔2026〕2号",
    "preservation_list": "示档检存〔2026〕1号",
    "extension": "示档检延〔2026〕3号",
    "reinspection_record": "示档复笔〔2026〕4号",
    "reinspection_opinion": "示档复意〔2026〕4号",
    "legal_review": "示档检审〔2026〕6号",
    "disposition_proposal": "示档处建〔2026〕1号",
    "transfer_letter": "示档检移〔2026〕1号",
    "closing_report": "示档检结〔2026〕17号",
}
"""The others bear the number of the inspection."""  # fmt: skip


DAYS = {
    "plan": date(2026, 2, 25), "draw_record": date(2026, 3, 1), "approval": date(2026, 3, 2), "notice": date(2026, 3, 9),
    "extension": date(2026, 4, 10),
    "reinspection_record": date(2026, 5, 29), "reinspection_opinion": date(2026, 6, 1), "closing_report": date(2026, 7, 10),
    "case_cover": date(2026, 7, 10), "case_contents": date(2026, 7, 10), "case_remarks": date(2026, 7, 10),
    "publicity": date(2026, 7, 13),
}  # fmt: skip


BEFORE_SERVICE = (
    "notice", "onsite_record", "evidence_list", "hash_list", "result_notice", "opinion", "rectification", "correction_order", "interview",
    "sampling_list", "preservation_list", "discussion_record",
)  # fmt: skip


def case_of(kind: str) -> CaseFile:
    """The case as this kind of paper meets it."""
    if kind in ("approval", "draw_record", "plan"):
        return replace(CASE, papers=())
    if kind in ("disposition_proposal", "transfer_letter"):
        other = "propose" if kind == "disposition_proposal" else "transfer"
        findings = tuple(replace(f, consequence=other) if f.code == "F02" else f for f in CASE.findings)
        return replace(CASE, findings=findings, papers=PAPERS)
    if kind.startswith("case_"):
        return replace(CASE, papers=tuple(sorted(VOLUME, key=lambda paper: paper.at)))
    if kind not in BEFORE_SERVICE:
        return replace(CASE, papers=PAPERS)
    if kind == "result_notice":
        kept = tuple(f for f in CASE.findings if f.consequence == "on_the_spot")
        handled = {f.code for f in kept}
        items = tuple(i if i.code in handled or i.value == "不适用" else replace(i, value="符合") for i in CASE.items)
        return replace(CASE, findings=kept, items=items)
    return CASE


def stamp(kind: str, **other: object) -> Stamp:
    made = Stamp(NUMBERS.get(kind, CASE.id), 1, CODE, NOTE, "", DAYS.get(kind, DAY), KEY)
    return replace(made, **other)  # type: ignore[arg-type]
