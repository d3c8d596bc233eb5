"""What was recorded of a visit on the team's laptops, and why a step has no footage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .rows import Key, NameOf, Row, readable, rows_of, standing, when


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording made on a laptop of the team, whatever became of it."""

    id: str
    what: str  # 录像 录音
    device: str
    laptop: str  # name of the laptop that recorded
    by: str
    started: datetime
    stopped: datetime | None = None  # None: under way, or not looked after yet
    duration: int = 0  # milliseconds that are kept
    evidence: str = ""  # number of the piece that it became; "" where nothing was kept
    interrupted: bool = False
    reason: str = ""  # why it was interrupted, or why it was stopped where no person did
    person: str = ""  # id of who recorded


@dataclass(frozen=True, slots=True)
class Unfilmed:
    """Why a step that policy wants recorded has no footage; `step` is a key of `footage.Step`."""

    step: str
    reason: str
    by: str
    at: datetime


def read_recordings(rows: Mapping[Key, Row], name_of: NameOf) -> tuple[Recording, ...]:
    found = readable(lambda row: _recording(row, name_of), rows_of("recording", rows))
    return tuple(sorted(found, key=lambda recording: (recording.started, recording.id)))


def _recording(row: Row, name_of: NameOf) -> Recording:
    begun, ended = row["started"], row.get("stopped") or row.get("interrupted") or {}
    reasons = [str(v["value"]) for v in standing(row.get("reason", [])) if v["value"]]
    return Recording(
        str(begun["recording"]), str(begun["what"]), str(begun["device"]), str(begun["laptop"]), name_of(begun["by"]),
        datetime.fromisoformat(begun["at"]), when(ended.get("at")), int(ended.get("duration", 0)),
        str(ended.get("number", "")), "interrupted" in row and "stopped" not in row,
        "；".join(reasons) or str(ended.get("reason", "")), str(begun["by"]),
    )  # fmt: skip


def read_unfilmed(rows: Mapping[Key, Row], name_of: NameOf) -> tuple[Unfilmed, ...]:
    """What stands of the explanations; of two that knew nothing of each other both are read."""

    def explained(row: Row) -> Unfilmed:
        stand = [version for version in standing(row["reason"]) if version["value"]]
        reasons = "；".join(str(version["value"]) for version in stand)
        return Unfilmed(row["step"], reasons, name_of(stand[-1]["by"]), datetime.fromisoformat(stand[-1]["at"]))

    held = (row for row in rows_of("footage", rows) if any(version["value"] for version in row.get("reason", [])))
    return tuple(readable(explained, held))
