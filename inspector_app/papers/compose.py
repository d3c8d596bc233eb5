"""Line composition of Chinese text: strict kinsoku, squeeze first, no overfull line, no lost text.

Works in ems and knows neither fonts nor PDF: the caller measures characters. A paragraph is cut into
clusters that may not be broken; the lines are the cheapest path over the cluster ends (shrinking marks is
cheaper than widening gaps: 先挤进后推出). What follows which rule: GB/T 15834-2011 5.1 and CLREQ.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from itertools import accumulate, chain, islice
from operator import add
from typing import NamedTuple
from unicodedata import combining

Span = tuple[str, str]
"""A piece of text and the role of its face, a letter."""

Measure = Callable[[str, str], tuple[str, Sequence[float]]]
"""(role, text) -> for each character the face that draws it, a letter, and its advance in ems."""

OPENING = frozenset("“‘（《〈「『【〔〖［｛〝￥＄")
CLOSING = frozenset("，。、；：！？”’）》〉」』】〕〗］｝〞．")
NO_START = CLOSING | frozenset("—…·～／－％‰℃°㎡｜,.;:!?)]}%'\"―⸺⋯‧・〜–′″‼⁇⁈⁉﹚﹜﹞")
NO_END = OPENING | frozenset("／([{#№$¥﹙﹛﹝")
PAIRED = frozenset("—…―⸺⋯")
"""Dash and ellipsis; ― is what text from GB 2312 has for a half of the one, ⋯ what some keyboards give for the other."""
SPACES = frozenset(" \u3000")

_GAP = 0.08  # natural gap between Han and Latin, in ems; stretches like any other gap, shrinks to nothing
_LOOSE = 0.12  # widest stretch of one gap that is considered while a tighter line exists
_WIDEST = 0.25  # a line that would need wider gaps is left ragged (narrow columns, long numbers)
_BLANK = 2.0  # what a ragged line may lack at its end, in ems, so that what belongs together stays so
_EPSILON = 1e-9

_JOINTS = frozenset("/?&=_-@")
"""Behind these an address of the web or a number of a file may go on with the next line."""

_UNIT = re.compile(r"\d(?=[年月日时分秒条款项号页份件卷盒个人次米处张套天元册间层室楼台])")
_TOGETHER = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[条款项章节号页]|〔\d{4}〕\d+号|[（(][一二三四五六七八九十\d]+[)）]"
)


class Line(NamedTuple):
    """One composed line, in ems: its characters with the faces that draw them, where the first one stands, how wide each is, the
    gaps between them, and where the last one ends. Kept by the thousand, in tuples: the collector of garbage passes by those."""

    text: str
    faces: str
    start: float
    wide: tuple[float, ...]
    gaps: tuple[float, ...]
    end: float
    stretch: float = 0.0  # of the gaps that may be wider than natural

    @property
    def xs(self) -> tuple[float, ...]:
        """Where each character stands."""
        return tuple(accumulate(map(add, self.wide, self.gaps), initial=self.start))


@dataclass(frozen=True, slots=True)
class Composed:
    """The lines of a paragraph; `broken` holds what had to be broken in an emergency."""

    lines: tuple[Line, ...]
    broken: tuple[str, ...] = ()


def is_han(char: str) -> bool:
    """Whether the character fills a cell: ideographs, kana, full-width forms and signs, but no mark."""
    code = ord(char)
    return code >= 0x2E80 or 0x2460 <= code <= 0x27BF or 0x2100 <= code <= 0x23FF or char in "×÷±≤≥"


def _kind(char: str) -> str:
    """What a character is to the line: opening mark, closing mark, space, dash or dot, Han (a full cell), Latin; H is Han
    that may not begin or not end every line."""
    if char in OPENING:
        return "o"
    if char in CLOSING:
        return "c"
    if char in SPACES:
        return "s"
    if char in PAIRED or char in "·～":
        return "d"
    if not is_han(char):
        return "l"
    return "H" if char in NO_START or char in NO_END else "h"


class _Kinds(dict[int, str]):
    """Kinds by code, each asked for once."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind(chr(code))
        return kind


_KINDS = _Kinds()
_WATCHED = re.compile("l+|[^h]")
"""Around what is no free ideograph, gaps and breaks have to be looked at; inside a word there are none."""


def _blank(width: float) -> float:
    """How much of a full-width mark is blank."""
    return width - 0.5 if width > 0.75 else 0.0


