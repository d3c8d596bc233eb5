"""The audit of the lock: vulnerabilities stop `make check`, a missing network does not, and skipped is not audited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .recipes import recipe

audit = recipe("audit")

GOOD = {"name": "one", "version": "1", "vulns": []}
BAD = {"name": "two", "version": "2", "vulns": [{"id": "PYSEC-示例-1"}, {"id": "PYSEC-示例-2"}]}
SKIPPED = {"name": "one", "skip_reason": "not found"}


def answering(folder: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any] | None) -> Path:
    """A lock of two packages, and a pip-audit that answers this; None for one that ends without an answer."""
    package = folder / "pip_audit"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    line = "raise SystemExit(1)" if said is None else f"print({json.dumps(said)!r})"
    (package / "__main__.py").write_text(line, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.syspath_prepend(str(folder))
    lock = folder / "requirements.lock"
    lock.write_text("one==1 ; python_version < '3.14' \\\n    --hash=sha256:00\ntwo==2\n", "utf-8")
    return lock


@pytest.mark.parametrize(
    ("said", "status", "line"),
    [
        ({"dependencies": [GOOD, BAD]}, 1, "two 2: PYSEC-示例-1, PYSEC-示例-2\npip-audit: 2 packages, 1 with"),
        ({"dependencies": [GOOD]}, 0, "pip-audit: 1 packages, 0 with"), ({"dependencies": [SKIPPED]}, 0, "reaches no data"),
        (None, 0, "reaches no data"), ({"error": "示例"}, 0, "reaches no data"),
    ],
)  # fmt: skip
def test_what_the_audit_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: dict[str, Any] | None,
    status: int, line: str,
) -> None:  # fmt: skip
    assert audit.main(answering(tmp_path, monkeypatch, said)) == status
    assert line in capsys.readouterr().out


def test_without_pip_audit_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert audit.main() == 0 and capsys.readouterr().out == "pip-audit is not installed: nothing was audited\n"
