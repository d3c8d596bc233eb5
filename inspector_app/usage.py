"""A command line that speaks Chinese: argparse has no translation of its own, so headings and refusals are said here."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

STOPPED, PIPE_CLOSED = 130, 141
"""Exit statuses of a command that Ctrl+C ended, and of one whose reader went away, as a shell counts them."""
EX_USAGE = 64
"""Exit status of a command that cannot be carried out as it was typed (sysexits.h); 0, 1 and 2 are verify's verdicts."""

_SAID = (
    (r"argument (.+?): expected (?:one|at least one) arguments?", "{0} 后面要有一个值。"),
    (r"argument (.+?): invalid choice: '?([^']*?)'? \(.*", "没有“{1}”这个命令。"),
    (r"argument (.+?): invalid \S+ value: '(.*)'", "{0} 不能是“{1}”。"),
    (r"argument (.+?): ignored explicit argument .*", "{0} 后面不能有值。"),
    (r"argument (.+?): (.*)", "{0}：{1}"),
    (r"the following arguments are required: (.*)", "还缺：{0}。"),
    (r"unrecognized arguments: (.*)", "不认识：{0}。"),
    (r"ambiguous option: (\S+) could match (.*)", "{0} 不明确，可能是：{1}。"),
)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser with Chinese headings, help and refusals; a refusal exits with EX_USAGE."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, add_help=False, allow_abbrev=False, formatter_class=_Help)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def either_side(self, commands: Iterable[argparse.ArgumentParser], *flags: str, **settings: Any) -> None:
        """An option that may stand before one of these commands or after it."""
        self.add_argument(*flags, **settings)
        for command in commands:
            command.add_argument(*flags, **{**settings, "default": argparse.SUPPRESS})  # what stood before is kept

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EX_USAGE, f"{said(message)}\n")


def carried_out(command: Callable[[], int]) -> int:
    """The exit status of a command, also where its reader goes away or Ctrl+C ends it; what it raises besides goes on."""
    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is flushed at exit
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print("\n已停下。", file=sys.stderr)
        return STOPPED
    return status


def said(message: str) -> str:
    """A refusal of argparse in Chinese; an unknown one is passed on after a heading."""
    for pattern, sentence in _SAID:
        if found := re.fullmatch(pattern, message):
            return sentence.format(*found.groups())
    return f"命令写得不对：{message}"
