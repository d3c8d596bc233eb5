"""A real bundle takes a signed file with a real later bundle, is cut off in between, steps back, and is not gone below.

Builds a second bundle of a later version with a migration of its own: `make campaign`, ten minutes.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from inspector_app import __version__
from inspector_app.actions import sign_in
from inspector_app.actions.laptop import Laptop
from inspector_app.actions.rules import Rules
from inspector_app.app import data_folder
from inspector_app.domain.clock import SystemClock
from inspector_app.domain.people import Bureau, Officer
from inspector_app.store.engine import SCHEMA_VERSION
from inspector_app.store.keys import KeyBox, new_recovery_key
from inspector_app.store.lock import StoreLock
from tests.updates.maker import Maker, maker

from .recipes import ROOT
from .test_installed import OFFSCREEN, stands

pytestmark = [pytest.mark.campaign, pytest.mark.skipif(sys.platform != "linux", reason="a bundle of Linux")]

NEW = "9.9.9"
PHRASE, PIN = "保险柜里的通行短语一二三", "示例通行短语一二三四五六"
MIGRATION = '''"""Of a later version."""
from alembic import op

revision, down_revision, branch_labels, depends_on = "later", {down!r}, None, None


def upgrade() -> None:
    op.execute("CREATE TABLE later (x INTEGER)")
'''


@pytest.fixture(scope="module")
def later(built: Path) -> Path:
    """The archive of a later version, made by the same targets from a copy of the tree."""
    tree = ROOT / "build" / "later"
    archive = tree / "dist" / f"inspector-app-{NEW}-{os.uname().machine}.tar.gz"
    if os.environ.get("BUNDLE_BUILT") and archive.is_file():
        return archive
    shutil.rmtree(tree, ignore_errors=True)
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.splitlines():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tree / name)
    _change(tree / "inspector_app/__init__.py", __version__, NEW)
    _change(tree / "inspector_app/store/engine.py", f"SCHEMA_VERSION = {SCHEMA_VERSION}",
            f"SCHEMA_VERSION = {SCHEMA_VERSION + 1}")  # fmt: skip
    versions = tree / "db" / "laptop" / "versions"
    newest = max(path.stem.partition("_")[0] for path in versions.glob("0*.py"))
    (versions / "later.py").write_text(MIGRATION.format(down=newest), "utf-8")
    (tree / "build").mkdir()
    for made in ("env", "python"):
        (tree / "build" / made).symlink_to(ROOT / "build" / made)
    for what in ("bundle", "tar"):
        subprocess.run([sys.executable, tree / "packaging" / "bundle.py", what], cwd=tree, check=True)
    return archive


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def made(later: Path, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Who signs, with two files: first the later program, then also rules."""
    one = maker(tmp_path_factory.mktemp("maker"))
    one.program(NEW, later)
    one.pack("1.zip")
    one.rules("示例更正")
    one.pack("2.zip")
    print(f"\nupdate file {(one.folder / '1.zip').stat().st_size / 1e6:.0f} MB")
    return one


