"""What the generators of the catalog share: the case, its words, and the shapes that recur."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ...domain.calendar import zh_date, zh_moment
from ...domain.casefile import STORED, CaseFile, Evidence, Finding
from ...domain.finding import Consequence
from ...domain.law import joined, names_article, numeral
from ...places import SHIPPED, Shelf
from ..blocks import Addressee, Attachment, Block, Field, Note, Para, Photos, Shot, Sign, Strip, Title
from ..facts import bare, case_facts, lines, ranged
from ..fonts import HEI, KAI
from ..wording import Wording, procedure


@dataclass
class Maker:
    """The facts of one paper in the making. `photos` are the numbers of the evidence whose pictures are at hand."""

    case: CaseFile
    day: date
    kind: str
    titles: str
    photos: frozenset[str]
    shelf: Shelf = SHIPPED

    def __post_init__(self) -> None:
        self.words = Wording(self.kind, self.titles, {}, self.shelf)
        facts = case_facts(self.case, self.day)
        facts["officers"] = ""
        self.words.facts = facts
        people = [self.words.t("officer", officer=o.name, credential=o.credential_number) for o in self.case.able]
        power = procedure(self.shelf).power(self.case.kind, self.case.unit.kind.value)
        self.words.facts = facts | {"officers": "、".join(people), "power": power}

    @property
    def names(self) -> tuple[str, ...]:
        """Names that a line break must not split: people and the bureau's code."""
        case = self.case
        return tuple({*(o.name for o in case.officers), *(a.name for a in case.visit.attendees)})

    def t(self, key: str, where: str = "", **more: str) -> str:
        return self.words.t(key, where, **more)

    def has(self, fact: str) -> bool:
        return bool(self.words.facts[fact])

    # letters

    def opening(self) -> Iterator[Block]:
        """Title and addressee."""
        yield Title(tuple(self.words.title.split("\n")))
        yield Addressee(self.t("addressee"))

    def para(self, key: str, where: str = "", **more: str) -> Para:
        return Para(self.t(key, where, **more), names=self.names)

    def heading(self, n: int, key: str, *, keep: bool = True) -> Para:
        """一、 in 黑体 on a line of its own."""
        return Para(f"{numeral(n)}、{self.words.plain(key)}", role=HEI, keep=keep)

    def run_in(self, n: int, key: str, text: str) -> Para:
        """一、 and its heading in 黑体, with the text behind it on the same line."""
        return Para(text, lead=f"{numeral(n)}、{self.words.plain(key)}", lead_role=HEI, names=self.names)

    def numbered(self, n: int, text: str, *, level: int = 1) -> Para:
        lead = f"{numeral(n)}、" if level == 1 else f"（{numeral(n)}）"
        return Para(text, lead=lead, lead_role=HEI if level == 1 else KAI, names=self.names)

    def quoted(self, key: str, text: str) -> Iterator[Para]:
        """The unit's own words as it said them, a paragraph for each of its lines."""
        said = lines(text)
        for n, line in enumerate(said):
            opening = f"{self.words.plain(key)}“" if n == 0 else ""
            yield Para(opening + line + ("”" if n == len(said) - 1 else ""), names=self.names)

    def mended(self, *, level: int = 2) -> Iterator[Para]:
        """What was corrected on the spot, so that the unit has it in writing."""
        found = self.findings(Consequence.ON_THE_SPOT)
        for n, finding in enumerate(found, 1):
            text = self.finding("mended", n, finding)
            yield self.numbered(n, text, level=level) if len(found) > 1 else Para(text, names=self.names)

    def closing(self, shots: Sequence[str] = ()) -> Iterator[Block]:
        """Attachment note, signature, contact and, behind them, the photos."""
        numbers = [number for number in shots if number in self.photos]
        if numbers:
            yield Attachment(self.words.plain("attachment"), (self.t("photos_attached", count=str(len(numbers))),))
        yield Sign(self.t("sign"), zh_date(self.day))
        if self.has("contact"):
            yield Note(self.t("contact"))
        if numbers:
            yield Photos(self.words.plain("photo_heading"), self.shots(numbers))

    # findings and evidence

    def findings(self, *consequences: Consequence) -> tuple[Finding, ...]:
        return tuple(f for f in self.case.findings if Consequence(f.consequence) in consequences)

    def finding(self, key: str, n: int, finding: Finding, **more: str) -> str:
        """A sentence on one finding; what it lacks is named with its number."""
        where = self.t("where_finding", nth=numeral(n))
        if not all(names_article(citation) for citation in finding.basis):
            self.words.lack("basis", where, self.words.plain("article_unknown"))
        facts = {
            "fact": bare(finding.fact), "basis": joined(finding.basis), "evidence": self.numbers(finding.evidence),
            "demand": bare(finding.demand), "due": zh_date(finding.due) if finding.due else "", "nth": numeral(n),
        }  # fmt: skip
        return self.t(key, where=where, **(facts | more))

    def numbers(self, evidence: Sequence[str]) -> str:
        """Numbers of evidence as the text cites them."""
        return ranged(evidence, self.words.plain("run"))

    def pictured(self, findings: Sequence[Finding]) -> list[str]:
        """Evidence of the findings that has a picture, each once."""
        return list(dict.fromkeys(n for f in findings for n in f.evidence if n in self.photos))

    def shots(self, numbers: Sequence[str]) -> tuple[Shot, ...]:
        pieces = {piece.number: piece for piece in self.case.evidence}
        return tuple(self.shot(pieces[number]) for number in numbers if number in pieces)

    def shot(self, piece: Evidence) -> Shot:
        more = self.evidence_facts(piece)
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
        return {
            "piece": piece.number, "piece_kind": piece.kind, "taken": taken,
            "added": zh_moment(piece.added_at), "taken_place": bare(piece.place), "maker": maker,
            "proves": bare(piece.proves), "method": bare(piece.method), "carrier": bare(piece.carrier),
            "present": bare(piece.present), "digest": digest, "original": piece.original_name,
            "item": piece.item, "transcript": bare(piece.transcript),
        }  # fmt: skip

    # forms

    def fields(self, key: str, **more: str) -> tuple[tuple[Field, ...], ...]:
        """Rows of a form from the data: a template of one underscore is left for writing by hand."""
        rows = []
        for row in self.words.rows(key):
            cells = [row[i : i + 2] for i in range(0, len(row), 2)]
            rows.append(tuple(self._field(label, template, more) for label, template in cells))
        return tuple(rows)

    def _field(self, label: str, template: str, more: dict[str, str]) -> Field:
        if template.startswith("_"):
            return Field(label, self.words.fill(template[1:], "", more), hand=True, height=16.0)
        return Field(label, self.words.fill(template, "", more))

    def strip(self) -> Strip:
        """The boxes for signatures; one that begins with * is there for every officer of the team."""
        boxes: list[str] = []
        for text in self.words.items("strip"):
            boxes += [text[1:]] * max(2, len(self.case.able)) if text.startswith("*") else [text]
        return Strip(tuple(boxes), self.words.plain("strip_sentence"))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a paper is made: its blocks, and whether each page bears the signature strip."""

    blocks: Callable[[Maker], Iterator[Block]]
    signed: bool = False
