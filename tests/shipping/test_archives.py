"""Where the sources of the bundle's Python are asked for: from whatever apt reads, in the old way to write it and in the new."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .recipes import ROOT, recipe

known = recipe("archives")

LINES = """# 示例：从旧版升级上来的系统
deb http://deb.example/debian bookworm main contrib   # 主要的
deb-src http://deb.example/debian bookworm main contrib
  deb [arch=amd64 signed-by=/usr/share/keyrings/example.gpg] http://deb.example/debian-security bookworm-security main
# deb http://deb.example/debian bookworm-backports main
#deb http://deb.example/debian sid main
"""
PARAGRAPHS = """# 示例
Types: deb
# 镜像
URIs: http://deb.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 c2FtcGxl


Types: deb deb-src
URIs: http://deb.example/security
Suites: bookworm-security
Components: main

Types: deb
Enabled: no
URIs: http://deb.example/other
Suites: bookworm
Components: main
"""


def apt(folder: Path, lines: str = "", **parts: str) -> Path:
    """A folder like /etc/apt; `parts` are files of sources.list.d, their dots written as `_`."""
    (folder / "sources.list.d").mkdir(parents=True)
    if lines:
        (folder / "sources.list").write_text(lines, "utf-8")
    for name, text in parts.items():
        (folder / "sources.list.d" / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


def test_the_classic_list_is_read(tmp_path: Path) -> None:
    found = known.archives(apt(tmp_path / "apt", LINES, extra_list="deb http://deb.example/more stable main\n"))
    assert found.paragraphs == () and found.lines == (
        "deb-src http://deb.example/debian bookworm main contrib",
        "deb-src [arch=amd64 signed-by=/usr/share/keyrings/example.gpg] http://deb.example/debian-security bookworm-security main",
        "deb-src http://deb.example/more stable main",
    )
    assert len(found.released().lines) == 2 and not [line for line in found.released().lines if "security" in line]


def test_paragraphs_are_read_and_what_is_switched_off_stays_off(tmp_path: Path) -> None:
    found = known.archives(apt(tmp_path / "apt", debian_sources=PARAGRAPHS, old_sources_disabled=PARAGRAPHS))
    assert found.lines == () and len(found.paragraphs) == 2
    first, second = found.paragraphs
    assert first.startswith("Types: deb-src\nURIs: http://deb.example/debian\n") and " .\n c2FtcGxl" in first
    assert "Types: deb-src\n" in second and found.released().paragraphs == (first,)


def test_a_system_of_both_kinds_gives_both_and_an_empty_one_nothing(tmp_path: Path) -> None:
    both = known.archives(apt(tmp_path / "both", LINES, debian_sources=PARAGRAPHS))
    assert len(both.lines) == 2 and len(both.paragraphs) == 2
    assert known.archives(apt(tmp_path / "none")) == known.archives(tmp_path / "nowhere") == known.Archives()


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="apt says where it would ask")
def test_apt_itself_reads_what_is_written(tmp_path: Path) -> None:
    """Without the network: an update only names what it would fetch."""
    known.archives(apt(tmp_path / "apt", LINES, debian_sources=PARAGRAPHS)).write(tmp_path / "own")
    told = subprocess.run(
        ["apt-get", "-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={tmp_path / 'own'}", "--print-uris",
         "update"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(re.findall(r"http://deb\.example/(\S+)/InRelease", told.stdout)) == {
        "debian/dists/bookworm", "debian/dists/bookworm-updates", "security/dists/bookworm-security",
        "debian-security/dists/bookworm-security",
    }, told  # fmt: skip


def test_the_compiler_is_named_with_its_digests() -> None:
    """As everything else that is fetched for a bundle: a wheel of the same version and other bytes is refused."""
    lock = (ROOT / "packaging" / "compiler.lock").read_text("utf-8")
    assert re.match(r"ziglang==[\w.]+ \\\n", lock) and len(re.findall(r"--hash=sha256:[0-9a-f]{64}", lock)) > 2
    assert "--require-hashes -r {ZIG}" in (ROOT / "packaging" / "interpreter.py").read_text("utf-8")
