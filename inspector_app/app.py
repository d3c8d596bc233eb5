"""The bootstrap: reads the command line, builds laptop, window and tour; the only file that knows every room."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__

if TYPE_CHECKING:
    from .actions.sign_in import Laptop


def data_folder() -> Path:
    """Where this user's data lies on this system."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "inspector"


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of `inspector-app`; returns the exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.run
    return command(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="inspector-app", description="档案行政检查")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--folder", type=Path, default=data_folder(), help="数据所在的文件夹")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="命令")
    trial = commands.add_parser("trial", help="用示例单位试用")
    trial.set_defaults(run=_trial)
    tour = commands.add_parser("tour", help="自动走完一次检查，留下图片、文书和过程记录")
    tour.add_argument("--out", type=Path, required=True, help="输出文件夹")
    tour.set_defaults(run=_tour)
    verify = commands.add_parser("verify", help="核验导出的过程记录", add_help=False)
    verify.add_argument("rest", nargs=argparse.REMAINDER)
    verify.set_defaults(run=_verify)
    made = commands.add_parser("recovery-key", help="为本局生成恢复密钥：私钥存保险柜，公钥设到每台电脑")
    made.add_argument("file", type=Path, help="私钥文件，用通行短语加密")
    made.set_defaults(run=_recovery_key)
    recover = commands.add_parser("recover", help="用本局恢复密钥给一名人员重设口令")
    recover.add_argument("file", type=Path, help="私钥文件")
    recover.add_argument("person", help="人员姓名")
    recover.set_defaults(run=_recover)
    prints = commands.add_parser("print", help="把 PDF 送到打印机，不缩放")
    prints.add_argument("file", type=Path)
    prints.add_argument("--printer", default="")
    prints.add_argument("--copies", type=int, default=1)
    prints.set_defaults(run=_print)
    return parser


def _window(arguments: argparse.Namespace) -> int:
    from .ui.run import run_window

    return run_window(_laptop(arguments.folder, trial=False))


def _trial(arguments: argparse.Namespace) -> int:
    from .ui.run import run_window

    return run_window(_laptop(arguments.folder / "trial", trial=True), trial=True)


def _tour(arguments: argparse.Namespace) -> int:
    from .tour.story import run_tour

    return run_tour(_laptop(arguments.out / "laptop", trial=True, pace=60), arguments.out)


def _verify(arguments: argparse.Namespace) -> int:
    from .record.verify_command import run

    return run(arguments.rest)


def _recovery_key(arguments: argparse.Namespace) -> int:
    from getpass import getpass

    from .store.keys import LEAST_PASSPHRASE, new_recovery_key

    passphrase = getpass(f"私钥的通行短语（至少 {LEAST_PASSPHRASE} 位）：")
    if len(passphrase) < LEAST_PASSPHRASE:
        print(f"通行短语太短，至少 {LEAST_PASSPHRASE} 位。")
        return 1
    pem, public = new_recovery_key(passphrase)
    try:
        with arguments.file.open("xb") as file:
            file.write(pem)
    except OSError as error:
        print(f"不能写入“{arguments.file}”：{error.strerror}。换一个没有用过的文件名。")
        return 1
    print(f"私钥已存入 {arguments.file}。公钥：{public.hex()}")
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    from getpass import getpass

    from .actions.safekeeping import recover
    from .domain.problems import Problem

    laptop = _laptop(arguments.folder, trial=False)
    try:
        people = {name: id for id, name in laptop.people().items()}
        pem = arguments.file.read_bytes()
        recover(laptop, pem, getpass("私钥的通行短语："), people.get(arguments.person, ""), getpass("新口令："))
    except (Problem, OSError) as error:
        print(error)
        return 1
    print(f"{arguments.person}的口令已重设。")
    return 0


def _print(arguments: argparse.Namespace) -> int:
    from .ui.printing import print_file

    return print_file(arguments.file, arguments.printer, arguments.copies)


def _laptop(folder: Path, *, trial: bool, pace: float = 1.0) -> Laptop:
    from .actions.rules import Rules
    from .actions.sign_in import Laptop
    from .actions.trial import clock, sample
    from .domain.clock import SystemClock
    from .places import FORMS

    return Laptop(folder, clock(sample(), pace) if trial else SystemClock(), Rules(FORMS), __version__)


if __name__ == "__main__":
    raise SystemExit(main())
