"""A real print system on the loopback: CUPS, and an IPP printer that keeps what arrives (`ippeveprinter`).

The printer refuses to start without a name service, so that a system bus and avahi of its own come along. Everything
lives in one folder and ends with the fixture; nothing of the machine's own print system is touched.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.patience import SECONDS
from tests.services import _folder, free_ports

PROGRAMS = ("cupsd", "ippeveprinter", "avahi-daemon", "dbus-daemon", "lpadmin", "unshare")

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>ANONYMOUS</auth><allow_anonymous/><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/><allow user="*"/></policy>
</busconfig>"""
_AVAHI = """[server]
use-ipv6=no
allow-interfaces=lo
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
"""
# avahi keeps its socket at a fixed place below /run and gives that to a user of its own: it sees another /run and other users.
_APART = """
sed -E 's/^avahi:x:[0-9]+:[0-9]+/avahi:x:0:0/' /etc/passwd > {folder}/passwd
sed -E 's/^avahi:x:[0-9]+/avahi:x:0/' /etc/group > {folder}/group
mount --bind {folder}/passwd /etc/passwd
mount --bind {folder}/group /etc/group
mount -t tmpfs none /run
mkdir /run/avahi-daemon
exec avahi-daemon -f {folder}/avahi.conf --no-drop-root --no-chroot --no-rlimits
"""
_FILES = """ServerRoot {folder}/conf
StateDir {folder}/state
CacheDir {folder}/cache
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
ErrorLog {folder}/errors
AccessLog {folder}/accesses
PageLog {folder}/pages
User lp
Group lp
SystemGroup root
"""
_CUPS = """Listen {folder}/cups
Browsing No
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_COMMAND = """#!/bin/sh
told="{folder}/$(basename "$1").told"
env | grep ^IPP_ > "$told.part"
mv "$told.part" "$told"
# It dies while it prints, not while it answers that it has the document: a system that lost that answer may count it as done.
[ -e "{folder}/vanish" ] && sleep 3 && kill -9 $PPID
if [ -e "{folder}/dry" ]; then
    echo "STATE: +media-empty-error,media-needed" >&2
    cat "{folder}/dry" > /dev/null
    echo "STATE: -media-empty-error,media-needed" >&2
fi
[ -e "{folder}/hold" ] && cat "{folder}/hold" > /dev/null
exit 0
"""


def lacking() -> list[str]:
    """Programs that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name, path=_path()["PATH"]) is None]


@dataclass
class Job:
    """What arrived at the printer: the document, and what was asked for it (IPP attributes by name)."""

    document: Path
    told: dict[str, str]


