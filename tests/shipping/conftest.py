"""The bundle that the campaign installs, unpacks and updates; made once for all of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .recipes import DIST, ROOT


@pytest.fixture(scope="session")
def built() -> Path:
    """Both folders, both Debian packages and the archive, made by the targets of the Makefile's own command."""
    if not os.environ.get("BUNDLE_BUILT"):
        for what in ("bundle", "deb", "tar"):
            subprocess.run([sys.executable, ROOT / "packaging" / "bundle.py", what], cwd=ROOT, check=True)
    return DIST
