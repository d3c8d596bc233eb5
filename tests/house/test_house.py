"""The house itself: its top level, its doors, its lock, its fonts and its Qt."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def tracked() -> list[Path]:
    """Files of the project as git knows them, or all outside the environment when there is no git."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_top_level_is_as_agreed() -> None:
    names = {"inspector_app", "bureau_server", "resources", "forms", "db", "packaging", "tests", "docs",
             "pyproject.toml", "Makefile", "README.md", "LICENSE", "CHANGELOG.md", ".ci"}  # fmt: skip
    assert names <= {path.name for path in ROOT.iterdir()}


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for folder in ("inspector_app", "bureau_server", "packaging", "db"):
        for path in (ROOT / folder).rglob("*.py"):
            if not ast.get_docstring(ast.parse(path.read_text("utf-8"))):
                silent.append(path)
    assert not silent


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command;"
         "sys.argv = ['lint-imports', '--no-cache']; lint_imports_command()"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_doors_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


VIOLATIONS = [
    ("Doors open one way", "inspector_app/store/engine.py", "inspector_app.evidence.vault"),
    ("The domain uses the standard library only", "inspector_app/domain/people.py", "segno"),
    ("The domain uses the standard library only", "inspector_app/domain/people.py", "numpy"),
    ("The domain uses the standard library only", "inspector_app/domain/people.py", "openpyxl"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.store.ledger"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.papers.render"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.evidence.vault"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.record.entry"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.sync.heads"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.checklists.form"),
    ("The tour sees the window only", "inspector_app/tour/story.py", "inspector_app.actions.check"),
    ("The tour sees the window only", "inspector_app/tour/story.py", "inspector_app.places"),
    ("The catalogue of papers draws nothing", "inspector_app/papers/catalog/notice.py", "reportlab"),
    ("The server shares domain, record and wire format", "bureau_server/main.py", "inspector_app.papers.grid"),
    ("Qt lives in the window, the tour and the bootstrap", "inspector_app/papers/grid.py", "PySide6"),
    ("Qt lives in the window, the tour and the bootstrap", "bureau_server/main.py", "PySide6"),
    ("SQL lives in the store", "inspector_app/actions/check.py", "sqlalchemy"),
    ("SQL lives in the store", "inspector_app/tour/story.py", "sqlalchemy"),
    ("The keyring lives in the store", "inspector_app/actions/check.py", "keyring"),
    ("D-Bus without Qt lives in the window", "inspector_app/store/keys.py", "jeepney"),
    ("PDF, fonts and QR live in the papers", "inspector_app/ui/__init__.py", "reportlab"),
    ("JSON in C lives in the record", "inspector_app/sync/wire.py", "msgspec"),
    ("Word files are written by the papers and read by the law files", "inspector_app/actions/papers.py", "docx"),
    ("Pillow lives in the evidence", "inspector_app/papers/grid.py", "PIL"),
    ("Pillow lives in the evidence", "inspector_app/tour/story.py", "PIL"),
    ("Codes are read in the evidence", "inspector_app/papers/grid.py", "zxingcpp"),
    ("XLSForm lives in the checklists", "inspector_app/actions/check.py", "pyxform"),
    ("XLSForm lives in the checklists", "inspector_app/workbooks/registers.py", "pyxform"),
    ("Workbooks are read and written where they are known", "inspector_app/actions/register.py", "openpyxl"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.workbooks.registers"),
    ("HTTP lives in the sync", "inspector_app/ui/words.py", "urllib"),
    ("HTTP lives in the sync", "inspector_app/store/engine.py", "urllib"),
    ("HTTP lives in the sync", "inspector_app/actions/check.py", "http"),
    ("The window imports actions and domain", "inspector_app/ui/words.py", "inspector_app.updates.offer"),
    ("Updates are checked in their room", "inspector_app/actions/check.py", "tuf"),
    ("Tools of the tests stay in the tests", "inspector_app/papers/grid.py", "hypothesis"),
    ("No file comes back to itself", "inspector_app/store/tips.py", "inspector_app.store.ledger"),
]


def test_every_contract_has_its_violation() -> None:
    assert {name for name, _, _ in VIOLATIONS} == {contract["name"] for contract in CONTRACTS}


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says of a copy with every forbidden import written in, by contract; and of one that is allowed."""
    copy = tmp_path_factory.mktemp("house")
    for name in ("inspector_app", "bureau_server"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for _, path, module in [*VIOLATIONS, ("", "inspector_app/sync/heads.py", "http")]:
        with (copy / path).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {module}\n")
    done = lint(copy)
    assert done.returncode != 0
    parts = re.split(r"\n([^\n]+)\n-{3,}\n", done.stdout.partition("Broken contracts")[2])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(("name", "path", "module"), VIOLATIONS)
def test_a_violation_is_caught(broken: dict[str, str], name: str, path: str, module: str) -> None:
    """Each contract can fail: it names the very import that was written against it."""
    said = re.sub(
        r"(?<!\S)(\.\w+) -> (\.\w+)",
        rf"{module_of(path).rpartition('.')[0]}\1 -> {module.rpartition('.')[0]}\2",
        broken[name],
    )
    assert re.search(rf"{re.escape(module_of(path))} -> {re.escape(module)}\b", said), broken[name]


def test_only_the_sync_may_speak_http(broken: dict[str, str]) -> None:
    assert "inspector_app.sync" not in broken["HTTP lives in the sync"]


WORLD = frozenset(
    {"os", "io", "pathlib", "shutil", "tempfile", "subprocess", "socket", "sqlite3", "threading", "random", "secrets"}
)
"""Parts of the standard library that touch disk, network, chance or other threads; the domain is pure."""


def unlawful(text: str) -> set[str]:
    """What a module of the domain names that it may not: foreign packages, other rooms, the world outside, `open`."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.partition(".")[0] if node.module and not node.level else "." * node.level)
        elif isinstance(node, ast.Name) and node.id in ("open", "__import__", "exec", "eval"):
            found.add(node.id)
    return {name for name in found if name != "." and (name not in sys.stdlib_module_names or name in WORLD)}


def test_the_domain_is_pure() -> None:
    for path in (ROOT / "inspector_app" / "domain").glob("*.py"):
        assert not unlawful(path.read_text("utf-8")), path.name


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("import numpy as np", "numpy"), ("from openpyxl import Workbook", "openpyxl"), ("import lxml.etree", "lxml"),
        ("from ..places import FORMS", ".."), ("import inspector_app.places", "inspector_app"), ("import os", "os"),
        ("open('x')", "open"), ("def f():\n    import requests", "requests"),
    ],
)  # fmt: skip
def test_an_impure_domain_is_seen(line: str, seen: str) -> None:
    assert unlawful(f"import json\nfrom .problems import Problem\n{line}\n") == {seen}


