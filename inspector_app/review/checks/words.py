"""The wording of what people typed: facts, demands, notes, descriptions of evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...domain.law import numeral
from ..check import Hit, Mend, check, hit
from ..dossier import Dossier, Place

_HAN = "\u4e00-\u9fff"
_HALF = re.compile(rf"(?<=[{_HAN}])[,;:?!](?=[{_HAN}]|$)|(?<=[{_HAN}])\.$")
_FULL = str.maketrans(",;:?!.", "，；：？！。")
_SQUARE = re.compile(r"[\[【(（](20\d\d)[\]】)）](?=\d+号)")
_ROUND = re.compile(rf"(?<=[{_HAN}])\(([^()]*)\)|\(([^()]*[{_HAN}][^()]*)\)")
_DATE = re.compile(r"(?<![\d.])(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?![\d.])|(20\d\d)年(0?\d{1,2})月(0?\d{1,2})[日号]")
_ARTICLE = re.compile(r"第(\d{1,3})(条|款|项)")
_SHORT = re.compile(r"(?<!《)((?:中华人民共和国)?档案法(?:实施条例)?|行政处罚法)(?=第)")
_HEDGE = re.compile(r"大概|可能|也许|左右|好像|似乎|估计|差不多|应该是|基本上")
_JUDGED = re.compile(r"违法|违规|严重|恶劣|态度|不配合|故意|拒不")
_OPEN = re.compile(r"[×xX]{2,}|待补|待定|待填|待核实|TODO|？{2,}|\?{2,}|【未填】")
_LEADING = re.compile(r"是不是|对不对|对吧|难道|你承认|你是否承认|不是吗")


def _facts(d: Dossier) -> Iterator[tuple[Place, str]]:
    """What states facts: the record must hold observations, no guesses and no judgement."""
    return ((place, text) for place, text in d.typed() if place.field in ("fact", "note", "proves"))


def _replaced(place: Place, text: str, new: str) -> Mend | None:
    """A mend by machine, where the field is one that an officer may change by hand."""
    mendable = place.kind in ("finding", "evidence") or (place.kind == "item" and place.field == "note")
    return Mend(place, text, new) if mendable and new != text else None


def _at(place: Place, mend: Mend | None = None, **facts: object) -> Hit:
    return hit(place.kind, place.key, place.field, mend, **facts)


def proper_date(text: str) -> str:
    """Dates as 2026年3月16日, without leading zeros (GB/T 9704 7.3.5.4)."""

    def put(match: re.Match[str]) -> str:
        year, month, day = (int(part) for part in match.groups() if part is not None)
        return f"{year}年{month}月{day}日" if 1 <= month <= 12 and 1 <= day <= 31 else match[0]

    return _DATE.sub(put, text)


@check("D29")
def dates(d: Dossier) -> Iterator[Hit]:
    """2026年3月16日, not 2026-03-16."""
    for place, text in d.typed():
        if (new := proper_date(text)) != text:
            found = next(m[0] for m in _DATE.finditer(text) if proper_date(m[0]) != m[0])
            yield _at(place, _replaced(place, text, new), text=found)


@check("D30")
def marks(d: Dossier) -> Iterator[Hit]:
    """Full-width marks between Chinese characters (GB/T 15834)."""
    for place, text in d.typed():
        if found := _HALF.search(text):
            new = _HALF.sub(lambda m: m[0].translate(_FULL), text)
            yield _at(place, _replaced(place, text, new), text=found[0])


@check("D31")
def brackets(d: Dossier) -> Iterator[Hit]:
    """〔〕 around the year of a number, full-width brackets around Chinese."""
    for place, text in d.typed():
        new = _SQUARE.sub(r"〔\1〕", text)
        new = _ROUND.sub(lambda m: f"（{m[1] if m[1] is not None else m[2]}）", new)
        if new != text:
            yield _at(place, _replaced(place, text, new), text=text[:20])


@check("D32")
def law_titles(d: Dossier) -> Iterator[Hit]:
    """A law is named by its full title in 《》."""
    for place, text in d.typed():
        if place.field != "law" and (found := _SHORT.search(text)):  # what was explained is told as it was said
            yield _at(place, _replaced(place, text, _SHORT.sub(_title(d), text)), law=found[1])


def _title(d: Dossier) -> Callable[[re.Match[str]], str]:
    def put(match: re.Match[str]) -> str:
        law = d.laws.law(match[1]) or d.laws.law(match[1].removeprefix("中华人民共和国"))
        return f"《{law.title}》" if law else match[0]

    return put


@check("D33")
def article_numerals(d: Dossier) -> Iterator[Hit]:
    """Articles are counted as the statute counts them: 第十九条."""
    for place, text in d.typed():
        if found := _ARTICLE.search(text):
            new = _ARTICLE.sub(lambda m: f"第{numeral(int(m[1]))}{m[2]}", text)
            yield _at(place, _replaced(place, text, new), text=found[0])


@check("D34")
def no_hedging(d: Dossier) -> Iterator[Hit]:
    """A record states what was seen, counted or measured."""
    for place, text in _facts(d):
        if found := _HEDGE.search(text):
            yield _at(place, word=found[0])


@check("D35")
def no_judgement(d: Dossier) -> Iterator[Hit]:
    """A record states facts; conclusions belong into the opinion or the order."""
    for place, text in _facts(d):
        if found := _JUDGED.search(text):
            yield _at(place, word=found[0])


@check("D38")
def nothing_open(d: Dossier) -> Iterator[Hit]:
    """No remnants of a draft."""
    for place, text in d.typed():
        if found := _OPEN.search(text):
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
    for place, text in d.typed():
        if "档案行政管理部门" in text:
            new = text.replace("档案行政管理部门", "档案主管部门")
            yield _at(place, _replaced(place, text, new), word="档案行政管理部门", instead="档案主管部门")
        for old in d.laws.outdated(text, d.day):
            mend = _replaced(place, text, text.replace(old.words, old.instead)) if old.same else None
            yield _at(place, mend, word=old.words, instead=old.instead)