@lru_cache(maxsize=16_384)
def _between(pair: str, wide: float, next_wide: float, one_face: bool) -> tuple[float, float, int, bool]:
    """Of two neighbours with their advances: the natural gap, how far it may shrink, whether it may stretch, whether a line
    may be broken there."""
    a, b = (kind.lower() for kind in pair.translate(_KINDS))
    whole = (
        pair[1] in NO_START
        or pair[0] in NO_END
        or (a + b != "hh" and (b == "s" or combining(pair[1]) > 0 or a == b == "l"))
    )
    if a == b == "h":
        return 0.0, 0.0, 1, not whole
    mixed = a + b in ("hl", "lh")
    blank = (_blank(wide) if a == "c" else 0.0) + (_blank(next_wide) if b == "o" else 0.0)
    before = 0.0
    if a in "oc" and b in "oc" and blank > 0:
        before = -min(blank, 0.5)  # 2 em of adjacent marks become 1.5 em
        blank += before
    elif mixed:
        before = blank = _GAP
    # less behind a heading in a face of its own: 一、二层 must not read as one numeral
    shrink = 0.0 if b == "s" else blank if one_face else blank / 2
    stretch = 1 if (a in "hc" and b in "ho") or mixed or a == "s" else 0
    return before, shrink, stretch, not whole


