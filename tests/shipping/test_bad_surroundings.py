"""A bundle on a computer that is not as it should be: a sentence with a way out, and nothing is lost. `make campaign`.

Mounts in a name space of its own ask for root; a network drive asks for sshfs and an sftp-server (Debian: sshfs,
openssh-sftp-server), which speak to each other over a pair of sockets and no network.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .test_bundle_update import Installed, home_with_data
from .test_installed import OFFSCREEN, stands

pytestmark = [pytest.mark.campaign, pytest.mark.skipif(sys.platform != "linux", reason="a bundle of Linux")]
SFTP = Path("/usr/lib/openssh/sftp-server")


@pytest.fixture
def here(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """The bundle and a home with data."""
    return home_with_data(built / "inspector-app" / "inspector-app", tmp_path / "主目录 一", monkeypatch)


def read_only(home: Path, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run something where a home can only be read."""
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    line = ["unshare", "--mount", "sh", "-c", script, str(home), *words]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="a mount asks for root")
def test_a_home_that_can_only_be_read_is_told_and_opens_again(here: Installed, tmp_path: Path) -> None:
    fresh = Installed(here.program, tmp_path / "另一个")
    fresh.home.mkdir()
    before = (here.data / "store.db").read_bytes()
    for one, words, sentence in (
        (fresh, (), "不能写入：这个盘只能读"), (fresh, ("trial",), "不能写入：这个盘只能读"),
        (here, ("recover", here.home / "key.pem", "p1"), "不能写入：这个盘只能读"),
        (here, ("tour", "--out", here.home / "演示"), "这个盘只能读"),
    ):  # fmt: skip
        status, said = read_only(one.home, [str(one.program), *map(str, words)], one.environment)
        assert status == 1 and sentence in said and len(said.splitlines()) == 1, said
    status, said = read_only(here.home, [str(here.program), "doctor"], here.environment)
    assert status == 1 and "[不行] 数据文件夹" in said and "Traceback" not in said, said
    assert (here.data / "store.db").read_bytes() == before
    status, said = here.recover()
    assert status == 0, said


@contextmanager
def network_drive(folder: Path, mount: Path) -> Iterator[Callable[[], None]]:
    """A real mount of another file system over a protocol; gives what cuts the line."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server = subprocess.Popen([str(SFTP)], stdin=theirs.fileno(), stdout=theirs.fileno())
        client = subprocess.Popen(
            ["sshfs", "-f", "-o", "passive", f":{folder}", str(mount)], stdin=ours.fileno(), stdout=ours.fileno()
        )
    try:
        while not mount.is_mount():
            assert client.poll() is None
            os.sched_yield()
        yield server.kill
    finally:
        server.kill()
        server.wait()
        subprocess.run(["umount", "-l", mount], check=False, stderr=subprocess.DEVNULL)
        client.kill()
        client.wait()


@pytest.mark.skipif(shutil.which("sshfs") is None or not SFTP.is_file(), reason="a network drive asks for sshfs")
def test_data_on_a_network_drive_are_told_of_and_outlive_a_cut_line(here: Installed, tmp_path: Path) -> None:
    mounted = Installed(here.program, tmp_path / "网络盘")
    mounted.home.mkdir()
    with network_drive(here.home, mounted.home) as cut:
        status, said = mounted.run("doctor")
        assert status == 1 and "在网络盘上（fuse.sshfs）" in said and "--folder" in said, said
        status, said = mounted.recover()
        assert status == 0, said
        cut()
        status, said = mounted.run("recover", here.home / "key.pem", "p1")
        assert status == 1 and "Traceback" not in said and len(said.splitlines()) == 1, said
    status, said = here.recover()
    assert status == 0, said


def test_without_a_bus_and_without_fonts_the_window_stands(built: Path, tmp_path: Path) -> None:
    """fontconfig is shown a folder without a font; neither bus answers."""
    empty = tmp_path / "fonts.conf"
    empty.write_text(f"<fontconfig><dir>{tmp_path / 'none'}</dir><cachedir>{tmp_path}</cachedir></fontconfig>", "utf-8")
    nowhere = f"unix:path={tmp_path}/no-bus"
    environment = {**OFFSCREEN, "FONTCONFIG_FILE": str(empty), "DBUS_SESSION_BUS_ADDRESS": nowhere,
                   "DBUS_SYSTEM_BUS_ADDRESS": nowhere}  # fmt: skip
    assert stands([str(built / "inspector-app" / "inspector-app")], tmp_path / "data", environment) > 0
