"""The unit's self-assessment (单位自查): a workbook goes out, comes back filled in, and tells where to look first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain import selfcheck
from ..domain.casefile import CaseFile
from ..domain.event import Draft
from ..domain.problems import Problem, reason
from ..domain.selfcheck import Look
from .book import Book, Done
from .handing_out import write_new

if TYPE_CHECKING:
    from ..workbooks.selfcheck import Told

LARGEST = 20_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Received:
    """A filled-in workbook that was read; nothing is entered yet."""

    name: str
    content: bytes
    told: Told


def write_file(book: Book, stream: str, target: Path) -> Path:
    """Write the workbook for the unit. Raises `Problem`: `file_exists`, `file_unwritable`."""
    from ..workbooks import selfcheck as workbook

    queries = book.queries
    case = queries.case(stream)
    return write_new(target, workbook.write(queries.form(case).infos, case.unit.name))


def read_file(book: Book, stream: str, path: Path) -> Received:
    """What the unit filled in. Raises `Problem`: `file_refused`, `register_file`, `selfcheck_file`, `selfcheck_other`
    for one that names another unit."""
    from ..workbooks import selfcheck as workbook

    try:
        if path.stat().st_size > LARGEST:
            raise Problem("selfcheck_file", detail="文件太大")
        content = path.read_bytes()
    except OSError as error:
        raise Problem("file_refused", name=path.name, detail=reason(error)) from error
    queries = book.queries
    case = queries.case(stream)
    told = workbook.read(content, queries.form(case).infos)
    if told.unit and told.unit != case.unit.name:
        raise Problem("selfcheck_other", named=told.unit, unit=case.unit.name)
    return Received(path.name, content, told)


def take(book: Book, stream: str, received: Received) -> Done[int]:
    """Enter what the unit said; the workbook itself is kept. Returns how many items it answered; can be taken back.

    Raises `Problem`: `selfcheck_file` where nothing is answered, `selfcheck_late` once the visit has begun: what is said
    then is said to the officers and stands in the record.
    """
    case, told = book.queries.case(stream), received.told
    if not told.answers:
        raise Problem("selfcheck_file", detail="没有填写自查结果")
    if case.visit.arrived is not None:
        raise Problem("selfcheck_late")
    blob = book.keep(received.content, XLSX, "imported")
    digest = hashlib.sha256(received.content).hexdigest()
    body = {
        "answers": selfcheck.body_of(told.answers), "file": received.name, "sha256": digest, "by": told.by,
        "day": told.day.isoformat() if told.day else "", "checklist": case.checklist_sha256,
    }  # fmt: skip
    before = case.self_check
    old = body | {"answers": {}, "file": "", "sha256": "", "by": "", "day": ""}
    if before is not None:
        old |= {
            "answers": selfcheck.body_of(before.answers.values()), "file": before.file, "sha256": before.sha256,
            "by": before.by, "day": before.day.isoformat() if before.day else "",
        }  # fmt: skip
    done = [Draft(stream, selfcheck.KIND, body, "准备", blobs=(blob,))]
    return book.done(len(told.answers), done, [Draft(stream, selfcheck.KIND, old, "准备")])


def looks(book: Book, case: CaseFile) -> list[Look]:
    """Where the officers look first; empty without a self-assessment."""
    if case.self_check is None:
        return []
    items = book.queries.form(case).items
    return selfcheck.first_looks(case.self_check, (i.code for i in items if i.is_hazard), (i.code for i in items))
