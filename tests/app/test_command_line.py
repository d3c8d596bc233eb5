"""The command line: what is expected to go wrong ends in one Chinese sentence and a status of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from getpass import GetPassWarning
from pathlib import Path

import pytest

from inspector_app import app
from inspector_app.actions import sign_in
from inspector_app.domain.people import Bureau, Officer
from inspector_app.domain.problems import Problem
from inspector_app.store.keys import KeyBox, new_recovery_key
from inspector_app.tour.story import free_folder
from inspector_app.usage import EX_USAGE, PIPE_CLOSED, STOPPED, said
from tests.office import QUICK, laptop_at

PHRASE = "保险柜里的通行短语一二三"

Ran = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Ran:
    """Runs a command in this process; returns status, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        try:
            status = app.main([str(word) for word in words])
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person will type, in order; asking for more than that is Ctrl+D."""
    answers: list[str] = []

    def ask(prompt: str) -> str:
        if not answers:
            raise EOFError
        return answers.pop(0)

    monkeypatch.setattr("getpass.getpass", ask)
    return answers


# -- words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", "trial", "tour", "verify", "recovery-key", "recover", "print", "doctor"])
def test_help_is_chinese(ran: Ran, command: str) -> None:
    status, out, _ = ran(*([command] if command else []), "--help")
    assert status == 0 and out.startswith("用法：inspector-app")
    assert "显示这段说明" in out
    for word in ("usage", "options", "positional", "show this"):
        assert word not in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["verify"], "还缺：文件"), (["verify", "x.zip", "--anchor", ""], "核验码应是 32 位"), (["tour"], "还缺：--out"),
        (["verify", "x.zip", "--anchor", "0123"], "核验码应是 32 位"), (["verify", "x.zip", "--key"], "后面要有一个值"),
        (["print", "x.pdf", "--copies", "0"], "份数应是 1 至 99"), (["print", "x.pdf", "--copies", "-3"], "--copies"),
        (["print", "x.pdf", "--copies", "two"], "份数应是 1 至 99"), (["dance"], "没有“dance”这个命令"),
        (["papers", "--out", "x", "--also", "odt"], "格式应是 docx 或者 ofd"),
        (["trial", "--fast"], "不认识：--fast"), (["--version=1"], "后面不能有值"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_told_in_chinese(ran: Ran, words: list[str], sentence: str) -> None:
    status, _, err = ran(*words)
    assert status == EX_USAGE
    assert sentence in err.splitlines()[-1]


def test_a_refusal_that_nobody_knows_is_passed_on() -> None:
    assert said("something new") == "命令写得不对：something new"


def test_options_may_stand_before_the_file(ran: Ran, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no record")
    status, out, _ = ran("verify", "--key", "QH-0001+00000000", "--anchor", "0" * 32, tmp_path / "x.zip")
    assert status == 1 and out.startswith("FAIL")


# -- files and surroundings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["verify", "{t}/away.zip"], EX_USAGE, "没有这个文件"), (["verify", "{t}"], EX_USAGE, "这是文件夹"),
        (["print", "{t}/away.pdf"], 1, "没有这个文件"), (["tour", "--out", "{t}/file"], 1, "不是文件夹"),
        (["tour", "--out", "{t}/file/x"], 1, "不是文件夹"), (["--folder", "{t}/file/x", "trial"], 1, "不是文件夹"),
        (["recovery-key", "{t}/file"], 1, "已经有同名的文件"), (["recovery-key", "{t}/away/key"], 1, "没有这个文件夹"),
    ],
)  # fmt: skip
def test_a_path_that_cannot_serve_is_told_at_once(
    ran: Ran, tmp_path: Path, typed: list[str], words: list[str], status: int, sentence: str
) -> None:
    (tmp_path / "file").write_text("x")
    got, out, err = ran(*(word.format(t=tmp_path) for word in words))
    assert (got, out) == (status, "")
    assert sentence in err and len(err.splitlines()) == 1


def test_without_a_screen_the_window_says_so_and_printing_goes_on(tmp_path: Path) -> None:
    """Qt itself would end the process with a signal."""
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    (tmp_path / "x.pdf").write_bytes(b"no pdf")
    for words, sentence in (
        (["--folder", str(tmp_path / "data"), "trial"], "没有图形界面"), (["print", str(tmp_path / "x.pdf")], "不是能打印的 PDF"),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "inspector_app.app", *words], env=bare, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1 and sentence in done.stderr, done
        assert done.stdout == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no /dev/full and no SIGPIPE")
def test_a_reader_that_goes_away_is_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no record")
    command = f'"{sys.executable}" -m inspector_app.app verify "{tmp_path / "x.zip"}"'
    done = subprocess.run(
        ["bash", "-c", f"exec 3>&1; {{ {command}; echo $? >&3; }} | true"], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() in (str(PIPE_CLOSED), "1"), "closed in time or not, it is never mistaken"
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    plain = subprocess.run(
        ["bash", "-c", command], env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False
    )
    assert plain.returncode == 1 and b"FAIL" in plain.stdout and b"Traceback" not in plain.stderr


def test_a_pipe_closed_before_the_report_is_told_from_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no record")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app.app", "verify", str(tmp_path / "x.zip")], stdout=writer, stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (PIPE_CLOSED, b"")


@pytest.mark.parametrize(
    "error",
    [
        KeyboardInterrupt(),
        BrokenPipeError(),
        Problem("no_printer"),
        OSError(28, "x", "y"),
        ImportError("libx.so.1: cannot open shared object file: No such file or directory"),
    ],
)
def test_no_expected_end_is_a_traceback(
    monkeypatch: pytest.MonkeyPatch, ran: Ran, tmp_path: Path, error: BaseException
) -> None:
    def fail(arguments: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(app, "_print", fail)
    monkeypatch.setattr(os, "dup2", lambda one, other: None)
    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1)
    status, _, err = ran("print", "x.pdf")
    expected = {KeyboardInterrupt: (STOPPED, "已停下"), BrokenPipeError: (PIPE_CLOSED, ""), Problem: (1, "打印机"),
                OSError: (1, "磁盘满了"), ImportError: (1, "缺系统的库（libx.so.1")}  # fmt: skip
    assert status == expected[type(error)][0] and expected[type(error)][1] in err


# -- secrets --------------------------------------------------------------------------------------------------


def test_the_private_key_is_asked_for_twice(ran: Ran, tmp_path: Path, typed: list[str]) -> None:
    target = tmp_path / "key.pem"
    for answers, sentence in (
        ([], "没有终端"),
        ([PHRASE], "没有终端"),
        ([PHRASE, "别的"], "不一样"),
        (["短", "短"], "至少 12 位"),
    ):
        typed[:] = answers
        status, _, err = ran("recovery-key", target)
        assert status == 1 and sentence in err and not target.exists()
    typed[:] = [PHRASE, PHRASE]
    status, out, _ = ran("recovery-key", target)
    assert status == 0 and target.read_bytes().startswith(b"-----BEGIN ENCRYPTED")
    assert len(out.rsplit("公钥：", 1)[1].strip()) == 64


def test_a_secret_is_never_typed_in_sight(monkeypatch: pytest.MonkeyPatch, ran: Ran, tmp_path: Path) -> None:
    import warnings

    def ask(prompt: str) -> str:
        warnings.warn("echo", GetPassWarning, stacklevel=1)
        return "seen by all"

    monkeypatch.setattr("getpass.getpass", ask)
    status, _, err = ran("recovery-key", tmp_path / "key.pem")
    assert status == 1 and "没有终端" in err


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A laptop with a recovery key; its private key lies in key.pem."""
    pem, public = new_recovery_key(PHRASE)
    (tmp_path / "key.pem").write_bytes(pem)
    laptop = laptop_at(tmp_path / "laptop")
    first = Officer("p1", "示例沈岚")
    sign_in.set_up(laptop, Bureau("示例区档案局", "示档"), first, "忘记了的通行短语一二三四", public).close()
    monkeypatch.setattr(KeyBox, "of_system", classmethod(lambda cls, path: cls(path, None, QUICK)))
    yield tmp_path


