"""At the door: arrival, credentials, rights and recording, recusal, who is present, the law explained.

国办发〔2018〕118号(五): show the certificate, tell reason, basis, rights and duties. 行政处罚法42, 43, 55.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict

from ..domain.casefile import Attendee
from ..domain.event import Draft
from ..domain.problems import Problem
from .book import Book, Done
from .procedure import check_arrived, check_move, check_open, check_pair
from .queries import Queries

STEP = "到场"

REPLIES = ("不申请回避", "申请回避", "没有回答")
"""The three equal replies to the question whether the unit asks for recusal; none is the default."""


def begin_visit(book: Book, stream: str, place: str) -> Done[str]:
    """The team is on site. Refused with less than two valid credentials or an unserved notice."""
    book.allow("inspect")
    now = book.clock.now().at
    check_move(book, Queries(book).case(stream), "visit_begun")
    if not place.strip():
        raise Problem("field_needed", what="检查地点")
    body = {"place": place.strip(), "arrived": now.isoformat()}
    return book.done(stream, [Draft(stream, "visit_begun", body, STEP)])


def _step(book: Book, stream: str, kind: str, body: dict[str, object], witness: str | None = None) -> Done[str]:
    book.allow("inspect")
    case = Queries(book).case(stream)
    check_open(book, case, kind)
    check_arrived(book, case, "登记到场步骤")
    return book.done(stream, [Draft(stream, kind, body, STEP, witness=witness)])


def show_credentials(book: Book, stream: str, officers: Sequence[str], witness: str) -> Done[str]:
    """Two officers showed their credentials; the second one confirms with the own PIN (`witness`)."""
    case = Queries(book).case(stream)
    if witness == book.person.id:
        raise Problem("same_person", officer=book.person.name)
    names = [o.name for o in case.officers if o.id in officers]
    check_pair(book, len(names))
    body: dict[str, object] = {"officers": "、".join(names), "ids": list(officers)}
    return _step(book, stream, "credentials_shown", body, witness)


def tell_recording(book: Book, stream: str, wording: str) -> Done[str]:
    """Everybody was told that the process is recorded (行政诉讼证据规定57: nothing is taken in secret)."""
    return _step(book, stream, "recording_told", {"wording": wording})


def tell_rights(book: Book, stream: str, wording: str, reply: str) -> Done[str]:
    """Rights and duties were read out; the reply and the version of the wording are kept together."""
    if reply not in REPLIES:
        raise Problem("field_needed", what="单位对回避权利的答复")
    return _step(book, stream, "rights_told", {"wording": wording, "reply": reply})


def request_recusal(book: Book, stream: str, officer: str, reason: str) -> Done[str]:
    """The unit asks that `officer` withdraw; the inspection goes on until it is decided (行政处罚法43)."""
    name = next((o.name for o in Queries(book).case(stream).officers if o.id == officer), "")
    if not name:
        raise Problem("field_needed", what="申请哪一名检查人员回避")
    if not reason.strip():
        raise Problem("reason_needed", what="回避申请")
    id = f"R-{uuid.uuid4().hex[:8]}"  # two laptops that know nothing of each other never give one id twice
    text = f"{name}：{reason.strip()}"
    return _step(book, stream, "recusal_requested", {"id": id, "officer": officer, "text": text})


def decide_recusal(book: Book, stream: str, about: str, decision: str, decided_by: str) -> Done[str]:
    """What the head of the bureau decided on the request with the id `about`."""
    if not decision.strip() or not decided_by.strip():
        raise Problem("field_needed", what="回避决定和决定人")
    return _step(
        book, stream, "recusal_decided",
        {"about": about, "decision": decision.strip(), "decided_by": decided_by.strip()},
    )  # fmt: skip


def leader_present(book: Book, stream: str, name: str) -> Done[str]:
    """The member of the leadership who leads and takes part throughout."""
    return _step(book, stream, "leader_present", {"name": name})


def confirm_attendees(book: Book, stream: str, attendees: Sequence[Attendee]) -> Done[str]:
    """Who of the unit is present; any authorised person will do (国办发〔2024〕54号)."""
    present = [a for a in attendees if a.name.strip()]
    if not present:
        raise Problem("field_needed", what="在场人员姓名")
    body: dict[str, object] = {
        "attendees": [asdict(a) for a in present],
        "names": "、".join(a.name for a in present),
    }
    return _step(book, stream, "attendees_confirmed", body)


def explain_law(book: Book, stream: str, topics: str, to_whom: str) -> Done[str]:
    """The law was explained face to face (谁执法谁普法)."""
    if not topics.strip():
        raise Problem("field_needed", what="宣讲内容")
    return _step(book, stream, "law_explained", {"topics": topics.strip(), "reply": to_whom.strip()})