def test_the_lock_is_exact_and_names_no_address() -> None:
    text = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
    assert not re.search(r"https?:|index-url|find-links|file:|@ ", text)
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(blocks) > 30
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", block), block[:60]
        assert "--hash=sha256:" in block, block[:60]


def test_no_file_names_a_registry_or_a_place_of_one_machine() -> None:
    bad = re.compile(r"https?://[^ \"]+/(simple|packages/[0-9a-f]{2}/|-/[^/ ]+\.tgz)|/work/(main|shared)|/root/\.")
    for path in tracked():
        if path.suffix in {".py", ".toml", ".md", ".txt", ".sh", ".lock", ""} and path != Path(__file__):
            found = bad.search(path.read_text("utf-8", errors="ignore"))
            assert found is None, (path, found)


def test_the_fonts_come_with_their_licences_and_stay_small() -> None:
    folder = ROOT / "resources" / "fonts"
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 64 * 1024 * 1024
    readme = (folder / "README.md").read_text("utf-8")
    assert all(path.name in readme for path in folder.glob("*.ttf"))
    licences = {path.name for path in (folder / "licences").iterdir()}
    assert {"FandolFang-COPYING.txt", "FandolFang-font-exception.txt", "LXGWWenKai-OFL.txt"} <= licences
    assert (folder / "source" / "FandolFang-Regular.otf").is_file()


