"""The bill of what a bundle ships: every licence with its text, a list for people, an SBOM (CycloneDX 1.6) for machines.

Run by `make bundle` in the environment that the bundle was made from. A licence that must not ship stops it.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "packaging" / "licences"
FONTS = ROOT / "resources" / "fonts" / "licences"
GPL3 = FONTS / "FandolFang-COPYING.txt"

NAMED = {"pyxform": "BSD-2-Clause", "sqlcipher3": "Zlib", "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception"}
"""Licences of packages that name none in their metadata, or in words; read from their texts."""

NOTES = {
    "LGPL": "按 LGPL 提供：都是 _internal/ 下单独的动态库文件，可以换成同一接口、自己改过的库，程序照样运行；允许为此调试和反向工程。"
            "源代码由各项目以同一版本号公开发布。",
    "Qt": "Qt 的动态库里还有 ICU、HarfBuzz、FreeType、libpng、PCRE2 等作品，QtPdf 里有 PDFium，QtMultimedia 里有 FFmpeg（LGPL-2.1）；"
          "安装包不带它们的文本，逐项清单在 Qt 文档“Licenses Used in Qt”。没有带 QtCharts、QtGraphs、虚拟键盘等只按 GPL 提供的模块。",
    "字体": "仿宋（FandolFang）按 GPL-3.0 加字体例外提供：嵌入文书不使文书受 GPL 约束；字体可以再分发、修改，原样的在 resources/fonts/source。",
    "启动程序": "可执行文件由 PyInstaller 的启动程序加载；它按 GPL-2.0 加例外提供，例外允许随任何许可的程序分发。",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """Somebody's work of which something is shipped."""

    name: str
    version: str
    licence: str
    kind: str = "library"
    purl: str = ""
    texts: list[Path] = field(default_factory=list)


OWN = (
    Work("Noto Sans SC", "0.4.3", "OFL-1.1", "data", texts=[FONTS / "NotoSansSC-OFL.txt"]),
    Work("Noto Serif SC", "0.4.3", "OFL-1.1", "data", texts=[FONTS / "NotoSerifSC-OFL.txt"]),
    Work("LXGW WenKai", "1.250", "OFL-1.1", "data", texts=[FONTS / "LXGWWenKai-OFL.txt"]),
    Work("FandolFang", "2022.20230122", "GPL-3.0-or-later WITH Font-exception-2.0", "data",
         texts=[GPL3, FONTS / "FandolFang-font-exception.txt", FONTS / "FandolFang-README.txt"]),
    Work("Phosphor Icons", "2.1.1", "MIT", "data", texts=[ROOT / "resources" / "icons" / "LICENSE-phosphor.txt"]),
)  # fmt: skip
"""What lies in resources/ and is not ours (`packaging/fonts.py`, `packaging/icons.py`); the laptop alone carries it."""


def may_ship(licence: str) -> bool:
    """Whether a work under this licence may be in a bundle: no AGPL, and no GPL without a choice or an exception."""
    choices = re.split(r"\s+OR\s+", licence)
    return any(
        re.search(r"AGPL|Affero", one) is None
        and (re.search(r"(?<!L)GPL|(?<!Lesser )General Public", one) is None or "exception" in one.lower())
        for one in choices
    )


def licence_of(metadata: Any, name: str) -> str:
    """The licence as SPDX where the package says it so, else in its own words."""
    classes = [str(line).rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if "License ::" in line]
    return str(
        NAMED.get(name.lower())
        or metadata.get("License-Expression")
        or "; ".join(classes)
        or metadata.get("License")
        or "?"
    )


def distribution(name: str) -> Work:
    """A Python package with the texts that it carries, else those of the licence that it names."""
    found = importlib.metadata.distribution(name)
    licence = licence_of(found.metadata, name)
    carried = [
        Path(str(found.locate_file(file))) for file in found.files or ()
        if ".dist-info/" in str(file) and re.search(r"licen|copying|notice|authors", file.name, re.I)
    ]  # fmt: skip
    texts = [path for path in carried if path.is_file()] or standard(licence)
    return Work(
        name, found.version, licence, purl=f"pkg:pypi/{name.lower().replace('_', '-')}@{found.version}", texts=texts
    )


