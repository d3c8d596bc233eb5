"""The law at hand: searching it, taking in full texts, and whom a new version concerns.

Full texts stay on this laptop. Taking one in is no event: the process record tells what was done in inspections, and it
travels, while the texts belong to whoever issued them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path

from ..domain.calendar import zh_date
from ..domain.casefile import CaseFile
from ..domain.event import RULES_STREAM, Event
from ..domain.inspection import Stage
from ..domain.law import Article, Catalogue, Law, Standing, names_article, numeral
from ..domain.lawchange import Change, article_of, between, of_texts
from ..domain.problems import Problem
from ..lawfiles.reader import load
from ..store.library import Hit, Library
from ..store.library import Kept as Kept  # what the screen lists
from .book import Book
from .rules import Item, Rules

MOST = 60
"""Places of the catalogue, and of the full texts, that a search shows at most."""

_DONE = {Stage.CANCELLED, Stage.CLOSED, Stage.ARCHIVED, Stage.PUBLICISED, Stage.RATED}


@dataclass(frozen=True, slots=True)
class Found:
    """A place of the law as it is shown and cited."""

    citation: str
    gist: str
    standing: Standing
    source: str
    """What the catalogue knows of the law: document, period, and whether anybody has checked it."""
    hit: Hit | None = None
    """The full text, where it was asked for and lies here."""

    @property
    def citable(self) -> bool:
        return names_article(self.citation)


def search(book: Book, words: str, day: date) -> tuple[Found, ...]:
    """Places that have all the words in their gist, the name of their law or their text; a short basis (档案法19) leads. A
    document or standard of which no article is known is found as a whole, by name or number.

    Without words the catalogue itself. `day` is the day on which they are to be relied on.
    """
    laws, wanted = book.rules.laws, words.split()
    told = (
        Article(law, number, f"《{law.title}》第{numeral(number)}条", gist)
        for law in laws.laws for number, gist in sorted(law.gists.items())
        if all(word in gist or word in law.title for word in wanted)
    )  # fmt: skip
    whole = (
        Article(law, 0, f"《{law.title}》", "") for law in laws.laws
        if wanted and _is_named(law, wanted) and not (law.gists and all(word in law.title for word in wanted))
    )  # fmt: skip
    # A repealed one, whose articles nobody counts any more, is found as a whole.
    named = (article for article in laws.find(words.strip()) if article.verified or not article.law.gists)
    rows = {
        article.citation: _known(book, article, day)
        for article in islice(chain(named, whole, told), MOST if wanted else None)
    }
    for hit in Library(book.store).find(words, MOST):
        citation = f"《{hit.title}》{hit.passage.place}"
        known = rows.get(citation)
        if known is None or known.hit is None:
            rows[citation] = replace(known or _read(book, citation, day), hit=hit)
        else:  # another version of the same place, or one more paragraph without a number
            rows[f"{citation} {len(rows)}"] = replace(_read(book, citation, day), hit=hit)
    return tuple(rows.values())


def _is_named(law: Law, words: Iterable[str]) -> bool:
    """Whether all words stand in the names and the document number of a law."""
    known = "　".join((law.title, law.document, *law.short))
    return all(word in known for word in words)


def with_text(book: Book, found: Found, day: date) -> Found:
    """The same with its full text, where that lies here: the newest that was there by that day, else the newest."""
    if found.hit is not None:
        return found
    title, _, place = article_of(found.citation).removeprefix("《").partition("》")
    hits = Library(book.store).at(title, place)
    of_the_day = (hit for hit in hits if hit.version <= day.isoformat())
    return replace(found, hit=next(chain(of_the_day, hits), None))


def _known(book: Book, article: Article, day: date) -> Found:
    return Found(article.citation, article.gist, book.rules.laws.standing(article.citation, day), _source(article.law))


def _read(book: Book, citation: str, day: date) -> Found:
    """A place that a full text has, with what the catalogue knows of it."""
    laws = book.rules.laws
    law = laws.law(citation.removeprefix("《").partition("》")[0])
    try:
        standing = laws.standing(citation, day)
    except Problem:
        standing = Standing.UNVERIFIED  # nothing is counted there, or more than the catalogue knows of
    return Found(citation, "", standing, _source(law) if law else "法规库没有登记这一部，施行日期自行核对")


def _source(law: Law) -> str:
    since = (
        f"{zh_date(law.effective_from)}起施行" if law.effective_from else "" if law.effective_to else "施行日期没有登记"
    )
    until = f"至{zh_date(law.effective_to)}" if law.effective_to else ""
    until += f"，现为《{law.replaced_by}》" if law.replaced_by else ""
    checked = f"{law.verified_by}核对" if law.verified_by else "待与官方文本核对"
    return "；".join(filter(None, (law.document, f"{since}{until}", checked)))


# -- full texts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A text that was taken in, and what it changes against the one that was here before."""

    title: str
    version: str
    count: int
    changes: tuple[Change, ...]


