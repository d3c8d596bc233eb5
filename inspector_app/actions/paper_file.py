"""Every paper of the catalog in one folder, with a report: of the sample inspection or of an exported record."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..domain.casefile import CaseFile
from ..domain.people import Bureau
from ..domain.problems import Problem, reason
from ..domain.projection import Folded, fold
from ..domain.reading import Known, is_plan, officers_in, read_case
from ..domain.register import Register, read_officer
from ..evidence.photo import take_in
from ..evidence.sample import write_card
from ..papers.render import (
    CATALOG,
    Photo,
    Rendered,
    Stamp,
    in_format,
    kinds_of_sheet,
    measured,
    missing,
    render,
    title_of,
)
from ..record.container import Reader
from ..record.entry import event_of
from ..record.verify import FAIL, verify
from ..review.dossier import read_print
from . import sample_case
from .gallery import shown_on_paper
from .rules import Rules

_MOST = 1 << 30


@dataclass(frozen=True, slots=True)
class _Source:
    """A case, the pictures of its evidence and the archived bytes of its papers by digest; the sample has none."""

    case: CaseFile
    photos: Mapping[str, Photo]
    archived: Mapping[str, bytes] = field(default_factory=dict)
    sample: bool = False


def write_papers(out: Path, record: Path | None = None, also: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Write every paper of the catalog and report.json into a folder that is new or empty; returns the report's papers.

    A paper that the record holds is written as it was archived; every other one is rendered, as a draft where something
    is missing. `bars` holds what was measured on the composed pages (papers.bars). `also` names other formats, docx and ofd,
    which are no originals. A paper with a sign that no face draws keeps no other from being written: `refused` says so.

    Raises:
        Problem: `bad_package` for a record that does not pass its own checks, `file_unwritable`.
    """
    source = _exported(record) if record is not None else _Source(sample_case.CASE, _sample_photos(), sample=True)
    rules = Rules()
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise Problem("file_unwritable", name=out, detail="文件夹里已经有文件。")
        made = []
        for number, (kind, sheet) in enumerate(_wanted(source.case, rules), 1):
            made.append(_written(out / f"{number:02d}-{kind}.pdf", source, kind, sheet, rules, also))
        report = {"case": source.case.id, "titles": rules.words[0], "papers": made}
        (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise Problem("file_unwritable", name=out, detail=reason(error)) from error
    return made


def _written(
    file: Path, source: _Source, kind: str, sheet: str, rules: Rules, also: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """One paper in its formats, and what the report says of it."""
    told: dict[str, Any] = {"kind": kind, "title": title_of(kind, *rules.words), "file": "", "draft": "", "refused": ""}
    try:
        content, about = _paper(source, kind, sheet, rules)
        file.write_bytes(content)
        told |= {"file": file.name, **about}
        case, stamp, photos = _as_now(source, kind, sheet, rules)
        for form in also:
            other = in_format(f".{form}", kind, case, stamp, photos, *rules.words)
            file.with_suffix(f".{form}").write_bytes(other)
        told |= {"bars": measured(kind, case, stamp, photos, *rules.words)}
    except Problem as problem:
        if problem.code != "missing_glyph":
            raise
        told |= {"refused": str(problem)}
    return told


def compose_all(rules: Rules) -> None:
    """Compose every paper of the catalog for the sample inspection, into no file. Raises whatever reading, filling or laying
    out raises where a wording cannot be obeyed."""
    sample = _Source(sample_case.CASE, {}, sample=True)
    for kind, sheet in _wanted(sample.case, rules):
        case, stamp, photos = _as_now(sample, kind, sheet, rules)
        measured(kind, case, stamp, photos, *rules.words)


def _wanted(case: CaseFile, rules: Rules) -> Iterator[tuple[str, str]]:
    """Every kind, and of a kind of which there are several sheets each one."""
    for kind in CATALOG:
        sheets = [s.id for s in case.sheets if kind in kinds_of_sheet(s.kind, rules.shelf)]
        yield from ((kind, sheet) for sheet in sheets or [""])


def _paper(source: _Source, kind: str, sheet: str, rules: Rules) -> tuple[bytes, dict[str, Any]]:
    case, stamp, photos = _as_now(source, kind, sheet, rules)
    issued = None if source.sample else case.paper(kind, sheet or None)
    lacking = missing(kind, case, *rules.words, sheet)
    if issued is not None and not issued.draft and issued.sha256 in source.archived:
        content = source.archived[issued.sha256]
        return content, {
            "number": issued.number, "source": "archived", "draft": "", "pages": issued.pages, "bytes": len(content),
            "sha256": issued.sha256, "missing": list(lacking), "layout": {"said": list(issued.layout)},
        }  # fmt: skip
    return _told(render(kind, case, stamp, photos, *rules.words), stamp)


def _as_now(source: _Source, kind: str, sheet: str, rules: Rules) -> tuple[CaseFile, Stamp, Mapping[str, Photo]]:
    """What a paper is composed from: the case as it meets this kind, its stamp, the pictures that it shows."""
    photos = source.photos if rules.policy.paper(kind).photos else {}
    case = sample_case.case_of(kind) if source.sample else source.case
    lacking = missing(kind, case, *rules.words, sheet)
    draft = f"还缺：{'、'.join(lacking)}" if lacking else ""
    # a draft where the bureau's edition, or a paper that is being added, asks for more than the sample has
    if source.sample:
        return case, sample_case.stamp(kind, draft=draft), photos
    return case, Stamp("", 1, "", "", draft or "没有正式制作", case.planned_from.date(), sheet=sheet), photos


def _told(made: Rendered, stamp: Stamp) -> tuple[bytes, dict[str, Any]]:
    report = made.report
    return made.pdf, {
        "number": stamp.number, "source": "rendered", "draft": stamp.draft, "pages": made.pages, "bytes": len(made.pdf),
        "sha256": made.sha256, "missing": list(report.missing),
        "layout": {
            "broken": list(report.broken), "stretch": round(report.stretch, 4), "forced": report.forced,
            "collisions": list(report.collisions), "faces": dict(report.faces or {}),
        },
    }  # fmt: skip


def _sample_photos() -> dict[str, Photo]:
    """The drawn photos of the trial's card, as print copies."""
    numbers = [piece.number for piece in sample_case.CASE.evidence]
    with TemporaryDirectory() as folder:
        write_card(Path(folder), sample_case.at(9, 40))
        files = itertools.islice(sorted(Path(folder).iterdir()), len(numbers))
        return {number: Photo.of(take_in(file).print_copy) for number, file in zip(numbers, files, strict=True)}


def _exported(record: Path) -> _Source:
    """The case of an exported record, read from its lines and files alone: what the bureau's register says is not in it, but
    for the bureau's name, which stands on the letters that it made."""
    record.open("rb").close()
    report = verify(record)
    if failed := next((check for check in report.checks if check.result == FAIL), None):
        raise Problem("bad_package", name=record.name, detail=failed.said)
    reader = Reader(record)
    try:
        events = [event_of(line) for line in reader.read("record.jsonl", _MOST).splitlines()]
        folded = fold(events)
        plan = folded.rows.get(("inspection", ""), {})
        if not is_plan(plan):
            raise Problem("not_found", what="这件检查")
        case = _case(report.stream, folded, plan)
        blobs = {digest: b"".join(reader.stream(f"blobs/{digest}")) for digest in _digests(case, folded)
                 if f"blobs/{digest}" in reader.members}  # fmt: skip
    finally:
        reader.close()
    shown = {piece.number: shown_on_paper(piece, blobs.get(piece.copy, b"")) for piece in case.evidence}
    photos = {number: Photo.of(jpeg) for number, jpeg in shown.items() if jpeg}
    return _Source(replace(case, bureau=Bureau(_signer(case, blobs), "")), photos, blobs)


def _signer(case: CaseFile, blobs: Mapping[str, bytes]) -> str:
    """The bureau as it signed the letters that the record holds; "" with none, or when a report is of another version."""
    for paper in case.papers:
        try:
            if not paper.draft and (signer := read_print(json.loads(blobs[paper.report]) | {"paper": paper.id}).signer):
                return signer
        except (KeyError, TypeError, ValueError):
            continue
    return ""


def _case(stream: str, folded: Folded, plan: Mapping[str, Any]) -> CaseFile:
    officers = {row["id"]: read_officer(row) for row in officers_in(dict(plan))}
    known = Known(Register(Bureau("", ""), {}, officers))
    checklist = plan["checklist"]
    return read_case(stream, folded.rows, known, Rules().checklist(checklist["key"], checklist["sha256"]).infos)


def _digests(case: CaseFile, folded: Folded) -> set[str]:
    """The files that papers need: archived papers, what stands on them, and print copies of photos."""
    copies = {str(row.get("copy", "")) for (topic, _), row in folded.rows.items() if topic == "evidence"}
    return ({paper.sha256 for paper in case.papers} | {paper.report for paper in case.papers} | copies) - {""}