def standard(licence: str) -> list[Path]:
    """The text of a licence for packages that carry none."""
    if "LGPL" in licence or "Lesser" in licence:
        return [TEXTS / "LGPL-3.0.txt", GPL3]
    return [TEXTS / "MIT.txt"] if "MIT" in licence else []


def interpreter() -> Iterator[Work]:
    """Python, and what was made part of it (`interpreter.py`); where it was not made here, Python alone."""
    made = Path(sys.base_prefix) / "works.json"
    if not made.exists():
        python = sys.version.split()[0]
        text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
        yield Work("CPython", python, "PSF-2.0", "platform", f"pkg:generic/cpython@{python}", [text])
        return
    for each in json.loads(made.read_text("utf-8")):
        name, version = each["name"], each["version"]
        purl = f"pkg:deb/debian/{name}@{version}?arch=source"
        yield Work(name, version, each["licence"], purl=purl, texts=[made.parent / "licences" / name / "copyright"])


def works(parts: dict[str, Any], laptop: bool) -> Iterator[Work]:
    """Everything that a bundle ships, from what its recipe noted."""
    yield from interpreter()
    names = {part["name"] for part in parts["distributions"]} | {"pyinstaller"}
    yield from (distribution(name) for name in sorted(names, key=str.lower))
    if laptop:
        yield from OWN


def component(work: Work) -> dict[str, Any]:
    """A work in the words of CycloneDX. Only what is known to be SPDX is called an expression."""
    spdx = re.fullmatch(r"[A-Za-z0-9.+-]+((\s+(AND|OR|WITH)\s+)[A-Za-z0-9.+-]+)*", work.licence)
    licence = {"expression": work.licence} if spdx else {"license": {"name": work.licence}}
    made = {
        "type": work.kind, "bom-ref": work.purl or f"{work.name}@{work.version}", "name": work.name,
        "version": work.version, "licenses": [licence],
    }  # fmt: skip
    return made | ({"purl": work.purl} if work.purl else {})


def sbom(name: str, version: str, shipped: list[Work]) -> dict[str, Any]:
    """The bill for machines. It holds no time and no number of chance: the same bundle has the same bill."""
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": name, "name": name, "version": version,
                          "licenses": [{"expression": "Apache-2.0"}]}
        },
        "components": [component(work) for work in shipped],
    }  # fmt: skip


def table(name: str, version: str, shipped: list[Work]) -> str:
    """The bill for people."""
    lines = [f"# {name} {version}：随附的软件和许可", "", "本程序：Apache-2.0（LICENSE）。文本在 licences/，机器读的清单是 sbom.cdx.json。", "",
             "| 名称 | 版本 | 许可 |", "|---|---|---|"]  # fmt: skip
    lines += [f"| {work.name} | {work.version} | {work.licence} |" for work in shipped]
    qt = any(work.name.startswith("PySide6") for work in shipped)
    told = [f"**{head}** {text}" for head, text in NOTES.items() if qt or head in ("LGPL", "启动程序")]
    return "\n".join([*lines, "", "\n\n".join(told), ""])


def write(bundle: Path, parts: Path, version: str) -> list[Work]:
    """Write the bill into a bundle. Raises SystemExit for a licence that must not ship and for a missing text."""
    shipped = list(works(json.loads(parts.read_text("utf-8")), laptop=bundle.name == "inspector-app"))
    for work in shipped:
        if not may_ship(work.licence):
            raise SystemExit(f"{work.name} is under {work.licence} and must not ship")
        if not work.texts:
            raise SystemExit(f"{work.name}: no text of {work.licence}")
        folder = bundle / "licences" / work.name.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        for text in work.texts:
            shutil.copyfile(text, folder / text.name)
    shutil.copyfile(ROOT / "LICENSE", bundle / "LICENSE")
    (bundle / "LICENCES.md").write_text(table(bundle.name, version, shipped), "utf-8")
    bill = json.dumps(sbom(bundle.name, version, shipped), ensure_ascii=False, indent=1)
    (bundle / "sbom.cdx.json").write_text(bill + "\n", "utf-8")
    return shipped


def main() -> None:
    name, version = sys.argv[1:]
    made = write(ROOT / "dist" / name, ROOT / "build" / f"{name}-parts.json", version)
    print(f"{name}: {len(made)} works of others, every one with its licence")


if __name__ == "__main__":
    main()