class _Paragraph:
    """The text of one paragraph with everything that is known of each place in it."""

    def __init__(self, spans: Sequence[Span], measure: Measure, keep: Sequence[str], *, ragged: bool) -> None:
        self.ragged = ragged
        self.text = "".join([text for text, _ in spans])
        self.roles = "".join([role * len(text) for text, role in spans])
        self.size = len(self.text)
        parts = [measure(role, text) for text, role in spans]
        self.faces = "".join([faces for faces, _ in parts])
        self.widths = tuple(chain.from_iterable([widths for _, widths in parts]))
        kinds = self.text.translate(_KINDS)
        self.kinds = kinds.lower()
        marks = [match.span() for match in _WATCHED.finditer(kinds)]
        self._measure_gaps(marks)
        self._measure_ends(marks)
        self.cost = self._break_costs(keep)
        self.emergency: tuple[str, ...] = ()

    def _measure_gaps(self, marks: Sequence[tuple[int, int]]) -> None:
        """Where each character stands on one endless line, how far the gaps before it may shrink, how many of them may stretch,
        and where lines may be broken. Most of a text are ideographs, between which a gap may stretch and nothing else; `marks`
        are all others, words whole."""
        text, kinds, widths, roles, size = self.text, self.kinds, self.widths, self.roles, self.size
        apart, shrink, stretch = [0.0] * size, [0.0] * size, [0, *[1] * (size - 1)]
        shut: list[int] = []
        looked = 0
        for start, end in marks:
            if end - start > 1:
                shut += range(start + 1, end)
                stretch[start + 1 : end] = [0] * (end - start - 1)
            for i in (end,) if start == looked else (start, end):
                if i < size:
                    one_face = roles[i] == roles[i - 1]
                    before, shrink[i], stretch[i], free = _between(
                        text[i - 1 : i + 1], widths[i - 1], widths[i], one_face
                    )
                    apart[i - 1] = before
                    if not free or (kinds[i - 1] == "s" and not self._opens_line(i)):
                        shut.append(i)
            looked = end
        self.apart, self.shrink, self.stretch = tuple(apart), shrink, stretch
        self.at: list[float] = [0.0, *accumulate(map(add, widths, apart))]
        self.give = [0.0, *accumulate(shrink)]
        self.take = [0, *accumulate(stretch)]
        self._measure_clusters(sorted(shut))

    def _measure_clusters(self, shut: Sequence[int]) -> None:
        """Where lines may be broken, and the clusters of several characters that these places leave whole; `shut` are all others."""
        self.allowed: list[int] = []
        self.whole: list[tuple[int, int]] = []
        free = 1
        for i in shut:
            if i > free or not self.whole:
                self.allowed += range(free, i)
                self.whole.append((i - 1, i + 1))
            else:
                self.whole[-1] = self.whole[-1][0], i + 1
            free = i + 1
        self.allowed += range(free, self.size)

    def _opens_line(self, i: int) -> bool:
        """Whether a line may begin here, behind spaces: a space behind an opening mark does not let it end the line."""
        last = i - 1
        while last and self.kinds[last] == "s":
            last -= 1
        return self.text[last] not in NO_END

    def _measure_ends(self, marks: Sequence[tuple[int, int]]) -> None:
        """How far the ink of each character reaches where a line ends with it, and what an opening mark gives up where a line
        begins with it; spaces at an end do not count."""
        self.left: dict[int, float] = {}
        self.ink, self.inked = list(self.widths), list(range(self.size + 1))
        self.taken = self.take.copy()  # before the end of a line that ends here
        for i, _ in marks:
            match self.kinds[i]:
                case "o":
                    self.left[i] = _blank(self.widths[i])
                case "c":
                    self.ink[i] -= _blank(self.widths[i])
                case "s":
                    self.ink[i] = self.at[i - 1] + self.ink[i - 1] - self.at[i] if i else 0.0
                    self.inked[i + 1], self.taken[i + 1] = self.inked[i], self.taken[i]

    def lone(self, a: int, b: int) -> bool:
        """Whether but one character stands on a line, marks apart."""
        return len(self.kinds[a:b].replace("c", "").replace("s", "")) == 1

    def _break_costs(self, keep: Sequence[str]) -> list[float]:
        """What breaking before a character costs beyond the ordinary: number and unit, names, citations."""
        cost = [0.0] * (self.size + 1)
        for match in _UNIT.finditer(self.text):
            cost[match.end()] = 3.0
        for match in _TOGETHER.finditer(self.text):
            for i in range(match.start() + 1, match.end()):
                cost[i] = 6.0
        for name in keep:
            start = self.text.find(name) if name else -1
            while start >= 0:
                for i in range(start + 1, start + len(name)):
                    cost[i] = 60.0  # a name is broken only where there is no other way
                start = self.text.find(name, start + len(name))
        return cost

    def head(self, a: int) -> float:
        """Where a line that begins here is reckoned from."""
        return self.at[a] + self.left.get(a, 0.0)

    def tail(self, b: int) -> float:
        """Where the ink of a line ends that ends before this character."""
        return self.at[b - 1] + self.ink[b - 1]

    def natural(self, a: int, b: int) -> float:
        return self.tail(b) - self.head(a)

    def room(self, a: int, b: int) -> float:
        """How far the gaps inside the line can shrink."""
        return self.give[b] - self.give[a + 1]

    def gaps(self, a: int, b: int) -> int:
        """Number of gaps inside the line that may stretch; trailing spaces do not count."""
        return max(self.taken[b] - self.take[a + 1], 0)

    def fits(self, a: int, b: int, measure: float) -> bool:
        return self.tail(b) - self.give[b] <= self.most(a, measure)

    def most(self, a: int, measure: float) -> float:
        """The tightest end that still fits on a line from `a`."""
        return measure + _EPSILON + self.head(a) - self.give[a + 1]

    def cut(self, measure: float) -> None:
        """Allow breaks inside clusters that are wider than the narrowest line: the emergency. An address is broken behind its
        joints; no piece begins or ends with a mark that may not, as long as there is another place."""
        broken, extra, pen, widths = [], [], self.at, self.widths
        for start, end in self.whole:
            if pen[end - 1] + widths[end - 1] - pen[start] > measure - 1 and not self.fits(start, end, measure):
                broken.append(self.text[start:end])
                at = start
                for i in range(start + 1, end):
                    if self.text[i - 1] in _JOINTS and self._breaks(i):
                        extra.append(at := i)
                    elif pen[i] + widths[i] - pen[at] > measure + _EPSILON:
                        extra.append(at := next((place for place in range(i, at, -1) if self._breaks(place)), i))
        self.emergency = tuple(broken)
        self.allowed = sorted({*self.allowed, *extra}) if extra else self.allowed

    def _breaks(self, i: int) -> bool:
        """Whether a cluster that has to be broken may be broken here."""
        before, char = self.text[i - 1], self.text[i]
        return char not in NO_START and char not in _JOINTS and before not in NO_END and not combining(char)


def compose(
    spans: Sequence[Span],
    measure: Measure,
    width: float,
    *,
    first: float = 0.0,
    hang: float = 0.0,
    keep: Sequence[str] = (),
    ragged: bool = False,
) -> Composed:
    """Break a paragraph into justified lines, or `ragged` ones, which a narrow cell of a table needs.

    `width` is the measure in ems, `first` the indent of the first line and `hang` that of the others; words in
    `keep` (names) are broken only when nothing else is possible. The text of the lines together is the text
    of the spans; no line is wider than its measure, as long as no single character is.
    """
    paragraph = _Paragraph(spans, measure, keep, ragged=ragged)
    if not paragraph.size:
        return Composed(())
    paragraph.cut(width - max(first, hang))
    return Composed(tuple(_lines(paragraph, width, first, hang)), paragraph.emergency)


def _lines(p: _Paragraph, width: float, first: float, hang: float) -> list[Line]:
    lines: list[Line] = []
    a = 0
    for b in _path(p, width, first, hang):
        indent = hang if a else first
        lines.append(_set(p, a, b, width - indent, indent))
        a = b
    return lines


