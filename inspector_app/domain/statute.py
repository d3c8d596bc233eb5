"""The full text of a law: its passages, how they are found by any word, and what a new version changes.

The text belongs to whoever issued it and stays on the laptop; nothing here is printed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .problems import Problem

_HEAD = re.compile(r"(第[〇零一二三四五六七八九十百]+[编章节])[\s　]+(.+)")
_ARTICLE = re.compile(r"(第[〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)(?:[\s　]+(.*))?")
_CLAUSE = re.compile(r"(\d+(?:\.\d+)+)[\s　]+(.+)")
_DAY = re.compile(r"(\d{4})(?:-|年)(\d{1,2})(?:-|月)(\d{1,2})")
_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|\S")
_MARK = "\ue000"
"""Stands for any punctuation, so that （二） and (二) are one, and a phrase does not run on over a comma."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One article, clause or paragraph; `place` is 第十九条 or 5.2.1, and empty where the text counts nothing."""

    place: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Statute:
    """A law as its file gives it. `version` is the last day that its name or its head tells, 2024-01-12, or empty."""

    title: str
    version: str
    passages: tuple[Passage, ...]

    @property
    def articles(self) -> Mapping[str, str]:
        """Text of what is counted, by place."""
        return {passage.place: passage.text for passage in self.passages if passage.place}


# -- reading ----------------------------------------------------------------------------------------------------


def read(name: str, lines: Iterable[str]) -> Statute:
    """The text of a file called `name`, line by line: Markdown, or the paragraphs of a document.

    Raises:
        Problem: `law_text_bad` when there is no title or nothing below it.
    """
    said = [text for line in lines if (text := line.strip().strip("*")) and not text.startswith("<!--")]
    title = _close(said[0].lstrip("# ")) if said else ""
    passages: list[Passage] = []
    heading, begun, head = "", False, list[str]()
    for line in said[1:]:
        text = line.lstrip("# ")
        if found := _HEAD.fullmatch(text):
            heading = f"{found[1]} {_close(found[2])}"
        elif found := _ARTICLE.fullmatch(text) or _CLAUSE.fullmatch(text):
            begun = True
            passages.append(Passage(found[1].replace("零", "〇"), heading, found[2] or ""))
        elif begun:
            last = passages.pop()
            passages.append(Passage(last.place, last.heading, f"{last.text}\n{text}".strip()))
        else:
            head.append(text)
    if not passages:  # a letter or a notice: each paragraph stands for itself
        passages = [Passage("", "", text) for text in head]
    if not title or not passages:
        raise Problem("law_text_bad", name=name, detail="没有标题或正文。")
    named = _days(name) or _days(" ".join(head if begun else head[:1]))
    return Statute(title.strip("《》"), max(named, default=""), tuple(passages))


def _close(text: str) -> str:
    """总 则 is 总则: titles are spaced for the eye."""
    return re.sub(r"[\s　]+", "", text)


def _days(text: str) -> list[str]:
    return [f"{year}-{int(month):02}-{int(day):02}" for year, month, day in _DAY.findall(text)]


# -- finding ----------------------------------------------------------------------------------------------------


def spaced(text: str) -> str:
    """A text as the index takes it in and is asked: characters one by one, numbers and Latin words whole.

    Characters beyond the basic plane are written as their code point, so that no table of the index decides whether it
    knows them. Who changes this raises `projection.FOLD`, and every index is made anew.
    """
    return " ".join(_tokens(text))


def _tokens(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        if token.isascii() and token.isalnum():
            yield token.lower()
        elif not token.isalnum():
            yield _MARK
        else:
            yield token if ord(token) < 0x10000 else f"u{ord(token):x}"


def phrases(words: str) -> str:
    """The question to the index for words parted by spaces, all of which a passage has to have; empty for none."""
    return " AND ".join(f'"{spaced(word)}"' for word in words.split())


def around(text: str, words: str, before: int = 12) -> str:
    """The text from a little before the first of the words that it has."""
    at = min((place for word in words.split() if (place := text.find(word)) >= 0), default=0)
    plain = text.replace("\n", " ")
    return plain if at <= before else f"…{plain[at - before :]}"
