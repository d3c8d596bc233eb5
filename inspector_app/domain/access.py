"""Who may do what: one pure rule, deny by default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .event import Actor


class Role(StrEnum):
    """The part a person plays when acting."""

    OFFICER = "officer"
    LEAD = "team_lead"
    REVIEWER = "legal_reviewer"
    ADMIN = "bureau_admin"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.OFFICER: "执法人员",
    Role.LEAD: "科室负责人",
    Role.REVIEWER: "法制审核人员",
    Role.ADMIN: "系统管理员",
    Role.AUDITOR: "监督人员",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """What an act is done to: its kind, and who works on it where that matters."""

    kind: str = "bureau"  # bureau, inspection, register, device, account
    team: frozenset[str] | None = None
    """Ids of the officers of an inspection; None where it does not matter or is not known yet."""
    involved: frozenset[str] | None = None
    """Ids of all who ever took part in the inspection; None where it is not known."""
    qualified: frozenset[str] = frozenset()
    """Ids of those who are qualified to review the legality of decisions."""


BUREAU = Resource()

_O, _L, _R, _A, _S = Role.OFFICER, Role.LEAD, Role.REVIEWER, Role.ADMIN, Role.AUDITOR

_ALLOWED: dict[str, frozenset[Role]] = {
    # on the laptop
    "prepare": frozenset({_O, _L}),
    "enter": frozenset({_O, _L, _A}),
    "sign_in": frozenset({_O, _L, _R, _A, _S}),
    "lend": frozenset({_O, _L, _A}),
    "comment": frozenset({_O, _L, _R}),
    "waive": frozenset({_O, _L, _R}),
    "inspect": frozenset({_O, _L}),
    "fill": frozenset({_O, _L, _R}),
    "issue": frozenset({_O, _L, _R}),
    "decide": frozenset({_O, _L}),
    "close": frozenset({_O, _L}),
    "read": frozenset({_O, _L, _R, _S}),
    "export": frozenset({_O, _L, _S}),
    "register": frozenset({_L, _A}),
    "keep_forms": frozenset({_O, _L, _A}),
    "review": frozenset({_L}),
    "secrecy": frozenset({_L}),
    "publish": frozenset({_O, _L, _R}),
    "review_legality": frozenset({_R}),
    "cancel": frozenset({_O, _L}),
    "number": frozenset({_O, _L, _R, _A}),
    "qualify": frozenset({_L, _A}),
    # at the bureau
    "sync": frozenset({_O, _L, _R, _A, _S}),
    "write": frozenset({_O, _L, _R}),
    "read_file": frozenset({_O, _L, _R, _S}),
    "hand_in_file": frozenset({_O, _L, _R}),
    "read_register": frozenset({_O, _L, _R, _A, _S}),
    "write_register": frozenset({_L, _A}),
    "lease_numbers": frozenset({_O, _L, _R}),
    "enrol_device": frozenset({_O, _L, _R, _A, _S}),
    "manage_people": frozenset({_A}),
    "manage_devices": frozenset({_A}),
    "see_desk": frozenset({_L, _R, _S}),
    "see_operation": frozenset({_A, _S}),
}
"""Which role may do an act at all. The admin sees no inspection; the auditor writes nothing; nobody deletes."""


def may(actor: Actor, action: str, resource: Resource = BUREAU) -> bool:
    """Whether this person may do this to that; what is not named is refused.

    An officer works on the inspections of the own team only. Who reviews the legality of an inspection took no part in it
    and is qualified (国办发〔2018〕118号 十一; 行政处罚法58): where either is not known, it is refused.
    """
    try:
        role = Role(actor.role)
    except ValueError:
        return False
    if role not in _ALLOWED.get(action, frozenset()):
        return False
    if resource.kind == "inspection" and action == "review_legality":
        return resource.involved is not None and actor.id in resource.qualified - resource.involved
    if resource.kind == "inspection" and role is Role.OFFICER and resource.team is not None:
        return actor.id in resource.team
    return True


_WRITES: dict[str, tuple[str, ...]] = {
    "prepare": (
        "inspection_planned", "plan_published", "draw_recorded", "approval_given", "code_received", "self_assessed",
        "plan_drawn_up", "plan_approved", "plan_announced", "clue_received", "clue_settled", "draw_sealed", "draw_made",
        "draw_signed", "draw_certified", "draw_used", "draw_announced", "draw_dropped", "law_publicised",
    ),
    "enter": (
        "bureau_named", "unit_registered", "officer_registered", "unit_noted", "officer_noted", "note_dropped",
    ),
    "number": ("numbers_leased", "number_voided"),
    "lend": (
        "recorder_registered", "recorder_booked", "recorder_handed_over", "recorder_returned", "recorder_clock_compared",
    ),
    "sign_in": (
        "device_enrolled", "person_changed", "bureau_joined", "clock_moved", "pin_reset", "recovery_key_set", "room_given",
        "secret_erased", "cosignature_given", "vault_swept",
    ),
    "register": ("rule_published",),
    "keep_forms": ("forms_received", "form_used", "form_spoiled", "forms_returned", "form_corrected"),
    "fill": ("sheet_filled", "sheet_dropped"),
    "issue": ("text_frozen", "paper_issued"),
    "decide": ("decision_made",),
    "close": ("closed", "archived"),
    "export": ("record_exported",),
    "review": ("returned", "review_passed", "item_judged"),
    "secrecy": ("secret_cleared", "secret_destroyed"),
    "publish": (
        "penalty_entered", "publication_changed", "publication_held", "publication_sent", "publication_recalled",
        "publication_returned", "publication_confirmed", "decision_overturned", "publication_withdrawn", "publication_exported",
        "photo_cleared",
    ),
    "review_legality": ("legal_opinion_given", "legal_review_extended"),
    "cancel": ("inspection_cancelled",),
    "comment": ("commented",),
    "waive": ("check_waived",),
    "set_aside": ("event_set_aside",),  # this and the next: the bureau's server alone, no role may
    "operate": ("account_changed", "laptop_revoked"),
}  # fmt: skip
_ACT_OF = {kind: act for act, kinds in _WRITES.items() for kind in kinds}


def act_of(kind: str) -> str:
    """The action that writes an event of this kind; what is not named belongs to the work on an inspection."""
    return _ACT_OF.get(kind, "inspect")


OF_THE_TEAM = frozenset(
    {"inspect", "fill", "issue", "decide", "close", "comment", "waive", "publish", "review_legality", "cancel"}
)
"""Actions that are asked of the one inspection they are taken in: an officer works in those of the own team only, and who
reviews legality in all others."""

OF_KEEPERS = frozenset({"manage_people", "manage_devices"})
"""Actions that no revoked laptop takes part in: whoever found it does not open the bureau with it."""

ACT_LABELS = {
    "prepare": "检查准备", "enter": "登记", "lend": "登记和领用设备", "inspect": "现场检查", "fill": "填写文书", "issue": "签发文书",
    "decide": "作出处理", "close": "结案和归档", "export": "导出过程记录",
    "review": "复核", "comment": "写意见", "register": "发布规则",
    "keep_forms": "登记预盖章空白文书",
    "waive": "评查不改", "secrecy": "泄密处置", "publish": "公示", "review_legality": "法制审核", "number": "登记文号",
    "qualify": "登记法制审核资格", "cancel": "取消检查", "see_operation": "看局里的账号和电脑", "manage_people": "管理账号",
    "manage_devices": "撤销电脑",
}  # fmt: skip
"""Actions in words, where a person is told that one is not allowed."""

SET_ASIDE = {"role_borrowed": "写的人没有这个身份", "not_in_role": "这个身份不能写这样的内容"}
"""Why the bureau sets an event aside that came in, by code."""
FLAGGED = {"role_ended": "写的人现在没有这个身份", "device_revoked": "设备已撤销"}
"""Why the bureau has somebody look at an event that it took, by code."""

ACTIONS = tuple(_ALLOWED)
"""Every action that somebody may do."""
