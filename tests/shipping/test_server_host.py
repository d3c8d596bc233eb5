"""The server's package on a Debian host that runs systemd: one command, and the office answers over TLS. `make campaign`.

The host is a Debian that systemd-nspawn boots, without a network of its own: asks for root, debootstrap and systemd-container.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspector_app import __version__

pytestmark = [pytest.mark.campaign, pytest.mark.skipif(sys.platform != "linux", reason="a host of Linux")]

PROGRAMS = ("debootstrap", "systemd-nspawn", "nsenter")
PACKAGES = "systemd-sysv,dbus,hostname,passwd,curl,util-linux"
INSTALL = f"DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /srv/bureau-server_{__version__}_*.deb"
NAME = "ju-server"
ASK = f"curl -s --retry 60 --retry-connrefused --retry-delay 1 --resolve {NAME}:8443:127.0.0.1 https://{NAME}:8443"
OFFICE = "runuser -u bureau-server -- bureau-server --config /etc/bureau-server/bureau.toml"

Inside = Callable[[str], str]


@pytest.fixture(scope="module")
def host(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A booted Debian with the package in /srv; what is called runs a line of the shell in it."""
    if os.geteuid() != 0 or [word for word in PROGRAMS if shutil.which(word) is None]:
        pytest.skip(f"a host asks for root and {', '.join(PROGRAMS)}")
    root = tmp_path_factory.mktemp("host") / "root"
    mirror = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
    line = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root), mirror]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(next(built.glob("bureau-server_*.deb")), root / "srv")
    (root / "etc" / "hostname").write_text(f"{NAME}\n", "ascii")
    with _booted(root) as inside:
        yield inside
    shutil.rmtree(root)


@contextmanager
def _booted(root: Path) -> Iterator[Inside]:
    """systemd as the first process of name spaces of its own, until it has started everything; ended by its power-off signal."""
    line = ["systemd-nspawn", "-q", "-D", str(root), "--register=no", "--keep-unit", "--private-network", "--boot"]
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as machine:
        children = Path(f"/proc/{machine.pid}/task/{machine.pid}/children")
        spaces = ["-m", "-u", "-i", "-n", "-p", "--", "sh", "-c"]

        def within(line: str) -> subprocess.CompletedProcess[str]:
            """Its first process is asked for anew each time: the one that makes the name spaces goes when they are made."""
            first = children.read_text("ascii").split() or ["0"]
            return subprocess.run(
                ["nsenter", "-t", first[0], *spaces, line], capture_output=True, text=True, check=False
            )

        def inside(line: str) -> str:
            done = within(line)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        while within("test -S /run/systemd/private").returncode:
            assert machine.poll() is None
        inside("systemctl is-system-running --wait || true")
        try:
            yield inside
        finally:
            machine.terminate()


@pytest.fixture
def office(host: Inside) -> Inside:
    """The host with an office that was just installed."""
    host("dpkg --purge bureau-server; rm -rf /etc/bureau-server /var/lib/bureau-server /var/backups/bureau /srv/new")
    assert "根证书指纹" in host(INSTALL)
    return host


def test_one_command_brings_an_office_that_answers_over_tls(office: Inside) -> None:
    root = json.loads(office(f"{ASK}/authority -k"))["certificate"]
    office(f"cat > /srv/root.pem <<'END'\n{root}\nEND")
    assert '"status":"ok"' in office(f"{ASK}/health --cacert /srv/root.pem"), "its own name, below its own root"
    assert office("systemctl is-enabled bureau-server").strip() == "enabled"
    assert office("stat -c '%U %a' /var/lib/bureau-server /etc/bureau-server/environment").split("\n")[:2] == [
        "bureau-server 700", "root 600",
    ]  # fmt: skip
    office("systemd-analyze verify /lib/systemd/system/bureau-server.service")


def test_an_upgrade_leaves_it_on_or_off_as_it_was(office: Inside) -> None:
    again = f"dpkg -i /srv/bureau-server_{__version__}_*.deb"
    process = office("systemctl show -P MainPID bureau-server")
    office(again)
    assert office("systemctl show -P MainPID bureau-server") != process, "the new version runs"
    office(f"systemctl disable -q --now bureau-server && {again}")
    assert office("systemctl is-enabled bureau-server || true").strip() == "disabled"
    assert office("systemctl is-active bureau-server || true").strip() == "inactive"
    office("systemctl enable -q --now bureau-server")


def test_a_copy_is_made_while_it_serves_and_comes_back_whole(office: Inside) -> None:
    """The lines of docs/installation.md."""
    assert "动态码密钥" in office(f"echo 示例口令一二三四五六七八 | {OFFICE} user p-0001 示例沈岚 bureau_admin --totp")
    office(f"install -d -o bureau-server /var/backups/bureau && {OFFICE} backup /var/backups/bureau/day")
    office("install -d -m 700 /srv/new && cp /var/lib/bureau-server/secret /srv/new/")
    assert "已恢复并核对" in office("bureau-server --folder /srv/new restore /var/backups/bureau/day")
    assert "全部核对通过" in office("bureau-server --folder /srv/new verify")


def test_after_removal_everything_of_the_bureau_is_there(office: Inside) -> None:
    office("dpkg --purge bureau-server")
    office("test -s /var/lib/bureau-server/secret -a -s /etc/bureau-server/bureau.toml -a ! -e /opt/bureau-server")
    assert office("ls /etc/systemd/system/multi-user.target.wants | grep bureau || true") == ""
