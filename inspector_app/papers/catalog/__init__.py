"""The catalog of papers: one generator a file, no wording, no ReportLab. A new paper is a file, its data and a line."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    correction_order,
    evidence_list,
    notice,
    onsite_record,
    opinion,
    proof_of_service,
    rectification,
    result_notice,
)
from .maker import Maker, Recipe

CATALOG: Mapping[str, Recipe] = {
    "notice": notice.RECIPE,
    "onsite_record": onsite_record.RECIPE,
    "evidence_list": evidence_list.RECIPE,
    "result_notice": result_notice.RECIPE,
    "opinion": opinion.RECIPE,
    "rectification": rectification.RECIPE,
    "correction_order": correction_order.RECIPE,
    "proof_of_service": proof_of_service.RECIPE,
}

__all__ = ["CATALOG", "Maker", "Recipe"]