def test_a_pin_is_recovered_and_every_obstacle_has_its_own_sentence(kept: Path, ran: Ran, typed: list[str]) -> None:
    fresh = "新的通行短语一二三四五六"
    other, _ = new_recovery_key(PHRASE)
    (kept / "other.pem").write_bytes(other)

    def recover(file: str, person: str, *answers: str) -> tuple[int, str, str]:
        typed[:] = answers
        return ran("--folder", kept / "laptop", "recover", kept / file, person)

    for file, person, answers, sentence in (
        ("key.pem", "示例没有", (), "示例没有"), ("away.pem", "示例沈岚", (), "没有这个文件"),
        ("key.pem", "示例沈岚", ("错的", fresh, fresh), "通行短语不对"), ("key.pem", "示例沈岚", (PHRASE, fresh, "x"), "不一样"),
        ("other.pem", "示例沈岚", (PHRASE, fresh, fresh), "不是这台电脑设置的"), ("key.pem", "示例沈岚", (PHRASE, "短", "短"), "12 位"),
    ):  # fmt: skip
        status, _, err = recover(file, person, *answers)
        assert status == 1 and sentence in err and len(err.splitlines()) == 1, err
    status, out, _ = recover("key.pem", "示例沈岚", PHRASE, fresh, fresh)
    assert status == 0 and "示例沈岚的口令已重设" in out
    session = sign_in.sign_in(laptop_at(kept / "laptop"), "p1", fresh)
    _, _, err = recover("key.pem", "p1")
    assert "另一个窗口" in err, "told before a secret is asked for"
    session.close()


# -- the tour's folder ----------------------------------------------------------------------------------------


def test_a_tour_never_writes_over_another(tmp_path: Path) -> None:
    wanted = tmp_path / "tour"
    assert free_folder(wanted) == wanted
    wanted.mkdir()
    assert free_folder(wanted) == wanted, "empty"
    for number in (2, 3):
        (wanted / "laptop").mkdir(parents=True)
        assert free_folder(tmp_path / "tour") == tmp_path / f"tour-{number}"
        wanted = tmp_path / f"tour-{number}"
