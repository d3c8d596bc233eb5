"""Service of papers (送达): method, time, receiver, proof (民事诉讼法87 to 95)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from ..domain.calendar import zh_date
from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.inspection import SERVED, Stage, all_served
from ..domain.paper import Service
from ..domain.problems import Problem
from ..domain.serving import ANNOUNCED, ELECTRONIC, FIELDS, LABELS, LEFT, WAYS
from .book import Book, Done
from .papers import draft_of, paper_of
from .procedure import check_move, check_pair

STEP = "送达"

METHODS = tuple(WAYS)


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
    filmed: Sequence[str] = ()  # pictures of the process or of its proof by number; 留置送达: or a recorder's file
    proof: Mapping[str, str] = field(default_factory=dict)
    """What else proves it, by the names of `serving.FIELDS`."""


def serve(book: Book, stream: str, delivery: Delivery, witness: str | None = None) -> Done[str]:
    """Note the service of papers; nothing is served before it was made, and each way needs what proves it
    (`serving.WAYS`). `witness` is the second officer, who has confirmed with the own PIN.

    Raises:
        Problem: `field_needed`, `not_found`, `date_order`, `date_ahead`, `bad_date`, `paper_stale`, `too_few_officers`, and
            `announcement_running` before the term of a public notice is over.
    """
    case = book.queries.case(stream)
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
    _proof(book, case, delivery)
    if delivery.method == LEFT and witness is None:
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
        **_told(delivery),
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


def _told(delivery: Delivery) -> dict[str, str]:
    """What proves it, without what is empty and what is of another way."""
    needs = WAYS[delivery.method].needs if delivery.method in WAYS else ()
    return {name: text for name in FIELDS if name in needs and (text := delivery.proof.get(name, "").strip())}


def _proof(book: Book, case: CaseFile, delivery: Delivery) -> None:
    """Whether a delivery holds what proves its way of service."""
    way, told = WAYS[delivery.method], _told(delivery)
    held = {**told, "receiver": delivery.receiver.strip(), "refusal": delivery.refusal.strip()}
    check_pair(book, len(set(delivery.servers)))
    if missing := [LABELS[name] for name in way.needs if not held.get(name)]:
        raise Problem("field_needed", what=f"{delivery.method}的{'、'.join(missing)}")
    if not delivery.place.strip():
        raise Problem("field_needed", what="送达地点")
    if delivery.method == LEFT and not (delivery.seen_by.strip() or delivery.filmed):
        raise Problem("field_needed", what="留置送达的见证人或者过程的照片、录像")
    if way.kept and not {filmed.number for filmed in case.filmed} & set(delivery.filmed):
        raise Problem("field_needed", what=f"{_KEPT[delivery.method]}的照片或者扫描件")
    day = delivery.served_at.date()
    if delivery.method == ELECTRONIC and day < _day(told["agreed_on"]):
        raise Problem("date_order", later="送达时间", earlier="确认书日期")
    term = book.rules.policy.deadline("public_notice_service").value
    if delivery.method == ANNOUNCED:
        begun = _day(told["announced_on"])
        if any(begun < paper.at.date() for paper in case.papers if paper.id in delivery.papers):
            raise Problem("date_order", later="公告日期", earlier="文书制作时间")
        if day < begun + timedelta(days=term):
            raise Problem("announcement_running", days=term, day=zh_date(begun))


_KEPT = {ELECTRONIC: "单位签字盖章的送达地址确认书", ANNOUNCED: "公告"}
"""What has to be kept as a picture or scan."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem("bad_date", text=text) from None


def preview(book: Book, stream: str, delivery: Delivery) -> bytes:
    """The proof of service as it will state this service: a draft in PDF. Writes nothing."""
    case = _marked(book.queries.case(stream), delivery)
    told = tuple(p for p in case.papers if p.served is not None or p.kind not in SERVED)
    return draft_of(book, replace(case, papers=told), "proof_of_service").pdf


def _after(case: CaseFile, delivery: Delivery) -> CaseFile:
    """The case as it will be once this service is written, where that may end its stage."""
    return _marked(case, delivery) if case.stage == Stage.DECIDED else case


def _marked(case: CaseFile, delivery: Delivery) -> CaseFile:
    mark = Service(
        tuple(delivery.papers), delivery.method, delivery.served_at, delivery.place, delivery.receiver, delivery.relation,
        delivery.seen_by, delivery.refusal, tuple(delivery.servers), tuple(delivery.filmed), tuple(_told(delivery).items()),
    )  # fmt: skip
    papers = tuple(replace(p, served=mark) if p.id in delivery.papers else p for p in case.papers)
    return replace(case, papers=papers)
