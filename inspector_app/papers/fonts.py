"""Faces of the papers: which face draws a character in a role, how wide it is, where its ink lies.

GB/T 9704 prescribes kinds of face (仿宋, 小标宋, 黑体, 楷体, 宋体). The licensed faces of the computer come first where
they are installed, found by the family name in the file; else the bundled ones. The face is chosen per glyph,
and what no face has is collected, so that a paper is refused rather than printed with a blank.
"""

from __future__ import annotations

import os
import re
import struct
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..domain.problems import Problem
from ..places import RESOURCES

FANG, SONG, TITLE, KAI, HEI, WEST = "FSTKHW"
"""The roles of faces, a letter each: what draws a line is then a word as long as its text. Digits and Latin letters of 仿宋 and
楷体 (`WEST`) come from the 宋体 face: those of the bundled 仿宋 look out of place."""

NAMES = {FANG: "仿宋", SONG: "宋体", TITLE: "小标宋", KAI: "楷体", HEI: "黑体"}
"""What the standard calls the kinds of face."""

BUNDLED = {
    FANG: "FandolFang.ttf",
    SONG: "NotoSerifSC-400.ttf",
    TITLE: "NotoSerifSC-700.ttf",
    KAI: "LXGWWenKai.ttf",
    HEI: "NotoSansSC-500.ttf",
}
CALLED = {FANG: "Fandol 仿宋", SONG: "思源宋体", TITLE: "思源宋体粗体", KAI: "霞鹜文楷", HEI: "思源黑体"}
"""What the bundled faces are called in Chinese; most of their files tell an English name only."""
INSTALLED: dict[str, tuple[str, ...]] = {
    FANG: ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong"),
    SONG: ("宋体", "SimSun"),
    TITLE: ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
    KAI: ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"),
    HEI: ("黑体", "SimHei"),
}
_CHAINS = {
    FANG: (FANG, KAI, SONG),
    SONG: (SONG, KAI),
    TITLE: (TITLE, SONG, KAI),
    KAI: (KAI, SONG),
    HEI: (HEI, SONG, KAI),
    WEST: (SONG, KAI),
}


_RUNS = re.compile("|".join(f"{role}+" for role in _CHAINS))

_HEAD = 10  # bytes of an outline before its contours: how many they are, and their box


Run = tuple[str, int, int]
"""A part of a line: the role whose face draws it, where it begins and where it ends."""


@dataclass(frozen=True, slots=True)
class Source:
    """A font file and the number of the face in it."""

    path: Path
    index: int = 0
    family: str = ""


@dataclass(frozen=True, slots=True)
class Ink:
    """The box of a glyph's ink in ems, y upwards from the baseline."""

    left: float
    bottom: float
    right: float
    top: float