def _path(p: _Paragraph, width: float, first: float, hang: float) -> list[int]:
    """Ends of the lines on the cheapest path from the first to the last character; of equal ones that with the earlier ends.
    The cheapest place is gone on from first, so that what is dearer than the whole is never looked at."""
    ends = [*p.allowed, p.size]
    last = len(ends) - 1
    best: dict[int, tuple[float, int]] = {-1: (0.0, -1)}  # by number of the end
    done: set[int] = set()
    open_ = [(0.0, -1)]
    while open_ and (last not in best or open_[0][0] <= best[last][0] + _EPSILON):
        so_far, at = heappop(open_)
        if at in done or at == last:
            continue
        done.add(at)
        a = ends[at] if at >= 0 else 0
        for number, cost in _lines_from(p, ends, at + 1, a, width - (hang if a else first)):
            total = so_far + cost
            known = best.get(number)
            if known is None or total < known[0] - _EPSILON:
                best[number] = (total, at)
                heappush(open_, (total, number))
            elif total < known[0] + _EPSILON and at < known[1]:
                best[number] = (known[0], at)
    path = [last]
    while best[path[-1]][1] >= 0:
        path.append(best[path[-1]][1])
    return [ends[number] for number in reversed(path)]


def _lines_from(p: _Paragraph, ends: Sequence[int], low: int, a: int, measure: float) -> list[tuple[int, float]]:
    """Which end a line from `a` may have, and what each costs: all that fit without wide gaps, or else the last that fits.
    `ends[low]` is the first end behind `a`."""
    at, ink, give, taken, whole = p.at, p.ink, p.give, p.taken, p.size
    head, before = p.head(a), p.take[a + 1]
    most = measure + _EPSILON + head - give[a + 1]
    nearly = bisect_left(at, at[a] + measure * (1 - _LOOSE) - 1)
    found = []
    start = high = max(low, bisect_left(ends, nearly))
    for b in islice(ends, start, None):
        tail = at[b - 1] + ink[b - 1]
        if tail - give[b] > most:
            break
        spare = measure + head - tail
        gaps = taken[b] - before
        if spare <= (_BLANK if p.ragged else _LOOSE * gaps + 0.5) or b == whole:
            found.append((high, _cost(p, a, b, spare, gaps)))
        high += 1
    if found:
        return found
    while high > low + 1 and not p.fits(a, ends[high - 1], measure):
        high -= 1
    high = max(low, high - 1)
    b = ends[high]
    return [(high, _cost(p, a, b, measure - p.natural(a, b), p.gaps(a, b)))]


def _cost(p: _Paragraph, a: int, b: int, spare: float, gaps: int) -> float:
    """Of a line that has this much room to spare: squeezing is cheaper than stretching, and a lone character is dear."""
    cost = p.cost[b]
    if b == p.size:
        return cost + (8.0 if a > 0 and p.lone(a, b) else 0.0) + (0.5 if spare < 0 else 0.0)
    if spare < -_EPSILON:
        ratio = -spare / p.room(a, b)
        return cost + 0.2 * ratio + 0.7 * ratio * ratio
    if p.ragged:
        return cost + spare * spare
    each = spare / gaps if gaps > 0 else spare * 4
    return cost + 30 * each + 400 * each * each


def _set(p: _Paragraph, a: int, b: int, measure: float, indent: float) -> Line:
    """Place the characters of one line: shrink its gaps, or stretch them within limits, so that it fills the measure."""
    spare = measure - p.tail(b) + p.head(a)
    room, free = p.room(a, b), p.gaps(a, b)
    start, gaps = indent - p.left.get(a, 0.0), p.apart[a : b - 1]
    end, stretch = start + p.tail(b) - p.at[a], 0.0
    if spare < -_EPSILON and room > 0:
        shrink = min(1.0, -spare / room)
        gaps = tuple([gap - shrink * each for gap, each in zip(gaps, p.shrink[a + 1 : b], strict=True)])
        end -= shrink * room
    elif b < p.size and free and not p.ragged and spare <= free * _WIDEST + _EPSILON:
        stretch = spare / free
        last = p.inked[b]  # spaces behind it hang over
        wider = [gap + stretch * each for gap, each in zip(gaps, p.stretch[a + 1 : last], strict=False)]
        gaps = (*wider, *gaps[len(wider) :])
        end += spare
    return Line(p.text[a:b], p.faces[a:b], start, p.widths[a:b], gaps, end, stretch)
