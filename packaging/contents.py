"""What is shipped and what is not: the rules that the bundle's recipe, its tests and the list of licences share."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

ROOT = Path(__file__).resolve().parent.parent
DATA = ("forms", "db", "resources")
"""Folders of the product that are read as files (`inspector_app.places`)."""

OLDEST = (2, 28)
"""The glibc of the domestic desktops that the bundle is for."""

OLDEST_CXX = {"GLIBCXX": (3, 4, 25), "CXXABI": (1, 3, 11)}
"""What the C++ library of their compiler knows, GCC 8; it is the system's, like glibc."""

LEFT_OUT = (
    # Qt's own programs and modules that are GPL only: no licence but that one and a commercial one
    r"Qt6?(Charts|Graphs|DataVisualization|VirtualKeyboard|Quick3D|QuickTimeline|Lottie|HttpServer|NetworkAuth|Mqtt|Coap)",
    r"qtvirtualkeyboard", r"hunspell",
    r"WebEngine", r"QtWebView|Qt6WebView",  # a browser of 200 MB that nothing here opens
    r"\.jar$",  # pyxform's validator: asks for Java, and the checklists are checked without it
    # the window has none; but Qt's way to films and cameras is linked to these few
    r"(^|/)(lib)?Qt6?(?!(Quick|Qml(Models|Meta|WorkerScript)?)\.(so|dll))(Quick|Qml)", r"(^|/)qml(/|$)",
    r"Qt/translations/(?!qtbase_zh_CN\.qm)",  # the window speaks Chinese
    r"platforms/libq(linuxfb|vnc|eglfs|minimal|minimalegl|vkkhrdisplay)\.so", r"egldeviceintegrations/", r"libQt6EglF",
    r"plugins/generic/", r"networkinformation/",  # devices without a desktop
    r"(^|/)(tests?|testing)/", r"alembic/templates/",
    r"(^|/)py\.typed$|\.pyi$|\.[ch]pp$|/include/",
)  # fmt: skip
"""Patterns of what is never shipped, in the words of paths inside the bundle."""

NOT_IMPORTED = (
    "tkinter", "numpy", "pandas", "matplotlib", "IPython", "readline", "curses", "pytest", "_pytest", "hypothesis",
    "setuptools", "pip", "pkg_resources", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtWebEngineCore",
    "uvloop", "watchfiles", "email_validator", "MySQLdb", "psycopg2", "rich", "jinja2", "yaml", "xlrd", "django",
    "mypy", "flask", "trio", "brotli", "docutils", "zxingcpp.__main__", "lxml.isoschematron", "lxml.html",
)  # fmt: skip
"""Modules that others would like to have and do without."""

SERVER_ONLY = ("psycopg", "psycopg_binary", "obstore", "joserfc", "rfc3161_client")
"""What the bureau's server asks for and the trial, which carries that server along, does not."""


def shipped(path: str, source: str = "") -> bool:
    """Whether a file belongs into the bundle: `path` there, `source` where it was found.

    Libraries of the building system (X11, GL, glib, CUPS, D-Bus, C++) do not: they belong to the computer that it runs on, in
    that computer's version; the packages name them. What Python stands on is part of it (`interpreter.py`).
    """
    return not source.startswith(("/usr/", "/lib")) and not any(
        re.search(each, PurePath(path).as_posix()) for each in LEFT_OUT
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A distribution, or another work, of which something is shipped."""

    name: str
    version: str


@cache
def _owners() -> dict[str, Part]:
    """Every file of every installed distribution, by its place on this disk."""
    owners = {}
    for distribution in importlib.metadata.distributions():
        part = Part(distribution.metadata["Name"], distribution.version)
        for file in distribution.files or ():
            owners[str(distribution.locate_file(file))] = part
    return owners


def parts(sources: Iterable[str]) -> list[Part]:
    """The distributions that these files come from; a file of none of them (the product's own, Python's) adds none."""
    owners = _owners()
    found = {owners[str(Path(source))] for source in sources if str(Path(source)) in owners}
    return sorted(found, key=lambda part: part.name.lower())


def note_parts(target: Path, sources: Iterable[str]) -> None:
    """Write beside the build which distributions went into it; only the recipe knows."""
    target.parent.mkdir(parents=True, exist_ok=True)
    noted = {"distributions": [{"name": part.name, "version": part.version} for part in parts(set(sources))]}
    target.write_text(json.dumps(noted, indent=1) + "\n", "utf-8")


def files(bundle: Path) -> list[str]:
    """Every file of a built bundle, in order, by its path inside it."""
    return sorted(path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file())


def listed(names: Iterable[str]) -> list[str]:
    """The file list that is kept beside the recipe: without the product's own data, which the tree shows anyway."""
    return [name for name in names if not name.startswith(tuple(f"_internal/{one}/" for one in DATA))]


def left_out_yet_there(names: Iterable[str]) -> list[str]:
    """The files of a bundle that the rules keep out; empty when they hold."""
    return [name for name in names if not shipped(name)]


_NEW_GLIBC = b"GLIBC_ABI_DT_RELR"
"""Says without a number that the loader of glibc 2.36 is asked for."""


def asked_of(library: Path, family: str = "GLIBC") -> tuple[int, ...]:
    """The newest version of a family of symbols that a shared library or program asks for; empty when it asks for none.
    Needs binutils."""
    said = subprocess.run(
        ["readelf", "--version-info", "--wide", str(library)], capture_output=True, check=False
    ).stdout
    found = re.findall(rf"\b{family}_(\d+(?:\.\d+)+)".encode(), said)
    asked = [tuple(int(part) for part in one.split(b".")) for one in found]
    return max([*asked, (2, 36)] if family == "GLIBC" and _NEW_GLIBC in said else asked, default=())


def glibc_of(library: Path) -> tuple[int, int]:
    """The oldest glibc that it runs with; (0, 0) when it asks for none."""
    asked = asked_of(library)
    return (asked[0], asked[1]) if asked else (0, 0)


def programs(bundle: Path) -> Iterator[Path]:
    """Every file of the bundle that is an ELF program or library."""
    for name in files(bundle):
        path = bundle / name
        with path.open("rb") as file:
            if file.read(4) == b"\x7fELF":
                yield path


def main() -> None:
    """`contents.py FOLDER [LIST]`: check a built bundle, write its file list, print the glibc that it asks for."""
    folder = Path(sys.argv[1])
    names = files(folder)
    if wrong := left_out_yet_there(names):
        raise SystemExit("must not ship: " + ", ".join(wrong))
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text("\n".join(listed(names)) + "\n", "utf-8")
    newest = max((glibc_of(path) for path in programs(folder)), default=(0, 0))
    print(f"{folder.name}: {len(names)} files, glibc {newest[0]}.{newest[1]}")


if __name__ == "__main__":
    main()
