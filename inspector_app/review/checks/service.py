"""Service of papers (行政处罚法61; 民事诉讼法87 to 95)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...domain.inspection import OUTGOING, SERVED, Stage
from ...domain.paper import Issued, Service
from ...domain.problems import Problem
from ...domain.rows import day_of
from ...domain.serving import ANNOUNCED, DIRECT, ELECTRONIC, LABELS, LEFT, WAYS
from ..check import Hit, check, hit
from ..dossier import Dossier

_SERVED = frozenset({*OUTGOING, "notice"})
_ON_THE_SPOT = timedelta(hours=24)
"""How long after the end of the check a record still counts as made and signed there: a visit may end at midnight."""


def _deliveries(d: Dossier) -> Iterator[tuple[Issued, Service]]:
    return ((paper, paper.served) for paper in d.formal() if paper.served is not None)


@check("D6")
def after_its_making(d: Dossier) -> Iterator[Hit]:
    """A paper is served and signed after it was made."""
    for paper, service in _deliveries(d):
        if service.at < paper.at.replace(second=0, microsecond=0):
            yield hit("service", paper.kind, "at", paper=paper.title, fault="送达时间早于成文时间")
    for paper in d.formal():
        for signature in paper.signatures:
            if signature.at < paper.at.replace(second=0, microsecond=0):
                yield hit(
                    "paper", paper.kind, "signatures", paper=paper.title, fault=f"{signature.name}的签字早于成文时间"
                )
    ended = d.case.visit.ended
    for record in d.formal("onsite_record"):
        last = max([record.at, *(signature.at for signature in record.signatures)])
        if ended is not None and last > ended + _ON_THE_SPOT:
            yield hit("paper", record.kind, "signatures", paper=record.title, fault="不是当场制作、当场签字的")


@check("D7")
def in_time(d: Dossier) -> Iterator[Hit]:
    """Papers are served within the term."""
    term = d.policy.deadline("service_penalty")
    for paper in d.formal(*OUTGOING):
        try:
            last = term.last_day(paper.at.date(), d.calendar)
        except Problem:
            continue
        day = paper.served.at.date() if paper.served else d.today
        if day > last:
            yield hit("service", paper.kind, "at", paper=paper.title, days=term.value)


@check("D20")
def proven(d: Dossier) -> Iterator[Hit]:
    """Every paper that goes out has a proof of its service; where there are fewer proofs than deliveries, one that names it."""
    shown = {sheet.paper: sheet.text for sheet in d.prints}
    proofs = [(p.at, shown.get(p.id)) for p in d.formal("proof_of_service")]
    deliveries = {(service.method, service.at) for paper, service in _deliveries(d) if paper.kind != "notice"}
    short = len(proofs) < len(deliveries)
    for paper in d.formal(*(SERVED if d.closing else _SERVED)):
        if paper.served is None:
            if d.closing or (d.reached(Stage.SERVED) and paper.kind in OUTGOING):
                yield hit("service", paper.kind, paper=paper.title, fault="没有送达")
        elif d.closing or d.reached(Stage.SERVED):
            mine = [text for at, text in proofs if at >= paper.at]
            named = not short or paper.kind == "notice" or any(text is None or paper.number in text for text in mine)
            if not mine or not named:
                yield hit("service", paper.kind, "proof", paper=paper.title, fault="没有送达回证")


@check("D21")
def relation(d: Dossier) -> Iterator[Hit]:
    """Whoever receives for the unit says in which capacity."""
    heads = {d.case.unit.head, d.case.unit.name, ""}
    for paper, service in _deliveries(d):
        if service.receiver not in heads and not service.relation.strip() and service.method == DIRECT:
            yield hit("service", paper.kind, "relation", paper=paper.title, receiver=service.receiver)


@check("V16")
def left_properly(d: Dossier) -> Iterator[Hit]:
    """A paper that was left says why, with a witness or a recording (民事诉讼法89)."""
    for paper, service in _deliveries(d):
        if service.method != LEFT:
            continue
        if not service.refusal.strip():
            yield hit("service", paper.kind, "refusal", paper=paper.title, fault="没有写拒收事由")
        witness = service.witness.strip()
        if not service.filmed and (not witness or witness in {officer.name for officer in d.case.officers}):
            fault = "见证人就是检查人员，也没有拍照录像" if witness else "没有见证人，也没有拍照录像"
            yield hit("service", paper.kind, "witness", paper=paper.title, fault=fault)


@check("D62")
def two_servers(d: Dossier) -> Iterator[Hit]:
    """Two officers serve in person."""
    for paper, service in _deliveries(d):
        if service.method in (DIRECT, LEFT) and len(set(service.servers)) < 2:
            yield hit("service", paper.kind, "servers", paper=paper.title)


@check("D63")
def received_by(d: Dossier) -> Iterator[Hit]:
    """A proof says who received it and where, and what else its way of service cannot do without."""
    for paper, service in _deliveries(d):
        held = {**dict(service.proof), "receiver": service.receiver.strip(), "refusal": "V16"}
        for name in WAYS[service.method].needs if service.method in WAYS else ():
            if not held.get(name):
                yield hit("service", paper.kind, name, paper=paper.title, fault=f"没有{LABELS[name]}")
        if not service.place.strip():
            yield hit("service", paper.kind, "place", paper=paper.title, fault="没有送达地点")
        for field, fault in _odd(d, service):
            yield hit("service", paper.kind, field, paper=paper.title, fault=fault)


def _odd(d: Dossier, service: Service) -> Iterator[tuple[str, str]]:
    """What cannot be of a service: field and fault."""
    day, told = service.at.date(), dict(service.proof)
    if service.method not in WAYS:
        yield "method", f"方式“{service.method}”不是法定的方式"
    if service.receiver.strip() in {officer.name for officer in d.case.officers}:
        yield "receiver", "收件人是检查人员"
    if service.method == ELECTRONIC and (agreed := day_of(told.get("agreed_on", ""))) and agreed > day:
        yield "agreed_on", "早于单位确认电子送达的日期"
    if service.method == ANNOUNCED and (begun := day_of(told.get("announced_on", ""))):
        term = d.policy.deadline("public_notice_service").value
        if day < begun + timedelta(days=term):
            yield "announced_on", f"离公告不满{term}日"
