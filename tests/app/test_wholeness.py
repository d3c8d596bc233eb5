"""A file of the program that is missing or torn is named, and nothing else is blamed."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app import app
from inspector_app.places import FORMS
from inspector_app.ui import theme
from inspector_app.wholeness import LIST, damaged, listed
from tests.office import refused


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder like a bundle, sealed with its list."""
    folder = tmp_path / "解压 到这里"
    for name in ("inspector-app", "_internal/中文 名.bin", "_internal/a.so"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (folder / LIST).write_text(listed(folder), "utf-8")
    return folder


def test_a_whole_bundle_has_no_damage_and_sha256sum_reads_the_same_list(bundle: Path) -> None:
    assert list(damaged(bundle)) == []
    (bundle / "verify-record").write_bytes(b"what a package adds is no damage")
    assert list(damaged(bundle)) == [] and len(listed(bundle).splitlines()) == 4, "the list does not hold itself"
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", LIST], cwd=bundle, check=True)


def test_every_damage_is_named(bundle: Path) -> None:
    (bundle / "_internal/a.so").write_bytes(b"torn")
    (bundle / "_internal/中文 名.bin").unlink()
    assert list(damaged(bundle)) == ["_internal/a.so", "_internal/中文 名.bin"]
    (bundle / LIST).write_bytes(b"\xff")
    assert list(damaged(bundle)) == [LIST]
    (bundle / LIST).unlink()
    assert list(damaged(bundle)) == [LIST]


def ended(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception) -> str:
    """What a command says that ends with this error."""

    def fail(arguments: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(app, "_doctor", fail)
    assert app.main(["doctor"]) == 1
    return capsys.readouterr().err


def test_in_a_damaged_bundle_the_file_is_blamed_and_not_the_system(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "bundle_folder", lambda: bundle)
    lacking = ImportError("libx.so.1: cannot open shared object file: No such file or directory")
    assert "缺系统的库（libx.so.1" in ended(monkeypatch, capsys, lacking)
    with pytest.raises(ZeroDivisionError):
        ended(monkeypatch, capsys, ZeroDivisionError("a fault of our own, in a bundle that is whole"))
    with pytest.raises(TimeoutError):
        ended(monkeypatch, capsys, TimeoutError("nothing that the system refused"))
    (bundle / "_internal/a.so").write_bytes(b"torn")
    for error in (lacking, ImportError("/x/a.so: file too short"), ValueError("a torn text")):
        said = ended(monkeypatch, capsys, error)
        assert "“_internal/a.so”不见了或已损坏" in said and "数据没有改动" in said and len(said.splitlines()) == 1


def test_a_file_of_the_program_that_is_not_there_is_no_mistyped_path(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = FileNotFoundError(2, "x", str(FORMS / "policy.toml"))
    assert "程序的文件“policy.toml”" in ended(monkeypatch, capsys, gone)
    assert "核对路径" in ended(monkeypatch, capsys, FileNotFoundError(2, "x", "/away/policy.toml"))


def test_a_face_of_the_window_that_does_not_load_is_told(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme, "RESOURCES", tmp_path)
    told = refused("program_damaged", theme.load_fonts)
    assert "NotoSansSC-400.ttf" in told.fact
