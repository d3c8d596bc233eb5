"""What the tour tells in summary.json: computed from the record that it exported, not from what it meant to do."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from .album import Album
from .hand import Hand
from .rounds import PLACES, STEPS
from .visit import FINDINGS, PHOTOS, Visit

SIGNED, SIGNERS = ("onsite_record", "evidence_list"), 3
"""Papers that are signed on the spot, each by two officers and the person in charge."""

SERVED = ("notice", "opinion", "rectification", "correction_order")

KINDS = (*SIGNED, *SERVED, "proof_of_service")

FILMS = 1

THEMES = ("light", "dark", "high-contrast")

MOST_INPUTS = 400
VISIT = ("到场", "检查", "取证", "笔录", "处理", "文书", "送达")
"""The stages whose inputs count as the visit; what the unit, the bureau and the picture rounds ask comes on top."""


def verify(record: Path, code: str, keys: Sequence[str]) -> tuple[int, str]:
    """Check an exported record with the command that anybody would use; returns its exit status and what it said."""
    program = [sys.executable] if hasattr(sys, "frozen") else [sys.executable, "-m", "inspector_app.app"]
    command = [*program, "verify", str(record), "--anchor", code, *(word for key in keys for word in ("--key", key))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def read_record(path: Path) -> list[dict[str, Any]]:
    """The lines of an exported record."""
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read("record.jsonl").decode().splitlines()]


def summary(visit: Visit, hand: Hand, album: Album, pace: float, record: Path) -> dict[str, Any]:
    """The figures of the tour, from its record; `pace` is that of the sample's clock."""
    events = read_record(record)
    kinds = Counter(event["kind"] for event in events)
    taken = Counter(event["body"].get("kind", "") for event in events if event["kind"] == "evidence_taken")
    papers = [event["body"] for event in events if event["kind"] == "paper_issued"]
    spent = _spent(events)
    names = [*hand.inputs, *(name for name in spent if name not in hand.inputs)]
    folders = [folder for folder in sorted(album.out.iterdir()) if folder.is_dir()]
    return {
        "events": len(events), "photos": taken["照片"], "films": taken["录像"], "answers": kinds["item_answered"],
        "findings": kinds["finding_recorded"], "marked": kinds["evidence_marked"], "signatures": kinds["paper_signed"],
        "self_assessments": kinds["self_assessed"],
        "services": sum(len(event["body"]["papers"]) for event in events if event["kind"] == "paper_served"),
        "items": visit.items, "kinds": sorted({paper["kind"] for paper in papers}),
        "pictures_by_theme": {folder.name: len(list(folder.glob("*.png"))) for folder in folders},
        "papers": [{"title": p["title"], "number": p["number"], "pages": p["pages"]} for p in papers],
        "stages": {
            name: {"inputs": hand.inputs[name], "characters": hand.typed[name]}
            | ({"milliseconds": round(spent[name] / pace)} if name in spent else {})  # chapters that are no step have none
            for name in names
        },
        "inputs_of_the_visit": sum(hand.inputs[name] for name in VISIT),
        "pictures": album.count + 1, "saved_papers": visit.papers,
    }  # fmt: skip


def _spent(events: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Milliseconds between the events of each stage, from the arrival on: before it lies what the sample simulates."""
    spent: dict[str, int] = defaultdict(int)
    begun = next(n for n, event in enumerate(events) if event["kind"] == "visit_begun")
    for before, event in pairwise(events[begun:]):
        if before["boot"] == event["boot"]:
            spent[event["step"]] += max(0, event["mono"] - before["mono"])
    return spent


def faults(summary: dict[str, Any]) -> list[str]:
    """What the tour promised and the summary does not show."""
    wanted = {"photos": PHOTOS, "films": FILMS, "marked": 1, "self_assessments": 1, "findings": len(FINDINGS),
              "answers": summary["items"], "signatures": len(SIGNED) * SIGNERS, "services": len(SERVED),
              "kinds": sorted(KINDS)}  # fmt: skip
    found = [f"{name}: {summary[name]}, not {count}" for name, count in wanted.items() if summary[name] != count]
    if not summary["items"]:
        found.append("the checklist was empty")
    least = len(PLACES) + len(STEPS)
    for theme in THEMES:
        if (count := summary["pictures_by_theme"].get(theme, 0)) < least:
            found.append(f"pictures in {theme}: {count}, fewer than {least}")
    if len(summary["saved_papers"]) != len(summary["papers"]):
        found.append(f"papers saved: {len(summary['saved_papers'])}, made: {len(summary['papers'])}")
    if summary["inputs_of_the_visit"] > MOST_INPUTS:
        found.append(f"inputs of the visit: {summary['inputs_of_the_visit']}, more than {MOST_INPUTS}")
    if summary["verify"]["exit"] != 0:
        found.append("the exported record does not verify")
    return found
