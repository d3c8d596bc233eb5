"""At the door: arrival, credentials, rights and recording, recusal, who is present, the law explained.

国办发〔2018〕118号(五): show the certificate, tell reason, basis, rights and duties. 行政处罚法42, 43, 55.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, astuple, replace

from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.inspection import Stage
from ..domain.people import Officer
from ..domain.problems import Problem
from ..domain.refused import KIND as REFUSED
from ..domain.together import Guest
from ..domain.visit import Attendee
from .book import Book, Done
from .procedure import check_arrived, check_move, check_open, check_pair
from .register import plain_officer

STEP = "到场"

REPLIES = ("不申请回避", "申请回避", "没有回答")
"""The three equal replies to the question whether the unit asks for recusal; none is the default."""


def begin_visit(book: Book, stream: str, place: str, urgent: str = "") -> Done[str]:
    """The team is on site. Refused with less than two valid credentials or an unserved notice.

    `urgent` says why the visit could not wait for approval and notice (国办发〔2024〕54号); the approval is added within
    the policy's term afterwards (`plan.approve`), or the case says that it came late.
    """
    now, case = book.clock.now().at, book.queries.case(stream)
    check_move(book, replace(case, visit=replace(case.visit, urgent=urgent.strip())), "visit_begun")
    if not place.strip():
        raise Problem("field_needed", what="检查地点")
    body = {"place": place.strip(), "arrived": now.isoformat()} | ({"urgent": urgent.strip()} if urgent.strip() else {})
    return book.done(stream, [Draft(stream, "visit_begun", body, STEP)])


def _step(book: Book, stream: str, kind: str, body: dict[str, object], witness: str | None = None) -> Done[str]:
    case = book.queries.case(stream)
    check_open(book, case, kind)
    check_arrived(book, case, "登记到场步骤")
    return book.done(stream, [Draft(stream, kind, body, STEP, witness=witness)])


def show_credentials(book: Book, stream: str, officers: Sequence[str], witness: str) -> Done[str]:
    """Two officers showed their credentials; the second one confirms with the own PIN (`witness`)."""
    case = book.queries.case(stream)
    if witness == book.person.id:
        raise Problem("same_person", officer=book.person.name)
    names = [o.name for o in case.able if o.id in officers]
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
    name = next((o.name for o in book.queries.case(stream).officers if o.id == officer), "")
    if not name:
        raise Problem("field_needed", what="申请哪一名检查人员回避")
    if not reason.strip():
        raise Problem("reason_needed", what="回避申请")
    id = f"R-{uuid.uuid4().hex[:8]}"  # two laptops that know nothing of each other never give one id twice
    text = f"{name}：{reason.strip()}"
    return _step(book, stream, "recusal_requested", {"id": id, "officer": officer, "text": text})


DECISIONS = ("同意回避", "驳回申请")
"""The two decisions on a request for recusal."""


def decide_recusal(book: Book, stream: str, about: str, decision: str, decided_by: str, reason: str = "") -> Done[str]:
    """What the head of the bureau decided on the request with the id `about`; refusing it needs a reason.

    A granted request takes the officer whom it names out of those who may act.
    """
    request = next((r for r in book.queries.case(stream).visit.recusals if r.id == about), None)
    if request is None:
        raise Problem("not_found", what="这件回避申请")
    if decision not in DECISIONS or not decided_by.strip():
        raise Problem("field_needed", what="回避决定和决定人")
    granted = decision == DECISIONS[0]
    if not granted and not reason.strip():
        raise Problem("reason_needed", what="驳回回避申请")
    said = f"{decision}：{reason.strip()}" if reason.strip() else decision
    body: dict[str, object] = {"about": about, "decision": said, "decided_by": decided_by.strip(), "granted": granted}
    return _step(book, stream, "recusal_decided", body)


def refuse_entry(
    book: Book, stream: str, who: str, reason: str, explained: str, *, left: bool, seen_by: str = ""
) -> Done[str]:
    """The unit does not let the team in, or hinders it. `left`: the team went away without having checked anything, and may
    come again; else the unit gave way.

    Raises `Problem`: `move_refused` before the credentials were shown, since the unit may refuse until then, after the visit,
        and for leaving once something was checked; `field_needed`.
    """
    case = book.queries.case(stream)
    hooks = book.rules.procedure.hooks
    if case.visit.ended is not None:
        raise Problem("move_refused", act="登记拒绝检查", reason="现场检查已经结束", hook=hooks[Stage.RECORDED],
                      way="写进办理的文书。")  # fmt: skip
    if case.visit.arrived is not None and case.visit.credentials_shown is None:
        raise Problem("move_refused", act="登记拒绝检查", reason="还没有出示执法证件，单位有权拒绝", hook=hooks[Stage.CHECKING],
                      way="先出示证件，说明来意。")  # fmt: skip
    needed = {"谁拒绝": who, "拒绝的理由": reason, "怎样说明的": explained}
    if empty := [name for name, text in needed.items() if not text.strip()]:
        raise Problem("field_needed", what="、".join(empty))
    if left:
        check_move(book, case, REFUSED)
    body: dict[str, object] = {
        "who": who.strip(), "reason": reason.strip(), "explained": explained.strip(), "seen_by": seen_by.strip(), "left": left,
        "to": (Stage.NOTIFIED if left else Stage(case.stage)).value,
    }  # fmt: skip
    done = _step(book, stream, REFUSED, body)
    book.store.fix_checkpoint(stream)
    return done


def replace_officer(book: Book, stream: str, left: str, officer: str) -> Done[str]:
    """Another officer of the register takes the place of one who was taken out (行政处罚法42, 43).

    Raises:
        Problem: `not_found`, also for one who is or was in the team or whose credential does not hold.
    """
    queries = book.queries
    case, known = queries.case(stream), queries.register().officers
    if left not in {each.id for each in case.officers} - {each.id for each in case.able}:
        raise Problem("not_found", what="已决定回避的检查人员")
    if officer not in {each.id for each in replacements(book, case)}:
        raise Problem("not_found", what="可以接替的执法人员")
    body: dict[str, object] = {"left": left, "name": known[officer].name, "officer": plain_officer(known[officer])}
    return _step(book, stream, "officer_replaced", body)


def replacements(book: Book, case: CaseFile) -> tuple[Officer, ...]:
    """Who may take the place of an officer who was taken out: the others of the register who may sign today."""
    taken, day = {each.id for each in case.officers} | case.recused, book.clock.now().at.date()
    return tuple(
        officer for officer in book.queries.officers()
        if officer.id not in taken and officer.credential is not None and officer.credential.holds_on(day)
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


def note_guests(book: Book, stream: str, guests: Sequence[Guest]) -> Done[str]:
    """Who of the other authorities of a joint inspection came and showed the credential, and why somebody did not; noted
    anew as long as the record is not made (国办发〔2018〕118号(五): everybody who inspects shows it).

    Raises `Problem`: `not_found` for other authorities than the approval names, `field_needed` without name and number of one
    who came.
    """
    offices = book.queries.case(stream).together.offices
    if not offices or {guest.office for guest in guests} != set(offices):
        raise Problem("not_found", what="审批表里写的联合部门")
    held = [Guest(*(text.strip() for text in astuple(guest))) for guest in guests]
    for guest in held:
        if not guest.absent and not (guest.name and guest.credential):
            raise Problem("field_needed", what=f"{guest.office}参加人员的姓名和执法证号")
    said = (f"{g.office}{g.name}（{f'没有到场，{g.absent}' if g.absent else g.credential}）" for g in held)
    return _step(book, stream, "guests_noted", {"guests": [asdict(guest) for guest in held], "names": "、".join(said)})


def explain_law(book: Book, stream: str, topics: str, to_whom: str) -> Done[str]:
    """The law was explained face to face (谁执法谁普法)."""
    if not topics.strip():
        raise Problem("field_needed", what="宣讲内容")
    return _step(book, stream, "law_explained", {"topics": topics.strip(), "reply": to_whom.strip()})
