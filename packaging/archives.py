"""Where this Debian takes its packages from, read so that their sources can be asked for: both of apt's ways to write it.

`/etc/apt/sources.list` and `*.list` hold a place a line, `*.sources` a place a paragraph (sources.list(5)).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

APT = Path("/etc/apt")


@dataclass(frozen=True, slots=True)
class Archives:
    """The places whose sources are asked for, in apt's two ways to write them."""

    lines: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()

    def released(self) -> Archives:
        """The places without those of security updates, which keep the newest sources alone and may lack them."""
        return Archives(
            *(tuple(one for one in part if "security" not in one) for part in (self.lines, self.paragraphs))
        )

    def write(self, folder: Path) -> None:
        """Put them into a folder that apt reads in the place of its own (`Dir::Etc::sourceparts`)."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "own.list").write_text("".join(f"{line}\n" for line in self.lines), "utf-8")
        (folder / "own.sources").write_text("\n".join(f"{part}\n" for part in self.paragraphs), "utf-8")


def archives(apt: Path = APT) -> Archives:
    """What the files below `apt` name, each place once."""
    parts = apt / "sources.list.d"
    lists = [path for path in (apt / "sources.list", *sorted(parts.glob("*.list"))) if path.is_file()]
    return Archives(
        _once(line for path in lists for line in _lines(path.read_text("utf-8"))),
        _once(part for path in sorted(parts.glob("*.sources")) for part in _paragraphs(path.read_text("utf-8"))),
    )


def _once(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(places))


def _lines(text: str) -> Iterable[str]:
    """`deb` and `deb-src` alike: whoever asks for programs alone can be asked for their sources, too."""
    for line in text.splitlines():
        if match := re.match(r"\s*deb(?:-src)?\s+([^#]*[^#\s])", line):
            yield f"deb-src {match[1]}"


def _paragraphs(text: str) -> Iterable[str]:
    """Those that stand; comments may lie anywhere, a blank line ends a paragraph."""
    written = "\n".join(line.rstrip() for line in text.splitlines() if not line.startswith("#"))
    for part in re.split(r"\n{2,}", written.strip("\n")):
        if re.search(r"(?im)^Types:", part) and not re.search(
            r"(?im)^Enabled:\s*(no|false|0|off|without|disable)\s*$", part
        ):
            yield re.sub(r"(?im)^Types:.*$", "Types: deb-src", part)
