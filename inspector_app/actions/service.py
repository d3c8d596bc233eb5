"""Service of papers (送达): method, time, receiver, proof (民事诉讼法87 to 95)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.casefile import CaseFile, Service
from ..domain.event import Draft
from ..domain.inspection import SERVED, Stage, all_served
from ..domain.problems import Problem
from .book import Book, Done
from .papers import draft_of, paper_of
from .procedure import check_move, check_pair
from .queries import Queries

STEP = "送达"

METHODS = ("直接送达", "留置送达", "邮寄送达", "电子送达", "委托送达", "公告送达")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the officer enters: one proof may cover several papers."""

    papers: Sequence[str]
    method: str
    served_at: datetime
    place: str
    receiver: str
    relation: str = ""
    seen_by: str = ""
    refusal: str = ""
    servers: Sequence[str] = ()
    address: str = ""  # 电子送达: where it arrived
    agreed: str = ""  # 电子送达: how the unit agreed to this address
    reason: str = ""  # 公告送达: why no other way was possible, and what was tried
    filmed: Sequence[str] = ()  # 留置送达: pictures of the process by number, or a recorder's file


def serve(book: Book, stream: str, delivery: Delivery, witness: str | None = None) -> Done[str]:
    """Note the service of papers. 留置 needs the refusal, and a witness or pictures of the process; nothing is served
    before it was made. `witness` is the second officer, who has confirmed with the own PIN."""
    case = Queries(book).case(stream)
    papers = [paper_of(case, paper) for paper in delivery.papers]
    if not papers:
        raise Problem("field_needed", what="送达的文书")
    if delivery.method not in METHODS:
        raise Problem("field_needed", what="送达方式")
    for issued in papers:
        if issued.draft:
            raise Problem("not_found", what=f"《{issued.title}》的正式文书")
        if delivery.served_at < issued.at.replace(second=0, microsecond=0):
            raise Problem("date_order", later="送达时间", earlier="文书制作时间")
        if issued.stale:
            raise Problem("paper_stale", paper=issued.title)
    if delivery.served_at > book.clock.now().at:
        raise Problem("date_ahead", what="送达时间")
    _proof(book, delivery)
    if delivery.method == "留置送达" and witness is None:
        raise Problem("field_needed", what="另一名执法人员的确认")
    notice = any(p.kind == "notice" for p in papers)
    to = _reached(book, case, delivery, notice)
    body = {
        "papers": list(delivery.papers), "title": "、".join(f"《{p.title}》" for p in papers),
        "method": delivery.method, "served_at": delivery.served_at.isoformat(), "place": delivery.place.strip(),
        "receiver": delivery.receiver.strip(), "relation": delivery.relation.strip(),
        "seen_by": delivery.seen_by.strip(), "refusal": delivery.refusal.strip(),
        "servers": list(delivery.servers), "completes": bool(to), **({"to": to} if to else {}),
        **({"filmed": list(delivery.filmed)} if delivery.filmed else {}),
        **{name: text for name in ("address", "agreed", "reason") if (text := getattr(delivery, name).strip())},
    }  # fmt: skip
    done = book.done(stream, [Draft(stream, "paper_served", body, "准备" if notice else STEP, witness=witness)])
    book.store.fix_checkpoint(stream)
    return done


def _reached(book: Book, case: CaseFile, delivery: Delivery, notice: bool) -> str:
    """The stage that this service leads to: the notice to the visit, the last outgoing paper to what follows; "" for none."""
    before_the_visit = list(Stage)[: list(Stage).index(Stage.NOTIFIED)]
    if notice and case.stage in before_the_visit:
        check_move(book, case, "paper_served")
        return Stage.NOTIFIED.value
    return Stage.SERVED.value if all_served(_after(case, delivery)) else ""


def _proof(book: Book, delivery: Delivery) -> None:
    if not delivery.place.strip():
        raise Problem("field_needed", what="送达地点")
    check_pair(book, len(set(delivery.servers)))
    if delivery.method == "留置送达" and not (delivery.refusal.strip() and (delivery.seen_by.strip() or delivery.filmed)):
        raise Problem("field_needed", what="留置送达的拒收事由，和见证人或者过程的照片、录像")
    if delivery.method == "电子送达" and not (delivery.address.strip() and delivery.agreed.strip()):
        raise Problem("field_needed", what="电子送达的地址和单位同意的方式")
    if delivery.method == "公告送达" and not delivery.reason.strip():
        raise Problem("field_needed", what="公告送达的原因和经过")
    if delivery.method == "直接送达" and not delivery.receiver.strip():
        raise Problem("field_needed", what="收件人")


def preview(book: Book, stream: str, delivery: Delivery) -> bytes:
    """The proof of service as it will state this service: a draft in PDF. Writes nothing."""
    case = _marked(Queries(book).case(stream), delivery)
    told = tuple(p for p in case.papers if p.served is not None or p.kind not in SERVED)
    return draft_of(book, replace(case, papers=told), "proof_of_service").pdf


def _after(case: CaseFile, delivery: Delivery) -> CaseFile:
    """The case as it will be once this service is written, where that may end its stage."""
    return _marked(case, delivery) if case.stage == Stage.DECIDED else case


def _marked(case: CaseFile, delivery: Delivery) -> CaseFile:
    mark = Service(
        tuple(delivery.papers), delivery.method, delivery.served_at, delivery.place, delivery.receiver, delivery.relation,
        delivery.seen_by, delivery.refusal, tuple(delivery.servers), tuple(delivery.filmed),
    )  # fmt: skip
    papers = tuple(replace(p, served=mark) if p.id in delivery.papers else p for p in case.papers)
    return replace(case, papers=papers)
