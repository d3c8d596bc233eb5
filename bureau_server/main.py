"""Entry of `bureau-server`; the ledger, the desks and the sync come with the next version."""

from __future__ import annotations

import argparse
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Tells that there is no server yet; returns 1 so that nobody takes it for a running one."""
    parser = argparse.ArgumentParser(prog="bureau-server", description="档案局端服务")
    parser.parse_args(argv)
    print("局端服务还没有做好。笔记本上的检查不需要它。")
    return 1