class Face:
    """One face: its characters, advances and ink boxes. Outlines stay in the file until they are asked for."""

    def __init__(self, source: Source) -> None:
        """Raises `Problem("font_damaged")` when the file cannot be read as a font."""
        from fontTools.ttLib import TTLibError  # takes a while to import, and a window starts without it

        self.source = source
        self._advances: dict[str, float] = {}
        self._inks: dict[str, Ink] = {}
        self._outlines: dict[int, bytes] = {}
        try:
            self._read(source)
            self.lift = self._centre()
        except (AssertionError, IndexError, KeyError, OSError, ValueError, struct.error, TTLibError) as error:
            raise Problem("font_damaged", name=source.path.name) from error

    def _read(self, source: Source) -> None:
        from fontTools.ttLib import TTFont

        with source.path.open("rb") as file, TTFont(file, fontNumber=source.index, lazy=True) as font:
            numbers = font.getReverseGlyphMap()
            self._glyphs: dict[int, int] = {code: numbers[name] for code, name in font.getBestCmap().items()}
            self.tables: dict[str, bytes] = {tag: font.reader[tag] for tag in ("head", "hhea", "hmtx", "maxp")}
            self._places: Sequence[int] = font["loca"].locations
            self._start: int = font.reader.tables["glyf"].offset
            self._told: int = font["hhea"].numberOfHMetrics  # glyphs behind them are as wide as the last one
            self._em = float(font["head"].unitsPerEm)
            self.name, self.postscript = str(font["name"].getBestFullName()), str(font["name"].getDebugName(6) or "")
        self.box = self._thousandths(">4h", "head", 36)
        self.ascent, self.descent = self._thousandths(">2h", "hhea", 4)

    def _thousandths(self, form: str, table: str, place: int) -> tuple[int, ...]:
        """Measures of the face in thousandths of an em, as a PDF tells them."""
        return tuple(round(value / self._em * 1000) for value in struct.unpack_from(form, self.tables[table], place))

    def __contains__(self, char: str) -> bool:
        return ord(char) in self._glyphs

    def number(self, char: str) -> int:
        """Of the outline that draws this character; that of the box where the face has none."""
        return self._glyphs.get(ord(char), 0)

    def numbers(self, text: str) -> list[int]:
        known = self._glyphs.get
        return [known(ord(char), 0) for char in text]

    def metrics(self, glyph: int) -> bytes:
        """Advance and left side bearing of an outline, in units of the face, two bytes each."""
        table, told = self.tables["hmtx"], self._told
        if glyph < told:
            return table[4 * glyph : 4 * glyph + 4]
        return table[4 * told - 4 : 4 * told - 2] + table[2 * (told + glyph) : 2 * (told + glyph) + 2]

    def advance(self, char: str) -> float:
        """How wide a character is, in ems."""
        found = self._advances.get(char)
        if found is None:
            wide = int.from_bytes(self.metrics(self.number(char))[:2], "big")
            found = self._advances[char] = wide / self._em
        return found

    def outline(self, glyph: int) -> bytes:
        """What draws a glyph (ISO/IEC 14496-22, 5.3.4), without instructions where it is no other glyphs; empty for a blank."""
        if glyph not in self._outlines:
            self.look_up([glyph])
        return self._outlines[glyph]

    def look_up(self, glyphs: Iterable[int]) -> None:
        """Read what draws these glyphs, as far as it was not read before."""
        unread = [glyph for glyph in glyphs if glyph not in self._outlines]
        if unread:
            with self.source.path.open("rb") as file:
                for glyph in unread:
                    start, end = self._places[glyph], self._places[glyph + 1]
                    file.seek(self._start + start)
                    self._outlines[glyph] = _bare(file.read(end - start))

    def ink(self, char: str) -> Ink:
        """The box in the header of the outline; empty for a blank."""
        found = self._inks.get(char)
        if found is None:
            outline = self.outline(self.number(char))
            box = struct.unpack_from(">4h", outline, 2) if outline else (0, 0, 0, 0)
            left, bottom, right, top = (value / self._em for value in box)
            found = self._inks[char] = Ink(left, bottom, right, top)
        return found

    def _centre(self) -> float:
        """Height of the middle of the ideographs: lines up faces whose makers set the em box differently.

        0.38 above the baseline is the middle of the ideographic em box (0.88 above, 0.12 below).
        """
        probes = [self.ink(char) for char in "国田日" if char in self]
        middles = [(box.bottom + box.top) / 2 for box in probes] or [0.38]
        return sum(middles) / len(middles) - 0.38


def _bare(outline: bytes) -> bytes:
    """An outline without instructions for coarse screens; one that is made of others as it is."""
    contours = int.from_bytes(outline[:2], "big", signed=True)
    if not outline or contours < 0:
        return outline
    at = _HEAD + 2 * contours
    return outline[:at] + b"\0\0" + outline[at + 2 + int.from_bytes(outline[at : at + 2], "big") :]


class _Found(dict[int, str]):
    """For the characters of one role, by their codes, the role whose face draws each; each is looked for once."""

    def __init__(self, faces: Faces, role: str) -> None:
        self._faces, self._role = faces, role
        self.lacking: set[str] = set()
        self.narrow: dict[str, float] = {}  # the advances of those that do not fill a cell
        self._looked = re.compile("(?!)"), 0

    def __missing__(self, code: int) -> str:
        char = chr(code)
        role = WEST if self._role in (FANG, KAI) and " " <= char <= "~" else self._role
        found = next((each for each in _CHAINS[role] if char in self._faces.face(each)), "")
        if not found:
            self.lacking.add(char)
        elif (advance := self._faces.face(found).advance(char)) != 1.0:
            self.narrow[char] = advance
        self[code] = found = found or _CHAINS[role][0]
        return found

    @property
    def looked(self) -> re.Pattern[str]:
        """Finds the narrow ones."""
        pattern, known = self._looked
        if known != len(self.narrow):
            pattern = re.compile(f"[{re.escape(''.join(self.narrow))}]+")
            self._looked = pattern, len(self.narrow)
        return pattern


