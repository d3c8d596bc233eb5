"""Who may do what: one pure rule, deny by default."""

from __future__ import annotations

from enum import StrEnum


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

_ALLOWED: dict[str, frozenset[Role]] = {
    "inspect": frozenset({Role.OFFICER, Role.LEAD}),
    "issue": frozenset({Role.OFFICER, Role.LEAD}),
    "read": frozenset({Role.OFFICER, Role.LEAD, Role.REVIEWER, Role.AUDITOR}),
    "export": frozenset({Role.OFFICER, Role.LEAD, Role.AUDITOR}),
    "register": frozenset({Role.LEAD, Role.ADMIN}),
}


def may(role: Role, act: str) -> bool:
    """Whether the role may do the act; an unknown act is refused."""
    return role in _ALLOWED.get(act, frozenset())
