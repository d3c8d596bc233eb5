"""What admins do with accounts and laptops: each act with its event, in one transaction, under the name of who did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from inspector_app.domain.access import Role
from inspector_app.domain.event import OPERATION, Draft
from inspector_app.domain.problems import Problem
from inspector_app.domain.rows import Row
from inspector_app.sync.people import Account, Step

from .accounts import Also, Person
from .office import Office

SHELL = Person("", "局端命令行", Role.ADMIN)
"""Who types `bureau-server` on the machine itself: the system says who may."""
STEPS_TOLD = 20
"""Acts on one account that are told to who keeps it; the record has all."""


def register(office: Office, by: Person, account: Account, password: str) -> str:
    """An account with a password that its owner typed, or none; an old one gets the new password and role. Returns the TOTP
    secret. Raises `Problem("last_admin")`."""
    also = _noted(office, by, account, f"登记为{account.role.label}")
    return office.accounts.add(account.id, account.name, account.role, password, totp=account.totp, also=also)


def invite(office: Office, by: Person, account: Account) -> tuple[str, str]:
    """A new account; returns its first password and TOTP secret. Raises `Problem("account_known")`."""
    also = _noted(office, by, account, f"登记为{account.role.label}，给一次性密码")
    return office.accounts.invite(account.id, account.name, account.role, totp=account.totp, also=also)


def change_role(office: Office, by: Person, id: str, role: Role) -> None:
    """Raises `Problem`: `not_found`, `own_account`, `last_admin`."""
    held = _of_another(office, by, id)
    office.accounts.change_role(id, role, _noted(office, by, held, f"{held.role.label}改为{role.label}"))


def set_active(office: Office, by: Person, id: str, active: bool) -> None:
    """Close an account or open it again. Raises as `change_role`."""
    also = _noted(office, by, _of_another(office, by, id), "启用" if active else "停用")
    (office.accounts.reopen if active else office.accounts.close)(id, also)


def reset_password(office: Office, by: Person, id: str) -> str:
    """Returns a password that is good for signing in once. Raises `Problem`: `not_found`, `own_account`."""
    return office.accounts.reset_password(id, _noted(office, by, _of_another(office, by, id), "重设密码，给一次性密码"))


def reset_totp(office: Office, by: Person, id: str, wanted: bool) -> str:
    """Returns the new secret, "" where none is wanted. Raises as `reset_password`."""
    also = _noted(office, by, _of_another(office, by, id), "重设动态码" if wanted else "取消动态码")
    return office.accounts.reset_totp(id, wanted, also)


def revoke(office: Office, by: Person, name: str) -> None:
    """A laptop is lost or retired. Raises `Problem("not_found")`."""
    office.accounts.revoke(name, office.ledger.appending(Draft(OPERATION, "laptop_revoked", {"id": name, **_hand(by)})))


def accounts(office: Office) -> tuple[Account, ...]:
    """All accounts with what was done to each last, the newest first."""
    rows = office.ledger.rows(OPERATION)
    return tuple(replace(a, steps=_steps(rows.get(("account", a.id), {}))) for a in office.accounts.accounts())


def _steps(row: Row) -> tuple[Step, ...]:
    newest = list(reversed(row.get("steps", ())))[:STEPS_TOLD]
    return tuple(Step(step["what"], step["admin_name"], datetime.fromisoformat(step["at"])) for step in newest)


def _of_another(office: Office, by: Person, id: str) -> Account:
    """The account, which is not the own one: nobody raises, closes or opens himself."""
    held = next((each for each in office.accounts.accounts() if each.id == id), None)
    if held is None:
        raise Problem("not_found", what=f"账号“{id}”")
    if by.id == id:
        raise Problem("own_account")
    return held


def _noted(office: Office, by: Person, account: Account, what: str) -> Also:
    body = {"id": account.id, "name": account.name, "what": what, **_hand(by)}
    return office.ledger.appending(Draft(OPERATION, "account_changed", body))


def _hand(by: Person) -> dict[str, str]:
    return {"admin": by.id, "admin_name": by.name}
