"""Numbers that were read off beside an item, against what was answered."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.finding import Answer
from ..check import Hit, check, hit
from ..dossier import Dossier

_RANGES = {"temperature": ("温度", "℃"), "humidity": ("相对湿度", "%")}
"""Readings whose range is a threshold of forms/policy.toml, with their name and unit."""


@check("D75")
def readings_agree(d: Dossier) -> Iterator[Hit]:
    """What was measured or counted does not contradict the answer."""
    values = {key: number for key, text in d.case.readings if (number := _number(text)) is not None}
    answers = {item.code: item.value for item in d.case.items}
    for key, value in values.items():
        code, _, what = key.partition("_")
        where, conforming = ("item", code, "value"), answers.get(code) == Answer.CONFORMING
        if what in _RANGES:
            low, high = (d.policy.thresholds.get(f"storeroom_{what}_{end}") for end in ("from", "to"))
            if conforming and low is not None and high is not None and not low <= value <= high:
                name, unit = _RANGES[what]
                yield hit(*where, code=code, fault=f"{name}{value:g}{unit}，不在{low}到{high}{unit}之间，却填“符合”")
        if what == "defects":
            if value > values.get(f"{code}_sampled", value):
                yield hit(*where, code=code, fault="不合格件数多于抽样件数")
            if value and conforming:
                yield hit(*where, code=code, fault=f"抽样有{value:g}件不合格，却填“符合”")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
