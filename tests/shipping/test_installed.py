"""What was built is installed into an empty Debian, unpacked into an empty folder, started there and runs the tour.

Takes a quarter of an hour: `make campaign`. A bundle that was just made is taken as it is with BUNDLE_BUILT=1. The fresh root
asks for root, debootstrap and a mirror of Debian (DEBIAN_MIRROR).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from inspector_app import __version__

from .recipes import recipe
from .test_recipes import LISTS, valid

pytestmark = [pytest.mark.campaign, pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux")]

OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
contents = recipe("contents")


@pytest.mark.parametrize("name", LISTS)
def test_the_kept_list_is_what_was_built(built: Path, name: str) -> None:
    names = contents.files(built / name)
    assert contents.left_out_yet_there(names) == []
    assert contents.listed(names) == LISTS[name]
    valid(json.loads((built / name / "sbom.cdx.json").read_text("utf-8")))
    size = sum(path.lstat().st_size for path in (built / name).rglob("*") if not path.is_symlink())
    print(f"\n{name}: {size / 1e6:.0f} MB, {len(names)} files")


@pytest.mark.parametrize("name", LISTS)
def test_everything_runs_on_the_oldest_glibc(built: Path, name: str) -> None:
    """The wheels, Python and what it stands on, by the symbols that each file asks for; the package says the same."""
    asked = {path.name: contents.glibc_of(path) for path in contents.programs(built / name)}
    assert {file: need for file, need in asked.items() if need > contents.OLDEST} == {}
    for family, oldest in contents.OLDEST_CXX.items():
        asked_cxx = {path.name: contents.asked_of(path, family) for path in contents.programs(built / name)}
        assert {file: need for file, need in asked_cxx.items() if need > oldest} == {}
    newest = ".".join(map(str, max(asked.values())))
    package = next(built.glob(f"{name}_{__version__}_*.deb"))
    field = subprocess.run(["dpkg-deb", "-f", package, "Depends"], capture_output=True, text=True, check=True).stdout
    assert f"libc6 (>= {newest})" in field
    print(f"\n{name}: {len(asked)} programs and libraries, glibc {newest}")


def tour(words: Sequence[object], out: Path) -> None:
    begin = time.perf_counter()
    done = subprocess.run(
        [*map(str, words), "tour", "--out", str(out)], env=OFFSCREEN, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "全部通过" in done.stdout
    print(f"\nthe tour took {time.perf_counter() - begin:.0f} s")


def test_the_archive_runs_where_it_is_unpacked(built: Path, tmp_path: Path) -> None:
    place = tmp_path / "解压 到这里"
    place.mkdir()
    subprocess.run(["tar", "-xzf", next(built.glob("inspector-app-*.tar.gz")), "-C", place], check=True)
    tour([place / f"inspector-app-{__version__}" / "inspector-app"], tmp_path / "演示")


def stands(words: Sequence[str], folder: Path, environment: Mapping[str, str] = OFFSCREEN) -> float:
    """Seconds until the window stands: from then on, and not before, it catches SIGTERM (`surroundings.interrupts`)."""
    begin = time.perf_counter()
    with subprocess.Popen([*words, "--folder", str(folder)], env=environment, stderr=subprocess.DEVNULL) as run:
        while not _caught(run.pid) >> (signal.SIGTERM - 1) & 1:
            assert run.poll() is None
            os.sched_yield()
        spent = time.perf_counter() - begin
        run.terminate()
        assert run.wait(60) == 0
    return spent


def _caught(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("SigCgt:")[2].split()[0], 16)


def test_the_bundle_starts_as_fast_as_the_sources(built: Path, tmp_path: Path) -> None:
    program = str(built / "inspector-app" / "inspector-app")
    ways = ([program], [sys.executable, "-m", "inspector_app.app"])
    spent = [[stands(way, tmp_path / f"{n}{turn}") for turn in range(6)] for n, way in enumerate(ways)]
    bundle, sources = (statistics.median(one[1:]) for one in spent)
    print(f"\nwindow of the bundle after {bundle:.2f} s, of the sources after {sources:.2f} s")
    assert bundle < 1.2 * sources


def test_a_damaged_bundle_says_so(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "inspector-app"
    shutil.copytree(built / "inspector-app", copy, symlinks=True)
    (copy / "_internal/resources/fonts/FandolFang.ttf").write_bytes(b"torn")
    (copy / "_internal/forms/policy.toml").unlink()
    words = [str(copy / "inspector-app"), "--folder", str(tmp_path / "data"), "doctor"]
    done = subprocess.run(words, env=OFFSCREEN, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "policy.toml" in done.stdout and "FandolFang.ttf" in done.stdout, done
    (copy / "_internal/PySide6/Qt/lib/libQt6Widgets.so.6").unlink()
    done = subprocess.run(words[:3], env=OFFSCREEN, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "libQt6Widgets" in done.stderr, done


# -- a fresh Debian -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The smallest Debian of the oldest release that can be had, with nothing but what the packages ask for; glibc 2.31."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip("a fresh root asks for root and debootstrap")
    root = tmp_path_factory.mktemp("debian")
    root.chmod(0o755)  # the root folder of other people, too
    mirror = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
    subprocess.run(
        ["debootstrap", "--variant=minbase", "bullseye", root, mirror], check=True, stdout=subprocess.DEVNULL
    )
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", root / "proc"], check=True)
        shutil.rmtree(root)


def inside(root: Path, line: str) -> str:
    done = subprocess.run(["chroot", root, "sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


LACKING = """cd /opt/inspector-app/_internal; export LD_LIBRARY_PATH=$PWD:$PWD/PySide6/Qt/lib
find . -type f -name '*.so*' | while read -r file; do ldd "$file" | grep 'not found' | sed "s#^#$file#"; done; true"""
"""Tells which shipped file asks for a library that neither the package nor what it depends on has brought."""


def install(root: Path, package: Path) -> str:
    shutil.copy(package, root / "tmp")
    return inside(
        root, f"DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /tmp/{package.name}"
    )


def test_the_laptops_package_runs_in_a_fresh_debian_and_leaves_the_data(built: Path, debian: Path) -> None:
    install(debian, next(built.glob("inspector-app_*.deb")))
    lacking = inside(debian, LACKING).splitlines()
    assert [line for line in lacking if "libqgtk3" not in line] == []  # that one is for desktops that have GTK
    inside(debian, "useradd -m officer && install -d -o officer '/home/officer/检查 一'")
    said = inside(
        debian, "su officer -c \"QT_QPA_PLATFORM=offscreen inspector-app tour --out '/home/officer/检查 一/演示'\""
    )
    assert "全部通过" in said
    record = debian / "home/officer/检查 一/演示/record.zip"
    assert inside(
        debian, "echo | /opt/inspector-app/verify-record '/home/officer/检查 一/演示/record.zip' || test $? = 2"
    )
    inside(debian, "dpkg --purge inspector-app")
    assert (
        record.is_file()
        and not (debian / "opt/inspector-app").exists()
        and not (debian / "usr/bin/inspector-app").exists()
    )


def test_the_servers_package_sets_up_an_office_and_a_copy_comes_back(built: Path, debian: Path) -> None:
    package = next(built.glob("bureau-server_*.deb"))
    first = install(debian, package)
    settings, home = debian / "etc/bureau-server/bureau.toml", debian / "var/lib/bureau-server"
    assert "根证书指纹" in first and (home / "secret").stat().st_mode & 0o777 == 0o600
    settings.write_text(settings.read_text("utf-8") + "# 局里写的\n", "utf-8")
    again = inside(debian, f"dpkg -i /tmp/{package.name}")
    fingerprint = next(line for line in first.splitlines() if "指纹" in line)
    assert fingerprint in again and settings.read_text("utf-8").endswith("# 局里写的\n"), "an upgrade changes nothing"
    command = "su -s /bin/sh bureau-server -c 'bureau-server --config /etc/bureau-server/bureau.toml {}'"
    inside(debian, f"echo 示例口令一二三四五六七八 | {command.format('user 0001 示例沈岚 officer')}")
    inside(debian, "install -d -o bureau-server /var/backups/bureau")  # as docs/installation.md says
    inside(debian, command.format("backup /var/backups/bureau/copy"))
    inside(debian, "install -d -m 700 /tmp/new && cp /var/lib/bureau-server/secret /tmp/new/")
    assert "已恢复并核对" in inside(debian, "bureau-server --folder /tmp/new restore /var/backups/bureau/copy")
    assert "全部核对通过" in inside(debian, "bureau-server --folder /tmp/new verify")
    inside(debian, "dpkg --purge bureau-server")
    assert (home / "secret").is_file() and settings.is_file()