@dataclass
class PrintSystem:
    """CUPS with one queue, and the printer behind it, which can vanish and come back."""

    folder: Path
    name: str
    port: int
    _printer: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def server(self) -> str:
        """What CUPS_SERVER has to be."""
        return str(self.folder / "cups")

    def jobs(self) -> list[Job]:
        """What has arrived, oldest first."""
        found = sorted(self.folder.glob("*.told"), key=lambda path: int(path.name.split("-")[0]))
        return [Job(self.folder / "arrived" / path.stem, self._asked(path)) for path in found]

    def _asked(self, told: Path) -> dict[str, str]:
        lines = told.read_text("utf-8", "replace").splitlines()
        return dict(line.removeprefix("IPP_").split("=", 1) for line in lines if "=" in line)

    def begun(self) -> bool:
        """Whether the printer has begun with a job."""
        return bool(self.jobs())

    def vanish(self, on: bool = True) -> None:
        """Let the printer die in the midst of the next job."""
        (self.folder / "vanish").touch() if on else (self.folder / "vanish").unlink()

    def be_well(self) -> None:
        """Whatever a test asked of the printer, and did not take back because it failed, is forgotten."""
        for name in ("vanish", "hold", "dry"):
            (self.folder / name).unlink(missing_ok=True)

    def hold(self) -> None:
        """Let the next job take until `release`."""
        os.mkfifo(self.folder / "hold")

    def release(self) -> None:
        self._let_go("hold")

    def run_dry(self) -> None:
        """Have no paper for the next job until `refill`."""
        os.mkfifo(self.folder / "dry")

    def refill(self) -> None:
        self._let_go("dry")

    def _let_go(self, name: str) -> None:
        pipe = self.folder / name
        with pipe.open("wb"):
            pipe.unlink()

    def switch_on(self) -> None:
        """Start the printer, again where it has vanished. What arrived before is gone."""
        self.switch_off()
        for path in (*(self.folder / "arrived").iterdir(), *self.folder.glob("*.told")):
            path.unlink()
        bus = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/bus"}
        self._printer = [
            _start(self.folder, "ippeveprinter", "-2", "-c", str(self.folder / "command"), "-p", str(self.port), "-n",
                   "localhost", "-d", str(self.folder / "arrived"), "-k", "-f", "application/pdf", self.name, env=bus)
        ]  # fmt: skip
        _wait(lambda: _answers(self.port), *self._printer)

    def switch_off(self) -> None:
        for child in self._printer:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # with the command of a job that is held
            child.wait()
        self._printer = []

    def order(self, *command: str) -> None:
        """Run a command of CUPS against this print system."""
        subprocess.run(command, env={**os.environ, **_path(), "CUPS_SERVER": self.server}, check=True, timeout=SECONDS)


@contextmanager
def print_system() -> Iterator[PrintSystem]:
    """Start all of it; ended on leaving. Raises OSError when a part does not come up."""
    folder = _folder("print")
    for name in ("conf", "state", "cache", "spool", "spool/tmp", "arrived"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
    for name, text in (("bus.conf", _BUS), ("avahi.conf", _AVAHI), ("conf/cups-files.conf", _FILES),
                       ("conf/cupsd.conf", _CUPS), ("command", _COMMAND)):  # fmt: skip
        (folder / name).write_text(text.format(folder=folder))
    (folder / "command").chmod(0o755)
    bus = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
    with ExitStack() as ends:

        def start(*command: str, ready: Callable[[], bool]) -> None:
            child = _start(folder, *command, env=bus)
            ends.callback(child.wait)
            ends.callback(child.terminate)
            _wait(ready, child)

        start("dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", ready=(folder / "bus").exists)
        apart = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
        start(*apart, "sh", "-ec", _APART.format(folder=folder),
              ready=lambda: b"startup complete" in (folder / "unshare.log").read_bytes())  # fmt: skip
        start("cupsd", "-f", "-c", f"{folder}/conf/cupsd.conf", "-s", f"{folder}/conf/cups-files.conf",
              ready=(folder / "cups").exists)  # fmt: skip
        system = PrintSystem(folder, "示例打印机", free_ports(1)[0])
        ends.callback(system.switch_off)
        system.switch_on()
        system.order(
            "lpadmin", "-p", system.name, "-E", "-v", f"ipp://localhost:{system.port}/ipp/print", "-m", "everywhere"
        )
        # CUPS asks the printer what it can on a thread of its own: one that is switched off before that stays a raw queue.
        _wait((folder / "conf/ppd" / f"{system.name}.ppd").exists, *system._printer)
        yield system


def _path() -> dict[str, str]:
    """The programs of administrators are in nobody else's path on Debian."""
    return {"PATH": os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])}


def _start(folder: Path, *command: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
    env = {**env, **_path()}
    with (folder / f"{command[0]}.log").open("wb") as log:
        return subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=folder, start_new_session=True)


def _wait(ready: Callable[[], bool], *children: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS
    while not ready():
        if any(child.poll() is not None for child in children) or time.monotonic() > until:
            raise OSError(f"{_command(children)} did not start")
        time.sleep(0.02)  # nothing tells when they are up but trying


def _command(children: Sequence[subprocess.Popen[bytes]]) -> str:
    return "、".join(str(child.args) for child in children)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
