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
    from .tour import run_tour

    return run_tour(_laptop(arguments.out / "laptop", trial=True), arguments.out)


def _verify(arguments: argparse.Namespace) -> int:
    from .record.verify_command import run

    return run(arguments.rest)


def _print(arguments: argparse.Namespace) -> int:
    from .ui.printing import print_file

    return print_file(arguments.file, arguments.printer, arguments.copies)


def _laptop(folder: Path, *, trial: bool) -> Laptop:
    from .actions.rules import Rules
    from .actions.sign_in import Laptop
    from .actions.trial import clock, sample
    from .domain.clock import SystemClock
    from .places import FORMS

    return Laptop(folder, clock(sample()) if trial else SystemClock(), Rules(FORMS), __version__)


if __name__ == "__main__":
    raise SystemExit(main())
