"""Copies of the bureau's record come back whole; what was changed behind its back is found; the command line."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bureau_server import filing
from bureau_server.accounts import Person
from bureau_server.main import main
from bureau_server.office import Config, Office
from bureau_server.serve import certificate_of
from bureau_server.upkeep import back_up, check_backup, faults, restore
from inspector_app.domain.access import Role
from inspector_app.domain.problems import Problem
from inspector_app.record.keys import PublicKey
from inspector_app.sync.wire import Push
from inspector_app.usage import EX_USAGE
from tests.office import refused
from tests.server.conftest import Served
from tests.server.test_doors import laptop_of, name_file
from tests.sync.world import STREAM


def full(served: Served, tmp_path: Path) -> str:
    """A bureau with an inspection and a file of two pieces; returns the file's digest."""
    laptop, door = laptop_of(served, tmp_path / "a")
    content = os.urandom(5 << 20)
    sha256 = name_file(laptop, content)
    laptop.answer("A01", "符合")
    laptop.sync(door.post)
    door.hand_in(sha256, io.BytesIO(content), len(content))
    laptop.close()
    return sha256


def at(folder: Path, like: Office) -> Config:
    folder.mkdir()
    shutil.copyfile(like.config.folder / "secret", folder / "secret")
    return Config.embedded(folder, port=0)


def test_a_copy_comes_back_whole_as_a_new_life(served: Served, tmp_path: Path) -> None:
    sha256 = full(served, tmp_path)
    assert "3 条，1 个文件" in back_up(served.office, tmp_path / "copy")
    assert "备份完整" in check_backup(tmp_path / "copy")
    config = at(tmp_path / "new", served.office)
    assert "已恢复并核对" in restore(tmp_path / "copy", config)
    again = Office(config)
    assert again.ledger.rows(STREAM) == served.office.ledger.rows(STREAM)
    assert again.key.public == served.office.key.public and again.ledger.epoch != served.office.ledger.epoch
    assert b"".join(again.blobs.stream(sha256)) == b"".join(served.office.blobs.stream(sha256))
    with pytest.raises(Problem, match="已经有数据"):
        restore(tmp_path / "copy", config)
    again.close()


def test_no_copy_is_laid_into_what_it_is_a_copy_of(served: Served) -> None:
    inside = served.office.config.folder / "copies" / "2026"
    refused("backup_inside", lambda: back_up(served.office, inside))
    assert not inside.exists()


def test_no_number_is_given_twice_after_an_old_copy_came_back(served: Served, tmp_path: Path) -> None:
    """A laptop brings home what the bureau itself had written since; whoever asks next gets the number after it."""
    laptop, door = laptop_of(served, tmp_path / "a")
    assert door.lease_numbers("notice", "示档检", 2026, 5) == (1, 5)
    back_up(served.office, tmp_path / "copy")
    assert door.lease_numbers("notice", "示档检", 2026, 5) == (6, 10)
    for key in map(PublicKey.parse, door.device_keys()):
        laptop.bureau.devices.setdefault(key.name, []).append(key)
    laptop.sync(door.post)
    config = at(tmp_path / "new", served.office)
    restore(tmp_path / "copy", config)
    again = Office(config)
    officer = Person("officer", "示例执法人员", Role.OFFICER, laptop.store.device)
    laptop.sync(lambda message: filing.exchange(again, officer, Push.unpack(message)).pack())
    assert filing.lease_numbers(again, officer, "notice", "示档检", 2026, 5) == 11
    assert faults(again) == []
    again.close()
    laptop.close()


@pytest.mark.parametrize("harm", ["line", "file", "cut", "about"])
def test_a_harmed_copy_is_refused_before_anything_is_written(served: Served, tmp_path: Path, harm: str) -> None:
    full(served, tmp_path)
    copy = tmp_path / "copy"
    back_up(served.office, copy)
    events = copy / "event.jsonl"
    if harm == "line":
        rows = [json.loads(line) for line in events.read_text("utf-8").splitlines()]
        rows[0]["line"], rows[1]["line"] = rows[1]["line"], rows[0]["line"]
        events.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    elif harm == "file":
        shutil.rmtree(copy / "files")
    elif harm == "cut":
        events.write_bytes(b"".join(events.read_bytes().splitlines(keepends=True)[:-1]))
    else:
        (copy / "copy.json").unlink()
    with pytest.raises(Problem):
        check_backup(copy)


def test_what_was_changed_behind_its_back_is_found(served: Served, tmp_path: Path) -> None:
    sha256 = full(served, tmp_path)
    assert faults(served.office) == []
    piece = next((tmp_path / "bureau" / "files").rglob("000000000000000-*"))
    sealed = piece.read_bytes()
    piece.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    connection = sqlite3.connect(tmp_path / "bureau" / "ledger.db")
    connection.executescript("DROP TRIGGER event_no_delete; DELETE FROM event WHERE seq = 1;")
    connection.close()
    found = "\n".join(faults(served.office))
    assert sha256[:8] in found and "第 3 条没有签名证明（gap）" in found


