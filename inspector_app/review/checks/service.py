"""Service of papers (行政处罚法61; 民事诉讼法87 to 95)."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.inspection import OUTGOING, Stage
from ...domain.paper import Issued, Service
from ...domain.problems import Problem
from ...domain.serving import DIRECT, LABELS, LEFT, WAYS
from ..check import Hit, check, hit
from ..dossier import Dossier

_SERVED = frozenset({*OUTGOING, "notice"})


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
    """Every paper that goes out has a proof of its service."""
    proofs = [p.at for p in d.formal("proof_of_service")]
    for paper in d.formal(*_SERVED):
        if paper.served is None:
            if d.closing or (d.reached(Stage.SERVED) and paper.kind in OUTGOING):
                yield hit("service", paper.kind, paper=paper.title, fault="没有送达")
        elif not any(at >= paper.at for at in proofs) and (d.closing or d.reached(Stage.SERVED)):
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
        if not service.witness.strip() and not service.filmed:
            yield hit("service", paper.kind, "witness", paper=paper.title, fault="没有见证人，也没有拍照录像")


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
