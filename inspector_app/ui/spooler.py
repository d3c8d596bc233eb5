"""The print system of Linux and macOS (CUPS), through its own library, which Qt's printing loads as well.

Qt can only draw on a printer; a paper is to arrive as the PDF that it is. The library also tells what became of a job,
which the command `lp` does not. Nothing is written to a file: the bytes go to the print system in one stream.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from PySide6.QtCore import QUrl

from ..domain.problems import Problem

_NAMES = {"linux": "libcups.so.2", "darwin": "libcups.2.dylib"}
_CONTINUE = 100
_ALL_JOBS = -1
_PORTS = {"ipp": 631, "ipps": 631, "http": 80, "https": 443, "socket": 9100, "lpd": 515}
_WAIT_MS = 1500
_IN_CLEAR = 1  # HTTP_ENCRYPTION_NEVER
_AWAY = ("connecting-to-device", "offline-report", "timed-out")
_WAITS = {
    "media-jam": "卡纸", "media-empty": "缺纸", "media-needed": "缺纸", "input-tray-missing": "纸盒没有装好",
    "cover-open": "盖子开着", "door-open": "盖子开着", "interlock-open": "盖子开着", "output-area-full": "出纸口满了",
    "toner-empty": "没有墨粉了", "marker-supply-empty": "没有墨了", "paused": "打印队列暂停了",
}  # fmt: skip
"""What a printer that waits for a person says (RFC 8011, 5.4.12; PWG 5100.9), in words; the first that fits is told."""


class JobState(IntEnum):
    """RFC 8011, 5.3.7."""

    UNKNOWN = 0
    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELLED = 7
    ABORTED = 8
    COMPLETED = 9


class _Option(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("value", ctypes.c_char_p))


class _Destination(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p), ("instance", ctypes.c_char_p), ("is_default", ctypes.c_int),
        ("count", ctypes.c_int), ("options", ctypes.POINTER(_Option)),
    )  # fmt: skip


class _Job(ctypes.Structure):
    _fields_ = (
        ("id", ctypes.c_int), ("dest", ctypes.c_char_p), ("title", ctypes.c_char_p), ("user", ctypes.c_char_p),
        ("format", ctypes.c_char_p), ("state", ctypes.c_int), ("size", ctypes.c_int), ("priority", ctypes.c_int),
        ("completed", ctypes.c_long), ("created", ctypes.c_long), ("begun", ctypes.c_long),
    )  # fmt: skip


@cache
def _library() -> ctypes.CDLL | None:
    """None where this computer has no CUPS."""
    try:
        cups = ctypes.CDLL(_NAMES[sys.platform])
    except (KeyError, OSError):
        return None
    text, pointer = ctypes.c_char_p, ctypes.c_void_p
    options, number = ctypes.POINTER(_Option), ctypes.c_int
    jobs = ctypes.POINTER(_Job)
    for name, result, arguments in (
        ("cupsCreateJob", number, (pointer, text, text, number, options)),
        ("cupsStartDocument", number, (pointer, text, number, text, text, number)),
        ("cupsWriteRequestData", number, (pointer, text, ctypes.c_size_t)),
        ("cupsFinishDocument", number, (pointer, text)),
        ("cupsCancelJob2", number, (pointer, text, number, number)),
        ("cupsGetJobs2", number, (pointer, ctypes.POINTER(jobs), text, number, number)),
        ("cupsFreeJobs", None, (number, jobs)),
        ("cupsGetNamedDest", ctypes.POINTER(_Destination), (pointer, text, text)),
        ("cupsFreeDests", None, (number, ctypes.POINTER(_Destination))),
        ("cupsLastErrorString", text, ()),
        ("httpConnect2", pointer, (text, number, pointer, number, number, number, number, pointer)),
        ("httpClose", None, (pointer,)),
    ):
        function = getattr(cups, name)
        function.restype, function.argtypes = result, arguments
    return cups


@dataclass(frozen=True)
class Queue:
    """A printer of the print system."""

    name: str
    _cups: ctypes.CDLL

    @property
    def _key(self) -> bytes:
        return self.name.encode()

    def submit(self, title: str, content: bytes, options: Mapping[str, str]) -> int:
        """Hand over a PDF; returns the number of the job. Raises `Problem("print_refused")`."""
        cups, heading = self._cups, title.encode()
        asked = (_Option * len(options))(*(_Option(n.encode(), v.encode()) for n, v in options.items()))
        job = int(cups.cupsCreateJob(None, self._key, heading, len(options), asked))
        if job and cups.cupsStartDocument(None, self._key, job, heading, b"application/pdf", 1) == _CONTINUE:
            written = cups.cupsWriteRequestData(None, content, len(content))
            if cups.cupsFinishDocument(None, self._key) < 0x100 and written == _CONTINUE:
                return job
        detail = (cups.cupsLastErrorString() or b"").decode("utf-8", "replace").rstrip(".。")
        if job:
            self.cancel(job)
        raise Problem("print_refused", printer=self.name, title=title, detail=detail or "没有说明原因")

    def state(self, job: int) -> JobState:
        """Where a job stands; UNKNOWN when the print system does not answer or does not know it."""
        jobs = ctypes.POINTER(_Job)()
        count = self._cups.cupsGetJobs2(None, ctypes.byref(jobs), self._key, 0, _ALL_JOBS)
        states = {jobs[at].id: jobs[at].state for at in range(max(count, 0))}
        if count > 0:
            self._cups.cupsFreeJobs(count, jobs)
        return JobState(states.get(job, JobState.UNKNOWN))

    def cancel(self, job: int) -> None:
        """Take a job out of the queue; `state` tells whether it worked."""
        self._cups.cupsCancelJob2(None, self._key, job, 0)

    def waits_for(self, job: JobState) -> str:
        """What a person has to see to before the job goes on, in words; "" for nothing that is known."""
        if job is JobState.HELD:
            return "任务被打印系统扣住了"
        reasons = self._about().get("printer-state-reasons", "").split(",")
        return next((said for word, said in _WAITS.items() if any(reason.startswith(word) for reason in reasons)), "")

    def reachable(self) -> bool:
        """Whether the printer answers: CUPS goes on waiting for one that was unplugged in the midst of a job."""
        about = self._about()
        if any(word in about.get("printer-state-reasons", "") for word in _AWAY):
            return False
        where = QUrl(about.get("device-uri", ""))
        port = where.port(_PORTS.get(where.scheme(), 0))
        if not port or not where.host():
            return True  # a cable, or a name that only CUPS resolves: CUPS itself has to tell
        line = self._cups.httpConnect2(where.host().encode(), port, None, 0, _IN_CLEAR, 1, _WAIT_MS, None)
        if line is None:
            return False
        self._cups.httpClose(line)
        return True

    def _about(self) -> dict[str, str]:
        found = self._cups.cupsGetNamedDest(None, self._key, None)
        if not found:
            return {}
        told = found.contents
        about = {
            told.options[at].name.decode(): (told.options[at].value or b"").decode("utf-8", "replace")
            for at in range(told.count)
        }
        self._cups.cupsFreeDests(1, found)
        return about


def queue_of(printer: str) -> Queue | None:
    """The queue of a printer, or None where it is not one of CUPS."""
    cups = _library()
    queue = Queue(printer, cups) if cups is not None else None
    return queue if queue is not None and queue._about() else None