def test_another_secret_is_named_before_anything_is_laid_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who forgot to put the secret back is told so, puts it back, and restores."""
    old, new = ["--folder", str(tmp_path / "old")], ["--folder", str(tmp_path / "new")]
    assert main([*old, "init"]) == 0 and main([*old, "backup", str(tmp_path / "copy")]) == 0
    assert main([*new, "restore", str(tmp_path / "copy")]) == 1
    assert "放回当时和数据分开保管的 secret" in capsys.readouterr().err
    shutil.copyfile(tmp_path / "old" / "secret", tmp_path / "new" / "secret")
    assert main([*new, "restore", str(tmp_path / "copy")]) == 0
    (tmp_path / "new" / "secret").write_bytes(base64.b64encode(os.urandom(32)))
    assert main([*new, "verify"]) == 1
    assert "secret" in capsys.readouterr().err


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = ["--folder", str(tmp_path / "bureau")]
    assert main([*folder, "init"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("a-long-password\nshort\n"))
    assert main([*folder, "user", "wang", "示例王", "team_lead", "--totp"]) == 0
    assert main([*folder, "user", "li", "示例李", "officer"]) == 1
    assert main([*folder, "user", "shen", "示例沈岚", "officer", "--no-password"]) == 0
    assert main([*folder, "init", "--server-role", "bureau"]) == 1, "SQLite has no roles"
    assert main([*folder, "device"]) == 0
    assert main([*folder, "device", "--revoke", "QH-FFFF"]) == 1
    assert main([*folder, "backup", str(tmp_path / "copy")]) == 0
    assert main([*folder, "restore", "--check", str(tmp_path / "copy")]) == 0
    assert main([*folder, "restore", str(tmp_path / "nothing")]) == 1
    assert main([*folder, "verify"]) == 0
    kept = [*(tmp_path / "bureau").rglob("*"), *(tmp_path / "copy").rglob("*")]
    assert kept and not any(path.stat().st_mode & 0o077 for path in kept), "nobody else on the machine reads it"
    said = capsys.readouterr()
    assert "返回上一页" not in said.err
    assert "动态码密钥" in said.out and "全部核对通过" in said.out and "QH-FFFF" in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["user"], "还缺：编号, 姓名, 角色"), (["nothing"], "没有“nothing”这个命令"), ([], "还缺：命令"),
        (["user", "p-1", "示例", "boss"], "没有“boss”"), (["device", "--revoke"], "--revoke 后面要有一个值"),
        (["user", "", "示例", "officer"], "编号：不能是“”"), (["user", "p-1", "示 例", "officer"], "姓名：不能是“示 例”"),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_carried_out_as_typed_is_refused_in_chinese(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    told = capsys.readouterr().err
    assert ended.value.code == EX_USAGE and said in told and "usage" not in told


def test_settings_that_cannot_be_read_are_told_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bureau.toml"
    (tmp_path / "short").write_text("c2hvcnQ=")
    for content, said in ((None, "没有这个文件"), ('folder = "x"', "缺 database；缺 secret_file"), ("folder = ", "读不通"),
                          ('folder = "x"\nprot = 9000', "没有 prot 这一项"), ('port = "9000"', "port 应是数字"),
                          ("port = 90000", "port 应在 1 至"), ("hosts = []", "hosts 应是方括号里"), ('bucket = "x"', "写成 [bucket]"),
                          (f'folder = "{tmp_path}"\ndatabase = "x"\nsecret_file = "{tmp_path}/short"', "不是完整的密钥"),
                          (f'folder = "{tmp_path}"\ndatabase = "sqlite:////nowhere/x.db"\n'
                           f'secret_file = "{tmp_path}/secret"', "数据库没有回应")):  # fmt: skip
        if content is not None:
            file.write_text(content)
        for line in (["--config", str(file), "verify"], ["verify", "--config", str(file)]):
            assert main(line) == 1
            told = capsys.readouterr().err
            assert said in told and told.count("\n") == 1


def test_a_further_name_of_the_host_gets_a_certificate_and_the_same_names_keep_theirs(served: Served) -> None:
    office = served.office
    first = certificate_of(office)[0].read_bytes()
    assert certificate_of(office)[0].read_bytes() == first
    office.config = replace(office.config, hosts=(*office.config.hosts, "bureau.example"))
    second = certificate_of(office)[0].read_bytes()
    assert second != first and certificate_of(office)[0].read_bytes() == second
