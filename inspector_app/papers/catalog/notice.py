"""行政检查通知书: what will be checked, when, by whom, on which basis, and the rights of the unit.

国办发〔2024〕54号 and the Ministry's forms: basis, source of the task, frequency, credentials, assistants, recusal.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.inspection import Kind
from ...domain.together import BOTH, JOINT, MERGED
from ..blocks import Block
from .maker import Maker, Recipe


def blocks(m: Maker) -> Iterator[Block]:
    yield from m.opening()
    yield m.para("lead")
    enterprise = m.case.unit.kind.is_enterprise
    texts = [
        ("head_source", source(m)),
        ("head_scope", m.t("scope")),
        ("head_time", m.t("time")),
        ("head_methods", m.t("methods")),
        ("head_officers", officers(m)),
        *(
            [(_HEADS[held.form], "".join((*m.joint(held.guests), *m.merged())))]
            if (held := m.case.together).form
            else []
        ),
        ("head_materials", m.t("materials")),
    ]
    if enterprise or m.has("checks"):
        before = (
            "frequency_none"
            if m.case.checks_this_year == 0
            else "frequency"
            if m.has("checks")
            else "frequency_unknown"
        )
        texts.append(("head_frequency", m.t(before)))
    if enterprise:
        texts.append(("head_code", m.t("inspection_code")))
    texts.append(("head_rights", m.t("rights")))
    texts.append(("head_discipline", m.t("discipline_enterprise" if enterprise else "discipline")))
    for n, (head, text) in enumerate(texts, 1):
        yield m.run_in(n, head, text)
    yield from m.closing()


_HEADS = {JOINT: "head_joint", MERGED: "head_merged", BOTH: "head_both"}


def source(m: Maker) -> str:
    """Where the task comes from; whoever gave a clue is never named to the unit (档案法46)."""
    if m.case.kind == Kind.CLUE_BASED:
        return m.t("source_clue_based")
    return m.t("source_plan" if m.has("plan") else "source")


def officers(m: Maker) -> str:
    """The team; the number of assistants is fixed beforehand and told."""
    leader = m.t("leader") if m.has("leader") else ""
    return m.t("officers") + leader + m.t("assistants" if m.case.assistants else "no_assistants")


RECIPE = Recipe(blocks)
