"""What the generators of the catalog share: the case, its words, and the shapes that recur."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from ...domain.calendar import zh_date, zh_moment
from ...domain.casefile import CaseFile
from ...domain.evidence import STORED, Evidence, led
from ...domain.finding import Consequence, Finding
from ...domain.law import joined, names_article, numeral
from ...domain.sheet import Entry
from ...domain.together import Guest
from ...places import SHIPPED, Shelf
from ..blocks import (
    Addressee,
    Attachment,
    Block,
    Field,
    Fields,
    Note,
    Para,
    Photos,
    Prose,
    Shot,
    Sign,
    Strip,
    Table,
    Title,
)
from ..facts import bare, case_facts, clean, lines, ranged
from ..fonts import HEI, KAI
from ..titles import by_sense
from ..wording import Wording, laws, procedure

_ENDED = ("。", "！", "？", "…", "”")

BOX = 24.0
"""Least height of a box for an opinion, a signature and a day, in millimetres."""


@dataclass
class Maker:
    """The facts of one paper in the making. `photos` are the numbers of the evidence whose pictures are at hand, `sheet` is
    the id of what was filled in for it."""

    case: CaseFile
    day: date
    kind: str
    titles: str
    photos: frozenset[str]
    shelf: Shelf = SHIPPED
    sheet: str = ""

    def __post_init__(self) -> None:
        self.words = Wording(self.kind, self.titles, {}, self.shelf)
        facts = case_facts(self.case, self.day)
        facts["officers"] = ""
        self.words.facts = facts
        people = [self.words.t("officer", officer=o.name, credential=o.credential_number) for o in self.case.able]
        power = procedure(self.shelf).power(self.case.kind, self.case.unit.kind.value)
        self.words.facts = facts | {"officers": "、".join(people), "power": power}
        self.entries = {entry.name: entry for entry in self.words.entries}
        held = self.case.sheet(self.sheet or self.words.sheet)
        self._fields, self._rows = (held.fields, held.rows) if held else ({}, {})
        for entry in self.entries.values():
            if entry.kind != "rows":
                said = _said(entry, self._fields.get(entry.name, ""))
                self.words.facts |= {entry.name: said or self.default(entry)}
            if entry.kind == "moment":
                day, mark, _ = self.words.facts[entry.name].partition("日")
                self.words.facts |= {f"{entry.name}_day": day + mark}

    def default(self, entry: Entry) -> str:
        """What the case says for an entry that was not filled in."""
        before = dict(self.words.empty)
        said = self.words.fill(entry.default) if entry.default else ""
        lacked, self.words.empty = self.words.empty != before, before
        return "" if lacked else said

    # what was filled in

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a table of the sheet as facts; a table that must hold something and holds nothing is lacking."""
        entry = self.entries[name]
        filled = [_row(entry, row) for row in self._rows.get(name, ()) if len(row) == len(entry.columns)]
        if entry.given:
            key = entry.columns[0].name
            known = {row[key]: row for row in filled}
            blank = dict.fromkeys((column.name for column in entry.columns), "")
            return [known.get(given, blank) | {key: given, "shown": shown} for given, shown in self.given(entry)]
        if not filled and entry.mandatory:
            self.words.lack(name)
        return filled

    def given(self, entry: Entry) -> list[tuple[str, str]]:
        """Key and words of the rows that the case gives: what was ordered, or a list of the wording."""
        if entry.given == "ordered":
            return [(f.code, bare(f.fact)) for f in self.findings(Consequence.RECTIFY, Consequence.CORRECT)]
        return [(item, item) for item in self.words.items(entry.given)]

    def prose(self, name: str) -> Iterator[Para]:
        """A long entry, a paragraph for each of its lines; the text of its name says that it must not be empty."""
        for line in lines(self._fields.get(name, "")) or (self.t(name),):
            yield Para(line, names=self.names)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names that a line break must not split: people and the bureau's code."""
        case = self.case
        return tuple(map(clean, {*(o.name for o in case.officers), *(a.name for a in case.visit.attendees)}))

    def t(self, key: str, where: str = "", **more: str) -> str:
        return self.words.t(key, where, **more)

    def has(self, fact: str) -> bool:
        return bool(self.words.facts[fact])

    def joint(self, guests: Sequence[Guest]) -> Iterator[str]:
        """With whom a joint inspection is held, each named with the number of the credential."""
        held = self.case.together
        if guests:
            came = [self.t("partner", **_named(g)) for g in guests if not g.absent]
            key = "joint" if came else "joint_alone"
            yield self.t(key, leads=held.leads or self.case.bureau.name, partners="、".join(came))
            yield from (self.t("joint_absent", absent=bare(g.absent), **_named(g)) for g in guests if g.absent)

    def merged(self) -> Iterator[str]:
        """Which other tasks the one visit carries out."""
        held = self.case.together
        if held.tasks:
            named = [self.t("merged_of" if task.what else "merged", merged_plan=task.plan.strip("《》"), merged_task=bare(task.what))
                     for task in held.tasks]  # fmt: skip
            yield self.t("merged_into", merged="、".join(named))

    # letters

    def opening(self) -> Iterator[Block]:
        """Title and addressee."""
        yield self.title()
        yield Addressee(self.t("addressee"))

    def para(self, key: str, where: str = "", **more: str) -> Para:
        return Para(self.t(key, where, **more), names=self.names)

    def gap(self, fact: str) -> Para:
        """A paragraph for what is not known: the paper lacks this fact, and a draft claims nothing in its place."""
        self.words.lack(fact)
        return Para(self.words.plain("gap"))

    def heading(self, n: int, key: str, *, keep: bool = True) -> Para:
        """一、 in 黑体 on a line of its own."""
        return Para(f"{numeral(n)}、{self.words.plain(key)}", role=HEI, keep=keep)

    def run_in(self, n: int, key: str, text: str) -> Para:
        """一、 and its heading in 黑体, with the text behind it on the same line."""
        return Para(text, lead=f"{numeral(n)}、{self.words.plain(key)}", lead_role=HEI, names=self.names)

    def kept(self, para: Para) -> Para:
        """The paragraph on one page with what follows."""
        return replace(para, keep=True)

    def where(self, code: str) -> str:
        """The place of a missing field: an item of the checklist."""
        return self.t("where_item", code=code)

    def row(self, n: int) -> str:
        """The place of a missing field: a row of a table."""
        return self.t("where_row", nth=str(n))

    def numbered(self, n: int, text: str, *, level: int = 1) -> Para:
        lead = f"{numeral(n)}、" if level == 1 else f"（{numeral(n)}）"
        return Para(text, lead=lead, lead_role=HEI if level == 1 else KAI, names=self.names)

    def quoted(self, key: str, text: str) -> Iterator[Para]:
        """The unit's own words as it said them, a paragraph for each of its lines; the last one ends with a mark."""
        said = lines(text)
        for n, line in enumerate(said):
            opening = f"{self.words.plain(key)}“" if n == 0 else ""
            if n == len(said) - 1:
                line = f"{line}”" if line.endswith(_ENDED) else f"{bare(line)}。”"
            yield Para(opening + line, names=self.names)

    def mended(self, *, level: int = 2) -> Iterator[Para]:
        """What was corrected on the spot, so that the unit has it in writing."""
        found = self.findings(Consequence.ON_THE_SPOT)
        for n, finding in enumerate(found, 1):
            text = self.finding("mended", n, finding)
            yield self.numbered(n, text, level=level) if len(found) > 1 else Para(text, names=self.names)

    def closing(self, shots: Sequence[str] = (), enclosed: Sequence[str] = ()) -> Iterator[Block]:
        """Attachment note, signature, contact and, behind them, the photos."""
        numbers = [number for number in shots if number in self.photos]
        attached = [text for text in enclosed if text]
        if numbers:
            attached.append(self.t("photos_attached", count=str(len(numbers))))
        if attached:
            yield Attachment(self.words.plain("attachment"), tuple(attached))
        yield Sign(self.t("sign"), zh_date(self.day))
        if self.has("contact"):
            yield Note(self.t("contact" if self.has("bureau_phone") else "contact_name"))
        if numbers:
            yield Photos(self.words.plain("photo_heading"), self.shots(numbers))

    # findings and evidence

    def basis(self, finding: Finding) -> str:
        """What the consequence of a finding rests on: the article chosen for it, or that of all such, with the law's title."""
        return finding.order_basis or self.in_full(procedure(self.shelf).basis(finding.consequence, finding.code))

    def in_full(self, text: str) -> str:
        """The text with laws under their titles, as every paper cites them."""
        return laws(self.shelf).in_full(text)

    def findings(self, *consequences: Consequence) -> tuple[Finding, ...]:
        """Those with one of these consequences, and those of an order not followed that were handed on that way since."""
        since = {id for h in self.case.followup.handed_on if h.way in consequences for id in h.findings}
        return tuple(f for f in self.case.findings if Consequence(f.consequence) in consequences or f.id in since)

    def finding(self, key: str, n: int, finding: Finding, **more: str) -> str:
        """A sentence on one finding; what it lacks is named with its number."""
        where = self.t("where_finding", nth=numeral(n))
        if not all(names_article(citation) for citation in finding.basis):
            self.words.lack("basis", where, self.words.plain("article_unknown"))
        facts = {
            "fact": bare(finding.fact), "basis": joined(finding.basis), "evidence": self.proofs(finding),
            "demand": bare(finding.demand), "due": zh_date(finding.due) if finding.due else "", "nth": numeral(n),
        }  # fmt: skip
        return self.t(key, where=where, **(facts | more))

    def numbers(self, evidence: Sequence[str]) -> str:
        """Numbers of evidence as the text cites them."""
        return ranged(evidence, self.words.plain("run"))

    def proofs(self, finding: Finding) -> str:
        """The evidence of a finding as the text cites it, or why it was confirmed without."""
        if finding.evidence or not finding.unproven:
            return self.numbers(finding.evidence)
        return self.t("unproven", unproven=bare(finding.unproven))

    def pictured(self, findings: Sequence[Finding]) -> list[str]:
        """Evidence of the findings that has a picture, each once, every set led by 方位, 全貌 and 重点部位."""
        pieces = {piece.number: piece for piece in self.case.evidence}
        sets = (led(pieces[n] for n in f.evidence if n in self.photos and n in pieces) for f in findings)
        return list(dict.fromkeys(piece.number for each in sets for piece in each))

    def shots(self, numbers: Sequence[str]) -> tuple[Shot, ...]:
        pieces = {piece.number: piece for piece in self.case.evidence}
        return tuple(self.shot(pieces[number]) for number in numbers if number in pieces)

    def shot(self, piece: Evidence) -> Shot:
        more = self.evidence_facts(piece)
        if piece.view:
            more["piece"] = self.t("photo_of_set", piece=more["piece"], view=piece.view)
        if piece.marks and piece.marks_shown:
            more["piece"] = self.t("photo_marked", piece=more["piece"])
        rows = []
        for row in self.words.rows("photo"):
            cells = [(row[i], self.words.fill(row[i + 1], piece.number, more)) for i in range(0, len(row), 2)]
            rows.append(tuple(cells))
        return Shot(piece.number if piece.number in self.photos else "", tuple(rows))

    def evidence_facts(self, piece: Evidence) -> dict[str, str]:
        """The mandatory fields of a piece of evidence (行政诉讼证据规定12, 64)."""
        maker = piece.maker
        if piece.maker and piece.maker_credential:
            maker = self.t("officer", officer=piece.maker, credential=piece.maker_credential)
        taken = zh_moment(piece.taken_at) if piece.taken_at else ""
        if taken and piece.time_from == STORED:
            taken = self.t("taken_unknown", taken=taken)
        digest = " ".join(piece.sha256[i : i + 4] for i in range(0, 16, 4)).upper()
        whole = {name: " ".join(value[i : i + 8] for i in range(0, 64, 8)).upper()
                 for name, value in (("sha256", piece.sha256), ("sm3", piece.sm3))}  # fmt: skip
        return {
            "piece": piece.number, "piece_kind": piece.kind, "taken": taken,
            "added": zh_moment(piece.added_at), "taken_place": bare(piece.place), "maker": maker,
            "proves": bare(piece.proves), "method": bare(piece.method), "carrier": bare(piece.carrier),
            "present": bare(piece.present), "digest": digest, "original": piece.original_name,
            "item": piece.item, "transcript": bare(piece.transcript), "size": f"{piece.size:,}", **whole,
        }  # fmt: skip

    # forms

    def title(self) -> Title:
        return Title(by_sense(self.words.title, self.words.items("title_words")))

    def table(self, key: str, rows: Sequence[Mapping[str, str]], height: float = 0.0) -> Table:
        """A table whose columns (head, width, template) are data; its rows are numbered from 1."""
        columns = self.words.rows(key)
        filled = tuple(
            tuple(self.words.fill(template, self.row(n), {"nth": str(n)} | dict(row)) for _, _, template in columns)
            for n, row in enumerate(rows, 1)
        )
        return Table(
            tuple(head for head, _, _ in columns), tuple(float(width) for _, width, _ in columns), filled, height
        )

    def inventory(self, name: str) -> Iterator[Block]:
        """A list of things that both sides count and sign for."""
        yield self.title()
        yield Fields(self.fields("head"))
        yield self.table("table", self.rows(name))
        yield Prose((Para(self.words.plain("note")),), self.words.plain("ending"))

    def fields(self, key: str, **more: str) -> tuple[tuple[Field, ...], ...]:
        """Rows of a form from the data: a template of one underscore is left for writing by hand."""
        rows = []
        for row in self.words.rows(key):
            cells = [row[i : i + 2] for i in range(0, len(row), 2)]
            rows.append(tuple(self._field(label, template, more) for label, template in cells))
        return tuple(rows)

    def _field(self, label: str, template: str, more: dict[str, str]) -> Field:
        if template.startswith("^"):  # a box: what is said above, who signs below
            said, _, foot = template[1:].partition("|")
            return Field(label, self.words.fill(said, "", more), hand=True, height=BOX, foot=foot)
        if template.startswith("_"):
            return Field(label, self.words.fill(template[1:], "", more), hand=True, height=16.0)
        return Field(label, self.words.fill(template, "", more))

    def strip(self) -> Strip:
        """The boxes for signatures; one that begins with * is there for every officer of the team, one with + for everybody of
        another authority."""
        many = {"*": max(2, len(self.case.able)), "+": sum(not guest.absent for guest in self.case.guests)}
        boxes: list[str] = []
        for text in self.words.items("strip"):
            boxes += [text[1:]] * many[text[0]] if text[0] in many else [text]
        return Strip(tuple(boxes), self.words.plain("strip_sentence"))


def _named(guest: Guest) -> dict[str, str]:
    return {"partner_office": guest.office, "partner_name": guest.name, "partner_number": guest.credential}


def _row(entry: Entry, row: Sequence[str]) -> dict[str, str]:
    return {column.name: _said(column, cell) for column, cell in zip(entry.columns, row, strict=True)}


def _said(entry: Entry, value: str) -> str:
    """A value of a sheet in words; what is no day or moment counts as not given."""
    try:
        if entry.kind == "day":
            return zh_date(date.fromisoformat(value)) if value else ""
        if entry.kind == "moment":
            return zh_moment(datetime.fromisoformat(value)) if value else ""
    except ValueError:
        return ""
    return clean(value).strip()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a paper is made: its blocks, and whether each page bears the signature strip."""

    blocks: Callable[[Maker], Iterator[Block]]
    signed: bool = False
