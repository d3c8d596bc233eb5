"""`inspector-app verify FILE`: the checks on the console."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from .verify import verify


def run(argv: Sequence[str]) -> int:
    """Check a file and print the report; returns 0 all passed, 1 something failed, 2 something was not checked."""
    parser = argparse.ArgumentParser(prog="inspector-app verify", description="核验导出的过程记录")
    parser.add_argument("file", type=Path, help="导出的过程记录")
    parser.add_argument("--anchor", action="append", default=[], metavar="核验码", help="后来的文书上的核验码，可多次")
    parser.add_argument(
        "--key", action="append", default=[], metavar="公钥编号", help="向办案机关另行取得的设备公钥编号，可多次"
    )
    arguments = parser.parse_args(argv)
    report = verify(arguments.file, arguments.anchor, arguments.key)
    print(report.text())
    return report.status
