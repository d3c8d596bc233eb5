"""A later version of the program: whole beside the old one or not there, and named by one rename."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inspector_app import __version__
from inspector_app.actions import updates
from inspector_app.actions.laptop import Laptop
from inspector_app.domain.clock import SystemClock
from inspector_app.updates.program import Versions, independent, later, ordered
from tests.laptops import laptop_at
from tests.office import refused

from .maker import Maker, archive, maker
from .worker import PROGRAM_STEPS, ROOT, running

NEW = "9.9.9"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of these tests are shell scripts")


@dataclass(frozen=True)
class Ready:
    """A file that brings a later version, and where it is taken."""

    maker: Maker
    file: Path
    laptop: Laptop

    @property
    def programs(self) -> Path:
        assert self.laptop.programs is not None
        return self.laptop.programs


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    one = maker(tmp_path_factory.mktemp("maker"))
    one.program(NEW, archive(one.folder / "new.tar.gz", NEW))
    one.pack()
    return one


@pytest.fixture
def ready(made: Maker, tmp_path: Path) -> Ready:
    data = tmp_path / "有 空格" / "inspector"
    data.mkdir(parents=True)
    laptop = replace(laptop_at(data), clock=SystemClock(), anchor=made.anchor(tmp_path / "root.json"),
                     programs=data / "program")  # fmt: skip
    return Ready(made, made.folder / "更新.zip", laptop)


@pytest.fixture(scope="module")
def worker() -> Iterator[Callable[..., int]]:
    with running() as job:
        yield job


def starts(ready: Ready) -> str:
    """Which version answers when the installed bundle is started."""
    tree = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "XDG_DATA_HOME": str(ready.laptop.folder.parent), "PYTHONPATH": tree}
    done = subprocess.run([sys.executable, ROOT / "packaging" / "start_laptop.py", "--version"], cwd=ROOT,
                          env=environment, capture_output=True, text=True, check=True)  # fmt: skip
    return done.stdout.strip()


def is_whole(ready: Ready, version: str) -> bool:
    """Whether every file of a version is what its archive holds."""
    with tarfile.open(ready.maker.folder / "new.tar.gz") as packed:
        for info in packed.getmembers():
            held = packed.extractfile(info)
            assert held is not None
            path = ready.programs / version / info.name.partition("/")[2]
            if not path.is_file() or hashlib.sha256(path.read_bytes()).digest() != hashlib.sha256(held.read()).digest():
                return False
    return True


def test_the_later_version_runs_from_the_next_start(ready: Ready) -> None:
    assert starts(ready) == __version__
    passed: list[str] = []
    offer = updates.take(ready.laptop, ready.file, passed=passed.append)
    assert offer.program is not None and offer.program.signers[0].startswith("示例制作方（")
    assert tuple(passed) == updates.STEPS and is_whole(ready, NEW)
    assert starts(ready) == NEW and sorted(p.name for p in ready.programs.iterdir()) == [NEW, "current"]
    refused("update_nothing", lambda: updates.take(ready.laptop, ready.file))


@pytest.mark.parametrize("step", PROGRAM_STEPS)
def test_killed_anywhere_the_old_or_the_new_version_runs_whole(
    ready: Ready, worker: Callable[..., int], step: str
) -> None:
    number = random.Random(step).randint(1, 9) if step == "syncing" else 2 if step in ("naming", "named") else 1
    job = ("program", ready.file, ready.laptop.folder, ready.laptop.anchor, ready.programs, step, number)
    assert worker(*job) == signal.SIGKILL
    found = later(ready.programs, __version__)
    switched = step in ("switched", "named")
    assert found == (Versions(ready.programs).program(NEW) if switched else None)
    assert not (ready.programs / NEW).exists() or is_whole(ready, NEW)
    if not switched:
        updates.take(ready.laptop, ready.file)
    assert later(ready.programs, __version__) is not None and is_whole(ready, NEW)
    assert sorted(p.name for p in ready.programs.iterdir()) == [NEW, "current"]


@pytest.mark.parametrize(
    ("says", "broken"),
    [("0.1.0", None), ("", lambda path: path.write_bytes(b"no archive")), ("", lambda path: path.write_bytes(b""))],
)
def test_what_does_not_run_here_is_not_switched_to(
    ready: Ready, tmp_path: Path, says: str, broken: Callable[[Path], object] | None
) -> None:
    one = maker(tmp_path / "other")
    packed = archive(tmp_path / "p.tar.gz", NEW, says)
    if broken is not None:
        broken(packed)
    one.program(NEW, packed)
    laptop = replace(ready.laptop, anchor=one.anchor(tmp_path / "other.json"))
    refused("update_program", lambda: updates.take(laptop, one.pack()))
    assert later(ready.programs, __version__) is None and not (ready.programs / NEW).exists()


def packed_with(path: Path, name: str, kind: bytes, to: str = "") -> Path:
    """A version whose archive holds one more member, after a link that leads to where it lies itself."""
    plain = archive(path.with_suffix(".plain"), NEW)
    top = f"inspector-app-{NEW}"
    with tarfile.open(plain) as old, tarfile.open(path, "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        for each, kind_of, leads in ((f"{top}/here", tarfile.SYMTYPE, "."), (name.format(top=top), kind, to)):
            info = tarfile.TarInfo(each)
            info.type, info.linkname, info.size = kind_of, leads, 0
            new.addfile(info)
    return path


@pytest.mark.parametrize(
    ("name", "kind", "to"),
    [
        ("../outside", tarfile.REGTYPE, ""), ("{top}/../../outside", tarfile.REGTYPE, ""), ("/outside", tarfile.REGTYPE, ""),
        ("{top}/up", tarfile.SYMTYPE, "../../.."), ("{top}/abs", tarfile.SYMTYPE, "/etc/passwd"),
        ("{top}/here/up", tarfile.SYMTYPE, "here/../../.."), ("{top}/pipe", tarfile.FIFOTYPE, ""),
        ("{top}/disk", tarfile.BLKTYPE, ""), ("{top}/hard", tarfile.LNKTYPE, "../../etc/passwd"),
    ],
)  # fmt: skip
def test_what_would_lie_elsewhere_is_not_unpacked(tmp_path: Path, name: str, kind: bytes, to: str) -> None:
    versions = Versions(tmp_path / "data" / "program")
    packed = packed_with(versions.part("p"), name, kind, to)
    refused("update_program", lambda: versions.take(packed, NEW, ""))
    assert versions.current == "" and not versions.program(NEW).exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"] and not list(tmp_path.rglob("outside"))


def test_links_inside_and_programs_are_kept_as_they_were(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "program")
    versions.take(
        packed_with(versions.part("p"), "{top}/_internal/lib.so", tarfile.SYMTYPE, "../_internal/003.bin"), NEW, ""
    )
    home = versions.program(NEW).parent
    assert (home / "_internal/lib.so").is_symlink() and (home / "_internal/lib.so").read_bytes() == bytes([3]) * 2000
    assert (home / "here").readlink() == Path()
    assert [path.stat().st_mode & 0o777 for path in (versions.program(NEW), home / "_internal/003.bin")] == [
        0o755,
        0o644,
    ]


def test_a_version_steps_back_to_the_one_before_it(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "program")
    for version in ("1.9.0", "1.10.0", "2.0.0"):
        part = versions.part("p")
        versions.take(archive(part, version), version, {"1.10.0": "1.9.0", "2.0.0": "1.10.0"}.get(version, ""))
    assert not versions.program("1.9.0").exists(), "the version that runs and the new one are kept, no more"
    assert versions.current == "2.0.0" and not versions.step_back("1.10.0")
    assert versions.step_back("2.0.0") and versions.current == "1.10.0"
    assert versions.step_back("1.10.0") and versions.current == ""


def test_what_is_named_and_is_not_there_is_not_started(ready: Ready) -> None:
    ready.programs.mkdir()
    for named in ("9.9.9", "../../x", "", "nine"):
        (ready.programs / "current").write_text(named, "ascii")
        assert later(ready.programs, __version__) is None
    broken = ready.programs / NEW / "inspector-app"
    broken.parent.mkdir()
    broken.write_bytes(b"\x7fELF torn")
    broken.chmod(0o755)
    (ready.programs / "current").write_text(NEW, "ascii")
    assert starts(ready) == __version__, "the installed version runs on"


def test_an_installed_package_later_than_the_update_wins(ready: Ready) -> None:
    updates.take(ready.laptop, ready.file)
    assert later(ready.programs, "10.0") is None and later(ready.programs, NEW) is None


def test_a_version_that_is_no_number_is_told(ready: Ready, tmp_path: Path) -> None:
    one = maker(tmp_path / "other")
    one.program("../9.9", archive(tmp_path / "p.tar.gz", "9.9"))
    laptop = replace(ready.laptop, anchor=one.anchor(tmp_path / "other.json"))
    refused("update_program", lambda: updates.look(laptop, one.pack()))


def test_from_the_sources_no_program_is_offered(ready: Ready) -> None:
    sources = replace(ready.laptop, programs=None)
    assert updates.look(sources, ready.file).program is None


@pytest.mark.parametrize("name", ["", "1", "1.x", "../1.0", "1.0/2", "1.0.0.0.0", "-1.0"])
def test_only_numbers_are_versions(name: str) -> None:
    assert ordered("1.10.0") > ordered("1.9.9") > ordered(__version__)
    with pytest.raises(ValueError, match=r"^" + name.replace(".", r"\.") + "$"):
        ordered(name)


def test_another_bundle_gets_the_environment_of_before_this_one() -> None:
    given = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/own", "HOME": "/h"}
    assert independent(given) == {"LD_LIBRARY_PATH": "/own", "HOME": "/h", "PYINSTALLER_RESET_ENVIRONMENT": "1"}
