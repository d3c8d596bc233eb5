"""A year's figures in words and as tables: the section of the annual report, and what each chart says without a picture."""

from __future__ import annotations

from collections import Counter

from .calendar import zh_date
from .people import UnitKind
from .rating import LEVELS
from .statistics import Year

Line = tuple[str | int, ...]
Table = tuple[str, tuple[str, ...], tuple[Line, ...]]
"""Title, headings, rows: what a chart says in figures."""


def per_cent(share: float | None) -> str:
    """One decimal at most; a dash for a share of nothing."""
    return "—" if share is None else f"{share:.1f}".removesuffix(".0") + "%"


def report(year: Year) -> str:
    """The section of the annual report on rule of law, by the wording of forms/statistics.toml."""
    facts, counts = _said(year)
    return "".join(
        sentence.text.format_map(facts) for sentence in year.rules.sentences
        if all(counts[name] for name in sentence.needs) and not any(counts[name] for name in sentence.unless)
    )  # fmt: skip


def facts_of(year: Year) -> dict[str, str]:
    """What may be said of a year, in words of forms/."""
    return _said(year)[0]


def _said(year: Year) -> tuple[dict[str, str], dict[str, int]]:
    """What a sentence may say, and the numbers that decide whether it is said."""
    kinds = Counter(visit.unit_kind for visit in year.visits)
    units = {each.unit.id: each.unit.kind for covered in year.coverage.values() for each in covered}
    kinds.update(units[note.unit].value for note in year.earlier if note.unit in units)
    served = next(term for term in year.terms if term.name == "文书按时送达")
    hours = [load.hours for load in year.loads]
    counts = {
        "visits": year.done.value, "planned": year.planned, "led": year.led.value, "joint": year.joint.value, "merged": year.merged.value,
        "explained": sum(bool(v.explained) for v in year.visits),
        "by_category": len(year.categories), "found": year.found.value, "ordered": year.ordered.value,
        "served": served.whole.value, "covered": year.covered.part.value, "credentialed": len(year.loads),
        "approvals": year.approvals, "ratings": year.rated.value, "inspected": year.inspected,
        "mended": year.mended.value, "late": year.late.value, "registered": year.covered.whole.value,
        "trained": sum(hour >= year.wanted for hour in hours),
    }  # fmt: skip
    facts = {name: str(value) for name, value in counts.items()} | {
        "year": str(year.year), "bureau": year.bureau, "today": zh_date(year.today), "first": str(year.round[0]),
        "last": str(year.round[1]), "wanted": str(year.wanted),
        "of_kinds": "、".join(f"{UnitKind(kind).label}{n}次" for kind, n in sorted(kinds.items(), key=lambda kind: -kind[1])),
        "done_share": per_cent(100 * year.inspected / year.planned if year.planned else None),
        "categories": "、".join(f"{part.name}（{part.whole.value}个）" for part in year.categories[:3]),
        "mended_share": per_cent(year.mended_share), "served_share": per_cent(served.share),
        "covered_share": per_cent(year.covered.share), "satisfied_share": per_cent(year.satisfied.share),
        "hours": f"{sum(hours) / len(hours):.0f}" if hours else "0",
    }  # fmt: skip
    return facts, counts


def tables(year: Year) -> tuple[Table, ...]:
    """Every chart as a table, in the order of the screen."""
    months = tuple(
        (f"{n}月", month.planned.value, month.done.value, month.cancelled.value)
        for n, month in enumerate(year.months, 1)
    )
    parts = tuple((p.name, p.whole.value, p.part.value, per_cent(p.share), p.before) for p in year.categories)
    covered: tuple[Line, ...] = tuple(
        (kind.label, len(each), *(sum(one.state == state for one in each) for state in ("done", "planned")),
         sum(one.state in ("due", "later") for one in each)) for kind, each in year.coverage.items()
    )  # fmt: skip
    steps = (("发现问题", year.found.value), ("整改完成", year.mended.value), ("整改中", year.under_way.value),
             ("逾期未改", year.late.value))  # fmt: skip
    terms = tuple((term.name, term.whole.value, term.part.value, per_cent(term.share)) for term in year.terms)
    loads = tuple((load.officer.name, load.visits.value, load.hours, year.wanted) for load in year.loads)
    ratings = tuple((word, mark.value) for word, mark in zip(LEVELS, year.ratings, strict=True))
    return (
        ("每月检查", ("月份", "计划", "完成", "取消"), months),
        ("组织形式", ("形式", "检查次数"), (("联合检查", year.joint.value), ("合并检查", year.merged.value))),
        ("问题类别和整改率", ("类别", "发现", "已整改", "整改率", "上年发现"), parts),
        ("三年全覆盖", ("单位类型", "登记", "已查", "已列入", "未查"), covered),
        ("整改到哪一步", ("步骤", "问题"), steps),
        ("按时率", ("事项", "应办", "按时", "按时率"), terms),
        ("人员工作量和培训", ("人员", "检查次数", "培训学时", "应有学时"), loads),
        ("单位评价", ("等级", "份数"), ratings),
    )
