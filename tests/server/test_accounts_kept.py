"""Accounts as admins keep them: first passwords, roles, closing, the last admin, and the record of every act."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pyotp
import pytest

from bureau_server.accounts import FIRST_DAYS
from bureau_server.main import main
from inspector_app.domain.access import Role
from inspector_app.domain.event import OPERATION
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import DeviceKey
from inspector_app.sync.door import Door
from inspector_app.sync.wire import Pull, Push
from tests.office import refused
from tests.server.conftest import PASSWORD, Served, office_at

ADMIN, OWN = "bureau_admin", "示例-my-own-password"


def words(served: Served, account: str) -> list[str]:
    return [step["what"] for step in served.office.ledger.rows(OPERATION)["account", account]["steps"]]


def test_a_first_password_opens_the_way_to_an_own_one_and_nothing_else(served: Served) -> None:
    admin = served.door(ADMIN)
    first = admin.invite("p-1", "示例甲", "officer", True)
    code = pyotp.TOTP(first["totp"]).at(int(served.office.clock.now().at.timestamp()))
    with Door(served.address) as door:
        for own in ("", "short", first["password"]):
            refused("password_to_set", partial(door.sign_in, "p-1", first["password"], code, "QH-0002", own))
        refused("wrong_password", lambda: door.sign_in("p-1", OWN, code, "QH-0002", OWN))
        assert door.sign_in("p-1", first["password"], code, "QH-0002", OWN)["role"] == "officer"
        later = pyotp.TOTP(first["totp"]).at(int(served.office.clock.now().at.timestamp()) + 30)
        refused("wrong_password", lambda: door.sign_in("p-1", first["password"], later, "QH-0002", PASSWORD))
        assert door.sign_in("p-1", OWN, later, "QH-0002")["name"] == "示例甲"
    refused("refused_by_bureau", lambda: admin.invite("p-1", "示例乙", "officer", False))
    assert words(served, "p-1") == ["登记为执法人员，给一次性密码"]


def test_a_first_password_that_nobody_used_ends(served: Served) -> None:
    first = served.door(ADMIN).invite("p-2", "示例乙", "officer", False)["password"]
    served.office.clock.skip(timedelta(days=FIRST_DAYS, seconds=1))  # type: ignore[attr-defined]
    with Door(served.address) as door:
        refused("first_password_over", lambda: door.sign_in("p-2", first, "", "QH-0002", OWN))
        again = served.door(ADMIN).reset_password("p-2")["password"]
        assert door.sign_in("p-2", again, "", "QH-0002", OWN)["account"] == "p-2"


def test_roles_change_accounts_close_and_all_of_it_stands_in_the_record(served: Served) -> None:
    admin, officer = served.door(ADMIN), served.door("officer", "QH-0003")
    admin.change_role("officer", "team_lead")
    refused("signed_out", officer.device_keys)  # who was signed in by the old role signs in anew
    assert officer.sign_in("officer", PASSWORD, "", "QH-0003")["role"] == "team_lead"
    admin.set_active("officer", False)
    refused("signed_out", officer.device_keys)
    refused("wrong_password", lambda: officer.sign_in("officer", PASSWORD, "", "QH-0003"))
    admin.set_active("officer", True)
    given = admin.reset_password("officer")["password"]
    refused("wrong_password", lambda: officer.sign_in("officer", PASSWORD, "", "QH-0003", OWN))
    officer.sign_in("officer", given, "", "QH-0003", OWN)
    admin.reset_totp("officer", True)
    refused("wrong_password", lambda: officer.sign_in("officer", OWN, "", "QH-0003"))
    admin.reset_totp("officer", False)
    officer.sign_in("officer", OWN, "", "QH-0003")
    admin.revoke("QH-0003")
    done = ["执法人员改为科室负责人", "停用", "启用", "重设密码，给一次性密码", "重设动态码", "取消动态码"]
    assert words(served, "officer") == done
    told = next(row for row in admin.accounts() if row["id"] == "officer")
    assert [step["what"] for step in told["steps"]] == done[::-1] and told["steps"][0]["by"] == "示例系统管理员"
    assert served.office.ledger.rows(OPERATION)["laptop", "QH-0003"]["steps"][0]["admin"] == ADMIN
    for role, device, reads in (("auditor", "QH-0004", True), ("team_lead", "QH-0005", False)):
        answer = Pull.unpack(served.door(role, device).post(Push(device, {}, {}, [], []).pack()))
        assert (OPERATION in answer.differ) is reads, role


def test_nobody_changes_the_own_account_and_the_last_admin_stays(served: Served) -> None:
    admin = served.door(ADMIN)
    mine: list[Callable[[], object]] = [
        lambda: admin.set_active(ADMIN, False), lambda: admin.change_role(ADMIN, "officer"),
        lambda: admin.reset_password(ADMIN), lambda: admin.reset_totp(ADMIN, True),
    ]  # fmt: skip
    for act in mine:
        refused("own_account", act)
    office = served.office
    last: list[Callable[[], object]] = [
        lambda: office.accounts.close(ADMIN), lambda: office.accounts.change_role(ADMIN, Role.LEAD),
        lambda: office.accounts.add(ADMIN, "示例", Role.OFFICER, PASSWORD),
    ]  # fmt: skip
    for act in last:
        refused("last_admin", act)
    assert ("account", ADMIN) not in office.ledger.rows(OPERATION), "what was refused is not noted"
    second = admin.invite("p-9", "示例丁", ADMIN, False)["password"]
    other = Door(served.address)
    served.doors.append(other)
    other.sign_in("p-9", second, "", "QH-0009", OWN)
    other.enrol("p-9", DeviceKey.generate("QH-0009"))
    other.set_active(ADMIN, False)
    refused("last_admin", lambda: office.accounts.close("p-9"))
    refused("signed_out", admin.accounts)


def test_a_revoked_laptop_keeps_no_accounts(served: Served) -> None:
    served.office.accounts.add("p-8", "示例管理", Role.ADMIN, PASSWORD)
    lost = served.door("p-8", "QH-0008")
    served.door(ADMIN).revoke("QH-0008")
    acts: list[Callable[[], object]] = [
        lambda: lost.invite("p-7", "示例", ADMIN, False), lambda: lost.reset_password(ADMIN), lambda: lost.revoke("QH-0001")
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Problem, match="不能办理"):
            act()


def test_the_command_line_notes_what_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(tmp_path / "bureau")]
    for role in ("officer", "bureau_admin"):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        assert main([*folder, "user", "wang", "示例王", role]) == 0
    assert main([*folder, "close-user", "wang"]) == 1
    assert "最后一个能用的系统管理员" in capsys.readouterr().err
    office = office_at(tmp_path / "bureau")
    steps = office.ledger.rows(OPERATION)["account", "wang"]["steps"]
    assert [(step["what"], step["admin_name"]) for step in steps] == [
        ("登记为执法人员", "局端命令行"), ("登记为系统管理员", "局端命令行")]  # fmt: skip
    office.close()
