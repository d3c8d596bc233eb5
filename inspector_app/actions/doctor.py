"""What is right and wrong with this computer: data, disk, clock, keyring, fonts, bureau. Reads, never writes the
store. Printers, cameras and all that Qt knows are asked by the window's side (`ui/doctor.py`).
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryFile

from ..domain.calendar import zh_moment
from ..domain.clock import CHINA
from ..domain.problems import Problem, reason
from ..papers.fonts import Face, bundled, installed, system_folders
from ..places import FORMS, MIGRATIONS
from ..store.disk import MARGIN, free_bytes, network_drive, readable
from ..store.keys import system_secrets
from ..wholeness import bundle_folder, damaged
from . import safekeeping, sync
from .book import Book
from .laptop import Laptop
from .sign_in import CHECKED_AT_START


class State(IntEnum):
    """How bad it is; the worst of a page is its verdict."""

    GOOD = 0
    LACKING = 1  # the work goes on without it
    WRONG = 2  # the work stops at it

    @property
    def label(self) -> str:
        return ("正常", "缺少", "不行")[self]


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the page: what was looked at, how it is, and the way out where something is to be done."""

    name: str
    state: State
    fact: str
    way_out: str = ""

    @classmethod
    def of(cls, name: str, problem: Problem, state: State = State.LACKING) -> Sign:
        return cls(name, state, problem.fact, problem.way_out)


AMPLE = 2_000_000_000
"""Bytes that a day of photos takes; with less the disk is told beforehand."""
_NAMED = 3
"""Damaged files of the program that are named; more tell nothing new."""
_BACKUP_DAYS = 7
_TIME_ERROR = 5
"""What adjtimex(2) returns while the clock has not been set by a time server."""


def examine(laptop: Laptop, book: Book | None = None) -> list[Sign]:
    """All that can be seen without a window; with an open `book` also what lies encrypted. Takes a second, more with a
    server that does not answer."""
    looks: tuple[Callable[[], Sign], ...] = (
        _program, _fonts, lambda: _folder(laptop.folder), lambda: _disk(laptop.folder), lambda: _data(laptop, book),
        _keyring, lambda: _clock(laptop.folder),
    )  # fmt: skip
    signs = [look() for look in looks]
    if book is not None:
        signs += [_backup(book), _bureau(book)]
    return signs


def page(signs: list[Sign]) -> str:
    """The page as text: a line for each sign, the way out below it, the verdict at the end."""
    lines = []
    for sign in signs:
        lines.append(f"[{sign.state.label}] {sign.name}：{sign.fact}")
        if sign.way_out:
            lines.append(f"       {sign.way_out}")
    return "\n".join([*lines, "", verdict(signs)])


def verdict(signs: list[Sign]) -> str:
    """One sentence over all signs."""
    wrong, lacking = (sum(sign.state is state for sign in signs) for state in (State.WRONG, State.LACKING))
    if wrong:
        return f"有 {wrong} 处不行，先解决再检查。"
    return f"可以检查；有 {lacking} 处缺少。" if lacking else "都正常，可以检查。"


def _program() -> Sign:
    for needed in (FORMS / "policy.toml", FORMS / "procedure.toml", MIGRATIONS / "laptop" / "env.py"):
        if not needed.is_file():
            return Sign.of("程序", Problem("program_damaged", name=needed.name), State.WRONG)
    if (folder := bundle_folder()) is None:
        return Sign("程序", State.GOOD, "文件齐全。")
    names = list(damaged(folder))
    if names:
        return Sign.of("程序", Problem("program_damaged", name="”“".join(names[:_NAMED])), State.WRONG)
    return Sign("程序", State.GOOD, "文件齐全，和制作时一样。")


def _fonts() -> Sign:
    own = bundled().sources
    for source in own.values():
        try:
            Face(source)
        except (Problem, OSError):
            return Sign.of("字体", Problem("font_damaged", name=source.path.name), State.WRONG)
    used = sorted({source.family for source in installed(system_folders()).values()})
    return Sign("字体", State.GOOD, f"文书用本机的{'、'.join(used)}。" if used else "文书用自带的字体，齐全。")


def _folder(folder: Path) -> Sign:
    """Whether the data folder, or the nearest that is there, takes a file, and lies on a disk of this computer."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    try:
        with TemporaryFile(dir=there):
            pass
    except OSError as error:
        detail = reason(error)
        return Sign.of("数据文件夹", Problem("file_unwritable", name=there, detail=detail), State.WRONG)
    if kind := network_drive(there):
        return Sign.of("数据文件夹", Problem("network_drive", kind=kind), State.WRONG)
    return Sign("数据文件夹", State.GOOD, f"{folder}，能写入。")


def _disk(folder: Path) -> Sign:
    left = free_bytes(next(place for place in (folder, *folder.absolute().parents) if place.exists()))
    if left < AMPLE:
        state = State.LACKING if left >= MARGIN else State.WRONG
        return Sign.of("磁盘", Problem("disk_low", free=readable(left)), state)
    return Sign("磁盘", State.GOOD, f"剩余 {readable(left)}。")


def _data(laptop: Laptop, book: Book | None) -> Sign:
    store = laptop.folder / "store.db"
    checked = book is not None and store.stat().st_size < CHECKED_AT_START  # a larger one would keep answers waiting
    try:
        people = laptop.people()
        if book is not None and checked:
            book.store.check()
    except Problem as problem:
        return Sign.of("数据", problem, State.WRONG)
    if not people and not store.exists():
        return Sign("数据", State.GOOD, "还没有设置；第一次打开窗口时设置。")
    if not people or not store.exists():
        missing = Problem("store_damaged", detail="数据库文件不见了。") if people else Problem("keys_missing")
        return Sign.of("数据", missing, State.WRONG)
    read = "数据库通过检查" if checked else "数据库太大，没有逐页检查" if book is not None else "数据库登录以后才能检查"
    return Sign("数据", State.GOOD, f"{len(people)} 人可以登录；{read}。")


def _keyring() -> Sign:
    if system_secrets() is None:
        return Sign.of("钥匙串", Problem("no_keyring"))
    return Sign("钥匙串", State.GOOD, "系统钥匙串可用，口令 6 位以上即可。")


def _clock(folder: Path) -> Sign:
    now = datetime.now().astimezone()
    written = [path.stat().st_mtime for path in folder.glob("store.db*")]
    then = datetime.fromtimestamp(max(written), CHINA) if written else None
    if then is not None and now < then - timedelta(minutes=5):
        here = zh_moment(now.astimezone(CHINA))
        return Sign.of("时钟", Problem("clock_behind", now=here, then=zh_moment(then)), State.WRONG)
    if now.utcoffset() != CHINA.utcoffset(None):
        return Sign.of("时钟", Problem("clock_zone", zone=now.strftime("UTC%z")))
    if sys.platform == "linux" and ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) == _TIME_ERROR:
        return Sign.of("时钟", Problem("clock_free"))
    return Sign("时钟", State.GOOD, f"{zh_moment(now)}，北京时间。")


def _backup(book: Book) -> Sign:
    last = safekeeping.last_backup(book)
    if last is None or book.clock.now().at - last > timedelta(days=_BACKUP_DAYS):
        return Sign.of("第二份备份", Problem("no_backup", days=_BACKUP_DAYS))
    return Sign("第二份备份", State.GOOD, f"上次 {zh_moment(last)}。")


def _bureau(book: Book) -> Sign:
    try:
        sync.takes_unit_accounts(book)
    except Problem as problem:
        return Sign.of("局里", problem)
    return Sign("局里", State.GOOD, f"{sync.own_address(book).url} 有回应，证书相符。")
