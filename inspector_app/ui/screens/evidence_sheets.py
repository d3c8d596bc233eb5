"""The small sheets over one piece of evidence: what it says, its check for secrets, taking it out of use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ...actions import evidence, gallery
from ...actions.book import Done
from ...domain.calendar import parse_zh_moment, zh_date, zh_time
from ...domain.casefile import CaseFile
from ...domain.evidence import BLOCKED, SPOKEN, STORED, Evidence
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.fields import Field, Note, Pick
from ..widgets.text import Text
from ..words import brief
from .begin import ask

DESCRIBED = ("proves", "method", "carrier", "taken_at", "transcript")
"""What may be said of a piece by hand; a file itself says the rest."""


def describe(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence, at: str = "proves") -> None:
    """改说明: what it proves, how, when and on what it was made, its words and its item; the field `at` gets the focus."""
    proves, method = Field("证明对象", piece.proves), Field("制作方法", piece.method)
    carrier = Field("原始载体", piece.carrier)
    items = [("", "不关联检查项"), *((i.code, f"{i.code} {i.text}") for i in case.items)]
    item = Pick("关联检查项", items)
    item.show_value(piece.item)
    known = piece.time_from != STORED and piece.taken_at is not None
    when = Field("制作时间", taken(piece) if known else "", hint="2026年3月16日 10:05，按拍摄人的说明")
    words = Note("文字说明", "声音的主要内容和时间，谁说的", 3)
    words.load(piece.transcript)

    def write() -> Done[Any]:
        new = {"proves": proves.text().strip(), "method": method.text().strip(), "carrier": carrier.text().strip(),
               "item": item.value(), "transcript": words.toPlainText().strip()}  # fmt: skip
        changed = {name: value for name, value in new.items() if value != getattr(piece, name)}
        if when.text().strip() and when.text().strip() != (taken(piece) if known else ""):
            at = parse_zh_moment(when.text())
            if at > desk.book.clock.now().at:
                raise Problem("date_ahead", what="制作时间")
            changed["taken_at"] = at.isoformat()
        return evidence.describe(desk.book, case.id, piece.number, changed) if changed else Done(None, frozenset())

    said = Text("原文件和校验值不能改；改过的时间注明是检查人员的说明。", "small", "ink3", wrap=True)
    held: dict[str, Field | Note] = {"proves": proves, "method": method, "carrier": carrier, "taken_at": when}
    spoken: list[QWidget] = []
    if piece.kind in SPOKEN:
        held["transcript"] = words
        spoken = [Text("文字说明", "small", "ink3"), words]
    ask(parent, desk, f"{case.id}/{piece.number}", f"{piece.number} 的说明",
        [proves, method, carrier, when, *spoken, item, said], "存入说明", write, held)  # fmt: skip
    first = held.get(at, proves)
    (first.input if isinstance(first, Field) else first).setFocus()


def describe_alike(parent: QWidget, desk: Desk, case: CaseFile, numbers: Sequence[str]) -> None:
    """改几份的说明: many photos of one thing get its item and what they prove in one go."""
    proves = Field("证明对象", hint="空着的不改")
    offered = {item.code: item.note or item.text for item in case.items}

    def chosen(code: str) -> None:
        """As at an intake for an item; what was typed stays."""
        if proves.text() in ("", *offered.values()):
            proves.input.setText(offered.get(code, ""))

    items = [("", "不改"), (_NONE, "不关联检查项"), *((i.code, f"{i.code} {i.text}") for i in case.items)]
    item = Pick("关联检查项", items, chosen)
    said = Text(f"{brief(numbers)}。每一份在过程记录里各写一条，Ctrl+Z 一次撤销。", "small", "ink3", wrap=True)

    def write() -> Done[Any]:
        changes = {"proves": text} if (text := proves.text().strip()) else {}
        if code := item.value():
            changes["item"] = "" if code == _NONE else code
        if not changes:
            raise Problem("field_needed", what="证明对象，或关联的检查项")
        return evidence.describe_alike(desk.book, case.id, set(numbers), changes)

    ask(parent, desk, f"{case.id}/chosen", f"{len(numbers)} 份证据的说明", [item, proves, said], "存入说明", write, {"proves": proves},
        lambda done: desk.toasted.emit(f"改了 {done.value} 份的说明", desk.undo))  # fmt: skip


_NONE = "-"


def judge(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence, outcome: str) -> None:
    """保密审查 with its reason: `BLOCKED`, or `CLEARED` where it was blocked before."""
    reason = Field("理由")
    words = ("哪一处涉密、依据什么判断" if outcome == BLOCKED else "为什么改判为没有涉密内容") + "。结论记在你的名下。"
    said = Text(
        words + ("画面不再写入文书，记录和原件都在。" if outcome == BLOCKED else ""), "small", "ink2", wrap=True
    )
    ask(parent, desk, f"{case.id}/{piece.number}/secrecy", f"{piece.number} 保密审查", [said, reason],
        "记为有涉密内容" if outcome == BLOCKED else "记为没有涉密内容",
        lambda: gallery.check_secrecy(desk.book, case.id, piece.number, outcome, reason.text()), {"reason": reason})  # fmt: skip


def withdraw(parent: QWidget, desk: Desk, case: CaseFile, numbers: Sequence[str]) -> None:
    """撤下 one piece or several, with the reason."""
    reason = Field("撤下的原因")
    said = Text("撤下后不再写入文书；原件、校验值和这一步都留在记录里。", "small", "ink2", wrap=True)
    place = numbers[0] if len(numbers) == 1 else "chosen"
    ask(parent, desk, f"{case.id}/{place}/withdraw", f"撤下 {brief(numbers)}", [said, reason], "撤下证据",
        lambda: evidence.withdraw_all(desk.book, case.id, set(numbers), reason.text()), {"reason": reason})  # fmt: skip


def taken(piece: Evidence) -> str:
    """When the picture was taken, or that nobody knows."""
    if piece.taken_at is None:
        return ""
    at = f"{zh_date(piece.taken_at.date())} {zh_time(piece.taken_at)}"
    return f"{at} 存入，拍摄时间不明" if piece.time_from == STORED else at
