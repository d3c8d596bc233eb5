"""A real server on loopback: TLS by the bureau's own root, SQLite and a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bureau_server.office import Config, Office
from bureau_server.serve import running
from inspector_app.domain.access import Role
from inspector_app.domain.clock import CHINA, TrialClock
from inspector_app.record.keys import DeviceKey
from inspector_app.sync.door import Address, Door
from tests.server.browsing import Browser
from tests.server.provider import CLIENT, provider

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2id in a millisecond; the strength of the real parameters is not what these tests ask about."""
PASSWORD = "示例-very-long-password"


@dataclass
class Served:
    """A running server with an account for every role; the account's id is the role's name."""

    office: Office
    address: Address
    doors: list[Door] = field(default_factory=list)
    keys: dict[str, DeviceKey] = field(default_factory=dict)

    def door(self, account: str, device: str = "QH-0001", *, enrol: bool = True) -> Door:
        """A connection that is signed in, its device enrolled: one laptop under each name, whoever signs in there."""
        door = Door(self.address)
        self.doors.append(door)
        door.sign_in(account, PASSWORD, "", device)
        if enrol:
            door.enrol(account, self.keys.setdefault(device, DeviceKey.generate(device)))
        return door


def office_at(folder: Path, **changes: object) -> Office:
    return Office(Config.embedded(folder, port=0, **changes), TrialClock(datetime.now(CHINA)), QUICK)


@contextmanager
def serving(office: Office) -> Iterator[Served]:
    """The office on a port, with an account of each role under the role's name."""
    for role in Role:
        office.accounts.add(role.value, f"示例{role.label}", role, PASSWORD)
    with running(office) as url:
        made = Served(office, Address(url, office.authority.certificate))
        yield made
        for door in made.doors:
            door.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(office_at(tmp_path / "bureau")) as made:
        yield made


# -- the unit's own accounts ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real provider with four people."""
    with provider(tmp_path_factory.mktemp("provider"), "shen", "lu", "he", "guest") as made:
        yield made


def oidc_settings(issuer: str, **more: str) -> dict[str, str]:
    return {"issuer": issuer, "client_id": CLIENT, "claim": "preferred_username", "scope": "openid profile", **more}


@pytest.fixture
def unit(tmp_path: Path, issuer: str) -> Iterator[Served]:
    """A bureau whose people `shen`, `lu` and `he` (closed) have accounts of the unit; `guest` has one there only."""
    bureau = office_at(tmp_path / "bureau", oidc=oidc_settings(issuer))
    for id, role in (("shen", Role.LEAD), ("lu", Role.OFFICER), ("he", Role.OFFICER)):
        bureau.accounts.add(id, f"示例{id}", role, "")
    bureau.accounts.close("he")
    with running(bureau) as url:
        made = Served(bureau, Address(url, bureau.authority.certificate))
        yield made
        for door in made.doors:
            door.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()