def test_twenty_thousand_void_calls_do_not_end_the_process() -> None:
    """PySide6 6.12.0 takes a reference from None with each on Python 3.11 and aborts after some thousands."""
    code = (
        "from PySide6.QtGui import QGuiApplication, QImage\n"
        "app = QGuiApplication([])\nimage = QImage(4, 4, QImage.Format.Format_RGB32)\n"
        "import sys; before = sys.getrefcount(None)\n"
        "for _ in range(20000): image.fill(0)\n"
        "assert sys.getrefcount(None) > before - 100, 'None loses references'\nprint('whole')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "whole", done.stderr


QT_PARTS = (
    "QtCore",
    "QtGui",
    "QtWidgets",
    "QtMultimedia",
    "QtPdf",
    "QtPdfWidgets",
    "QtPrintSupport",
    "QtSvg",
    "QtTest",
)
QT_PLUGINS = ("platforms/libqxcb", "platforms/libqoffscreen", "platforms/libqwayland*", "xcbglintegrations/*", "imageformats/*",
              "iconengines/*", "printsupport/*", "platforminputcontexts/*compose*", "platforminputcontexts/*ibus*",
              "multimedia/*")  # fmt: skip


def qt_libraries() -> list[Path]:
    """Qt's libraries and plugins that the window may load."""
    base = Path(find_spec("PySide6").submodule_search_locations[0])  # type: ignore[union-attr, index]
    found = [*(base / f"{part}.abi3.so" for part in QT_PARTS)]
    for part in QT_PARTS:
        found += (base / "Qt" / "lib").glob(f"libQt6{part.removeprefix('Qt')}.so*")
    for name in QT_PLUGINS:
        found += (base / "Qt" / "plugins").glob(f"{name}.so")
    return [path for path in found if path.is_file()]


@pytest.mark.skipif(sys.platform != "linux", reason="ldd reads the libraries of Linux")
def test_qt_finds_all_its_libraries() -> None:
    """What a bare Debian lacks is in packaging/debian-packages.sh, so that the window opens there."""
    libraries = qt_libraries()
    assert {"libqxcb.so", "libqoffscreen.so", "libcupsprintersupport.so", "QtPdf.abi3.so"} <= {
        path.name for path in libraries
    }
    done = subprocess.run(["ldd", *map(str, libraries)], capture_output=True, text=True, check=True)
    assert [line.strip() for line in done.stdout.splitlines() if "not found" in line] == []


def test_help_lists_every_target() -> None:
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("run", "test", "check", "bench", "campaign", "lock", "fonts", "pictures"):
        assert re.search(rf"^{target}\s+\S", done.stdout, re.M)


def test_the_manual_names_every_key_and_every_picture() -> None:
    manual = (ROOT / "docs" / "manual.md").read_text("utf-8")
    window = (ROOT / "inspector_app" / "ui" / "window.py").read_text("utf-8")
    keys = re.findall(r'\("((?:Ctrl\+|Alt\+)?(?:F\d+|[A-Z]|Return))", self\.|\("((?:Ctrl\+)?\w+)", desk\.', window)
    named = {(one or other).replace("Return", "Enter") for one, other in keys}
    assert len(named) >= 9
    assert not {key for key in named if key not in manual}
    pictures = set(re.findall(r"pictures/([\w-]+\.png)", manual))
    assert pictures <= {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    table = (ROOT / "packaging" / "pictures.py").read_text("utf-8")
    assert all(f'"{name.removesuffix(".png")}":' in table for name in pictures)


APT = """#!/bin/sh
echo "$@" >> "$LOG"
case "$1" in
update) if [ "$(grep -c update "$LOG")" -lt 3 ]; then echo "E: Could not get lock /var/lib/apt/lists/lock" >&2; exit 100; fi ;;
esac
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Debian only")
def test_missing_packages_are_installed_and_a_held_lock_is_waited_for(tmp_path: Path) -> None:
    """With an apt, dpkg and id of the test's own: nothing is installed here."""
    tools = {
        "apt-get": APT,
        "dpkg-query": "#!/bin/sh\nexit 1\n",
        "sleep": "#!/bin/sh\n",
        "id": "#!/bin/sh\necho $WHO\n",
    }
    for name, text in tools.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    log = tmp_path / "log"

    def run(purpose: str, who: str) -> tuple[subprocess.CompletedProcess[str], str]:
        log.write_text("")
        done = subprocess.run(
            ["bash", str(ROOT / "packaging" / "debian-packages.sh"), purpose], stdin=subprocess.DEVNULL, check=False,
            env={"PATH": f"{tmp_path}:/usr/bin:/bin", "LOG": str(log), "WHO": who, "PYTHON": sys.executable},
            capture_output=True, text=True,
        )  # fmt: skip
        return done, log.read_text()

    done, said = run("run", "0")
    assert done.returncode == 0 and said.count("update") == 3, done
    assert "DPkg::Lock::Timeout=300 install" in said and "libegl1" in said and "gcc" not in said
    done, said = run("test", "0")
    assert "gcc" in said and "libegl1" not in said
    done, said = run("run", "1000")
    assert said == "" and "sudo apt-get" in done.stdout and done.returncode == 0
    renamed = '#!/bin/sh\nfor name; do case $name in *t64) echo "install ok installed" ;; esac; done\nexit 1\n'
    (tmp_path / "dpkg-query").write_text(renamed)
    assert "missing" not in run("run", "1000")[0].stdout, "Debian 13 has them under the names of the wider time"
    (tmp_path / "dpkg-query").write_text(tools["dpkg-query"])
    (tmp_path / "old").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "old").chmod(0o755)
    done = subprocess.run(
        ["bash", str(ROOT / "packaging" / "debian-packages.sh"), "run"], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False, env={"PATH": f"{tmp_path}:/usr/bin:/bin", "LOG": str(log), "WHO": "1000",
                                     "PYTHON": str(tmp_path / "old")},
    )  # fmt: skip
    assert done.returncode == 1 and "python3-venv" in done.stdout + done.stderr


def test_another_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3.10"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "packaging/requirements.lock", "packaging/debian-packages.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    done = subprocess.run(
        ["make", "-s", f"PYTHON={old}", "run"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0 and "is not Python 3.11, 3.12 or 3.13" in done.stderr
    assert not (tmp_path / ".venv").exists()


_CITATION = re.compile(r"第[〇一二三四五六七八九十百]+条|国办发〔|沪府|国务院令")


def cited(text: str) -> list[str]:
    """Articles and documents that the code of a module names outside its docstrings and comments."""
    tree = ast.parse(text)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)
    return [node.value for node in strings if isinstance(node.value, str) and _CITATION.search(node.value)]


def test_no_article_is_written_into_the_code() -> None:
    """Law is data: what a sentence cites stands in forms/, where somebody can verify it."""
    found = {
        str(path.relative_to(ROOT)): names
        for path in sorted((ROOT / "inspector_app").rglob("*.py"))
        if (names := cited(path.read_text("utf-8")))
    }
    assert found == {}


def test_an_article_in_the_code_is_seen() -> None:
    assert cited('"""国办发〔2024〕54号"""\nx = f(hook="行政处罚法第五十五条")\ny = f"{x}（国办发〔2024〕54号）"') != []
    assert cited('"""行政处罚法第五十五条"""\n# 国办发〔2024〕54号\nx = "依据"') == []


def read_late(source: str) -> list[int]:
    """Lines in which work that is handed to another thread reads a field of the window."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "run":
            works = [arg for arg in call.args if isinstance(arg, ast.Lambda) and not arg.args.args]
            reads = [node for work in works for node in ast.walk(work.body) if isinstance(node, ast.Attribute)]
            found += [node.lineno for node in reads if node.attr in {"text", "value", "toPlainText", "isChecked"}]
    return found


def test_no_worker_reads_a_widget() -> None:
    """A sheet may be gone, with its fields, when the worker gets to its work."""
    for path in sorted((ROOT / "inspector_app" / "ui").rglob("*.py")):
        assert read_late(path.read_text("utf-8")) == [], path.name


def test_a_worker_that_reads_a_widget_is_seen() -> None:
    assert read_late('desk.run("x", lambda: issue(form.text()), then)') == [1]
    assert read_late('typed = form.text()\ndesk.run("x", lambda: issue(typed), lambda done: show(form.text()))') == []
