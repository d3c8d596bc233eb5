"""What stands on the papers themselves: mandatory fields, forms, numbers, page furniture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from ...domain.inspection import OUTGOING, STEPS, Stage, outgoing_papers
from ...domain.numbers import is_temporary, parse_number
from ...domain.paper import Issued, Signature, paper_step
from ...domain.people import UnitKind
from ...domain.signs import UNSEEN
from ..check import Hit, check, hit
from ..dossier import Dossier, Print

_TEMPORARY = frozenset({"onsite_record", "interview", "reinspection_record", "evidence_list", "proof_of_service"})
"""Kinds that may bear the controlled code of a laptop instead of a number: 笔录, 证据登记单 and 回证."""


@check("V9")
def signed(d: Dossier) -> Iterator[Hit]:
    """Two officers sign the record; the unit signs, or its refusal is noted with a reason and a witness (证据规定15)."""
    if d.reached(Stage.RECORDED) and not d.formal("onsite_record") and d.about != "onsite_record":
        yield hit("paper", "onsite_record", "signatures", paper="现场检查笔录", fault="没有制作")
    team, names = {o.id for o in d.case.officers}, {o.name for o in d.case.officers}
    for record in d.formal("onsite_record"):
        if not d.reached(Stage.RECORDED):
            continue
        if len(record.hands(d.case.officers) & team) < 2:
            yield hit("paper", record.kind, "signatures", paper=record.title, fault="不足两名检查人员签字")
        unit = [s for s in record.signatures if s.role == "被检查单位"]
        if not unit:
            yield hit("paper", record.kind, "signatures", paper=record.title, fault="单位没有签字，也没有拒签记载")
        for guest in d.case.unsigned_guests(record):
            fault = f"联合检查的{guest.office}{guest.name}没有签字，也没有写明原因"
            yield hit("paper", record.kind, "signatures", paper=record.title, fault=fault)
        for fault in _unsound(record, unit, names - {a.name for a in d.case.visit.attendees}):
            yield hit("paper", record.kind, "signatures", paper=record.title, fault=fault)


def _unsound(record: Issued, unit: Sequence[Signature], officers: Collection[str]) -> Iterator[str]:
    """What keeps the signatures of the unit, or its refusal, from counting."""
    for signature in unit:
        if signature.refused and not signature.refused.strip():
            yield "拒签没有写明原因"
        if signature.refused and signature.witness.strip() in ("", signature.name):
            yield "拒签没有见证人或者第二名执法人员"
        if signature.name in officers:
            yield "单位的签字是检查人员签的"
    if any(signature.pdf and signature.pdf != record.sha256 for signature in record.signatures):
        yield "有的签字签的不是这一份"


@check("V10")
def no_secret(d: Dossier) -> Iterator[Hit]:
    """Nothing that bears a mark of secrecy enters a paper (保密法)."""
    mark = re.compile(r"(绝密|机密|秘密)\s*[★☆]")
    for sheet in d.shown():
        if found := mark.search(sheet.text):
            yield hit("paper", sheet.kind, paper=sheet.title, mark=found[0])
    case = d.case
    texts = [("finding", f.id, "fact", f.fact) for f in case.findings]
    texts += [("item", i.code, "note", i.note) for i in case.items]
    texts += [("evidence", e.number, "proves", e.proves + e.transcript) for e in case.evidence if not e.withdrawn]
    for kind, key, field, text in texts:
        if found := mark.search(text):
            yield hit(kind, key, field, paper="案卷", mark=found[0])


@check("V11")
def says_what_is(d: Dossier) -> Iterator[Hit]:
    """A paper says what the case says: what changed since has to be made anew. Papers of one step rest on the same facts
    and are made anew one after the other, so that none of them keeps another from it."""
    for paper in d.formal():
        if paper.stale and (not d.about or _made_in(paper.kind) < _made_in(d.about)):
            yield hit("paper", paper.kind, paper=paper.title)


def _made_in(kind: str) -> int:
    """The step in which a paper is made, as a place in the procedure; a proof of service tells of papers that are there."""
    return STEPS.index("送达" if kind == "proof_of_service" else paper_step(kind))


@check("V17")
def called_for(d: Dossier) -> Iterator[Hit]:
    """The paper that ends the visit is made, and none that no finding calls for."""
    wanted = outgoing_papers(d.case)
    if d.reached(Stage.DECIDED) and d.about not in wanted:  # of several that are missing one is made first
        made = {p.kind for p in d.formal()}
        for kind in wanted:
            if kind not in made:
                yield hit("paper", kind, fault="应当制作的处理文书没有制作")
    for paper in d.formal(*OUTGOING):
        if paper.kind not in wanted and d.reached(Stage.DECIDED):
            yield hit("paper", paper.kind, fault=f"《{paper.title}》没有对应的问题")


@check("D11")
def complete(d: Dossier) -> Iterator[Hit]:
    """No mandatory field is empty."""
    for sheet in d.shown():
        for field in sheet.missing:
            yield hit("paper", sheet.kind, field, paper=sheet.title, field=field)


@check("D15")
def officers_named(d: Dossier) -> Iterator[Hit]:
    """Notice and record name each officer with the number of the credential."""
    for sheet in d.shown("notice", "onsite_record", "approval", "interview"):
        for officer in d.case.able:
            if officer.name not in sheet.text or (officer.credential and officer.credential_number not in sheet.text):
                if sheet.paper and officer.id in _came_later(d, sheet):
                    continue
                yield hit("paper", sheet.kind, "officers", paper=sheet.title, officer=officer.name)
    for sheet in d.shown("onsite_record"):
        for guest in d.case.visit.guests:
            if not guest.absent and guest.name and (not guest.credential or guest.credential not in sheet.text):
                yield hit("paper", sheet.kind, "officers", paper=sheet.title, officer=guest.name)


def _came_later(d: Dossier, sheet: Print) -> frozenset[str]:
    """Officers who took the place of a recused one after an earlier paper was made."""
    return (
        frozenset(o.id for o in d.case.able) if d.case.recused and sheet.kind in ("notice", "approval") else frozenset()
    )


@check("D16")
def read_and_agreed(d: Dossier) -> Iterator[Hit]:
    """The record closes with what the unit says of having read it."""
    for sheet in d.shown("onsite_record", "interview", "reinspection_record"):
        if not re.search(r"阅看|看过|宣读", sheet.text):
            yield hit("paper", sheet.kind, paper=sheet.title)


@check("D17")
def pages_counted(d: Dossier) -> Iterator[Hit]:
    """Each page of a form says which of how many it is."""
    for sheet in d.shown():
        if "{pages}" not in sheet.page:
            continue
        for n, leaf in enumerate(sheet.leaves, 1):
            wanted = sheet.page.replace("{page}", str(n)).replace("{pages}", str(len(sheet.leaves)))
            if not any(_same(wanted, text) for text in leaf):
                yield hit("paper", sheet.kind, paper=sheet.title, page=n)


@check("D18")
def ended(d: Dossier) -> Iterator[Hit]:
    """The text of a record is closed, so that nothing can be added (以下空白)."""
    for sheet in d.shown():
        if sheet.ending and not any("以下空白" in text for leaf in sheet.leaves for text in leaf):
            yield hit("paper", sheet.kind, paper=sheet.title)


@check("D19")
def strip_on_each_page(d: Dossier) -> Iterator[Hit]:
    """Each page of a record bears the boxes for signatures."""
    for sheet in d.shown():
        for n, leaf in enumerate(sheet.leaves, 1):
            if not all(_same(label, "".join(leaf)) for label in sheet.strip):
                yield hit("paper", sheet.kind, paper=sheet.title, page=n)


def _same(wanted: str, text: str) -> bool:
    return wanted.replace("\u3000", " ").strip() in text.replace("\u3000", " ")


@check("D22")
def remedies(d: Dossier) -> Iterator[Hit]:
    """An order to a unit outside tells of the remedies, with the full names of organ and court (行政复议法20)."""
    if not (d.case.unit.kind.is_enterprise or d.case.unit.kind is UnitKind.INSTITUTION):
        return
    for sheet in d.shown("rectification", "correction_order"):
        names = (d.case.bureau.government, d.case.bureau.court)
        named = all(name and name in sheet.text for name in names)
        if not named or not all(re.search(term, sheet.text) for term in _TERMS):
            yield hit("paper", sheet.kind, paper=sheet.title)


_TERMS = (r"六十日|60\s*日", r"六个月|6\s*个月")
"""Within which a unit applies for reconsideration, and sues."""


@check("D28")
def number_form(d: Dossier) -> Iterator[Hit]:
    """机关代字〔2026〕1号 (GB/T 9704 7.2.5); a temporary code only on what is made on site."""
    for paper in d.case.papers:
        if paper.draft or paper.reopened or d.is_own(paper.number):
            continue
        if is_temporary(paper.number):
            if paper.kind not in _TEMPORARY:
                yield hit("paper", paper.kind, "number", paper=paper.title, number=paper.number)
            continue
        try:
            parse_number(paper.number)
        except ValueError:
            yield hit("paper", paper.kind, "number", paper=paper.title, number=paper.number or "空")


_CHOSEN = re.compile(r"[☑☒■√✓✔]")


@check("D39")
def others_struck(d: Dossier) -> Iterator[Hit]:
    """Of options side by side those that were not chosen are struck. Where the choice is left to the hand, the signed page
    of a proof of service shows it."""
    kept = {paper.id for paper in d.formal() if paper.kept}
    for sheet in d.shown():
        lines = [text for leaf in sheet.leaves for text in leaf if "□" in text]
        if any(_CHOSEN.search(line) for line in lines):
            yield hit("paper", sheet.kind, "options", paper=sheet.title, fault="选定的以外，其余选项没有划去")
        elif lines and d.closing and sheet.kind == "proof_of_service" and sheet.paper not in kept:
            fault = "送达方式由手工勾选，没有存签字页，看不到选了哪一种"
            yield hit("paper", sheet.kind, "options", paper=sheet.title, fault=fault)


@check("D64")
def one_name(d: Dossier) -> Iterator[Hit]:
    """Names are written with the same characters everywhere (NFC), without invisible ones."""
    case = d.case
    texts = [
        ("prepare", case.unit.id, "unit", case.unit.name),
        *(("prepare", o.id, "officers", o.name) for o in case.officers),
    ]
    texts += [("visit", "", "attendees", a.name) for a in case.visit.attendees]
    for kind, key, field, text in texts:
        odd = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn")]
        if unicodedata.normalize("NFC", text) != text or odd:
            yield hit(kind, key, field, name=text)
    for place, text in d.typed(UNSEEN):
        if found := UNSEEN.search(text):
            yield hit(place.kind, place.key, place.field, name=text[: found.end()][-12:])


@check("D65")
def revision_told(d: Dossier) -> Iterator[Hit]:
    """A paper that was made anew says why the earlier one gave way."""
    for paper in d.case.papers:
        later = any(p.kind == paper.kind and not p.draft and p.revision > paper.revision for p in d.case.papers)
        if (
            not paper.draft
            and later
            and paper.served is not None
            and not paper.reopened
            and paper.kind != "proof_of_service"
        ):
            yield hit("paper", paper.kind, paper=paper.title, number=paper.number)
