"""Makes the Python that the bundle carries, for the glibc of the domestic desktops: 2.28, years older than the builder's.

Run: `python packaging/interpreter.py` on Debian with dpkg-dev, make, perl and tclsh; `make bundle` does it once. The sources are
those of this Debian's own packages, with the mends that its security team keeps, and come through apt. zig's C compiler,
from PyPI, links them against the names that the old glibc knew; what Python stands on (OpenSSL, SQLite, libffi, zlib, bzip2,
xz) goes into it, so that nothing of the builder's system is shipped. build/python/works.json says what went in.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archives import Archives, archives  # type: ignore[import-not-found]  # beside this script
from contents import OLDEST  # type: ignore[import-not-found]

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
HOME, WORK = BUILD / "python", BUILD / "interpreter"
BELOW, SOURCES = WORK / "libraries", WORK / "sources"
"""Where the libraries lie that Python is linked with: archives alone, so that they become part of it."""

ZIG = ROOT / "packaging" / "compiler.lock"
"""The compiler with the digests of its wheels, as the lock names everything else."""

PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
COMPILER = f"-target {os.uname().machine}-linux-gnu.{OLDEST[0]}.{OLDEST[1]}"
MENDS = r"^(CVE-|\d{4}-|git-updates|relfile)"
"""Debian's patches of Python that mend it; the others move its files to Debian's places, where the bundle has its own."""

WITHOUT = (
    "_tkinter",
    "readline",
    "_curses",
    "_curses_panel",
    "_gdbm",
    "_dbm",
    "nis",
    "_crypt",
    "ossaudiodev",
    "spwd",
    "_uuid",
)
"""Modules that the bundle leaves out anyway, and that would ask for more libraries."""

NEEDED = ("asyncio", "bz2", "ctypes", "decimal", "hashlib", "lzma", "multiprocessing", "pyexpat", "sqlite3", "ssl", "unicodedata",
          "_elementtree", "zlib")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Library:
    """A source package and how it is made; `licence` as SPDX, its text comes with the package."""

    package: str
    licence: str
    steps: tuple[str, ...]


LIBRARIES = (
    Library("zlib", "Zlib", ("./configure --static --prefix={below}", "make install")),
    Library("bzip2", "bzip2-1.0.6", (
        'make libbz2.a CC="$CC" AR="$AR" RANLIB="$RANLIB" CFLAGS="$CFLAGS -D_FILE_OFFSET_BITS=64"',
        "install -D -m 644 -t {below}/lib libbz2.a", "install -D -m 644 -t {below}/include bzlib.h",
    )),
    Library("xz-utils", "LicenseRef-PublicDomain", (
        "./configure --prefix={below} --disable-shared --disable-xz --disable-xzdec --disable-lzmadec --disable-lzmainfo"
        " --disable-scripts --disable-doc --disable-nls", "make install",
    )),
    Library("libffi", "MIT", (
        # one of its files calls a function of another without having declared it: only a warning for older compilers
        './configure --prefix={below} --disable-shared --disable-docs --with-pic CFLAGS="$CFLAGS -Wno-implicit-function-declaration"',
        "make install",
    )),
    Library("sqlite3", "blessing", (
        "./configure --prefix={below} --disable-shared --disable-tcl --disable-readline", "make sqlite3.c libsqlite3.la",
        "make lib_install", "install -m 644 -t {below}/include sqlite3.h sqlite3ext.h",
    )),
    Library("openssl", "Apache-2.0", (
        "./Configure linux-{machine} no-shared no-tests no-module --prefix={below} --libdir=lib --openssldir=/etc/ssl",
        "make build_libs", "make install_dev",
    )),
)  # fmt: skip


def main() -> None:
    """Make build/python; does nothing where it stands."""
    if (HOME / "works.json").exists():
        return
    if gone := [word for word in ("dpkg-source", "make", "perl", "tclsh", "patch") if shutil.which(word) is None]:
        raise SystemExit(f"missing: {', '.join(gone)}; apt-get install dpkg-dev make perl tcl patch")
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.rmtree(HOME, ignore_errors=True)
    (BELOW / "lib").mkdir(parents=True)
    environment = compiler()
    fetch([PYTHON, *(one.package for one in LIBRARIES)])
    versions = {one.package: library(one, environment) for one in LIBRARIES} | {PYTHON: python(environment)}
    licences = {one.package: one.licence for one in LIBRARIES} | {PYTHON: "PSF-2.0"}
    made = [{"name": name, "version": version, "licence": licences[name]} for name, version in versions.items()]
    (HOME / "works.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


def run(line: str, cwd: Path = WORK, environment: dict[str, str] | None = None) -> None:
    """A line of the shell; what it prints is kept beside its work and shown where it fails."""
    log = WORK / "log.txt"
    with log.open("ab") as file:
        done = subprocess.run(line, shell=True, cwd=cwd, env=environment, stdout=file, stderr=file, check=False)
    if done.returncode:
        raise SystemExit(f"failed: {line}\n{log.read_text('utf-8', 'replace')[-3000:]}")


def compiler() -> dict[str, str]:
    """The environment in which everything is compiled. zig's own checks for undefined behaviour are for its debugging."""
    uv = Path(sys.executable).with_name("uv")
    run(f"{sys.executable} -m venv --without-pip {WORK}/zig")
    run(f"{uv} pip install -q --python {WORK}/zig/bin/python --require-hashes -r {ZIG}")
    zig = next(WORK.glob("zig/lib/python*/site-packages/ziglang/zig"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "CC": f"{zig} cc {COMPILER} -fno-sanitize=undefined", "AR": f"{zig} ar",
        "RANLIB": f"{zig} ranlib", "CFLAGS": "-O2 -g0 -fPIC", "LC_ALL": "C", "MAKEFLAGS": f"-j{os.cpu_count()}",
        "ZIG_GLOBAL_CACHE_DIR": f"{WORK}/cache", "ZIG_LOCAL_CACHE_DIR": f"{WORK}/cache",
        "CPPFLAGS": f"-I{BELOW}/include", "LDFLAGS": f"-L{BELOW}/lib",
    }  # fmt: skip


def fetch(packages: Sequence[str]) -> None:
    """The sources of this system's own packages, from where it takes them, each in a folder of its own; of what the security team
    keeps and does not hand out here, that of the release, and it is said."""
    places = archives()
    if places == Archives():
        raise SystemExit("apt names no place to take sources from: /etc/apt/sources.list, /etc/apt/sources.list.d")
    behind = _fetched(packages, places, "newest")
    if behind:
        print(f"as released, since their updates are not to be had: {', '.join(behind)}", file=sys.stderr)
        if gone := _fetched(behind, places.released(), "released"):
            raise SystemExit(f"no sources of {', '.join(gone)}: {WORK / 'log.txt'}")


def _fetched(packages: Sequence[str], places: Archives, name: str) -> list[str]:
    """Fetch from these places, with lists of their own, so that nothing of the system changes; returns what was not to be had."""
    lists, parts = WORK / name / "lists", WORK / name / "parts"
    (lists / "partial").mkdir(parents=True)
    places.write(parts)
    own = f"-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts={parts} -o Dir::State::lists={lists}"
    if not _goes(f"apt-get {own} update -qq"):
        return list(packages)
    return [
        one for one in packages if not _goes(f"apt-get {own} source --download-only -qq {one}", emptied(SOURCES / one))
    ]


def _goes(line: str, cwd: Path = WORK) -> bool:
    try:
        run(line, cwd)
    except SystemExit:
        return False
    return True


def emptied(folder: Path) -> Path:
    """The folder, with nothing in it that an earlier try has left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def unpacked(package: str, *, mended: bool = True) -> tuple[Path, str]:
    """The source of a package and its version; with Debian's patches, or as it came."""
    description = next((SOURCES / package).glob("*.dsc"))
    place = WORK / package
    run(f"dpkg-source --no-check {'' if mended else '--skip-patches'} -x {description} {place}")
    return place, description.stem.partition("_")[2]


def library(one: Library, environment: dict[str, str]) -> str:
    """Make one library; returns its version."""
    place, version = unpacked(one.package)
    for step in one.steps:
        run(step.format(below=BELOW, machine=os.uname().machine), place, environment)
    _keep_text(one.package, place)
    return version


def _keep_text(package: str, place: Path) -> None:
    target = HOME / "licences" / package / "copyright"
    target.parent.mkdir(parents=True)
    shutil.copyfile(place / "debian" / "copyright", target)


def python(environment: dict[str, str]) -> str:
    """Python itself, in one library, as the bundler wants it; returns its version."""
    place, version = unpacked(PYTHON, mended=False)
    patches = place / "debian" / "patches"
    for line in (patches / "series").read_text("utf-8").splitlines():
        if re.match(MENDS, line):
            run(f"patch -p1 -s -N < {patches / line.split()[0]}", place)
    # one mend asks for what only Python's core may see; Debian makes this module as part of that
    run("sed -i '1i #define Py_BUILD_CORE_MODULE 1' Modules/pyexpat.c", place)
    (place / "Modules" / "Setup.local").write_text("*disabled*\n" + "\n".join(WITHOUT) + "\n", "utf-8")
    run("sed -i 's/-Wl,-h/-Wl,-soname,/' configure Makefile.pre.in", place)  # the same, as zig's linker knows it
    # the headers and libraries of this computer are not of that glibc
    run("sed -i 's#self.add_multiarch_paths()#pass#; s#/usr/local/#/nowhere/#' setup.py", place)
    own = environment | {"CFLAGS": "-O3 -g0 -fPIC", "LDFLAGS": f"-L{BELOW}/lib -Wl,-rpath,{HOME}/lib"}
    run(f"./configure --prefix={HOME} --enable-shared --without-ensurepip --disable-test-modules --with-openssl={BELOW}"
        " --with-computed-gotos", place, own)  # fmt: skip
    run("make", place, own)
    run("make install", place, own)
    # a module that could not be made is only told to who reads
    run(f"{HOME}/bin/python3 -c 'import {', '.join(NEEDED)}'")
    _keep_text(PYTHON, place)
    return version


if __name__ == "__main__":
    main()
