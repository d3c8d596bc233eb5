"""The law catalogue: which articles exist and when they are in force, and how a paper cites them.

Every case keeps to the law of its day. An article whose number is not known is carried under the name of its law and
marked as unverified; no number is ever made up.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from .problems import Problem

_DIGITS = "〇一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_PART = re.compile(r"(\d+)([①-⑩])?(?:[(（]([一二三四五六七八九十]+)[)）])?")
_REMARK = re.compile(r"[(（](?![一二三四五六七八九十]+[)）])[^)）]*[)）]")
_FULL = re.compile(
    r"《(?P<title>[^》]+)》第(?P<article>[〇一二三四五六七八九十百]+)条"
    r"(?:第[一二三四五六七八九十]+款)?(?:第（?[一二三四五六七八九十]+）?项)?"
)
_CITED = re.compile(r"(?P<law>《[^》]+》)(?P<place>.*)")
_PLACE = re.compile(r"第[〇零一二三四五六七八九十百千]+条\S*|第?\d+(\.\d+)*条?")
"""An article, or the clause of a standard."""
_BRACKETS = re.compile("[〔〕]")
_ANY_BRACKET = r"[\[\]()（）【】〔〕]"


def numeral(number: int) -> str:
    """A number up to 199 in Chinese, as statutes count their articles: 22 is 二十二, 110 is 一百一十."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        joint = "" if rest == 0 or rest >= 20 else "〇" if rest < 10 else "一"
        return f"{_DIGITS[hundreds]}百{joint}{numeral(rest)}"
    tens, ones = divmod(number, 10)
    return ("十" if tens == 1 else f"{_DIGITS[tens]}十" if tens else "") + (_DIGITS[ones] if ones else "")


_NUMBERS = {numeral(number): number for number in range(1, 400)}


@dataclass(frozen=True, slots=True)
class Law:
    """One law, regulation or standard; `last` is its last article, 0 where only `gists` are known."""

    title: str
    short: tuple[str, ...]
    document: str
    effective_from: date | None
    effective_to: date | None
    last: int
    gists: Mapping[int, str]
    verified_by: str
    verified_on: str
    replaced_by: str = ""
    """Title of the law in whose favour this one was repealed."""
    mistaken: tuple[str, ...] = ()
    """Document numbers under which templates wrongly cite this one."""

    def knows(self, article: int) -> bool:
        return 1 <= article <= self.last or article in self.gists

    def holds_on(self, day: date) -> bool:
        since, until = self.effective_from, self.effective_to
        return (since is None or since <= day) and (until is None or day <= until)


class Standing(StrEnum):
    """Whether a cited article may be relied on that day, as far as the catalogue knows."""

    IN_FORCE = "在施行"
    NOT_IN_FORCE = "不在施行"
    UNVERIFIED = "未经核实"


@dataclass(frozen=True, slots=True)
class Article:
    """A place in a law, with the citation that a paper prints and our one-line paraphrase."""

    law: Law
    number: int
    citation: str
    gist: str

    @property
    def verified(self) -> bool:
        """Whether the article's number is known at all (not whether a person has checked its text)."""
        return self.number > 0


@dataclass(frozen=True, slots=True)
class Outdated:
    """Words of a text that name what is repealed, or a document by a wrong number, and what stands in its place."""

    words: str
    instead: str
    same: bool
    """Whether it is one document, so that the one may be written for the other without looking."""


