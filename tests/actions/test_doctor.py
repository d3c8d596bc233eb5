"""The doctor: what is wrong with a computer is said with its way out, and the worst of it is the exit status."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspector_app import app
from inspector_app.actions import doctor, sign_in
from inspector_app.actions.doctor import Sign, State
from inspector_app.actions.sign_in import Session
from inspector_app.papers import fonts
from inspector_app.store.disk import network_drive
from tests.office import laptop_at, office


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Room on the disk and Beijing's time; what this computer has of them is not asked. One face is read, not all."""
    own = {fonts.FANG: fonts.bundled().sources[fonts.FANG]}
    monkeypatch.setattr("inspector_app.actions.doctor.bundled", lambda: fonts.Faces(dict(own)))
    monkeypatch.setattr(doctor, "free_bytes", lambda place: 10**11)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def seen(signs: list[Sign]) -> dict[str, Sign]:
    return {sign.name: sign for sign in signs}


def test_a_laptop_that_is_set_up_is_read_and_never_written(session: Session) -> None:
    before = session.book.store.count()
    signs = seen(doctor.examine(session.laptop, session.book))
    assert session.book.store.count() == before
    for name in ("程序", "字体", "数据文件夹", "磁盘", "数据"):
        assert signs[name].state is State.GOOD, signs[name]
    assert "数据库通过检查" in signs["数据"].fact
    assert signs["局里"].fact == "这台电脑还没有登记到局里。" and signs["第二份备份"].state is State.LACKING
    assert all(sign.way_out for sign in signs.values() if sign.state is not State.GOOD)


def test_a_room_that_runs_out_is_told_before_it_stops_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((10**10, State.GOOD), (10**9, State.LACKING), (10**8, State.WRONG)):
        monkeypatch.setattr(doctor, "free_bytes", lambda place, free=free: free)
        assert seen(doctor.examine(laptop_at(tmp_path)))["磁盘"].state is state


def test_lost_keys_and_a_lost_database_are_told_apart(session: Session, tmp_path: Path) -> None:
    session.close()
    folder = session.laptop.folder
    assert "3 人可以登录" in seen(doctor.examine(session.laptop))["数据"].fact
    (folder / "store.db").rename(tmp_path / "away")
    lost = seen(doctor.examine(session.laptop))["数据"]
    assert lost.state is State.WRONG and "数据库" in lost.fact
    (tmp_path / "away").rename(folder / "store.db")
    (folder / "keys.json").write_text("{", "utf-8")
    assert "keys.json 读不出" in seen(doctor.examine(session.laptop))["数据"].fact
    (folder / "keys.json").unlink()
    assert "没有钥匙文件" in seen(doctor.examine(session.laptop))["数据"].fact


def test_a_clock_behind_the_data_stops_the_work(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"")
    ahead = time.time() + 86400
    os.utime(tmp_path / "store.db", (ahead, ahead))
    sign = seen(doctor.examine(laptop_at(tmp_path)))["时钟"]
    assert sign.state is State.WRONG and "早于数据上次写入" in sign.fact


def test_another_zone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    assert "不是北京时间" in seen(doctor.examine(laptop_at(tmp_path)))["时钟"].fact


def test_a_network_drive_is_known_by_the_nearest_mount(tmp_path: Path) -> None:
    share = tmp_path / "局 里"
    share.mkdir()
    mounts = tmp_path / "mounts"
    escaped = str(share).encode().decode("latin-1").replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//x/y {escaped} cifs rw 0 0\n", "latin-1")
    assert network_drive(share, mounts) == "cifs"
    assert network_drive(tmp_path, mounts) == ""


def test_data_on_a_network_drive_are_told_on_the_page_and_at_signing_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (doctor, sign_in):
        monkeypatch.setattr(place, "network_drive", lambda folder: "nfs4")
    sign = seen(doctor.examine(laptop_at(tmp_path)))["数据文件夹"]
    assert sign.state is State.WRONG and "nfs4" in sign.fact and "本机硬盘" in sign.way_out
    session = office(tmp_path)
    assert any("网络盘上（nfs4）" in notice for notice in session.book.notices)
    session.close()


def test_a_damaged_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = tmp_path / "FandolFang.ttf"
    bad.write_bytes(b"no font")
    own = fonts.bundled()
    own.sources[fonts.FANG] = replace(own.sources[fonts.FANG], path=bad)
    monkeypatch.setattr("inspector_app.actions.doctor.bundled", lambda: own)
    monkeypatch.setattr(doctor, "FORMS", tmp_path)
    signs = seen(doctor.examine(laptop_at(tmp_path)))
    assert "policy.toml" in signs["程序"].fact and "FandolFang.ttf" in signs["字体"].fact
    assert doctor.verdict(list(signs.values())) == "有 2 处不行，先解决再检查。"


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    sign = seen(doctor.examine(laptop_at(tmp_path / "file" / "data")))["数据文件夹"]
    assert sign.state is State.WRONG and "不是文件夹" in sign.fact and "换一个文件夹" in sign.way_out


def test_the_command_prints_one_page_and_its_verdict(tmp_path: Path) -> None:
    """A process of its own: without a screen, with an input method that is not there."""
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app.app", "--folder", str(tmp_path / "局里 data"), "doctor"],
        env=bare | {"QT_IM_MODULE": "fcitx", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done
    lines = done.stdout.splitlines()
    assert len(lines) < 40 and "输入法 fcitx 没有应答" in done.stdout and "[缺少] 窗口：没有图形界面" in done.stdout
    assert lines[-1].startswith("可以检查；有" if done.returncode == 2 else "有 ")
    assert not (tmp_path / "局里 data").exists(), "looking makes no folder"


def test_a_library_that_qt_lacks_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "inspector_app.ui.doctor", None)
    assert app.main(["--folder", str(tmp_path), "doctor"]) == 1
    assert "[不行] 窗口：窗口打不开：缺系统的库" in capsys.readouterr().out
