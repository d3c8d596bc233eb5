"""结案, and what still comes to a closed file: disputes (投诉、行政复议、行政诉讼) and its call-up by supervision (调卷)."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..domain.closing import open_matters
from ..domain.event import Draft
from ..domain.followup import DISPUTES, CallUp, Dispute
from ..domain.problems import Problem
from ..record.verify import FAIL, verify
from . import filecheck
from .book import Book, Done
from .devices import device_keys
from .exchange import export_record
from .procedure import check_move

STEP = "归档"


# -- closing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """What stands between a case and its closing: each with a way out. `blocks` are those of the file review."""

    open: tuple[tuple[str, str], ...]
    blocks: tuple[filecheck.Remark, ...]

    @property
    def free(self) -> bool:
        return not self.open and not self.blocks


def look(book: Book, stream: str) -> Look:
    """Everything open and everything that the file review forbids, every file read anew; takes as long as its files are
    large."""
    case = book.queries.case(stream)
    files = dict(filecheck.verify_files(book, case))
    verdict = filecheck.look(book, stream, filecheck.Moment.CLOSE, files=files)
    return Look(tuple(open_matters(case)), verdict.blocks)


def close(book: Book, stream: str, reason: str, approved_by: str) -> Done[str]:
    """Close an inspection whose closing report the head has approved. From then on it is only read.

    Raises:
        Problem: `move_refused` with the first open matter, `closing_blocked` with the first remark of the file review that
            forbids it, `field_needed`.
    """
    book.allow("close", stream)
    check_move(book, book.queries.case(stream), "closed")
    if blocks := look(book, stream).blocks:
        said = blocks[0].message.rstrip("。")
        raise Problem("closing_blocked", count=len(blocks), remark=said, way=blocks[0].check.way)
    for what, text in (("结案理由", reason), ("批准结案的负责人", approved_by)):
        if not text.strip():
            raise Problem("field_needed", what=what)
    body = {"id": "1", "reason": reason.strip(), "approved_by": approved_by.strip()}
    done = book.done(stream, [Draft(stream, "closed", body, STEP)])
    book.store.fix_checkpoint(stream)
    return done


# -- disputes ----------------------------------------------------------------------------------------------------------


def enter_dispute(
    book: Book, stream: str, kind: str, day: date, by: str, about: str, number: str = "", due: date | None = None
) -> Done[str]:
    """Enter a complaint, an application for reconsideration or a lawsuit over this inspection. Returns its id."""
    book.queries.case(stream)
    if kind not in DISPUTES:
        raise Problem("field_needed", what="、".join(DISPUTES))
    _needed({"提出的人": by, "要求和理由": about})
    _not_ahead(book, day, "收到的日期")
    id = f"S-{uuid.uuid4().hex[:8]}"
    body = {"id": id, "kind": kind, "day": day.isoformat(), "by_name": by.strip(), "about": about.strip(),
            "number": number.strip(), "due": due.isoformat() if due else ""}  # fmt: skip
    return book.done(id, [Draft(stream, "dispute_entered", body, STEP)])


def settle_dispute(book: Book, stream: str, id: str, day: date, outcome: str) -> Done[str]:
    """Enter how it ended."""
    held = next((d for d in book.queries.case(stream).followup.disputes if d.id == id and not d.settled), None)
    if held is None:
        raise Problem("not_found", what="没有办结的投诉、复议或者诉讼")
    _needed({"结果": outcome})
    _not_ahead(book, day, "办结日期")
    body = {"id": id, "kind": held.kind, "day": day.isoformat(), "outcome": outcome.strip()}
    return book.done(id, [Draft(stream, "dispute_settled", body, STEP)])


def disputes(book: Book) -> tuple[tuple[str, Dispute], ...]:
    """Every dispute that this laptop knows, the newest first, with its inspection."""
    queries = book.queries
    streams = sorted({stream for stream, _, _ in book.store.topic("dispute")})
    found = [(stream, dispute) for stream in streams for dispute in queries.case(stream).followup.disputes]
    return tuple(sorted(found, key=lambda each: each[1].day, reverse=True))


def counted(book: Book, year: int) -> dict[str, tuple[int, int]]:
    """By kind how many were received in a year, and how many of those have ended."""
    mine = [dispute for _, dispute in disputes(book) if dispute.day.year == year]
    received, ended = Counter(d.kind for d in mine), Counter(d.kind for d in mine if d.settled)
    return {kind: (received[kind], ended[kind]) for kind in DISPUTES}


# -- the file that is called up ----------------------------------------------------------------------------------------


def call_up(book: Book, stream: str, office: str, number: str, received: date) -> Done[str]:
    """Enter that a supervising organ calls the file up; policy says until when it has to be handed over. Returns its id."""
    book.queries.case(stream)
    _needed({"调卷的机关": office, "调卷通知的文号": number})
    _not_ahead(book, received, "收到调卷通知的日期")
    try:
        due = book.rules.policy.deadline("supervision_handover").last_day(received, book.rules.calendar).isoformat()
    except Problem:  # the year's arrangement is not known yet
        due = ""
    id = f"D-{uuid.uuid4().hex[:8]}"
    body = {"id": id, "office": office.strip(), "number": number.strip(), "received": received.isoformat(), "due": due}
    return book.done(id, [Draft(stream, "file_called_up", body, STEP)])


def send_file(
    book: Book, stream: str, id: str, target: Path, step: Callable[[int, int], bool] = lambda done, total: True
) -> Done[Path] | None:
    """Write the whole file as one package, check it as whoever receives it will, and enter that it left: its digest is in the
    record. None when it was stopped, as `export_record`.

    Raises:
        Problem: `bad_package` when it does not pass its own check (the file is taken away again), and as `export_record`.
    """
    call = _call(book, stream, id, sent=False)
    written = export_record(book, stream, target, step)
    if written is None:
        return None
    report = verify(target, keys=[key.id for key in device_keys(book.store)])
    if failed := [check.said for check in report.checks if check.result == FAIL]:
        target.unlink()
        raise Problem("bad_package", name=target.name, detail=failed[0])
    with target.open("rb") as package:
        digest = hashlib.file_digest(package, "sha256").hexdigest()
    body = {"id": id, "day": _today(book).isoformat(), "office": call.office, "name": target.name, "sha256": digest}
    done = book.done(target, [Draft(stream, "file_sent", body, STEP)])
    return Done(target, done.touched, (*written.events, *done.events))


def file_back(book: Book, stream: str, id: str, day: date) -> Done[str]:
    """Enter that the file came back."""
    call = _call(book, stream, id, sent=True)
    _not_ahead(book, day, "退回日期")
    if call.sent and day < call.sent:
        raise Problem("date_order", later="退回日期", earlier="送出日期")
    body = {"id": id, "day": day.isoformat(), "office": call.office}
    return book.done(id, [Draft(stream, "file_returned", body, STEP)])


def _call(book: Book, stream: str, id: str, *, sent: bool) -> CallUp:
    found = next((c for c in book.queries.case(stream).followup.call_ups if c.id == id and not c.returned), None)
    if found is None or (found.sent is not None) is not sent:
        raise Problem("not_found", what="送出的案卷" if sent else "待送出的调卷")
    return found


def _needed(texts: dict[str, str]) -> None:
    for what, text in texts.items():
        if not text.strip():
            raise Problem("field_needed", what=what)


def _not_ahead(book: Book, day: date, what: str) -> None:
    if day > _today(book):
        raise Problem("date_ahead", what=what)


def _today(book: Book) -> date:
    return book.clock.now().at.date()
