"""Asks pip-audit whether anything in the lock is known to be vulnerable; part of `make check`.

Where pip-audit is not installed, or its data cannot be reached, one line says so and nothing fails: a computer without a
network checks everything else. What was only skipped is never taken for audited.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

LOCK = Path(__file__).resolve().parent / "requirements.lock"
_SECONDS = "5"
"""How long one answer is waited for."""


def known(requirements: Path) -> dict[str, list[str]] | None:
    """The vulnerabilities of every package that was audited, none for a good one; None when there were no data at all."""
    words = ["-r", requirements, "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off",
             "--timeout", _SECONDS]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *map(str, words)], capture_output=True, text=True, check=False
    )
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    found = {f"{row['name']} {row['version']}": [one["id"] for one in row["vulns"]] for row in rows if "vulns" in row}
    return found or None


def answers(lock: Path) -> bool:
    """Whether one package can be asked about; asking about all would take long to fail."""
    first = re.search(r"^[\w.-]+==[^\s;\\]+", lock.read_text("utf-8"), re.M)
    assert first is not None
    with TemporaryDirectory() as folder:
        one = Path(folder) / "one.txt"
        one.write_text(first[0] + "\n", "utf-8")
        return known(one) is not None


def main(lock: Path = LOCK) -> int:
    if importlib.util.find_spec("pip_audit") is None:
        print("pip-audit is not installed: nothing was audited")
        return 0
    audited = known(lock) if answers(lock) else None
    if audited is None:
        print("pip-audit reaches no data here: nothing was audited")
        return 0
    bad = {name: ids for name, ids in audited.items() if ids}
    for name, ids in bad.items():
        print(f"{name}: {', '.join(ids)}")
    print(f"pip-audit: {len(audited)} packages, {len(bad)} with known vulnerabilities")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
