"""The accounts at the bureau, for who keeps them: who has which role, who may sign in, and first passwords."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.access import Role, may
from ..domain.people import Officer
from ..domain.problems import Problem
from ..sync.enrolment import second_factor
from ..sync.people import Account as Account
from ..sync.people import Step as Step
from .book import Book
from .sign_in import person_id
from .sync import linked

if TYPE_CHECKING:
    from ..sync.door import Door


@dataclass(frozen=True, slots=True)
class Given:
    """What the bureau says once and never again: the first password, and the secret of a second factor ("" where none)."""

    account: str
    password: str
    secret: str


def accounts(book: Book) -> tuple[Account, ...]:
    """All accounts, those in use first. Asks the bureau. Raises `Problem`: `not_allowed`, `not_enrolled`, and as `sync.hand_over`."""
    with _door(book, "see_operation") as door:
        told = door.accounts()
    try:
        return tuple(map(Account.read, told))
    except (KeyError, TypeError, ValueError) as error:
        raise Problem("garbled") from error


def strangers(book: Book, known: Sequence[Account]) -> tuple[Officer, ...]:
    """Officers of the register without an account; an account bears the id that a person has on every laptop."""
    taken = {each.id for each in known}
    return tuple(each for id, each in sorted(book.queries.register().officers.items()) if id not in taken)


def invite(book: Book, name: str, number: str, role: Role, second: bool, officer: Officer | None = None) -> Given:
    """A new account for an officer of the register, or for who has this number of a credential or of the staff. Raises as
    `accounts`, and `field_needed`, `account_known` (as `refused_by_bureau`)."""
    id = officer.id if officer else person_id(number.strip())
    name = officer.name if officer else name.strip()
    if not name or not (officer or number.strip()):
        raise Problem("field_needed", what="姓名和执法证号（没有执法证的写工号）")
    with _door(book) as door:
        return _given(id, door.invite(id, name, role.value, second))


def change_role(book: Book, account: str, role: Role) -> None:
    """Another role from now on; the person signs in again. Raises as `accounts`, `own_account`."""
    with _door(book) as door:
        door.change_role(account, role.value)


def set_active(book: Book, account: str, active: bool) -> None:
    """Close an account, or open it again; what it handed in stays. Raises as `change_role`."""
    with _door(book) as door:
        door.set_active(account, active)


def reset_password(book: Book, account: str) -> Given:
    """The old password opens nothing any more; the new one is good for signing in once. Raises as `change_role`."""
    with _door(book) as door:
        return _given(account, door.reset_password(account))


def reset_second(book: Book, account: str, wanted: bool) -> Given:
    """A new second factor, or none any more. Raises as `change_role`."""
    with _door(book) as door:
        return _given(account, door.reset_totp(account, wanted))


def squares(given: Given) -> Sequence[Sequence[bool]]:
    """The second factor as a code that a phone reads."""
    from ..papers.qr import squares as drawn  # what sets papers is loaded when something is drawn

    return drawn(second_factor(given.account, given.secret))


def _given(account: str, told: Mapping[str, str]) -> Given:
    return Given(account, told["password"], told["totp"])


@contextmanager
def _door(book: Book, act: str = "manage_people") -> Iterator[Door]:
    if not may(book.actor, act):
        raise Problem("not_allowed", who=book.person.name, act="管理局里的账号")
    with linked(book).door() as door:
        yield door