@pytest.fixture(scope="module")
def unpacked(built: Path, made: Maker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first bundle as IT unpacks it, with the root that it believes."""
    place = tmp_path_factory.mktemp("软件") / "解压 到这里"
    place.mkdir()
    subprocess.run(["tar", "-xzf", next(built.glob("inspector-app-*.tar.gz")), "-C", place], check=True)
    folder = place / f"inspector-app-{__version__}"
    made.anchor(folder / "_internal" / "resources" / "update-root.json")
    return folder


@dataclass(frozen=True)
class Installed:
    """A bundle and the home of somebody who works with it."""

    program: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in OFFSCREEN.items() if not name.startswith("XDG_")}
        return {**kept, "HOME": str(self.home)}

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "inspector"

    def start(self, *words: object) -> subprocess.Popen[str]:
        command = [str(self.program), *map(str, words)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: object) -> tuple[int, str]:
        with self.start(*words) as process:
            out, err = process.communicate()
        return process.returncode, out + err

    @property
    def version(self) -> str:
        return self.run("--version")[1].strip()

    def recover(self) -> tuple[int, str]:
        """Open the data with the bureau's recovery key, typed on a terminal; what opens them brings them up to date."""
        ours, theirs = os.openpty()
        words = [str(self.program), "recover", str(self.home / "key.pem"), "p1"]
        with subprocess.Popen(words, env=self.environment, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              start_new_session=True) as process:  # fmt: skip
            assert process.stdout is not None
            said = b""
            for answer in (PHRASE, PIN, PIN):
                while not said.endswith("：".encode()) and (more := os.read(process.stdout.fileno(), 4096)):
                    said += more
                os.write(ours, f"{answer}\n".encode())
                said += b"\n"
            said += process.stdout.read()
        os.close(ours)
        os.close(theirs)
        return process.returncode, said.decode("utf-8")


def home_with_data(program: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """A home with data as the version of now writes them, and the bureau's recovery key in it."""
    found = Installed(program, home)
    home.mkdir()
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    assert data_folder() == found.data
    laptop = Laptop(found.data, SystemClock(), Rules(), __version__, lambda path: KeyBox(path, None))
    pem, public = new_recovery_key(PHRASE)
    (home / "key.pem").write_bytes(pem)
    sign_in.set_up(laptop, Bureau("示例区档案局", "示档"), Officer("p1", "示例沈岚"), PIN, public).close()
    return found


@pytest.fixture
def installed(unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """The unpacked bundle and an officer's home with data of its version."""
    return home_with_data(unpacked / "inspector-app", tmp_path / "主目录 一", monkeypatch)


def test_after_one_file_the_later_version_runs_with_the_data(installed: Installed, made: Maker, tmp_path: Path) -> None:
    assert installed.version == __version__
    begin = time.perf_counter()
    status, said = installed.run("update", made.folder / "1.zip")
    assert status == 0 and f"已采用程序 {NEW}" in said and "示例制作方（" in said, said
    print(f"\ntaken in {time.perf_counter() - begin:.0f} s")
    assert installed.version == NEW
    status, said = installed.recover()
    assert status == 0 and "口令已重设" in said, said
    assert not list(installed.data.glob("store.db.before*"))
    spent = stands([str(installed.program)], tmp_path / "w", installed.environment)
    print(f"window of the later version after {spent:.2f} s")
    _downgrade_is_told(installed)
    _one_window_a_store(installed)


def _downgrade_is_told(installed: Installed) -> None:
    """The installed version beside the later one, on data that the later one has written."""
    shutil.move(installed.data / "program", installed.home / "program")
    assert installed.version == __version__
    before = (installed.data / "store.db").read_bytes()
    status, said = installed.recover()
    assert status == 1 and "更新的版本" in said and "安装新版本；数据没有改动" in said, said
    assert (installed.data / "store.db").read_bytes() == before
    shutil.move(installed.home / "program", installed.data / "program")
    status, said = installed.recover()
    assert status == 0, said


def _one_window_a_store(installed: Installed) -> None:
    """Two versions side by side: who comes second is told who is there."""
    with StoreLock(installed.data / "lock"):
        for program in (installed.program, installed.data / "program" / NEW / "inspector-app"):
            status, said = Installed(program, installed.home).run("recover", installed.home / "key.pem", "p1")
            assert status == 1 and f"另一个窗口打开（进程 {os.getpid()}）" in said, said


def _cut(installed: Installed, made: Maker, moment: Callable[[Path], bool]) -> None:
    with installed.start("update", made.folder / "1.zip") as process:
        while not moment(installed.data / "program"):
            assert process.poll() is None, process.communicate()
            os.sched_yield()
        process.kill()
        process.communicate()
    assert process.returncode == -signal.SIGKILL


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "while it is copied": lambda folder: (folder / f"{NEW}.part").is_file(),
    "while it is unpacked": lambda folder: any(folder.glob("*-whole.part/*/_internal/PySide6")),
    "while it is tried": lambda folder: (folder / NEW).is_dir(),
}


def test_cut_anywhere_the_old_version_runs_on_and_the_same_file_goes_through(installed: Installed, made: Maker) -> None:
    for name, moment in MOMENTS.items():
        _cut(installed, made, moment)
        assert installed.version == __version__, name
        status, said = installed.recover()
        assert status == 0, (name, said)
        if name != "while it is tried":
            assert not (installed.data / "program" / NEW).exists()
    status, said = installed.run("update", made.folder / "1.zip")
    assert status == 0 and installed.version == NEW, said
    assert sorted(path.name for path in (installed.data / "program").iterdir()) == [NEW, "current"]


def test_a_version_that_cannot_bring_the_data_up_to_date_gives_way(installed: Installed, made: Maker) -> None:
    assert installed.run("update", made.folder / "1.zip")[0] == 0
    migration = installed.data / "program" / NEW / "_internal" / "db" / "laptop" / "versions" / "later.py"
    migration.write_text(migration.read_text("utf-8").replace("CREATE TABLE later", "CREATE TORN later"), "utf-8")
    status, said = installed.recover()
    assert status == 1 and "数据已恢复到升级前" in said, said
    assert installed.version == __version__
    status, said = installed.recover()
    assert status == 0 and "口令已重设" in said, said


def test_older_and_forged_files_change_nothing(installed: Installed, made: Maker, tmp_path: Path) -> None:
    assert installed.run("update", "--look", made.folder / "2.zip")[0] == 0
    status, said = installed.run("update", made.folder / "1.zip")
    assert status == 1 and "比这台电脑已经认过的旧" in said, said
    forged = _with_a_byte_changed(made.folder / "2.zip", tmp_path / "forged.zip")
    status, said = installed.run("update", forged)
    assert status == 1 and "签名或内容不对" in said, said
    assert installed.version == __version__ and not list((installed.data / "program").glob("[0-9]*[0-9]"))


def _with_a_byte_changed(file: Path, target: Path) -> Path:
    with ZipFile(file) as old, ZipFile(target, "w", ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if re.search(r"targets/program/.*linux", name):
                middle = len(content) // 2
                content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            new.writestr(name, content)
    return target


@pytest.fixture(scope="module", autouse=True)
def cleared(later: Path) -> Iterator[None]:
    """The second bundle takes half a gigabyte; a run that is to be repeated keeps it."""
    yield
    if not os.environ.get("BUNDLE_BUILT"):
        shutil.rmtree(later.parent.parent)
