"""The sources with a newer Python and the newest Qt that can be had, once: what an end of the pin would meet. `make campaign`.

Decision 1 pins Qt; this says whether it could be lifted. A Python of the wanted version is looked for on this computer.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .recipes import ROOT
from .test_installed import OFFSCREEN, tour

pytestmark = [pytest.mark.campaign, pytest.mark.skipif(sys.platform != "linux", reason="offscreen on Linux")]

WANTED = "3.12"
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Python of an environment with everything as locked, and Qt as new as it is given."""
    found = subprocess.run(
        [UV, "python", "find", "--no-python-downloads", WANTED], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip(f"no Python {WANTED} on this computer")
    home = tmp_path_factory.mktemp("newest") / "env"
    subprocess.run([UV, "venv", "-q", "--python", found.stdout.strip(), home], check=True)
    lock = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
    others = re.sub(r"(?m)^(?:pyside6|shiboken6)[\w-]*==(?:.*\\\n)+.*\n", "", lock)
    assert "pyside6" not in others and len(others) > 0.9 * len(lock)
    (home / "others.lock").write_text(others, "utf-8")
    install = [str(UV), "pip", "install", "-q", "--python", str(home / "bin" / "python")]
    subprocess.run([*install, "--no-deps", "--require-hashes", "-r", str(home / "others.lock")], check=True)
    subprocess.run([*install, "PySide6"], check=True)
    yield home / "bin" / "python"
    shutil.rmtree(home)


def test_the_tour_goes_through_with_the_newest_qt(
    newest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "import sys, PySide6; print('Python', sys.version.split()[0], 'with PySide6', PySide6.__version__)"
    print("\n" + subprocess.run([newest, "-c", told], capture_output=True, text=True, check=True).stdout.strip())
    monkeypatch.setitem(OFFSCREEN, "PYTHONPATH", str(ROOT))
    tour([newest, "-m", "inspector_app.app"], tmp_path / "演示")
