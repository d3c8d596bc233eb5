"""送达回证: which papers reached whom, when, where and how (行政处罚法61; 民事诉讼法87 to 95)."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.calendar import zh_moment
from ...domain.inspection import SERVED
from ...domain.paper import Issued, Service
from ...domain.serving import FIELDS, LEFT, shown
from ..blocks import Block, Fields, Note, Table
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield m.title()
    papers, service = served(m)
    yield Fields(m.fields("head"))
    heads = m.words.rows("table")
    rows = tuple((str(n), m.t("paper", title=p.title), p.number, str(p.pages)) for n, p in enumerate(papers, 1)) or (
        (m.t("paper", title=""), "", "", ""),
    )
    yield Table(tuple(str(h) for h, _ in heads), tuple(float(w) for _, w in heads), rows)
    if service is None:
        yield Fields(m.fields("open"))
    else:
        yield Fields(m.fields("served", **_service(m, service)))
    yield Fields(m.fields("hand", **_servers(m, service)))
    yield Note(m.words.plain("note"))


def served(m: Maker) -> tuple[tuple[Issued, ...], Service | None]:
    """The papers of the newest service; with none, the formal papers that wait to be served."""
    formal = [p for p in m.case.papers if not p.draft and p.kind in SERVED]
    waiting = tuple(p for p in formal if p.served is None)
    if waiting:
        return waiting, None
    newest = max((p.served for p in formal if p.served), key=lambda s: s.at, default=None)
    return tuple(p for p in formal if p.served == newest), newest


def _servers(m: Maker, service: Service | None) -> dict[str, str]:
    """Credential numbers of the two who served, where it is known who they were."""
    numbers = {o.name: o.credential_number for o in m.case.officers} | {
        o.id: o.credential_number for o in m.case.officers
    }
    known = [numbers.get(server, "") for server in service.servers] if service else []
    numbered = {f"server_{n}": number for n, number in enumerate([*known, "", ""][:2], 1)}
    return {**numbered, "service_proof": "；".join(_proof(service)) if service else ""}


def _proof(service: Service) -> Iterator[str]:
    """What proves a service that nobody signed for at the door: number of the mail, confirmed address, public notice."""
    for name, said in service.proof:
        yield f"{FIELDS[name]}：{shown(name, said)}"
    if service.filmed and service.method != LEFT:
        yield f"附件：{'、'.join(service.filmed)}"


def _refusal(m: Maker, service: Service) -> Iterator[str]:
    """Why it was refused, and what proves that it was left: the witness, or the pictures of the process."""
    if service.refusal:
        yield service.refusal if service.refusal.endswith("。") else f"{service.refusal}。"
    if service.refusal and service.witness:
        yield m.t("witnessed", service_witness=service.witness)
    if service.filmed and service.method == LEFT:
        yield m.t("filmed", filmed="、".join(service.filmed))


def _service(m: Maker, service: Service) -> dict[str, str]:
    names = {officer.id: officer.name for officer in m.case.officers}
    return {
        "service_at": zh_moment(service.at), "service_place": service.place, "service_method": service.method,
        "receiver": service.receiver, "relation": service.relation, "service_witness": service.witness,
        "refusal": "".join(_refusal(m, service)), "servers": "、".join(names.get(s, s) for s in service.servers),
    }  # fmt: skip


RECIPE = Recipe(blocks)