class Faces:
    """The faces of one computer by role. Reading is done once; a lock lets a worker warm it up."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = sources
        self._faces: dict[str, Face] = {}
        self._found = {role: _Found(self, role) for role in _CHAINS}
        self._lock = threading.Lock()

    def face(self, role: str) -> Face:
        """The face of this role; parsing it the first time."""
        face = self._faces.get(role)
        if face is None:
            with self._lock:
                face = self._faces.get(role) or Face(self.sources[role])
                self._faces[role] = face
        return face

    def substitute(self, role: str) -> str:
        """What stands for the face that the standard names, in Chinese; "" where the computer has that face."""
        return "" if self.sources[role].family else CALLED[role]

    def measured(self, role: str, text: str) -> tuple[str, list[float]]:
        """For each character the role whose face draws it, and its advance in ems, as the line composer asks for it; what no face
        has is a box of the first one that fills a cell."""
        found = self._found[role]
        faces = text.translate(found)
        wide = [1.0] * len(text)
        for match in found.looked.finditer(text):
            wide[match.start() : match.end()] = map(found.narrow.__getitem__, match[0])
        return faces, wide

    def lacks(self) -> bool:
        """Whether any character was met that no face has."""
        return any(found.lacking for found in self._found.values())

    def lacking(self, text: str, role: str = FANG) -> str:
        """The characters of the text that no face has, each once."""
        found = self._found[role]
        text.translate(found)  # each is looked for
        return "".join(dict.fromkeys(char for char in text if char in found.lacking)) if found.lacking else ""


def runs(roles: str) -> tuple[Run, ...]:
    """The parts of a line whose characters have one role each."""
    found, start = [], 0
    for part in _RUNS.findall(roles):
        end = start + len(part)
        found.append((part[0], start, end))
        start = end
    return tuple(found)


def bundled() -> Faces:
    """The faces that the application carries."""
    return Faces({role: Source(RESOURCES / "fonts" / name, 0, "") for role, name in BUNDLED.items()})


def system_folders() -> tuple[Path, ...]:
    """Where Windows keeps fonts, for all and for this person; no such variables and folders elsewhere."""
    places = (("WINDIR", ("Fonts",)), ("LOCALAPPDATA", ("Microsoft", "Windows", "Fonts")))
    folders = (Path(os.environ[name], *parts) for name, parts in places if os.environ.get(name))
    return tuple(folder for folder in folders if folder.is_dir())


def installed(folders: Iterable[Path]) -> dict[str, Source]:
    """Role -> face found by family name, best name first; CFF outlines and forbidden embedding are skipped."""
    wanted = {name: role for role, names in INSTALLED.items() for name in names}
    found: dict[str, Source] = {}
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in (".ttf", ".ttc"):
                for source in _families(path, frozenset(wanted)):
                    found.setdefault(source.family, source)
    return {
        role: next(found[name] for name in names if name in found)
        for role, names in INSTALLED.items()
        if any(name in found for name in names)
    }


def _families(path: Path, wanted: frozenset[str]) -> list[Source]:
    """The usable faces of a file that bear a wanted family name."""
    from fontTools.ttLib import TTCollection, TTFont

    try:
        with path.open("rb") as file:
            opened: Any = (TTCollection if path.suffix.lower() == ".ttc" else TTFont)(file, lazy=True)
            fonts = opened.fonts if isinstance(opened, TTCollection) else [opened]
            sources = []
            for index, font in enumerate(fonts):
                names = {str(record.toUnicode()) for record in font["name"].names if record.nameID in (1, 16)}
                restricted = "OS/2" in font and font["OS/2"].fsType & 0x000F == 0x0002
                if "glyf" in font and not restricted:
                    sources += [Source(path, index, name) for name in sorted(names & wanted)]
            return sources
    except Exception:  # a damaged font of the computer must not stop a paper
        return []


@lru_cache(maxsize=1)
def faces() -> Faces:
    """The faces to use on this computer."""
    own = bundled()
    return Faces({**own.sources, **installed(system_folders())})
