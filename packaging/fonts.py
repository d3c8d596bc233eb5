"""Rebuilds resources/fonts from pinned packages: checks every input, subsets and converts, writes the licences.

Run: `python packaging/fonts.py` on a Debian machine with npm. The inputs come through the ordinary clients
(`npm pack`, `apt-get download`); each font file is compared with its SHA-256 before it is used.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem
from outlines import redrawn  # type: ignore[import-not-found]  # beside this script

TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts"
EXCEPTION = """The GPL font exception, as published by the Free Software Foundation:

As a special exception, if you create a document which uses this font, and embed this font or unaltered portions
of this font into the document, this font does not by itself cause the resulting document to be covered by the GNU
General Public License. This exception does not however invalidate any other reasons why the document might be
covered by the GNU General Public License. If you modify this font, you may extend this exception to your version
of the font, but you are not obligated to do so. If you do not wish to do so, delete this exception statement from
your version.
"""
LIMIT = 64 * 1024 * 1024
_BESIDE, _GRID = 3.0, 2
"""How far an outline may be moved, and the units on which its points lie, in thousandths of an em."""


@dataclass(frozen=True)
class Face:
    """One font: its role, where it comes from, and what is done with it."""

    name: str
    role: str
    package: str
    inside: str
    sha256: str
    licence: str
    work: str  # subset, whole or convert


SANS, SERIF = "@expo-google-fonts/noto-sans-sc@0.4.3", "@expo-google-fonts/noto-serif-sc@0.4.3"
WENKAI, FANDOL = "fonts-lxgw-wenkai=1.250+repack-1", "texlive-lang-chinese=2022.20230122-1"
FACES = (
    Face("NotoSansSC-400", "界面；文书黑体", SANS, "400Regular/NotoSansSC_400Regular.ttf",
         "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16", "OFL-1.1", "subset"),
    Face("NotoSansSC-500", "界面按钮", SANS, "500Medium/NotoSansSC_500Medium.ttf",
         "b30853d205f3ecdde938b1488c735ee15a2e870d31331b992fdc53971e23ec4a", "OFL-1.1", "subset"),
    Face("NotoSansSC-600", "界面标题", SANS, "600SemiBold/NotoSansSC_600SemiBold.ttf",
         "b5eb7510dff58e0626c72c0861d83a3ed2be1d03047cf90a623682b8667bc5ff", "OFL-1.1", "subset"),
    Face("NotoSerifSC-400", "宋体，西文数字", SERIF, "400Regular/NotoSerifSC_400Regular.ttf",
         "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742", "OFL-1.1", "subset"),
    Face("NotoSerifSC-700", "小标宋的替代", SERIF, "700Bold/NotoSerifSC_700Bold.ttf",
         "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6", "OFL-1.1", "subset"),
    Face("LXGWWenKai", "楷体；生僻字后备", WENKAI, "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
         "bbf534b0ca093928f94d1782855e65a19a32cde82b075d495d072025521953c8", "OFL-1.1", "whole"),
    Face("FandolFang", "仿宋", FANDOL,
         "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
         "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9", "GPL-3.0 with font exception", "convert"),
)  # fmt: skip


def fetch(package: str, folder: Path) -> Path:
    """Unpack a package of npm (name@version) or Debian (name=version) below `folder`."""
    target = folder / hashlib.sha256(package.encode()).hexdigest()[:8]
    if target.exists():
        return target
    target.mkdir()
    if "@" in package[1:]:
        subprocess.run(["npm", "pack", "--silent", package], cwd=target, check=True, stdout=subprocess.DEVNULL)
        archive = next(target.glob("*.tgz"))
        subprocess.run(["tar", "xzf", archive.name, "--strip-components=1"], cwd=target, check=True)
    else:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=target, check=True)
        archive = next(target.glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", archive.name, "."], cwd=target, check=True)
    return target


def wanted(fang: TTFont) -> set[int]:
    """Latin, punctuation, symbols and the Han of GB 2312 and of the fang song face; the rest is LXGW's."""
    codes = set(range(0x20, 0x250)) | set(range(0x2000, 0x2070)) | set(range(0x2100, 0x2190))
    codes |= set(range(0x2460, 0x2500)) | set(range(0x25A0, 0x2600)) | set(range(0x3000, 0x3040))
    codes |= set(range(0x3200, 0x3400)) | set(range(0xFF00, 0xFFF0)) | set(range(0x2190, 0x2300))
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                codes.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return codes | set(fang.getBestCmap())


