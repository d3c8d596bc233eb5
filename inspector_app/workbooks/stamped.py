"""The register of pre-stamped forms (印章管控) as a workbook to be printed and signed for: each receipt, and each number."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.calendar import zh_at
from ..domain.stamped import Batch, Form, Forms, Where
from .table import Column, written

RECEIPTS, NUMBERS = "领用汇总", "逐号登记"
_WIDE, _NARROW = 26, 12  # characters

_COLUMNS = {
    RECEIPTS: (
        Column("领取的号", _WIDE), Column("文书", _WIDE, wrap=True), Column("领取人", _NARROW), Column("发放人", _NARROW),
        Column("登记时间", _WIDE), Column("领取", _NARROW), *(Column(where.label, _NARROW) for where in Where),
    ),
    NUMBERS: (
        Column("编号", _NARROW), Column("文书", _WIDE, wrap=True), Column("现在", _NARROW), Column("说明", 50, wrap=True),
        Column("登记人", _NARROW), Column("登记时间", _WIDE),
    ),
}  # fmt: skip


def write(forms: Forms, title_of: Callable[[str], str]) -> bytes:
    """Both sheets; `title_of` names a kind of paper. In each line of the first, what is where adds up to what was received."""
    return written(
        _COLUMNS,
        {
            RECEIPTS: [*(_receipt(forms, batch, title_of) for batch in forms.batches), _sum(forms)],
            NUMBERS: [_number(form, title_of) for form in forms.forms],
        },
    )


def _receipt(forms: Forms, batch: Batch, title_of: Callable[[str], str]) -> list[str]:
    return [str(batch), title_of(batch.kind), batch.by, batch.giver, zh_at(batch.at), *_counts(forms, batch)]


def _sum(forms: Forms) -> list[str]:
    return ["合计", "", "", "", "", *_counts(forms)]


def _counts(forms: Forms, batch: Batch | None = None) -> list[str]:
    account = forms.account(batch)
    return [str(sum(account.values())), *(str(account[where]) for where in Where)]


def _number(form: Form, title_of: Callable[[str], str]) -> list[str]:
    said = form.sayings[0]
    kind = title_of(form.batch.kind) if form.batch is not None else ""
    return [form.number, kind, form.where.label, form.words, said.by, zh_at(said.at)]
