"""What was signed years ago must still be what is written today: bytes of every kind, and a whole recorded visit.

`golden/events.jsonl` holds one event of every kind, `golden/visit.jsonl` the lines of a visit in which the acts wrote
every kind (`tests.record.story`), `golden/visit.json` what its streams fold to. `python -m tests.record.test_golden`
adds the bytes of a new kind and records a visit where none is recorded; it never changes what was recorded. A change of
the fold (`FOLD`) writes the digests anew.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from inspector_app.domain.access import act_of
from inspector_app.domain.event import EVENTS, Actor, BlobRef, Draft, Event
from inspector_app.domain.inspection import Stage
from inspector_app.domain.projection import FOLD, Folded, fold
from inspector_app.record.entry import event_of, write
from tests.record.story import STREAM, tell

ELSEWHERE = {"event_set_aside", "account_changed", "laptop_revoked"}
"""Kinds that no visit writes: the bureau's server does."""
GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"
VISIT = GOLDEN.with_name("visit.jsonl")
DIGESTS = GOLDEN.with_name("visit.json")


def line_of(kind: str) -> bytes:
    """One event of a kind, with every field of its words filled and a file named where kinds name files."""
    known = golden().get(kind)
    fresh = {name: f"示例{name}" for name in re.findall(r"{(\w+)}", EVENTS[kind])}
    body = json.loads(known)["body"] if known else fresh  # better words leave what was written as it is
    blobs = (
        (BlobRef("ab" * 32, "cd" * 32, 12345, "image/jpeg", "imported"),)
        if kind in ("evidence_taken", "service_filmed", "rectification_filmed", "photo_cleared")
        else ()
    )
    draft = Draft("inspection/示例-1", kind, body, "检查", blobs, witness="lu", parents=("ef" * 32,))
    _, line = write(
        draft, bureau="示例区档案局", strand="QH-0001.a", seq=7, prev="01" * 32, parents=("ef" * 32,),
        at="2026-03-16T10:31:05+08:00", mono=123456, boot="b", anchor=None,
        actor=Actor("shen", "09120017", "officer"), device="QH-0001", app={"laws": "0123", "version": "0.1.0"},
    )  # fmt: skip
    return line


def golden() -> dict[str, bytes]:
    lines = GOLDEN.read_bytes().splitlines()
    return {json.loads(line)["kind"]: line for line in lines}


def visit() -> list[Event]:
    return [event_of(line) for line in VISIT.read_bytes().splitlines()]


def folded(events: list[Event]) -> dict[str, Folded]:
    streams: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        streams[event.stream].append(event)
    return {stream: fold(events) for stream, events in sorted(streams.items())}


def digests(events: list[Event]) -> dict[str, object]:
    return {"fold": FOLD, **{stream: made.digest() for stream, made in folded(events).items()}}


def test_every_kind_has_golden_bytes_and_no_other() -> None:
    assert set(golden()) == set(EVENTS)


@pytest.mark.parametrize("kind", EVENTS)
def test_bytes_are_golden(kind: str) -> None:
    assert line_of(kind) == golden()[kind]
    assert event_of(golden()[kind]).kind == kind


def test_the_recorded_visit_folds_to_what_it_did_then() -> None:
    assert digests(visit()) == json.loads(DIGESTS.read_text("utf-8"))
    rows = folded(visit())[STREAM].rows
    assert rows["inspection", ""]["stage"] == Stage.SERVED
    assert not [key for key in rows if key[0] in ("unreadable", "unknown")]


def test_the_acts_still_write_every_field_that_was_recorded(tmp_path: Path) -> None:
    """Fields are only ever added: what an older version reads of an event is still written."""
    fields: dict[str, set[str]] = defaultdict(set)
    for line in tell(tmp_path):
        event = event_of(line)
        fields[event.kind] |= event.body.keys()
    assert set(fields) == set(EVENTS) - ELSEWHERE
    for event in visit():
        assert event.body.keys() <= fields[event.kind], event.kind


def test_what_is_no_work_on_an_inspection_is_named_as_such() -> None:
    for event in visit():
        if not event.stream.startswith("inspection/"):
            assert act_of(event.kind) in ("enter", "lend", "number", "sign_in", "register"), event.kind


if __name__ == "__main__":
    GOLDEN.write_bytes(b"".join(line_of(kind) + b"\n" for kind in EVENTS))
    if not VISIT.exists():
        with TemporaryDirectory() as folder:
            VISIT.write_bytes(b"".join(line + b"\n" for line in tell(Path(folder))))
    DIGESTS.write_text(json.dumps(digests(visit()), ensure_ascii=False, indent=1) + "\n", "utf-8")