def subset(font: TTFont, codes: set[int]) -> TTFont:
    """Keep these characters; hints and layout tables go, neither paper nor window uses them."""
    options = Options(hinting=False, layout_features=[], name_IDs=["*"], notdef_outline=True, glyph_names=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def to_truetype(font: TTFont) -> TTFont:
    """CFF outlines to quadratic ones, since papers carry TrueType only, with as few points as the eye allows: at most 0.003 em
    beside those of the authors, which is 0.017 mm or less than half a dot of 600 an inch in 3号. Half as many units do."""
    source = font.getGlyphSet()
    glyphs = {name: redrawn(source[name], _BESIDE, _GRID) for name in font.getGlyphOrder()}
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = font.getGlyphOrder()
    glyf.glyphs = glyphs
    glyf.compile(font)
    for name, glyph in glyphs.items():  # the side bearing follows the outline
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    for tag in ("CFF ", "VORG", "GSUB", "GPOS", "BASE", "vhea", "vmtx"):
        if tag in font:
            del font[tag]
    font["maxp"].tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions"):  # fmt: skip
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["maxp"].numGlyphs = len(glyphs)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
    scale_upem(font, font["head"].unitsPerEm // _GRID)
    return font


def build(folder: Path) -> list[tuple[Face, Path]]:
    """Make every face in `folder`; returns what was made."""
    sources = {face.name: fetch(face.package, folder) / face.inside for face in FACES}
    for face in FACES:
        digest = hashlib.sha256(sources[face.name].read_bytes()).hexdigest()
        if digest != face.sha256:
            raise SystemExit(f"{face.name}: {digest} is not the pinned font")
    codes = wanted(TTFont(sources["FandolFang"]))
    made = []
    for face in FACES:
        target = TARGET / f"{face.name}.ttf"
        font = TTFont(sources[face.name], recalcTimestamp=False)
        if face.work == "subset":
            subset(font, codes).save(target)
        elif face.work == "convert":
            to_truetype(font).save(target)
        else:
            shutil.copyfile(sources[face.name], target)
        made.append((face, target))
    licences(folder, sources)
    return made


def licences(folder: Path, sources: dict[str, Path]) -> None:
    """Each licence beside its fonts; for the GPL one also the exception and the font as its authors publish it."""
    target = TARGET / "licences"
    target.mkdir(exist_ok=True)
    for package, name in ((SANS, "NotoSansSC"), (SERIF, "NotoSerifSC")):
        shutil.copyfile(fetch(package, folder) / "LICENSE_FONT", target / f"{name}-OFL.txt")
    shutil.copyfile(fetch(WENKAI, folder) / "usr/share/doc/fonts-lxgw-wenkai/copyright", target / "LXGWWenKai-OFL.txt")
    fandol = fetch(FANDOL, folder) / "usr/share/doc/texlive-doc/fonts/fandol"
    (target / "FandolFang-COPYING.txt").write_bytes(gzip.decompress((fandol / "COPYING.gz").read_bytes()))
    shutil.copyfile(fandol / "README", target / "FandolFang-README.txt")
    (target / "FandolFang-font-exception.txt").write_text(EXCEPTION, "utf-8")
    (TARGET / "source").mkdir(exist_ok=True)
    shutil.copyfile(sources["FandolFang"], TARGET / "source" / "FandolFang-Regular.otf")


def table(made: list[tuple[Face, Path]]) -> str:
    """The README of the folder."""
    lines = [
        "# Fonts", "", "Made by `packaging/fonts.py`. A font of the system (仿宋_GB2312 …) is preferred on papers where",
        "it is installed; these are what the application carries.", "",
        "| file | role | package | licence | SHA-256 |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for face, path in made:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"| {path.name} | {face.role} | {face.package} | {face.licence} | `{digest}` |")
    lines += [
        "", "The Noto faces are subset to GB 2312 and the characters of the fang song face; characters beyond it come",
        "from LXGW WenKai. FandolFang is converted from CFF to TrueType outlines of fewer points (`packaging/outlines.py`);",
        "`source/` holds the font as its authors publish it, which is the form that they modify, and `licences/` the GPL",
        "with the font exception.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(folder))
    (TARGET / "README.md").write_text(table(made), "utf-8")
    total = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    if total > LIMIT:
        raise SystemExit(f"the fonts take {total} bytes, more than {LIMIT}")
    print(f"{len(made)} fonts, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
