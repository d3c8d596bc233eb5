"""Evidence: what it must state to be usable, and whether its bytes are what was stored (行政诉讼证据规定 10 to 16, 64)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from ...domain.evidence import SPOKEN, STORED, Evidence
from ...domain.finding import Answer
from ...domain.footage import open_gaps
from ...domain.inspection import Stage
from ..check import Hit, check, hit
from ..dossier import DAMAGED, Dossier

_TOLERANCE = timedelta(minutes=10)
"""How far the clock of a camera may be off before its photo counts as taken outside the visit."""


def pieces(d: Dossier) -> Iterator[Evidence]:
    return (piece for piece in d.case.evidence if not piece.withdrawn)


@check("V5")
def proven(d: Dossier) -> Iterator[Hit]:
    """Every finding rests on evidence that is there."""
    there = {piece.number: piece for piece in pieces(d)}
    for finding in d.case.findings:
        if not finding.evidence and not finding.unproven and d.deciding:
            yield hit("finding", finding.id, "evidence", code=finding.code, fault="没有证据")
        for number in finding.evidence:
            if number not in there:
                yield hit(
                    "finding",
                    finding.id,
                    "evidence",
                    code=finding.code,
                    fault=f"引用的证据 {number} 不存在或者已经撤下",
                )


@check("D70")
def confirmed_without(d: Dossier) -> Iterator[Hit]:
    """A finding that was confirmed without evidence, its reason given, is told wherever the file is read."""
    for finding in d.case.findings:
        if finding.unproven:
            yield hit("finding", finding.id, "evidence", code=finding.code, reason=finding.unproven)


@check("V15")
def intact(d: Dossier) -> Iterator[Hit]:
    """The bytes of the evidence are those that were stored: their digest agrees."""
    for piece in pieces(d):
        if d.files.get(piece.sha256) == DAMAGED:
            yield hit("evidence", piece.number, number=piece.number)
    later = [(picture.number, picture.sha256) for picture in d.case.pictures]  # of the rectification
    later += [(filmed.number, filmed.sha256) for filmed in d.case.filmed]  # of how a paper was served
    for number, sha256 in later:
        if d.files.get(sha256) == DAMAGED:
            yield hit("case", number, "pictures", number=number)


@check("D4")
def within_the_visit(d: Dossier) -> Iterator[Hit]:
    """Photos were taken during the visit (several minutes are allowed for the clock of a camera)."""
    visit = d.case.visit
    for piece in pieces(d):
        if piece.taken_at is None or piece.time_from == STORED or visit.arrived is None:
            continue
        early = piece.taken_at < visit.arrived - _TOLERANCE
        late = not piece.of_process and visit.ended is not None and piece.taken_at > visit.ended + _TOLERANCE
        if early or late:
            yield hit("evidence", piece.number, "taken_at", number=piece.number, when="开始前" if early else "结束后")


@check("D25")
def described(d: Dossier) -> Iterator[Hit]:
    """Method, time, place, maker, what it proves, original carrier."""
    for piece in pieces(d):
        if missing := [name for name in piece.missing if name in _FIELDS]:  # the words of a sound are D52
            yield hit("evidence", piece.number, _FIELDS[missing[0]], number=piece.number, fields="、".join(missing))


_FIELDS = {"制作时间": "taken_at", "制作地点": "place", "制作人": "maker", "证明对象": "proves", "制作方法": "method",
           "原始载体": "carrier"}  # fmt: skip


@check("D24")
def copies_compared(d: Dossier) -> Iterator[Hit]:
    """A copy of a document says that it was compared with the original, and where that is kept (证据规定10)."""
    for piece in pieces(d):
        if piece.kind == "复印件" and "一致" not in piece.method + piece.transcript + piece.proves:
            yield hit("evidence", piece.number, "method", number=piece.number)


@check("D52")
def sound_has_words(d: Dossier) -> Iterator[Hit]:
    """Sound and film that are used as evidence come with a text of what they say (证据规定12)."""
    used = {number for finding in d.case.findings for number in finding.evidence}
    for piece in pieces(d):
        rests_on_it = piece.number in used or not piece.of_process
        if piece.kind in SPOKEN and rests_on_it and not piece.transcript.strip():
            yield hit("evidence", piece.number, "transcript", number=piece.number, kind=piece.kind)


@check("D53")
def deviations_proven(d: Dossier) -> Iterator[Hit]:
    """What was answered as deviating has a finding or evidence of its own."""
    if not d.reached(Stage.CHECKED):
        return
    found = {finding.code for finding in d.case.findings}
    for item in d.case.items:
        if item.value == Answer.NONCONFORMING and item.code not in found and not item.evidence:
            yield hit("item", item.code, "evidence", code=item.code)


@check("D54")
def once(d: Dossier) -> Iterator[Hit]:
    """The same bytes are no two pieces of evidence."""
    counts = Counter(piece.sha256 for piece in pieces(d))
    seen: dict[str, str] = {}
    for piece in pieces(d):
        if counts[piece.sha256] > 1 and piece.sha256 in seen:
            yield hit("evidence", piece.number, number=piece.number, other=seen[piece.sha256])
        seen.setdefault(piece.sha256, piece.number)


@check("N9")
def unused(d: Dossier) -> Iterator[Hit]:
    """Evidence of no finding and no item is told, not deducted."""
    used = {number for finding in d.case.findings for number in finding.evidence}
    for piece in pieces(d) if d.reached(Stage.RECORDED) else ():
        if piece.number not in used and not piece.item and not piece.of_process:
            yield hit("evidence", piece.number, number=piece.number)


@check("D55")
def made_by_the_team(d: Dossier) -> Iterator[Hit]:
    """Who made a piece belongs to the team, to those who inspect with it, or to those present."""
    people = {o.name for o in d.case.officers} | {a.name for a in d.case.visit.attendees}
    people |= {guest.name for guest in d.case.guests}
    people |= {d.case.leading_official.name} if d.case.leading_official else set()
    for piece in pieces(d):
        if piece.maker and piece.maker not in people:
            yield hit("evidence", piece.number, "maker", number=piece.number, maker=piece.maker)


@check("N12")
def filmed(d: Dossier) -> Iterator[Hit]:
    """A step that policy wants recorded has footage, or somebody has said why not (国办发〔2018〕118号). The areas of the
    checklist are told together."""
    gaps = open_gaps(d.case, d.policy.recording)
    areas = [gap for gap in gaps if gap.step.key.startswith("area:")]
    for gap in (*areas[:1], *(gap for gap in gaps if gap not in areas)):
        name = f"{gap.step.name}等 {len(areas)} 处" if gap in areas and len(areas) > 1 else gap.step.name
        yield hit("evidence", "", f"footage:{gap.step.key}", step=name, want=gap.step.want.value)
