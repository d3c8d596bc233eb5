"""The bytes of every kind of event are fixed: what was signed years ago must still be what is written today."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from inspector_app.domain.event import EVENTS, Actor, BlobRef, Draft
from inspector_app.record.entry import event_of, write

GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"


def line_of(kind: str) -> bytes:
    """One event of a kind, with every field of its words filled and a file named where kinds name files."""
    known = golden().get(kind)
    fresh = {name: f"示例{name}" for name in re.findall(r"{(\w+)}", EVENTS[kind])}
    body = json.loads(known)["body"] if known else fresh  # better words leave what was written as it is
    blobs = (BlobRef("ab" * 32, "cd" * 32, 12345, "image/jpeg", "imported"),) if kind == "evidence_taken" else ()
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


def test_every_kind_has_golden_bytes_and_no_other() -> None:
    assert set(golden()) == set(EVENTS)


@pytest.mark.parametrize("kind", EVENTS)
def test_bytes_are_golden(kind: str) -> None:
    assert line_of(kind) == golden()[kind]
    assert event_of(golden()[kind]).kind == kind


if __name__ == "__main__":
    GOLDEN.write_bytes(b"".join(line_of(kind) + b"\n" for kind in EVENTS))
