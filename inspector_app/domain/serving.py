"""The seven ways of serving a paper (送达) and what proves each (民事诉讼法88 to 95; 行政处罚法61)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .calendar import zh_date


@dataclass(frozen=True, slots=True)
class Way:
    """What a way of service cannot do without: names of `FIELDS`, `receiver`, `refusal`, and whether a picture or scan of
    its proof has to be kept."""

    needs: tuple[str, ...]
    kept: bool = False


DIRECT, LEFT, MAIL, ELECTRONIC, ENTRUSTED, FORWARDED, ANNOUNCED = (
    "直接送达", "留置送达", "邮寄送达", "电子送达", "委托送达", "转交送达", "公告送达",
)  # fmt: skip

WAYS: Mapping[str, Way] = {
    DIRECT: Way(("receiver",)),
    LEFT: Way(("refusal",)),
    MAIL: Way(("receiver", "mail")),
    ELECTRONIC: Way(("address", "agreed", "agreed_on"), kept=True),
    ENTRUSTED: Way(("receiver", "through", "letter")),
    FORWARDED: Way(("receiver", "through")),
    ANNOUNCED: Way(("reason", "announced", "announced_on"), kept=True),
}

FIELDS: Mapping[str, str] = {
    "mail": "邮件号",
    "address": "电子送达地址",
    "agreed": "单位怎样同意",
    "agreed_on": "确认书日期",
    "through": "代为送达的机关",
    "letter": "委托函文号",
    "reason": "公告的原因和经过",
    "announced": "在哪里公告",
    "announced_on": "公告日期",
}
"""What proves a service beside who received it, by the name under which the record keeps it; `_on` are days (ISO 8601)."""

LABELS: Mapping[str, str] = {**FIELDS, "receiver": "收件人", "refusal": "拒收事由"}


def shown(name: str, said: str) -> str:
    """What proves a service as a person reads it; a day that is none stays as it was written."""
    if not name.endswith("_on"):
        return said
    try:
        return zh_date(date.fromisoformat(said))
    except ValueError:
        return said
