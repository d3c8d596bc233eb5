"""`make bench`: the figures that users feel, as medians. Nothing here fails; the machine is named first."""

from __future__ import annotations

from importlib import import_module

from tests.bench.machine import machine

PARTS = ("window", "store", "intake", "checklist", "gallery", "papers", "review", "scan", "sync", "law", "statistics")


def main() -> None:
    print(f"machine: {machine()}")
    for name in PARTS:
        import_module(f"tests.bench.bench_{name}").main()


if __name__ == "__main__":
    main()
