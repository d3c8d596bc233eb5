"""The wording of what people typed: facts, demands, notes, descriptions of evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ...domain.law import Standing, numeral
from ...domain.problems import Problem
from ..check import Hit, Mend, check, hit
from ..dossier import Dossier, Place

_HAN = "\u4e00-\u9fff"
_HALF = re.compile(rf"(?<=[{_HAN}])[,;:?!](?=[{_HAN}]|$)|(?<=[{_HAN}])\.$")
_QUOTED = re.compile(rf'"([^"\n]*[{_HAN}][^"\n]*)"')
_NARROW = re.compile(f"{_HALF.pattern}|{_QUOTED.pattern}", re.MULTILINE)
_FULL = str.maketrans(",;:?!.", "，；：？！。")
_SQUARE = re.compile(r"[\[【(（](20\d\d)[\]】)）](?=\d+号)")
_ROUND = re.compile(rf"(?<=[{_HAN}])\(([^()]*)\)|\(([^()]*[{_HAN}][^()]*)\)")
_BRACKETS = re.compile(f"{_SQUARE.pattern}|{_ROUND.pattern}")
_DATE = re.compile(r"(?<![\d.])(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?![\d.])|(20\d\d)年(0?\d{1,2})月(0?\d{1,2})[日号]")
_ARTICLE = re.compile(r"第(\d{1,3})(条|款|项)")
_CITING = re.compile(r"第[〇一二三四五六七八九十百\d]+条")
_NAMED = re.compile(r"《[^》]+》第[〇一二三四五六七八九十百]+条")
_CHINESE_DATE = re.compile(
    r"(二[〇零Ｏ○][〇零一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_ANY_DATE = re.compile(f"{_DATE.pattern}|{_CHINESE_DATE.pattern}")
_WEEKDAY = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日([（(，]?(?:星期|周|礼拜))([一二三四五六日天])")
_HEDGE = re.compile(
    r"大概|大约|可能|也许|左右(?![两各侧边]|开启|滑动)|好像|似乎|估计|差不多|应该是|基本上|十来|若干|两三|三四|四五|五六"
)
_JUDGED = re.compile(
    r"违法(?!线索)|违规|严重(?!程度)|恶劣|态度|不配合|故意|拒不|混乱|责任心|糟糕|敷衍|我们认为|我局认为"
)
_OPEN = re.compile(r"×{2,}|(?<![A-Za-z0-9])[xX]{2,}(?![A-Za-z0-9-])|待补|待定|待填|待核实|TODO|？{2,}|\?{2,}|【未填】")
_UNFILLED = re.compile(rf"{_OPEN.pattern}|[_＿]{{2,}}|此处填|某某")
_LEADING = re.compile(r"是不是|对不对|对吧|难道|你承认|你是否承认|不是吗")


def _facts(d: Dossier, pattern: re.Pattern[str]) -> Iterator[tuple[Place, str]]:
    """What states facts, as far as the pattern is found: the record must hold observations, no guesses and no judgement."""
    return ((place, text) for place, text in d.typed(pattern) if place.field in ("fact", "note", "proves"))


def _replaced(place: Place, text: str, new: str) -> Mend | None:
    """A mend by machine, where the field is one that an officer may change by hand."""
    mendable = place.kind in ("finding", "evidence") or (place.kind == "item" and place.field == "note")
    return Mend(place, text, new) if mendable and new != text else None


def _at(place: Place, mend: Mend | None = None, **facts: object) -> Hit:
    return hit(place.kind, place.key, place.field, mend, **facts)


def proper_date(text: str) -> str:
    """Dates as 2026年3月16日, in figures and without leading zeros (GB/T 9704 7.3.5.4)."""

    def put(match: re.Match[str]) -> str:
        year, month, day = (int(part) for part in match.groups() if part is not None)
        return f"{year}年{month}月{day}日" if _is_day(year, month, day) else match[0]

    def figures(match: re.Match[str]) -> str:
        year = "".join(str(_DIGITS.index(sign)) for sign in match[1].translate(_NOUGHTS))
        month, day = (_COUNTED.get(part, 0) for part in match.groups()[1:])
        return f"{year}年{month}月{day}日" if _is_day(int(year), month, day) else match[0]

    return _DATE.sub(put, _CHINESE_DATE.sub(figures, text))


_DIGITS = "〇一二三四五六七八九"
_NOUGHTS = str.maketrans("零Ｏ○", "〇〇〇")
_COUNTED = {numeral(number): number for number in range(1, 32)}


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _no_day(text: str) -> str:
    """A date in this text that no calendar knows; "" for none."""
    for match in _DATE.finditer(text):
        if not _is_day(*(int(part) for part in match.groups() if part is not None)):
            return match[0]
    return ""


@check("D29")
def dates(d: Dossier) -> Iterator[Hit]:
    """2026年3月16日, not 2026-03-16, and no 30 February."""
    for place, text in d.typed(_ANY_DATE):
        if (new := proper_date(text)) != text:
            found = next(
                m[0] for each in (_DATE, _CHINESE_DATE) for m in each.finditer(text) if proper_date(m[0]) != m[0]
            )
            yield _at(place, _replaced(place, text, new), text=found)
        elif found := _no_day(text):
            yield _at(place, text=found)


@check("D82")
def weekdays(d: Dossier) -> Iterator[Hit]:
    """A date bears its own day of the week."""
    for place, text in d.typed(_WEEKDAY):
        if (new := _WEEKDAY.sub(_of_the_week, text)) != text:
            found = next(m for m in _WEEKDAY.finditer(text) if _of_the_week(m) != m[0])
            yield _at(place, _replaced(place, text, new), text=found[0], instead=_of_the_week(found)[-1])
    for sheet in d.shown():
        for found in _WEEKDAY.finditer(sheet.text):
            if (new := _of_the_week(found)) != found[0]:
                yield hit("paper", sheet.kind, "", None, text=found[0], instead=new[-1])


def _of_the_week(match: re.Match[str]) -> str:
    year, month, day = (int(part) for part in match.groups()[:3])
    if not _is_day(year, month, day):
        return match[0]
    right = "一二三四五六日"[date(year, month, day).weekday()]
    same = right == match[5] or (right == "日" and match[5] == "天")
    return match[0] if same else match[0][:-1] + right


@check("D30")
def marks(d: Dossier) -> Iterator[Hit]:
    """Full-width marks between Chinese characters (GB/T 15834)."""
    for place, text in d.typed(_NARROW):
        new = _HALF.sub(lambda m: m[0].translate(_FULL), _QUOTED.sub(r"“\1”", text))
        if (found := _NARROW.search(text)) and new != text:
            yield _at(place, _replaced(place, text, new), text=found[0])


@check("D31")
def brackets(d: Dossier) -> Iterator[Hit]:
    """〔〕 around the year of a number, full-width brackets around Chinese."""
    for place, text in d.typed(_BRACKETS):
        new = _SQUARE.sub(r"〔\1〕", text)
        new = _ROUND.sub(lambda m: f"（{m[1] if m[1] is not None else m[2]}）", new)
        if new != text:
            yield _at(place, _replaced(place, text, new), text=text[:20])


@check("D32")
def law_titles(d: Dossier) -> Iterator[Hit]:
    """A law is named by its full title in 《》."""
    for place, text in d.typed(_CITING):
        if place.field == "law":  # what was explained is told as it was said
            continue
        if (new := d.laws.in_full(text)) != text:
            begin = next(n for n, (old, now) in enumerate(zip(text, new, strict=False)) if old != now)
            law = text[begin:].partition("第")[0]
            yield _at(place, _replaced(place, text, new), law=law)


@check("D81")
def cited_in_force(d: Dossier) -> Iterator[Hit]:
    """An article that a text cites exists, and is in force that day; what is repealed by name is D67."""
    for place, text in d.typed(_NAMED):
        if place.field == "law" or any(d.laws.outdated(text, d.day)):
            continue
        for citation in _NAMED.findall(text):
            try:
                fault = "检查当日不在施行" if d.laws.standing(citation, d.day) is Standing.NOT_IN_FORCE else ""
            except Problem:
                fault = "在法规库里查不到"
            if fault:
                yield _at(place, citation=citation, fault=fault)


@check("D33")
def article_numerals(d: Dossier) -> Iterator[Hit]:
    """Articles are counted as the statute counts them: 第十九条."""
    for place, text in d.typed(_ARTICLE):
        if found := _ARTICLE.search(text):
            new = _ARTICLE.sub(lambda m: f"第{numeral(int(m[1]))}{m[2]}", text)
            yield _at(place, _replaced(place, text, new), text=found[0])


@check("D34")
def no_hedging(d: Dossier) -> Iterator[Hit]:
    """A record states what was seen, counted or measured."""
    for place, text in _facts(d, _HEDGE):
        if found := _HEDGE.search(text):
            yield _at(place, word=found[0])


@check("D35")
def no_judgement(d: Dossier) -> Iterator[Hit]:
    """A record states facts; conclusions belong into the opinion or the order."""
    for place, text in _facts(d, _JUDGED):
        if found := _JUDGED.search(text):
            yield _at(place, word=found[0])


@check("D38")
def nothing_open(d: Dossier) -> Iterator[Hit]:
    """No remnants of a draft."""
    for place, text in d.typed(_UNFILLED):
        if found := _UNFILLED.search(text):
            yield _at(place, text=found[0])
    for sheet in d.shown():
        if sheet.paper and (found := _OPEN.search(sheet.text)):
            yield hit("paper", sheet.kind, "", None, text=found[0])


@check("D66")
def facts_are_facts(d: Dossier) -> Iterator[Hit]:
    """A finding says enough to be understood without having been there."""
    for finding in d.case.findings:
        if len(re.sub(r"\W", "", finding.fact)) < 6:
            yield hit("finding", finding.id, "fact", code=finding.code)


@check("D67")
def old_law(d: Dossier) -> Iterator[Hit]:
    """Words of repealed law still circulate in templates: the old name of the authority, repealed law, wrong numbers."""
    if "档案行政管理部门" not in d.words and not any(d.laws.outdated(d.words, d.day)):
        return
    for place, text in d.typed():
        if "档案行政管理部门" in text:
            new = text.replace("档案行政管理部门", "档案主管部门")
            yield _at(place, _replaced(place, text, new), word="档案行政管理部门", instead="档案主管部门")
        for old in d.laws.outdated(text, d.day):
            mend = _replaced(place, text, text.replace(old.words, old.instead)) if old.same else None
            yield _at(place, mend, word=old.words, instead=old.instead)
