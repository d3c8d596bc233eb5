"""The words of the interface: source strings are Chinese and go through Qt's translators, context "ui"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    """A word or sentence as the loaded translators give it; without one, as it stands in the source."""
    return QCoreApplication.translate("ui", text) if text else text


def brief(numbers: Sequence[str]) -> str:
    """A list of numbers that never grows long: the first of them and how many there are."""
    return "、".join(numbers) if len(numbers) <= 2 else f"{numbers[0]} 等 {len(numbers)} 件"


def clock(ms: int) -> str:
    """A running time, e.g. 00:03:07."""
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def time_left(spent: float, done: int, whole: int) -> str:
    """How long it will still take, "" while that cannot be said: before three seconds, and before anything is done."""
    if not done or spent <= 3:
        return ""
    minutes = round(spent * (whole - done) / done / 60)
    if minutes >= 60:
        return f"约还要 {minutes // 60} 小时 {minutes % 60} 分钟"
    return f"约还要 {minutes} 分钟" if minutes else "约还要 1 分钟以内"