def texts(book: Book) -> tuple[Kept, ...]:
    """The full texts that lie on this laptop."""
    return Library(book.store).texts()


def take_in(book: Book, path: Path) -> TakenIn:
    """Keep the full text of a law from a file, encrypted, on this laptop only. Raises `Problem("law_text_bad")`."""
    statute = load(path)
    library = Library(book.store)
    before = next((kept for kept in library.texts() if kept.title == statute.title), None)
    said = library.articles(before.id) if before else {}
    library.keep(statute, book.person.id, book.clock.now().at.isoformat())
    change = of_texts(statute.title, said, statute.articles) if before else None
    return TakenIn(statute.title, statute.version, len(statute.passages), (change,) if change else ())


def remove(book: Book, kept: Kept) -> None:
    """Take a full text off this laptop."""
    Library(book.store).remove(kept.id)


# -- whom a new version concerns --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Concerned:
    """What rests on a law that changed: items of checklists, and open inspections with their findings."""

    change: Change
    items: tuple[tuple[str, tuple[str, ...]], ...]
    """Title of a checklist, and the codes of its items."""
    citing: tuple[tuple[str, tuple[str, ...]], ...]
    """Unit of an open inspection, and the codes of its findings that cite it."""
    using: tuple[str, ...]
    """Units of the other open inspections whose checklist rests on it."""


def concerned(book: Book, changes: Sequence[Change]) -> tuple[Concerned, ...]:
    """Checklists and open inspections that each change touches."""
    queries = book.queries
    open_ = [queries.case(row.id) for row in queries.inspections() if row.stage not in _DONE] if changes else []
    return tuple(_concerned(book, change, open_) for change in changes)


def _concerned(book: Book, change: Change, cases: Iterable[CaseFile]) -> Concerned:
    items = ((form.title, _codes(book, form.items, change)) for form in book.rules.checklists())
    citing, using = list[tuple[str, tuple[str, ...]]](), list[str]()
    for case in cases:
        codes = tuple(f.code for f in case.findings if any(map(change.touches, (*f.basis, f.order_basis))))
        if codes:
            citing.append((case.unit.name, codes))
        elif _codes(book, book.queries.form(case).items, change):
            using.append(case.unit.name)
    return Concerned(change, tuple((title, codes) for title, codes in items if codes), tuple(citing), tuple(using))


def _codes(book: Book, items: Iterable[Item], change: Change) -> tuple[str, ...]:
    return tuple(item.code for item in items if any(map(change.touches, book.rules.citations(item.basis))))


def arrived(book: Book) -> tuple[Change, ...]:
    """What the laws that the bureau published last change against those before; they may wait for the next sign-in."""
    events = _published(book)
    before = [event for event in events if event.at < events[-1].at]
    return _between(book, before, events)


def coming(book: Book) -> bool:
    """Whether laws that the bureau published are in force only from the next sign-in."""
    names = book.rules.shelf.published
    held = [event for event in _published(book) if names.get(event.body["name"]) == event.body["text"]]
    return bool(_between(book, held, _published(book)))


def _published(book: Book) -> list[Event]:
    events = (e for e in book.store.events(RULES_STREAM) if e.kind == "rule_published")
    return sorted((e for e in events if e.body["name"].startswith("laws/")), key=lambda event: event.at)


def _between(book: Book, before: Iterable[Event], after: Iterable[Event]) -> tuple[Change, ...]:
    try:
        return between(_laws_of(book, before), _laws_of(book, after))
    except Exception:  # written for a later version of the application: it says so itself at signing in
        return ()


def _laws_of(book: Book, events: Iterable[Event]) -> Catalogue:
    """The catalogue as these publications leave it."""
    return Rules(replace(book.rules.shelf, published={event.body["name"]: event.body["text"] for event in events})).laws
