"""Makes what is installed: `bundle` the folders (PyInstaller), `deb` the Debian packages, `tar` an archive to unpack.

The bundle is made in an environment of its own below build/, of the locked versions, in wheels for an old glibc and with a
Python made for it: what a new system has, and what pip takes on it, may ask for a newer one.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from inspector_app import wholeness  # noqa: E402  # of this tree, whatever else is installed

HERE, BUILD, DIST = ROOT / "packaging", ROOT / "build", ROOT / "dist"
WINDOWS = sys.platform == "win32"
PYTHON = BUILD / "env" / ("Scripts/python.exe" if WINDOWS else "bin/python")
VERSION = re.findall(r'__version__ = "(.+)"', (ROOT / "inspector_app" / "__init__.py").read_text("utf-8"))[0]
MACHINE = platform.machine()
LAPTOP, SERVER = "inspector-app", "bureau-server"
DESCRIPTIONS = {
    LAPTOP: "On-site inspections by an archives bureau (档案行政检查)\n Offline first; every act is an entry of a signed record.",
    SERVER: "Bureau's side of the archives inspection (档案行政检查局端服务)\n Keeps what the laptops hand in.",
}
RENAMED = {"libglib2.0-0": "libglib2.0-0t64", "libcups2": "libcups2t64"}
"""Packages that newer Debians have under another name."""


def run(*words: object, cwd: Path = ROOT) -> None:
    subprocess.run([str(word) for word in words], cwd=cwd, check=True)


def bundle() -> None:
    """The two folders below dist/, each with its bill and the digests of all its files."""
    if not WINDOWS:
        run(sys.executable, HERE / "interpreter.py")
    if not PYTHON.exists():
        run(sys.executable if WINDOWS else BUILD / "python/bin/python3", "-m", "venv", "--without-pip", BUILD / "env")
    wheels = [] if WINDOWS else ["--python-platform", f"{MACHINE}-manylinux_2_28"]
    run(Path(sys.executable).with_name("uv"), "pip", "sync", "-q", "--python", PYTHON, "--require-hashes", *wheels,
        HERE / "requirements.lock")  # fmt: skip
    run(PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--distpath", DIST, "--workpath", BUILD,
        HERE / "inspector.spec")  # fmt: skip
    for name in (LAPTOP,) if WINDOWS else (LAPTOP, SERVER):
        run(PYTHON, HERE / "bill.py", name, VERSION)
        (DIST / name / wholeness.LIST).write_text(wholeness.listed(DIST / name), "utf-8", newline="\n")
        run(PYTHON, HERE / "contents.py", DIST / name, *([] if WINDOWS else [HERE / f"{name}.files"]))


def deb() -> None:
    """A Debian package of each folder. xz and no zstd: the dpkg of the domestic desktops reads no other."""
    for name in (LAPTOP, SERVER):
        root = BUILD / "deb" / name
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(DIST / name, root / "opt" / name, symlinks=True)
        _link(root / "usr/bin" / name, f"/opt/{name}/{name}")
        _laptop(root) if name == LAPTOP else _server(root)
        _control(root, name)
        target = DIST / f"{name}_{VERSION}_{_architecture()}.deb"
        run("dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", root, target)
        shutil.rmtree(root)


def tar() -> None:
    """The laptop's folder for systems without dpkg: unpack it anywhere, start it there."""
    target = DIST / f"{LAPTOP}-{VERSION}-{MACHINE}.tar.gz"
    root = f"s,^{LAPTOP},{LAPTOP}-{VERSION},"
    run("tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--transform=flags=r;{root}", "-czf", target, LAPTOP,
        cwd=DIST)  # fmt: skip


def _laptop(root: Path) -> None:
    """Menu entry, icon, and the kind of file that an exported record is."""
    _put(HERE / "linux" / "verify-record", root / "opt" / LAPTOP / "verify-record", 0o755)
    for name in ("inspector-app.desktop", "inspector-verify.desktop"):
        _put(HERE / "linux" / name, root / "usr/share/applications" / name)
    _put(HERE / "linux" / "inspector.svg", root / "usr/share/icons/hicolor/scalable/apps/inspector.svg")
    _put(HERE / "linux" / "inspector.xml", root / "usr/share/mime/packages/inspector.xml")


def _server(root: Path) -> None:
    """Service, patterns of the settings, and what the installation does with them."""
    for name in ("bureau.toml", "environment"):
        _put(HERE / "server" / name, root / "opt" / SERVER / name)
    _put(HERE / "server" / "bureau-server.service", root / "lib/systemd/system/bureau-server.service")
    (root / "etc" / "bureau-server").mkdir(parents=True)
    for name in ("postinst", "prerm"):
        _put(HERE / "server" / name, root / "DEBIAN" / name, 0o755)


def _control(root: Path, name: str) -> None:
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    needs = [f"libc6 (>= {glibc(DIST / name)})", *(_needs() if name == LAPTOP else ["hostname", "passwd"])]
    lines = {
        "Package": name, "Version": VERSION, "Architecture": _architecture(), "Section": "misc", "Priority": "optional",
        "Maintainer": "inspector <inspector@localhost>", "Installed-Size": size, "Depends": ", ".join(needs),
        "Recommends": "gnome-keyring | libkf5wallet-bin, shared-mime-info, desktop-file-utils" if name == LAPTOP else "systemd",
        "Description": DESCRIPTIONS[name],
    }  # fmt: skip
    (root / "DEBIAN").mkdir(exist_ok=True)
    (root / "DEBIAN" / "control").write_text("".join(f"{key}: {value}\n" for key, value in lines.items()), "utf-8")


def glibc(folder: Path) -> str:
    """The oldest glibc that a folder runs with, as its recipe's check printed it."""
    done = subprocess.run([sys.executable, HERE / "contents.py", folder], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def _needs() -> list[str]:
    """What the window asks of the system; `debian-packages.sh` names it once. libnss3 is for the browser that is left out."""
    text = (HERE / "debian-packages.sh").read_text("utf-8")
    names = re.findall(r'^wanted="(.+)"', text, re.M)[0].split()
    return [f"{one} | {RENAMED[one]}" if one in RENAMED else one for one in names if one != "libnss3"]


def _architecture() -> str:
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(MACHINE, MACHINE)


def _put(source: Path, target: Path, mode: int = 0o644) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def _link(place: Path, to: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(to)


if __name__ == "__main__":
    {"bundle": bundle, "deb": deb, "tar": tar}[sys.argv[1]]()