@dataclass(frozen=True)
class Catalogue:
    """All laws of forms/laws; one that was revised stands there once for each of its periods."""

    laws: tuple[Law, ...]

    def law(self, name: str) -> Law | None:
        """A law by its full title or one of its short names."""
        return next((law for law in self.laws if name == law.title or name in law.short), None)

    def find(self, basis: str) -> tuple[Article, ...]:
        """The articles of a short basis such as 档案法19②；实施条例22(二).

        A part that names a law without an article number is left out when another part has one, so that a paper
        cites articles; alone it is carried under the law's name with number 0. What names no law of the catalogue
        is not a citation at all: see `unverified`.
        """
        found = [article for part in _parts(basis) for article in self._part(part)]
        known = tuple(article for article in found if article.verified)
        return known or tuple(found)

    def unverified(self, basis: str) -> tuple[str, ...]:
        """The parts of a basis, as they stand, without a known article number (条号待核, local rules, standards)."""
        return tuple(part for part in _parts(basis) if not any(article.verified for article in self._part(part)))

    def _part(self, part: str) -> list[Article]:
        names = sorted((name for law in self.laws for name in law.short), key=len, reverse=True)
        name = next((name for name in names if part.startswith(name)), None)
        if name is None:
            return []
        law = self.law(name)
        assert law is not None
        rest = _REMARK.sub("", part[len(name) :])
        numbers = _PART.findall(rest) if re.match(r"\d", rest) else []
        if not numbers:
            return [Article(law, 0, f"《{law.title}》", "")]
        return [self._article(law, int(n), clause, item) for n, clause, item in numbers if law.knows(int(n))]

    def _article(self, law: Law, number: int, clause: str, item: str) -> Article:
        citation = f"《{law.title}》第{numeral(number)}条"
        if clause:
            citation += f"第{numeral(_CIRCLED.index(clause) + 1)}款"
        if item:
            citation += f"第{item}项"
        return Article(law, number, citation, law.gists.get(number, ""))

    def read(self, citation: str) -> Article:
        """The article of a full citation. Raises `Problem("unknown_article")`."""
        found = _FULL.fullmatch(citation.strip())
        law = self.law(found["title"]) if found else None
        if found is None or law is None:
            bare = self.law(citation.strip().strip("《》"))
            if bare is not None and found is None:
                return Article(bare, 0, f"《{bare.title}》", "")
            raise Problem("unknown_article", article=citation)
        number = _NUMBERS.get(found["article"], 0)
        for version in self._versions(law):
            if version.knows(number):
                return Article(version, number, citation.strip(), version.gists.get(number, ""))
        raise Problem("unknown_article", article=citation)

    def _versions(self, law: Law) -> list[Law]:
        return [version for version in self.laws if version.title == law.title]

    def in_force(self, citation: str, day: date) -> Article:
        """The article, if in force that day. Raises `Problem("unknown_article")` or `article_not_in_force`."""
        article = self.read(citation)
        for law in self._versions(article.law):
            if law.holds_on(day) and (law.knows(article.number) or not article.verified):
                return Article(law, article.number, article.citation, law.gists.get(article.number, ""))
        raise Problem("article_not_in_force", article=citation, day=day.isoformat())

    def standing(self, citation: str, day: date) -> Standing:
        """Whether an article is in force that day; `UNVERIFIED` where the law, the article or its period is not known here.

        Raises:
            Problem: `unknown_article` for what is no citation of an article, or counts beyond the end of its law.
        """
        try:
            article = self.in_force(citation, day)
        except Problem as problem:
            if problem.code == "article_not_in_force":
                return Standing.NOT_IN_FORCE
            named = _CITED.fullmatch(citation.strip())
            law = self.law(named["law"][1:-1]) if named else None
            if named is None or not _PLACE.fullmatch(named["place"]) or (law is not None and law.last):
                raise
            return Standing.NOT_IN_FORCE if law is not None and not law.holds_on(day) else Standing.UNVERIFIED
        dated = article.verified and article.law.effective_from is not None
        return Standing.IN_FORCE if dated else Standing.UNVERIFIED

    @cached_property
    def _doubtful(self) -> re.Pattern[str]:
        """Whatever may be outdated one day: most texts hold none of it, and need not be gone through law by law."""
        numbers = [_BRACKETS.sub(_ANY_BRACKET, wrong) for law in self.laws for wrong in law.mistaken]
        names = [re.escape(name) for law in self.laws if law.replaced_by for name in (law.title, *law.short)]
        return re.compile("|".join((*numbers, *names)) or r"(?!)")

    def in_full(self, text: str) -> str:
        """The text with each law that it cites by a short name under its title: 档案法第七条 becomes 《中华人民共和国档案法》第七条."""
        titles, named = self._names
        return named.sub(lambda found: f"《{titles[found[0]]}》", text)

    @cached_property
    def _names(self) -> tuple[Mapping[str, str], re.Pattern[str]]:
        """The title of each name of a law, and what finds the names before an article, the longest first."""
        titles = {short: law.title for law in reversed(self.laws) for short in (law.title, *law.short)}
        names = "|".join(re.escape(name) for name in sorted(titles, key=len, reverse=True))
        return titles, re.compile(rf"(?<!《)(?:{names})(?=第)")

    def outdated(self, text: str, day: date) -> Iterator[Outdated]:
        """What a text names that is repealed that day, or that it names by a number that belongs to something else."""
        if not self._doubtful.search(text):
            return
        for law in self.laws:
            for wrong in law.mistaken:
                if found := re.search(_BRACKETS.sub(_ANY_BRACKET, wrong), text):
                    yield Outdated(found[0], law.document, True)
            name = next((name for name in (law.title, *law.short) if name in text), "")
            later = self.law(law.replaced_by)
            if name and later is not None and not law.holds_on(day):
                yield Outdated(name, later.title if name == law.title else later.short[0], False)


def joined(citations: Iterable[str]) -> str:
    """Citations as a paper prints them, the title of each law once: 《甲》第七条、第九条、《乙》第三条."""
    laws: dict[str, list[str]] = {}
    for citation in citations:
        found = _CITED.fullmatch(citation)
        law, place = (found["law"], found["place"]) if found else (citation, "")
        laws.setdefault(law, []).append(place)
    return "、".join(law + "、".join(filter(None, places)) for law, places in laws.items())


def split(text: str) -> tuple[str, ...]:
    """The full citations of a text in which a law may be named once for several articles: what `joined` joined."""
    found: list[str] = []
    law = ""
    for part in filter(None, re.split(r"[、，；,;\s]+(?![^《]*》)", text)):
        if named := _CITED.fullmatch(part):
            law = named["law"]
        found.append(part if named else law + part)
    return tuple(found)


def names_article(citation: str) -> bool:
    """Whether a citation says which article, and not only the law: no formal paper may cite a law as a whole."""
    found = _CITED.fullmatch(citation)
    return found is not None and found["place"] != ""


def _parts(basis: str) -> list[str]:
    return [part.strip() for part in basis.split("；") if part.strip()]


def parse(texts: Iterable[str]) -> Catalogue:
    """Read the files of forms/laws."""
    laws = []
    for text in texts:
        row = tomllib.loads(text)
        laws.append(
            Law(
                row["title"], tuple(row["short"]), row.get("document", ""), row.get("effective_from"),
                row.get("effective_to"), row.get("last", 0),
                {int(number): gist for number, gist in row.get("articles", {}).items()},
                row["verified_by"], row["verified_on"], row.get("replaced_by", ""), tuple(row.get("mistaken", ())),
            )
        )  # fmt: skip
    return Catalogue(tuple(laws))
