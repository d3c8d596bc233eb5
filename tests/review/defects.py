"""Defects put into clean files: at least two for every check, each by one small change of the file or of what was set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from inspector_app.domain.archiving import Archived
from inspector_app.domain.evidence import Evidence
from inspector_app.domain.finding import Finding
from inspector_app.domain.followup import GRANTED, Closing, Dispute, Extension, Reinspection
from inspector_app.domain.item import ItemFact
from inspector_app.domain.legal import FAULTY, PASSED, POINTS, Opinion, Point, Round
from inspector_app.domain.paper import Issued, Service
from inspector_app.domain.people import Credential
from inspector_app.domain.rows import Version
from inspector_app.domain.sheet import Sheet
from inspector_app.domain.together import JOINT, Guest
from inspector_app.domain.visit import Recusal, Told
from inspector_app.review.dossier import DAMAGED, Dossier, Elsewhere
from tests.papers.sample import at
from tests.review import files

Defect = Callable[[Dossier], Dossier]
V1 = Version("e1", "符合", "", "示例沈岚", at(10, 0))
V2 = Version("e2", "不符合", "", "示例陆一鸣", at(10, 1))


def case(**changes: Any) -> Defect:
    return lambda d: replace(d, case=replace(d.case, **changes))


def visit(**changes: Any) -> Defect:
    return lambda d: replace(d, case=replace(d.case, visit=replace(d.case.visit, **changes)))


def replied(reply: str) -> Defect:
    return visit(rights_told=Told(at(9, 34), "示例沈岚", "2026-1", reply))


def joint(office: str, name: str) -> Defect:
    """Somebody of another authority took part."""
    sheet = Sheet("approval", "approval", {"joint": JOINT}, {"partners": ((office, name, "12010001"),)})
    return both(
        lambda d: replace(d, case=replace(d.case, sheets=(*(s for s in d.case.sheets if s.kind != "approval"), sheet))),
        visit(guests=(Guest(office, name, "12010001"),)),
    )


def unit(**changes: Any) -> Defect:
    return lambda d: replace(d, case=replace(d.case, unit=replace(d.case.unit, **changes)))


def file(**changes: Any) -> Defect:
    return lambda d: replace(d, **changes)


def handed_in(kind: str, outcome: str | None) -> Round:
    """A paper that was handed in for its legal review, with the opinion if there is one."""
    opinion = Opinion(outcome, (Point(PASSED),) * POINTS, "示例", "fa", "示例法制", at(9, 0)) if outcome else None
    return Round("r1", 1, kind, "", "《示例》", "v1", (), "", "", (), "示例沈岚", at(9, 0), opinion)


def both(*defects: Defect) -> Defect:
    def apply(d: Dossier) -> Dossier:
        for defect in defects:
            d = defect(d)
        return d

    return apply


def finding(n: int = 0, /, **changes: Any) -> Defect:
    """The n-th finding changed."""

    def apply(d: Dossier) -> Dossier:
        made: list[Finding] = list(d.case.findings)
        made[n] = replace(made[n], **changes)
        return replace(d, case=replace(d.case, findings=tuple(made)))

    return apply


def finding_of(consequence: str, **changes: Any) -> Defect:
    def apply(d: Dossier) -> Dossier:
        n = next(i for i, f in enumerate(d.case.findings) if f.consequence == consequence)
        return finding(n, **changes)(d)

    return apply


def item(value: str, /, **changes: Any) -> Defect:
    """The first item of this value changed."""

    def apply(d: Dossier) -> Dossier:
        made: list[ItemFact] = list(d.case.items)
        n = next(i for i, each in enumerate(made) if each.value == value)
        made[n] = replace(made[n], **changes)
        return replace(d, case=replace(d.case, items=tuple(made)))

    return apply


def piece(n: int = 0, /, **changes: Any) -> Defect:
    def apply(d: Dossier) -> Dossier:
        made: list[Evidence] = list(d.case.evidence)
        made[n] = replace(made[n], **changes)
        return replace(d, case=replace(d.case, evidence=tuple(made)))

    return apply


def added(evidence: Evidence) -> Defect:
    return lambda d: replace(d, case=replace(d.case, evidence=(*d.case.evidence, evidence)))


def paper(kind: str, /, **changes: Any) -> Defect:
    """The newest paper of a kind changed."""

    def apply(d: Dossier) -> Dossier:
        made: list[Issued] = list(d.case.papers)
        n = max(i for i, p in enumerate(made) if p.kind == kind)
        made[n] = replace(made[n], **changes)
        return replace(d, case=replace(d.case, papers=tuple(made)))

    return apply


def service(kind: str, /, **changes: Any) -> Defect:
    def apply(d: Dossier) -> Dossier:
        held = next(p.served for p in d.case.papers if p.kind == kind and p.served)
        made: Service = replace(held, **changes)
        return paper(kind, served=made)(d)

    return apply


def without(kind: str) -> Defect:
    return lambda d: replace(d, case=replace(d.case, papers=tuple(p for p in d.case.papers if p.kind != kind)))


def more(each: Issued) -> Defect:
    return lambda d: replace(d, case=replace(d.case, papers=(*d.case.papers, each)))


def shown(kind: str, /, **changes: Any) -> Defect:
    """What stands on a paper changed, as if the composer or the wording had failed."""

    def apply(d: Dossier) -> Dossier:
        prints = tuple(replace(p, **changes) if p.kind == kind else p for p in d.prints)
        return replace(d, prints=prints)

    return apply


def _contents(d: Dossier) -> tuple[str, ...]:
    return next(p.passages for p in d.prints if p.kind == "case_contents")


def text(kind: str, old: str, new: str) -> Defect:
    """A word of a paper replaced, in its text and on its pages."""

    def apply(d: Dossier) -> Dossier:
        assert any(
            old in p.text or any(old in t for leaf in p.leaves for t in leaf) for p in d.prints if p.kind == kind
        ), old
        prints = tuple(
            replace(
                p, passages=tuple(t.replace(old, new) for t in p.passages),
                leaves=tuple(tuple(t.replace(old, new) for t in leaf) for leaf in p.leaves),
            ) if p.kind == kind else p for p in d.prints
        )  # fmt: skip
        return replace(d, prints=prints)

    return apply


def text_on_page(kind: str, words: str) -> Defect:
    """The lines with these words are missing on the pages of a paper, which says them all the same."""

    def apply(d: Dossier) -> Dossier:
        assert any(words in t for p in d.prints if p.kind == kind for leaf in p.leaves for t in leaf), words
        prints = tuple(
            replace(p, leaves=tuple(tuple(t for t in leaf if words not in t) for leaf in p.leaves)) if p.kind == kind else p
            for p in d.prints
        )  # fmt: skip
        return replace(d, prints=prints)

    return apply


def lost_page(kind: str, words: str) -> Defect:
    """The words are missing on the last page of a paper."""

    def apply(d: Dossier) -> Dossier:
        prints = []
        for p in d.prints:
            if p.kind == kind:
                last = tuple(t for t in p.leaves[-1] if words not in t)
                assert last != p.leaves[-1], words
                p = replace(p, leaves=(*p.leaves[:-1], last))
            prints.append(p)
        return replace(d, prints=tuple(prints))

    return apply


def elsewhere(**changes: Any) -> Defect:
    def apply(d: Dossier) -> Dossier:
        return replace(d, elsewhere=tuple(replace(e, **changes) for e in d.elsewhere))

    return apply


def officer(n: int, /, **changes: Any) -> Defect:
    def apply(d: Dossier) -> Dossier:
        made = list(d.case.officers)
        made[n] = replace(made[n], **changes)
        return replace(d, case=replace(d.case, officers=tuple(made)))

    return apply


def filled(kind: str, /, rows: dict[str, tuple[tuple[str, ...], ...]] | None = None, **fields: str) -> Defect:
    """What was filled in on a sheet changed."""

    def apply(d: Dossier) -> Dossier:
        sheets = tuple(
            replace(s, fields={**s.fields, **fields}, rows={**s.rows, **(rows or {})}) if s.kind == kind else s
            for s in d.case.sheets
        )
        assert any(s.kind == kind for s in d.case.sheets), kind
        return replace(d, case=replace(d.case, sheets=sheets))

    return apply


def followed(**changes: Any) -> Defect:
    """What came after service changed."""
    return lambda d: replace(d, case=replace(d.case, followup=replace(d.case.followup, **changes)))


def closed(day: int, month: int = 3, /, approved_by: str = "示例周敏") -> Defect:
    when = at(10, 0, day).replace(month=month)
    return followed(closing=Closing(when, "示例沈岚", "已经办结", approved_by))


def of_none(d: Dossier) -> Dossier:
    """The file of an inspection that found nothing, with its closing report."""
    return more(files.issued("closing_report", 20))(files.clean_files()["没有问题"])


def noted(code: str, note: str) -> Defect:
    return lambda d: case(items=tuple(replace(i, note=note) if i.code == code else i for i in d.case.items))(d)


def finding_at(code: str, **changes: Any) -> Defect:
    """The finding of an item changed."""
    return lambda d: finding(next(n for n, f in enumerate(d.case.findings) if f.code == code), **changes)(d)


def advice(**changes: Any) -> Defect:
    """Every finding that an opinion tells changed."""
    return lambda d: case(
        findings=tuple(replace(f, **changes) if f.consequence == "opinion" else f for f in d.case.findings)
    )(d)


def signature(kind: str, role: str, **changes: Any) -> Defect:
    """The signature in a role changed."""

    def apply(d: Dossier) -> Dossier:
        held = next(p for p in d.case.papers if p.kind == kind).signatures
        return paper(kind, signatures=tuple(replace(s, **changes) if s.role == role else s for s in held))(d)

    return apply


def enterprise(defect: Defect) -> Defect:
    """On the file of an enterprise."""
    return lambda d: defect(files.clean_files()["企业"])


def of(name: str, defect: Defect) -> Defect:
    """On another of the clean files."""
    return lambda d: defect(files.clean_files()[name])


_EXPIRED = Credential("09120017", date(2020, 1, 1), date(2025, 12, 31))
_SUSPENDED = Credential("09120023", date(2024, 1, 1), date(2028, 12, 31), "暂停")
_ASKED = Extension("y1", date(2026, 4, 8), date(2026, 5, 29), "屋面修缮")
_AGAIN = Reinspection("r1", "reinspection_record", at(14, 0, 29), at(15, 20, 29), "已全部完成整改")
_ARCHIVED = Archived(date(2026, 3, 30), "X-01", "30年", "示例馆员", "1号库", "电子库")
_OPEN = Recusal("与负责人是亲属", id="r1", officer="lu")
_GRANTED = Recusal("与负责人是亲属", "同意回避", "示例周敏", "r1", "lu", granted=True)
_THERE = Elsewhere("2026-099", "u09", "示例区卫健委", ("shen", "x"), at(10, 0), at(12, 0), ("示档意〔2026〕9号",))


def _without_sheet(kind: str) -> Defect:
    return lambda d: replace(d, case=replace(d.case, sheets=tuple(s for s in d.case.sheets if s.kind != kind)))


def _lone_sign(d: Dossier) -> Dossier:
    prints = tuple(
        replace(p, leaves=(*p.leaves, (p.signer, "2026年3月18日"))) if p.kind == "opinion" else p for p in d.prints
    )
    return replace(d, prints=prints)


def _often(times: int) -> Defect:
    def apply(d: Dossier) -> Dossier:
        d = files.clean_files()["企业"]
        policy = replace(d.policy, thresholds={**d.policy.thresholds, "visits_a_year": 1})
        before = tuple(
            replace(_THERE, id=f"2026-00{n}", unit="u01", arrived=at(9, 0, n), ended=None, officers=())
            for n in range(1, times)
        )
        return replace(d, policy=policy, elsewhere=before)

    return apply


DEFECTS: dict[str, tuple[Defect, ...]] = {
    # who and when
    "V1": (
        lambda d: case(officers=d.case.officers[:1])(d),
        officer(0, credential=_EXPIRED),
        officer(1, credential=_SUSPENDED),
        lambda d: officer(1, credential=d.case.officers[0].credential)(d),
        officer(1, credential=None),
    ),
    "V2": (case(approved_at=None), case(approved_at=at(10, 0)), case(approved_late=True)),
    "V3": (paper("notice", served=None), service("notice", at=at(14, 0)), without("notice")),
    "V4": (
        visit(credentials_shown=None),
        visit(recording_told=None),
        visit(rights_told=None),
        visit(credentials_shown=Told(at(12, 0), "示例沈岚")),
    ),
    "V8": (
        unit(credit_code="11310112AY4CL12THX"),
        unit(credit_code=""),
        text("opinion", "示例区水务局", "示例区水利局"),
    ),
    "V12": (
        item("符合", conflict=(V1, V2)),
        item("符合", note_conflict=(V1, V2)),
        finding(conflict=(V1, V2)),
        case(reading_conflicts=(("E08_temperature", (V1, V2)),)),
        finding(twins=("f9",)),
    ),
    "V13": (visit(recusals=(_OPEN,)), visit(recusals=(replace(_OPEN, text="有利害关系"),))),
    "V14": (visit(recusals=(_GRANTED,)), both(visit(recusals=(_GRANTED,)), paper("onsite_record", signatures=()))),
    "V20": (paper("opinion", at=at(9, 0)), paper("rectification", at=at(9, 0, 13))),
    "V21": (
        visit(recusals=(replace(_OPEN, decision="驳回申请：没有亲属关系", decided_by="示例陆一鸣"),)),
        visit(recusals=(replace(_GRANTED, decided_by="示例沈岚"),)),
    ),
    "D72": (
        case(approved_at=at(10, 0, 6)),
        paper("opinion", at=at(10, 0)),
        filled("publicity", public_on="2026-03-17"),
        both(followed(reinspections=(_AGAIN,)), closed(28)),
    ),
    "D73": (
        closed(28),
        both(of_none, closed(28, approved_by=" ")),
        both(of_none, followed(extensions=(_ASKED,)), closed(28)),
        both(
            of_none,
            followed(disputes=(Dispute("s1", "行政复议", date(2026, 3, 20), "示例区水务局", "不服"),)),
            closed(28),
        ),
    ),
    "D74": (
        visit(credentials_shown=Told(at(10, 30), "示例沈岚")),
        visit(rights_told=Told(at(10, 30), "示例沈岚", "2026-1", "不申请回避")),
        item("符合", at=at(8, 0)),
        item("符合", at=at(12, 0)),
    ),
    "D83": (
        followed(extensions=(replace(_ASKED, asked_on=date(2026, 6, 1)),)),
        followed(extensions=(replace(_ASKED, decision=GRANTED, granted_until=date(2026, 5, 29)),)),
        followed(extensions=(replace(_ASKED, decision=GRANTED, granted_until=date(2026, 4, 1), by="示例周敏"),)),
    ),
    "D84": (case(source=""), case(scope=()), case(plan=" ")),
    "D86": (case(approved_by="示例沈岚"), case(approved_by="示例陆一鸣 ")),
    "D48": (enterprise(case(code="")), of("档案服务企业", case(code=""))),
    "D49": (service("notice", at=at(9, 0, 13)), service("notice", at=at(8, 0, 16))),
    "D50": (case(approved_by=""), case(approved_by="  ")),
    "D51": (enterprise(case(checks_this_year=None)), of("档案服务企业", case(checks_this_year=None))),
    "D14": (unit(address=""), unit(phone=""), unit(head=" ")),
    "N8": (visit(law_explained=None), of("没有问题", visit(law_explained=None))),
    # evidence
    "V5": (finding(evidence=()), finding(2, evidence=("ZJ-099",)), piece(0, withdrawn="拍摄模糊")),
    "D70": (finding(evidence=(), unproven="登记簿当场核对"), finding(2, evidence=(), unproven="由笔录证明")),
    "V15": (
        lambda d: file(files={d.case.evidence[0].sha256: DAMAGED})(d),
        lambda d: file(files={d.case.evidence[5].sha256: DAMAGED})(d),
    ),
    "D4": (piece(taken_at=at(8, 0)), piece(3, taken_at=at(9, 40, 17))),
    "D25": (
        piece(proves=""),
        piece(1, maker=""),
        piece(2, carrier=""),
        piece(3, time_from="存入时间"),
        piece(4, place=""),
    ),
    "D24": (
        added(replace(files.copied("ZJ-019"), method="复印")),
        added(replace(files.copied("ZJ-020"), method="扫描件")),
    ),
    "D52": (
        added(replace(files.sound("ZJ-019"), transcript="")),
        added(replace(files.sound("ZJ-020"), kind="录像", transcript=" ")),
    ),
    "D53": (item("符合", value="不符合"), of("没有问题", item("符合", value="不符合"))),
    "D54": (
        lambda d: piece(1, sha256=d.case.evidence[0].sha256)(d),
        lambda d: added(replace(d.case.evidence[3], number="ZJ-030"))(d),
    ),
    "D55": (piece(maker="示例陌生人"), piece(7, maker="示例某某")),
    "N9": (added(replace(files.sound("ZJ-040"), item="")), added(replace(files.copied("ZJ-041"), item=""))),
    "D75": (
        case(readings=(("B01_temperature", "31.5"),)),
        case(readings=(("B01_humidity", "92"),)),
        case(readings=(("B01_sampled", "10"), ("B01_defects", "12"))),
        case(readings=(("B01_sampled", "10"), ("B01_defects", "1"))),
    ),
    # findings
    "V6": (
        finding(basis=()),
        finding(basis=("《中华人民共和国档案法》",)),
        finding(basis=("《中华人民共和国档案法》第九十九条",)),
        finding(basis=("《中华人民共和国档案法实施办法》第九条",)),
        finding(1, basis=("档案法19",)),
    ),
    "D71": (finding(basis=("《示例规定》第一条",)), finding(basis=("《机关档案管理规定》第九十条",))),
    "V7": (
        finding_of("correct", order_basis=""),
        finding_of("opinion", order_basis="《中华人民共和国档案法实施条例》第四十九条"),
        paper("opinion", findings=("f0",)),
        paper("rectification", findings=("f3",)),
    ),
    "D8": (
        finding_of("rectify", due=None),
        finding_of("rectify", due=date(2026, 3, 10)),
        finding_of("opinion", due=date(2026, 6, 28)),
        finding_of("rectify", due=date(2026, 3, 17)),  # after the visit, but before the paper of 18 March
    ),
    "D56": (finding_of("rectify", due=date(2026, 9, 30)), finding_of("correct", due=date(2026, 12, 31))),
    "D26": (item("符合", value=""), item("不适用", reason=""), item("不适用", reason=" ")),
    "D57": (item("不符合", value="符合"), item("符合", value="不符合")),
    "D58": (finding(confirmed=False), finding(3, confirmed=False)),
    "D88": (
        both(noted("E01", "2具灭火器失效"), finding_at("E01", fact="3具灭火器失效，检修标签过期")),
        both(noted("F02", "会议记录二十三件没有归档"), finding_at("F02", fact="会议记录22件由个人保存，没有归档")),
    ),
    "D89": (
        advice(due=None),
        of("只有意见", advice(due=None)),
    ),
    "D59": (finding(demand=""), finding(3, demand="  ")),
    "D37": (
        finding_of("correct", demand="将会议记录22件移交档案室归档"),
        finding(1, fact="1具灭火器失效，2张检修标签过期", demand="更换3具灭火器"),
    ),
    "D41": (finding_of("opinion", demand="责令修订责任制文件"), finding_of("opinion", demand="建议对责任人给予处分")),
    "D60": (
        lambda d: finding(1, fact=d.case.findings[0].fact)(d),
        lambda d: finding(4, fact=d.case.findings[3].fact + "。")(d),
    ),
    # times
    "D1": (visit(ended=at(9, 0)), visit(ended=at(11, 0, 17)), visit(arrived=at(9, 33))),
    "D3": (
        case(planned_from=at(9, 0, 17), planned_to=at(12, 0, 17)),
        case(planned_from=at(9, 0, 10), planned_to=at(12, 0, 10)),
    ),
    "D61": (piece(taken_at=at(10, 0, 30)), service("opinion", at=at(10, 0, 28)), case(approved_at=at(9, 0, 30))),
    "D5": (
        paper("onsite_record", number="示档意〔2026〕9号"),
        paper("rectification", number="示档意〔2026〕8号", at=at(10, 0, 18)),
        paper("opinion", number="示档意〔2025〕9号"),
    ),
    "D12": (text("onsite_record", "至11时26分", "至　　时　　分"), text("onsite_record", "9时30分至", "上午至")),
    "D13": (visit(place="示例区水务局"), visit(place="机关大院")),
    # papers
    "V9": (
        without("onsite_record"),
        paper("onsite_record", signatures=()),
        lambda d: paper("onsite_record", signatures=d.case.papers[2].signatures[1:])(d),
        lambda d: paper("onsite_record", signatures=d.case.papers[2].signatures[:2])(d),
        of(
            "拒签",
            lambda d: paper(
                "onsite_record", signatures=tuple(replace(s, witness="") for s in d.case.papers[2].signatures)
            )(d),
        ),
        joint("示例区教育局", "示例赵敏"),
    ),
    "D76": (
        signature("onsite_record", "被检查单位", name="示例陌生人"),
        signature("onsite_record", "被检查单位", name="示例某"),
    ),
    "D77": (
        paper("evidence_list", signatures=()),
        more(files.issued("interview", 16, 12)),
        more(files.issued("reinspection_record", 19, signatures=files.SIGNED[:2])),
    ),
    "D78": (
        text("opinion", "示档意〔2026〕9号", "示档意〔2026〕8号"),
        shown("rectification", signer="示例区档案馆"),
        text("opinion", "2026年3月18日", "2026年3月28日"),
        shown("correction_order", signer=""),
    ),
    "D79": (
        lambda d: text("opinion", d.case.findings[3].fact, "有关工作")(d),
        lambda d: text("rectification", d.case.findings[0].demand, "限期办理")(d),
        text("correction_order", "2026年4月10日", "2026年4月20日"),
        text("opinion", "《中华人民共和国档案法》", "有关规定"),
        text("rectification", "ZJ-001", "有关照片"),
    ),
    "D80": (
        text("notice", "回避", "离开"),
        text("rectification", "逾期", "到期"),
        text("onsite_record", "出示", "说明"),
        text("notice", "第四十二条", "第四十三条"),
        enterprise(text("notice", "严禁", "不得")),
        of("个案检查", text("notice", "第四十三条", "第四十二条")),
    ),
    "V10": (
        finding(fact="柜内有标注“机密★10年”的文件"),
        item("符合", note="有秘密★文件"),
        shown("opinion", passages=("附绝密★材料",)),
    ),
    "V11": (paper("opinion", stale=True), paper("onsite_record", stale=True)),
    "V17": (without("opinion"), of("只有意见", more(files.issued("rectification", 18)))),
    "D11": (shown("opinion", missing=("检查依据",)), shown("onsite_record", missing=("记录人",))),
    "D15": (
        text("onsite_record", "示例陆一鸣", "示例陆鸣"),
        text("notice", "09120017", "0912001"),
        officer(1, name="示例陆二鸣"),
    ),
    "D16": (
        both(text("onsite_record", "阅看", "知晓"), text("onsite_record", "宣读", "说明")),
        shown("onsite_record", passages=("现场检查笔录",)),
    ),
    "D17": (lost_page("onsite_record", "共"), lost_page("evidence_list", "共")),
    "D18": (lost_page("onsite_record", "以下空白"), text("evidence_list", "以下空白", "以下略")),
    "D19": (lost_page("onsite_record", "签名"), text("evidence_list", "签名", "姓名")),
    "D22": (
        enterprise(text("rectification", "示例区人民法院", "人民法院")),
        enterprise(text("rectification", "六十日", "一定期限")),
    ),
    "D28": (
        paper("opinion", number="示档意[2026]9号"),
        paper("rectification", number="临-QH-0316-1"),
        paper("notice", number="示档检〔2026〕017号"),
        paper("onsite_record", number=""),
    ),
    "D64": (unit(name="示例区水务局\u200b"), officer(0, name="示例沈e\u0301"), unit(name="示例\ue000局")),
    "D65": (
        more(replace(files.issued("opinion", 19), revision=2, id="P-2")),
        more(replace(files.issued("rectification", 19), revision=3, id="P-3")),
    ),
    # what the unit said
    "U1": (
        replied(""),
        replied(" "),
    ),
    "U2": (
        of("申请回避", visit(recusals=())),
        replied("申请回避"),
    ),
    "U3": (visit(statement_reply=""), visit(statement_reply="陈述申辩", statement="")),
    "U4": (
        visit(remarks="我们认为灭火器是合格的"),
        visit(statement="吊顶渗水是台风造成的", statement_reply="陈述申辩"),
    ),
    "U5": (
        visit(recusals=(replace(_GRANTED, granted=False, decision="不予回避", decided_by=""),)),
        of("申请回避", lambda d: visit(recusals=tuple(replace(r, decided_by="") for r in d.case.visit.recusals))(d)),
    ),
    "U7": (
        visit(recusals=(replace(_OPEN, decision="驳回申请", decided_by="示例周敏"),)),
        visit(recusals=(replace(_OPEN, decision="不予回避。", decided_by="示例周敏"),)),
    ),
    "U6": (
        visit(attendees=()),
        lambda d: visit(attendees=tuple(replace(a, title="") for a in d.case.visit.attendees))(d),
    ),
    # service
    "V16": (
        service("opinion", method="留置送达"),
        of("留置送达", service("opinion", refusal="")),
        of("没有问题", service("result_notice", method="留置送达", refusal="拒收", witness="")),
    ),
    "D6": (service("opinion", at=at(8, 0, 18)), paper("onsite_record", at=at(11, 25))),
    "D7": (service("opinion", at=at(9, 0, 31)), both(paper("opinion", served=None), file(today=date(2026, 3, 31)))),
    "D20": (
        paper("opinion", served=None),
        lambda d: case(papers=tuple(p for p in d.case.papers if p.kind != "proof_of_service"))(d),
    ),
    "D21": (service("opinion", relation=""), service("notice", relation=" ")),
    "D62": (service("opinion", servers=("shen",)), service("notice", servers=("shen", "shen"))),
    "D63": (service("opinion", receiver=""), service("opinion", place="")),
    # wording
    "D29": (finding(fact="检修有效期至2025-06-30，压力不足"), piece(proves="2025年06月1日的登记簿")),
    "D30": (finding(demand="更换灭火器,建立检查记录"), item("符合", note="有记录;已核对")),
    "D31": (finding(fact="依据示府发[2024]3号文件建立的制度没有落实"), finding(demand="移交档案(含附件)")),
    "D32": (finding(fact="没有落实档案法第十二条规定的责任制"), finding(demand="按照档案法实施条例第二十二条整改")),
    "D33": (finding(demand="按照《中华人民共和国档案法》第19条整改"), item("符合", note="对照第3款核对")),
    "D34": (finding(fact="库房湿度大概在百分之七十"), item("符合", note="温度25度左右")),
    "D35": (finding(fact="库房管理违规，灭火器过期"), piece(proves="管理严重混乱")),
    "D81": (
        finding(demand="按照《中华人民共和国档案法》第九十九条整改"),
        item("符合", note="对照《中华人民共和国行政处罚法》第一百九十条核对"),
    ),
    "D82": (
        finding(fact="2026年3月16日（星期三）查看时灭火器压力不足"),
        finding(demand="2026年4月30日周五前完成"),
        text("opinion", "2026年3月16日", "2026年3月16日（星期五）"),
    ),
    "D39": (
        text("onsite_record", "□属实", "☑属实"),
        shown("proof_of_service", leaves=(("送达方式", "□直接送达　□留置送达"),)),
    ),
    "D38": (finding(fact="灭火器编号为××××的压力不足"), finding(demand="待补"), piece(proves="待核实的登记簿")),
    "D66": (finding(fact="灭火器"), finding(1, fact="渗水。")),
    "D67": (
        finding(demand="报档案行政管理部门备案"),
        item("符合", note="已报档案行政管理部门"),
        finding(demand="按照《中华人民共和国档案法实施办法》第九条整改"),
        item("符合", note="已按国办发[2024]53号办理"),
    ),
    # sheets and the volume
    "V18": (
        text("publicity", "检查104项", "示例李建国说明，检查104项"),
        text("publicity", "检查104项", "检查104项，联系电话13800000000"),
        text("publicity", "检查104项", "检查104项，310112198805120021"),
    ),
    "V19": (
        filled("legal_review", review_done="2026-03-17"),
        filled("legal_review", review_done="2026-03-10", review_outcome="存在问题"),
        case(legal=(handed_in("opinion", None),)),
        case(legal=(handed_in("opinion", FAULTY),)),
        paper("opinion", kind="disposition_proposal"),
    ),
    "D23": (filled("interview", person="示例郑青、示例吴晓"), filled("interview", person="示例郑青和示例吴晓")),
    "D36": (
        filled("interview", {"talk": (("你是不是没有检查灭火器？", "是。"),)}),
        filled("interview", {"talk": (("难道没有人报修？", "有。"),)}),
    ),
    "D68": (
        filled("interview", asked_to="2026-03-16T10:30:00+08:00"),
        filled("interview", {"talk": (("还有什么要补充的？", ""),)}),
    ),
    "D85": (filled("interview", born="1990-05-12"), filled("interview", sex="男")),
    "D27": (
        filled("reinspection_record", {"re_items": (("E01", "已改正", "已更换", ""),)}),
        filled("reinspection_record", {"re_items": (("A03", "已改正", "已修订", ""),)}),
    ),
    "D9": (
        both(
            _without_sheet("rectification_report"), filled("reinspection_record", re_from="2026-04-01T09:00:00+08:00")
        ),
        both(
            _without_sheet("rectification_report"), filled("reinspection_record", re_from="2026-04-29T09:00:00+08:00")
        ),
    ),
    "D10": (
        filled("publicity", public_on="2026-05-20"),
        both(_without_sheet("publicity"), file(today=date(2026, 5, 20))),
    ),
    "D69": (filled("preservation_list", kept_until="2026-03-30"), filled("preservation_list", kept_until="2026-04-30")),
    "D42": (
        text("case_contents", "示档意〔2026〕9号", "示档意〔2026〕8号"),
        shown("case_contents", passages=("卷内文件目录",)),
    ),
    "D43": (
        lambda d: shown("case_contents", passages=(_contents(d)[0], *reversed(_contents(d)[1:])))(d),
        lambda d: shown(
            "case_contents", passages=(*_contents(d)[:2], _contents(d)[3], _contents(d)[2], *_contents(d)[4:])
        )(d),
    ),
    "D90": (text("case_contents", "3-4", "3-5"), text("case_contents", "5-6", "6-7")),
    "D45": (
        paper("case_cover", number="2026-018"),
        more(replace(files.issued("case_cover", 21), id="P-2", sheet="另一卷")),
    ),
    "D44": (filled("case_cover", filed_by=""), filled("case_cover", volume_note=" ")),
    "D46": (added(replace(files.sound("ZJ-050"), item="A01")), added(replace(files.sound("ZJ-051"), kind="录像"))),
    "D87": (
        both(of_none, closed(20, 7), filled("case_cover", filed_on="2026-06-01")),
        filled("case_cover", volume_checked="2026-06-01"),
        filled("case_cover", volume_checker="示例沈岚"),
        both(case(archived=_ARCHIVED), without("case_remarks")),
    ),
    "D47": (filled("case_cover", retention=""), filled("case_cover", retention=" ")),
    # across inspections
    "D2": (file(elsewhere=(_THERE,)), elsewhere(arrived=at(9, 30), ended=at(10, 0))),
    "X1": (file(elsewhere=(_THERE,)), elsewhere(numbers=("示档检〔2026〕17号",))),
    "X2": (_often(2), _often(4)),
    "X3": (
        elsewhere(unit="u01"),
        file(
            elsewhere=tuple(
                replace(_THERE, id=f"2026-0{n}", unit="u01", arrived=at(9, 0, n), ended=None) for n in (3, 4)
            )
        ),
    ),
    # setting and print
    "N1": (
        both(finding(fact="灭火器𖿢失效，检修标签过期"), file(glyphs=frozenset("𖿢"))),
        both(piece(maker="示例𪚥"), piece(proves="𪚥记录"), file(glyphs=frozenset("𪚥"))),
    ),
    "N2": (shown("opinion", bare_faces=("Helvetica",)), shown("notice", bare_faces=("Times-Roman", "Courier"))),
    "N3": (shown("opinion", collisions=("1: 示例",)), shown("onsite_record", collisions=("2: 核验码",))),
    "N4": (shown("opinion", forced=1), _lone_sign),
    "N5": (
        shown("opinion", title_lines=("关于示例区水务局", "的行政检查意见书")),
        shown("notice", title_lines=("档案行政检查告知", "书")),
    ),
    "N7": (
        lambda d: file(files={d.case.papers[0].sha256: DAMAGED})(d),
        lambda d: file(files={d.case.papers[-1].sha256: DAMAGED})(d),
    ),
    "N13": (
        text_on_page("opinion", "请你单位研究采纳"),
        text_on_page("onsite_record", "检查人员告知"),
        shown("rectification", leaves=(("责令限期整改通知书",),)),
    ),
    "N10": (shown("opinion", broken=("https://example.org/averylongaddress",)), shown("notice", broken=("A" * 60,))),
    # a film of the arrival leaves the other steps bare
    "N12": (case(unfilmed=()), added(files.film(at(9, 30), 60_000))),
    "N11": (shown("opinion", substitutes=("FandolFang",)), shown("notice", substitutes=("NotoSerifSC", "LXGW WenKai"))),
}
