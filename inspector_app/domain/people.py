"""Inspected units, officers and their credentials, the team of a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .calendar import zh_date
from .problems import Problem

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_FORM = "应是 18 位数字和大写字母，其中没有 I、O、S、V、Z"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


class UnitKind(StrEnum):
    """Kind of inspected unit; the letter is the one that the checklist data uses."""

    ORGAN = "G"
    INSTITUTION = "S"
    ENTERPRISE = "E"
    TOWN = "T"
    SERVICE_ENTERPRISE = "V"
    ARCHIVES = "A"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]

    @property
    def is_enterprise(self) -> bool:
        """Whether the rules on inspecting enterprises bind (国办发〔2024〕54号)."""
        return self in (UnitKind.ENTERPRISE, UnitKind.SERVICE_ENTERPRISE)


_KIND_LABELS = {
    UnitKind.ORGAN: "机关",
    UnitKind.INSTITUTION: "事业单位",
    UnitKind.ENTERPRISE: "企业",
    UnitKind.TOWN: "街镇",
    UnitKind.SERVICE_ENTERPRISE: "档案服务企业",
    UnitKind.ARCHIVES: "档案馆",
}


def check_digit(body: str) -> str:
    """The 18th character of a unified social credit code for its first 17 (GB 32100-2015, modulus 31).

    Raises:
        Problem: `credit_code` when a character is outside the alphabet or the length is not 17.
    """
    if len(body) != 17 or not set(body) <= set(_CODE_ALPHABET):
        raise Problem("credit_code", code=body, why=_CODE_FORM)
    total = sum(_CODE_ALPHABET.index(c) * w for c, w in zip(body, _CODE_WEIGHTS, strict=True))
    return _CODE_ALPHABET[(31 - total % 31) % 31]


def checked_credit_code(code: str) -> str:
    """The code in upper case, if it has its form and its check digit holds; else `Problem("credit_code")`, which says what is
    wrong: a letter O for a nought is no matter of the check digit."""
    code = code.strip().upper()
    if len(code) != 18 or not set(code) <= set(_CODE_ALPHABET):
        raise Problem("credit_code", code=code, why=_CODE_FORM)
    if check_digit(code[:17]) != code[17]:
        raise Problem("credit_code", code=code, why="的校验位不对")
    return code


@dataclass(frozen=True, slots=True)
class Unit:
    """An inspected unit (被检查单位)."""

    id: str
    name: str
    kind: UnitKind
    credit_code: str
    address: str = ""
    head: str = ""
    contact: str = ""
    phone: str = ""
    risk: str = ""
    """低, 中 or 高; "" where nobody has said."""
    credit: str = ""
    """好, 一般 or 差; "" where nobody has said."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Enforcement credential (行政执法证). `status` is 有效, 暂停 or 收回 (沪行政执法监督办法26)."""

    number: str
    valid_from: date
    valid_to: date
    status: str = "有效"

    def holds_on(self, day: date) -> bool:
        return self.status == "有效" and self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer of the bureau; `leader` marks a member of the leadership (局领导)."""

    id: str
    name: str
    title: str = ""
    credential: Credential | None = None
    leader: bool = False
    phone: str = ""

    @property
    def credential_number(self) -> str:
        return self.credential.number if self.credential else ""


@dataclass(frozen=True, slots=True)
class Bureau:
    """The bureau that inspects. `code` is the 机关代字 of its document numbers."""

    name: str
    code: str
    address: str = ""
    phone: str = ""
    government: str = ""
    court: str = ""
    id: str = "bureau"


def able_officers(officers: tuple[Officer, ...], day: date) -> tuple[Officer, ...]:
    """The officers, if at least two different ones hold a credential valid on `day`.

    行政处罚法42, 55; 档案法实施条例47. Raises `Problem` naming the first obstacle.
    """
    for officer in officers:
        if officer.credential is None:
            raise Problem("credential_missing", officer=officer.name)
        if not officer.credential.holds_on(day):
            raise Problem("credential_expired", officer=officer.name, day=zh_date(day))
    if len({officer.id for officer in officers}) < 2:
        raise Problem("too_few_officers", count=len({o.id for o in officers}))
    return officers
