"""What a new version of a law says otherwise, so that nobody goes on with a citation that has moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .law import Catalogue, Law, numeral

_ARTICLE = re.compile(r"(《[^》]+》第[^条]+条(?:之[一二三四五六七八九十]+)?).*")


@dataclass(frozen=True, slots=True)
class Change:
    """One law that changed: in words what did, and the articles concerned; `whole` where all of them are."""

    title: str
    what: str
    citations: frozenset[str] = frozenset()
    whole: bool = False

    def touches(self, citation: str) -> bool:
        """Whether a citation, down to 款 and 项, rests on what changed."""
        return citation.startswith(f"《{self.title}》") if self.whole else article_of(citation) in self.citations


def article_of(citation: str) -> str:
    """A citation without 款 and 项."""
    found = _ARTICLE.fullmatch(citation)
    return found[1] if found else citation


def between(before: Catalogue, after: Catalogue) -> tuple[Change, ...]:
    """What a new catalogue changes. Who verified a law when is no change of the law."""
    titles = dict.fromkeys(law.title for law in (*after.laws, *before.laws))
    found = (_of(title, *([law for law in c.laws if law.title == title] for c in (before, after))) for title in titles)
    return tuple(change for change in found if change is not None)


def _of(title: str, old: list[Law], new: list[Law]) -> Change | None:
    if not old or not new:
        return Change(title, "不再登记" if old else "新登记", whole=True)
    if [_period(law) for law in old] != [_period(law) for law in new]:
        return Change(title, "文号、施行期间或条数变了", whole=True)
    said, says = ({f"第{numeral(n)}条": gist for law in laws for n, gist in law.gists.items()} for laws in (old, new))
    return of_texts(title, said, says, "条文要旨变了")


def _period(law: Law) -> tuple[object, ...]:
    return law.document, law.effective_from, law.effective_to, law.last, law.replaced_by


def of_texts(title: str, before: Mapping[str, str], after: Mapping[str, str], what: str = "条文变了") -> Change | None:
    """What two texts of a law, by place, do not say alike; how they are spaced does not matter."""
    places = (place for place in before.keys() | after.keys() if _close(before, place) != _close(after, place))
    citations = frozenset(f"《{title}》{place}" for place in places)
    return Change(title, what, citations) if citations else None


def _close(texts: Mapping[str, str], place: str) -> str:
    return re.sub(r"\s+", "", texts.get(place, ""))
