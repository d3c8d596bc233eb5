"""The catalog of papers: one generator a file, no wording, no PDF. A new paper is a file, its data and a line."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    approval,
    case_contents,
    case_cover,
    case_remarks,
    closing_report,
    correction_order,
    discussion_record,
    disposition_proposal,
    draw_record,
    evidence_list,
    extension,
    hash_list,
    interview,
    legal_review,
    notice,
    onsite_record,
    opinion,
    plan,
    preservation_list,
    proof_of_service,
    publicity,
    rectification,
    rectification_report,
    reinspection_opinion,
    reinspection_record,
    result_notice,
    sampling_list,
    transfer_letter,
)
from .maker import Maker, Recipe

CATALOG: Mapping[str, Recipe] = {
    "plan": plan.RECIPE,
    "draw_record": draw_record.RECIPE,
    "approval": approval.RECIPE,
    "notice": notice.RECIPE,
    "onsite_record": onsite_record.RECIPE,
    "interview": interview.RECIPE,
    "evidence_list": evidence_list.RECIPE,
    "hash_list": hash_list.RECIPE,
    "sampling_list": sampling_list.RECIPE,
    "preservation_list": preservation_list.RECIPE,
    "discussion_record": discussion_record.RECIPE,
    "result_notice": result_notice.RECIPE,
    "opinion": opinion.RECIPE,
    "rectification": rectification.RECIPE,
    "correction_order": correction_order.RECIPE,
    "proof_of_service": proof_of_service.RECIPE,
    "extension": extension.RECIPE,
    "rectification_report": rectification_report.RECIPE,
    "reinspection_record": reinspection_record.RECIPE,
    "reinspection_opinion": reinspection_opinion.RECIPE,
    "legal_review": legal_review.RECIPE,
    "disposition_proposal": disposition_proposal.RECIPE,
    "transfer_letter": transfer_letter.RECIPE,
    "closing_report": closing_report.RECIPE,
    "case_cover": case_cover.RECIPE,
    "case_contents": case_contents.RECIPE,
    "case_remarks": case_remarks.RECIPE,
    "publicity": publicity.RECIPE,
}
"""In the order of the matter, from plan to publication."""

__all__ = ["CATALOG", "Maker", "Recipe"]
