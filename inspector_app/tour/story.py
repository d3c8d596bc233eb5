"""The tour: a whole visit of the sample bureau through the real windows, by keys and mouse only.

It sees nothing but the window. What it tells in summary.json is computed from the record that it exports through the
window, and the record is checked by the command that anybody would use.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import chain, count, pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit

from ..ui.run import make_app, make_window
from ..ui.screens.checklist import ChecklistStage
from ..ui.surroundings import has_screen, interrupts
from ..ui.widgets.text import Text
from ..ui.window import Window
from .bureau import Bureau
from .hand import Hand

FINDINGS = {
    "A03": "责任制文件未写明执行责任人",
    "D08": "库房内堆放纸箱和会议桌",
    "E01": "2具灭火器已过检修有效期",
    "E03": "库房东南角吊顶渗水",
    "E04": "南窗遮光帘没有拉合",
    "E08": "实测27.3℃、湿度68%",
    "K06": "管理系统没有分设三员",
    "L01": "2015年前的档案没有移交",
}
"""What the officers find in the sample unit, in their words."""

MORE_PHOTOS = "E02"


class Tour:
    """The story, told once; pictures, papers and the record are left in `out`."""

    def __init__(self, window: Window, out: Path, lead: Window | None = None, pace: float = 1.0) -> None:
        self.window, self.out, self.lead = window, out, lead
        self.pace = pace  # of the sample's clock
        self.bureau: dict[str, Any] = {}
        self.hand = Hand(window)
        self.pictures = 0
        self.papers: list[str] = []
        self.items = 0
        self.code = ""
        self.keys: list[str] = []

    def run(self) -> dict[str, Any]:
        """The whole story; returns the summary. Raises LookupError when the window does not offer what it should."""
        started = time.monotonic()
        stages: Sequence[tuple[str, Callable[[], None]]] = (
            ("登录", self._sign_in), ("到场", self._arrive), ("检查", self._check), ("取证", self._look_at_evidence),
            ("笔录", self._record), ("处理", self._decide), ("送达", self._serve), ("归档", self._export),
        )  # fmt: skip
        for name, stage in stages:
            self._begin(name)
            stage()
        seconds = time.monotonic() - started
        if self.lead is not None:
            self._begin("局里")
            self.bureau = Bureau(self.hand, self.lead, self._save_next).run()
        self._begin("图片")
        self._gallery()
        print("  核验", flush=True)
        status, report = self._verify()
        return self._summary(seconds, status, report)

    def _begin(self, stage: str) -> None:
        self.hand.stage = stage
        print(f"  {stage}", flush=True)

    # -- the visit --------------------------------------------------------------------------------------------

    def _sign_in(self) -> None:
        hand = self.hand
        hand.settle()
        self.secret = hand.read(r"口令都是 (\S+)")
        self._picture("登录")
        hand.press("建立示例数据并进入")
        self._picture("今日")
        hand.key("F3")
        hand.type("库房")
        self._picture("法规")
        hand.press("关闭")

    def _arrive(self) -> None:
        hand = self.hand
        hand.key("Ctrl+Return")
        hand.key("Ctrl+1")
        self._picture("准备")
        hand.key("Ctrl+2")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+Return")
        hand.type(self.secret)
        hand.key("Return")
        self._picture("到场-告知")
        hand.press("不申请回避")
        hand.fill("职务", "办公室主任")
        hand.key("Ctrl+Return")
        self._picture("到场-普法")
        hand.key("Ctrl+Return")
        self._picture("到场")
        hand.key("Ctrl+Return")

    def _check(self) -> None:
        hand = self.hand
        codes = self.codes()
        self.items = len(codes)
        for number, code in enumerate(codes):
            if self.current_item() != code:
                raise LookupError(f"the list is at {self.current_item()}, not at {code}")
            if code in FINDINGS:
                self._finding(code)
            else:
                if code == MORE_PHOTOS:
                    self._photos(6)
                hand.key("1")
            if number == 40:
                self._picture("检查表")
        self._picture("检查表-答完")

    def _finding(self, code: str) -> None:
        """One deviation with remark, photos and finding: 3 R text Esc P Enter F U, and Shift+Down for more photos."""
        hand = self.hand
        hand.key("3")
        hand.key("R")
        hand.type(FINDINGS[code])
        hand.key("Escape")
        self._photos(3)
        hand.key("F")
        if code == "E03":
            self._picture("检查表-问题")
        hand.key("U")

    def _photos(self, count: int) -> None:
        hand = self.hand
        hand.key("P")
        for _ in range(count - 1):
            hand.key("Shift+Right")
        if self.current_item() == "E03":
            self._sheet_picture("导入照片")
        hand.key("Return")

    def _look_at_evidence(self) -> None:
        hand = self.hand
        hand.key("Ctrl+4")
        self._picture("取证")
        hand.key("Ctrl+3")
        hand.key("Ctrl+Return")

    def _record(self) -> None:
        hand = self.hand
        hand.click(hand.find(QPlainTextEdit, "单位意见"))
        hand.type("情况属实。")
        hand.press("不陈述申辩")
        self._make("正式制作并锁定")
        self._picture("笔录")
        self._sign()
        hand.press(self._tab("证据"))
        self._make("正式制作并锁定")
        self._sign()
        self._picture("笔录-已签字")
        hand.press("结束现场检查")

    def _sign(self) -> None:
        hand = self.hand
        hand.press("登记签字")
        hand.press("已签字")
        self._sheet_picture("登记签字")
        hand.click(next(f for f in hand.all(QLineEdit) if "口令" in f.accessibleName()))
        hand.type(self.secret)
        hand.key("Return")

    def _make(self, name: str) -> None:
        self.hand.press(name)
        self._sheet_picture("正式制作")
        self.hand.key("Ctrl+Return")
        if self.hand.problem():
            raise LookupError(self.hand.problem())

    def _tab(self, words: str) -> str:
        return next(
            b.text() for b in self.hand.all(QAbstractButton) if words in b.text() and " · " in b.accessibleName()
        )

    def _decide(self) -> None:
        hand = self.hand
        for _ in FINDINGS:
            hand.press("确认")
        self._picture("处理-问题")
        hand.press("文书体检")
        self._picture("处理-体检")
        hand.press("问题")
        hand.press("合议")
        hand.type("一致同意。")
        hand.key("Ctrl+Return")
        for title in [b.accessibleName() for b in hand.all(QAbstractButton) if " · " in b.accessibleName()]:
            hand.press(title.split(" · ")[0])
            self._make("正式制作并锁定")
            self._picture(f"处理-{title.split(' · ')[0]}")
        hand.press("作出处理决定")

    def _serve(self) -> None:
        hand = self.hand
        self._make("正式制作并锁定")
        hand.press("登记送达")
        self._picture("送达")
        hand.key("Ctrl+8")
        self._picture("整改")

    def _export(self) -> None:
        hand = self.hand
        for stage in ("Ctrl+1", "Ctrl+5", "Ctrl+6", "Ctrl+7"):
            hand.key(stage)
            for tab in [b.accessibleName() for b in hand.all(QAbstractButton) if " · " in b.accessibleName()]:
                title, _, state = tab.partition(" · ")
                if "未制作" not in state:
                    hand.press(title)
                    self._save_pdf(title)
        hand.press("设置")
        self.keys = hand.read_all(r"^(\S+\+[0-9a-f]{8})$")
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+0")
        hand.press("导出给法院")
        hand.key("Ctrl+A")
        hand.type(str(self.out / "record.zip"))
        hand.key("Return")
        self._picture("过程记录")

    def _save_pdf(self, title: str) -> None:
        hand = self.hand
        hand.press("另存 PDF")
        hand.key("Ctrl+A")
        target = self.out / "papers" / f"{len(self.papers) + 1:02d}-{title}.pdf"
        hand.type(str(target))
        hand.key("Return")
        self.papers.append(target.name)
        said = [t.toolTip() for t in hand.all(Text) if t.toolTip().startswith("核验码 ")]
        self.code = said[0].removeprefix("核验码 ") if said else self.code

    # -- what is on view --------------------------------------------------------------------------------------

    def codes(self) -> list[str]:
        """The codes of the checklist in the order in which the list walks them."""
        return list(self._checklist().codes)

    def current_item(self) -> str:
        return self._checklist().item

    def _checklist(self) -> ChecklistStage:
        return next(stage for stage in self.window.findChildren(ChecklistStage))

    # -- pictures ---------------------------------------------------------------------------------------------

    def _picture(self, name: str, folder: str = "light") -> None:
        self.pictures += 1
        self._save(self.window.grab(), f"{folder}/{self.pictures:02d}-{name}.png")

    def _save_next(self, picture: QPixmap, name: str) -> None:
        self.pictures += 1
        self._save(picture, f"light/{self.pictures:02d}-{name}.png")

    def _sheet_picture(self, name: str) -> None:
        """The sheet over the window, once for each name."""
        sheet = QApplication.activeModalWidget()
        if sheet is None or any((self.out / "pictures" / "light").glob(f"*-{name}.png")):
            return
        picture = self.window.grab()
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(16, 26, 36, 110))
        place = self.window.rect().center() - sheet.rect().center()
        painter.drawPixmap(place, sheet.grab())
        painter.end()
        self.pictures += 1
        self._save(picture, f"light/{self.pictures:02d}-{name}.png")

    def _save(self, picture: QPixmap | QImage, name: str) -> None:
        target = self.out / "pictures" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(target)):
            raise OSError(f"cannot write {target}")

    def _gallery(self) -> None:
        """Every screen in dark and high contrast, and one on a 1920x1080 screen at 150 %."""
        hand = self.hand
        self._draw()
        for label, folder in (("深色", "dark"), ("高对比", "high-contrast")):
            hand.press("设置")
            hand.press(label)
            self._walk(folder)
        hand.press("设置")
        hand.press("浅色")
        self._picture("设置")
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+3")
        size = self.window.size()
        self.window.resize(1280, 720)
        hand.settle()
        picture = QImage(1920, 1080, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(1.5)
        self.window.render(picture)
        self._save(picture, "1920x1080-150.png")
        self.window.resize(size)

    def _draw(self) -> None:
        """A double-random draw: sealed, then drawn with the number that the witness says."""
        hand = self.hand
        hand.key("Alt+4")
        hand.key("Ctrl+Return")
        hand.key("Ctrl+Return")
        self._picture("名录库")
        hand.key("Ctrl+Return")
        hand.fill("监督人", "示例何静")
        hand.fill("监督人当场报的 8 位数", "40718253")
        hand.key("Ctrl+Return")
        hand.key("Alt+5")
        self._picture("单位")
        hand.key("Alt+4")
        self._picture("双随机")

    def _walk(self, folder: str) -> None:
        hand = self.hand
        for number, name in enumerate(("今日", "检查列表", "公示", "双随机", "单位", "统计", "同步", "设置"), 1):
            hand.key(f"Alt+{number}")
            self._picture(name, folder)
        hand.key("Alt+1")
        hand.key("Ctrl+Return")
        for number, name in enumerate(
            ("准备", "到场", "检查表", "取证", "笔录", "处理", "送达", "整改", "", "过程记录"), 1
        ):
            if name:
                hand.key(f"Ctrl+{number % 10}")
                self._picture(name, folder)

    # -- the proof --------------------------------------------------------------------------------------------

    def _verify(self) -> tuple[int, str]:
        """Check the exported record with the command, the code of the last paper and the keys read off the window."""
        program = [sys.executable] if hasattr(sys, "frozen") else [sys.executable, "-m", "inspector_app.app"]
        keys = [word for key in self.keys for word in ("--key", key)]
        command = [*program, "verify", str(self.out / "record.zip"), "--anchor", self.code, *keys]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def _summary(self, seconds: float, status: int, report: str) -> dict[str, Any]:
        events = read_record(self.out / "record.zip")
        kinds = Counter(event["kind"] for event in events)
        spent: dict[str, int] = defaultdict(int)
        begun = next(n for n, event in enumerate(events) if event["kind"] == "visit_begun")
        for before, event in pairwise(events[begun:]):  # what lies before is the sample's simulated preparation
            if before["boot"] == event["boot"]:
                spent[event["step"]] += max(0, event["mono"] - before["mono"])
        papers = [e["body"] for e in events if e["kind"] == "paper_issued"]
        names = [*self.hand.inputs, *(name for name in spent if name not in self.hand.inputs)]
        return {
            "events": len(events), "photos": kinds["evidence_taken"], "answers": kinds["item_answered"],
            "findings": kinds["finding_recorded"], "signatures": kinds["paper_signed"],
            "services": sum(len(e["body"]["papers"]) for e in events if e["kind"] == "paper_served"),
            "items": self.items, "kinds": sorted({p["kind"] for p in papers}),
            "pictures_by_theme": {
                folder.name: len(list(folder.glob("*.png"))) for folder in sorted((self.out / "pictures").iterdir()) if folder.is_dir()
            },
            "papers": [{"title": p["title"], "number": p["number"], "pages": p["pages"]} for p in papers],
            "stages": {
                name: {"inputs": self.hand.inputs[name], "characters": self.hand.typed[name],
                       "milliseconds": round(spent.get(name, 0) / self.pace)}
                for name in names
            },
            "inputs_of_the_visit": sum(self.hand.inputs[name] for name in VISIT),
            "bureau": self.bureau, "seconds": round(seconds, 1), "pictures": self.pictures + 1, "saved_papers": self.papers,
            "verify": {"exit": status, "report": report.splitlines(), "anchor": self.code, "keys": self.keys},
        }  # fmt: skip


PHOTOS = 3 * len(FINDINGS) + 6
"""Three a finding and six of one item that conforms."""

SIGNED, SIGNERS = ("onsite_record", "evidence_list"), 3
"""Papers that are signed on the spot, each by two officers and the person in charge."""

SERVED = ("notice", "opinion", "rectification", "correction_order")

KINDS = (*SIGNED, *SERVED, "proof_of_service")

SCREENS = (
    "今日",
    "检查列表",
    "单位",
    "统计",
    "同步",
    "设置",
    "准备",
    "到场",
    "检查表",
    "取证",
    "笔录",
    "处理",
    "送达",
    "整改",
    "过程记录",
)
PICTURES = {"light": len(SCREENS), "dark": len(SCREENS), "high-contrast": len(SCREENS)}
"""How many pictures a theme has at least: one of every screen."""

VISIT = ("到场", "检查", "取证", "笔录", "处理", "送达")
"""The stages whose inputs count as the visit; saving and exporting come after it."""


def read_record(path: Path) -> list[dict[str, Any]]:
    """The lines of an exported record."""
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read("record.jsonl").decode().splitlines()]


def faults(summary: dict[str, Any]) -> list[str]:
    """What the tour promised and the summary does not show."""
    wanted = {"photos": PHOTOS, "findings": len(FINDINGS), "answers": summary["items"], "signatures": len(SIGNED) * SIGNERS,
              "services": len(SERVED), "kinds": sorted(KINDS)}  # fmt: skip
    found = [f"{name}: {summary[name]}, not {count}" for name, count in wanted.items() if summary[name] != count]
    if not summary["items"]:
        found.append("the checklist was empty")
    for theme, least in PICTURES.items():
        if summary["pictures_by_theme"].get(theme, 0) < least:
            found.append(f"pictures in {theme}: {summary['pictures_by_theme'].get(theme, 0)}, fewer than {least}")
    if len(summary["saved_papers"]) != len(summary["papers"]):
        found.append(f"papers saved: {len(summary['saved_papers'])}, made: {len(summary['papers'])}")
    if summary["inputs_of_the_visit"] > 400:
        found.append(f"inputs of the visit: {summary['inputs_of_the_visit']}, more than 400")
    if summary["verify"]["exit"] != 0:
        found.append("the exported record does not verify")
    return found


def free_folder(wanted: Path) -> Path:
    """The folder itself when it is empty or not there, else the first free one beside it: tour, tour-2, tour-3.

    Raises:
        OSError: there is a file of that name.
    """
    further = (wanted.with_name(f"{wanted.name}-{number}") for number in count(2))
    return next(folder for folder in chain([wanted], further) if not folder.exists() or not any(folder.iterdir()))


def run_tour(laptop: Any, out: Path, bureau: Any = lambda: None, lead: tuple[str, Any] | None = None) -> int:
    """Run the tour with a laptop of the trial, telling each stage; returns 0 only if all of it holds.

    `bureau` asks for the server that the trial carries along, `lead` is who leads and the laptop of the second window.

    It needs no screen. Raises KeyboardInterrupt when it was stopped, after the window is closed.
    """
    (out / "papers").mkdir(parents=True, exist_ok=True)
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    print(f"演示一次检查，约一分钟，写到 {out}", flush=True)
    known = qInstallMessageHandler(
        lambda kind, context, message: None if "propagateSizeHints" in message else print(message)
    )
    app = make_app(laptop.folder)
    window = make_window(app, laptop, trial=True, bureau=bureau)
    second = make_window(app, lead[1], trial=True, bureau=bureau, colleague=lead[0]) if lead is not None else None
    for each in (second, window):
        if each is not None:
            each.set_theme("light")
            each.resize(1366, 768)
            each.show()
    tour = Tour(window, out, second, laptop.clock.pace)
    raised: list[str] = []
    hook, sys.excepthook = (
        sys.excepthook,
        lambda kind, error, trace: raised.append("".join(traceback.format_exception(kind, error, trace))),
    )
    try:
        with interrupts(app, tour.hand.stop):
            summary = tour.run()
    except LookupError as error:
        window.grab().save(str(out / "stopped.png"))
        print(f"演示停在“{tour.hand.stage}”：{error}")
        return 1
    finally:
        for each in (second, window):
            if each is not None:
                each.close()
                each.desk.tasks.close()
        sys.excepthook = hook
        print("".join(raised), end="")
        qInstallMessageHandler(known)
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", "utf-8")
    broken = faults(summary) + [f"an error in the window: {text.splitlines()[-1]}" for text in raised]
    print("\n".join(summary["verify"]["report"]))
    print(f"图片 {out / 'pictures'}\n文书 {out / 'papers'}\n过程记录 {out / 'record.zip'}\n数字 {out / 'summary.json'}")
    for line in broken:
        print(f"没有做到：{line}")
    return 1 if broken else 0
