"""The visit of the tour: from signing in to the exported record, by the officer's keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit

from ..ui.screens.annotate import MarkCanvas
from ..ui.screens.checklist import ChecklistStage
from ..ui.widgets.text import Text
from .album import Album
from .bureau import KEY
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
FILMED = ("E03", "E04")
"""The item at which the recording begins, and the one at which it ends."""

PHOTOS = 3 * len(FINDINGS) + 6
"""Three a finding and six of one item that conforms."""


class Visit:
    """One inspection through the real window. Raises LookupError where the window does not offer what it should."""

    def __init__(self, hand: Hand, album: Album, out: Path) -> None:
        self.hand, self.album, self.out = hand, album, out
        self.secret = ""
        self.papers: list[str] = []
        self.items = 0
        self.code = ""
        self.keys: list[str] = []

    def stages(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """The way to the deliberation, by stage; each stage's inputs are counted apart."""
        return (
            ("登录", self._sign_in), ("准备", self._prepare), ("到场", self._arrive), ("检查", self._check),
            ("取证", self._look_at_evidence), ("标注", self._mark), ("笔录", self._record), ("处理", self._deliberate),
        )  # fmt: skip

    def later_stages(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """From the papers to the record."""
        return (("文书", self._make_papers), ("送达", self._serve), ("归档", self._export))

    # -- before the visit -------------------------------------------------------------------------------------

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

    def _prepare(self) -> None:
        """The unit's self-assessment comes in; the officers see where to look first."""
        hand = self.hand
        hand.key("Ctrl+Return")
        hand.key("Ctrl+1")
        hand.press("导入自查表")
        dialog = hand.window.findChild(QFileDialog)
        if dialog is None:
            raise LookupError("no dialog asks for the workbook")
        hand.click(next(field for field in hand.all(QLineEdit)))
        hand.type("示例自查表.xlsx")
        hand.key("Return")
        self._picture("准备-自查表")
        hand.press("导入自查结果")
        hand.press("先看")
        self._picture("准备-先看")
        hand.press("看完了")
        self._picture("准备")

    # -- the visit --------------------------------------------------------------------------------------------

    def _arrive(self) -> None:
        hand = self.hand
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
            if code in FILMED:
                self._film()
            if code in FINDINGS:
                self._finding(code)
            else:
                if code == MORE_PHOTOS:
                    self._photos(6)
                hand.key("1")
            if number == 40:
                self._picture("检查表")
        self._picture("检查表-答完")

    def _film(self) -> None:
        """F9 begins a recording and ends it; the checklist is filled in meanwhile."""
        filming = self.hand.window.desk.filming
        self.hand.stage = "录像"
        begun = filming.running is None
        self.hand.key("F9")
        if begun and filming.running is None:
            raise LookupError(f"no recording begins: {self.hand.problem()}")
        if not begun:
            self.hand.until(lambda: filming.running is None, "the recording does not end")
        self.hand.stage = "检查"

    def _finding(self, code: str) -> None:
        """One deviation with remark, photos and finding: 3 R text Esc P Enter F U, and Shift+Right for more photos."""
        hand = self.hand
        hand.key("3")
        hand.key("R")
        hand.type(FINDINGS[code])
        hand.key("Escape")
        self._photos(3)
        hand.key("F")
        if code == FILMED[0]:
            filming = hand.window.desk.filming
            hand.until(lambda: filming.duration > 1500, "the recording does not run")
            self._picture("检查表-问题")
        hand.key("U")

    def _photos(self, count: int) -> None:
        hand = self.hand
        hand.key("P")
        for _ in range(count - 1):
            hand.key("Shift+Right")
        if self.current_item() == "E03":
            self.album.take_sheet(hand.window, "导入照片")
        hand.key("Return")

    def _look_at_evidence(self) -> None:
        hand = self.hand
        hand.key("Ctrl+4")
        self._picture("取证")

    def _mark(self) -> None:
        """A box, an arrow and words over the photo of the leak; the photo itself stays as it is."""
        hand = self.hand
        hand.key("Ctrl+F")
        hand.type("渗水")
        hand.key("Return")
        hand.key("A")
        canvas = hand.find(MarkCanvas, "ZJ")
        hand.key("2")
        hand.drag(canvas, canvas.frame(), (0.22, 0.42), (0.80, 0.92))
        hand.key("1")
        hand.drag(canvas, canvas.frame(), (0.90, 0.20), (0.74, 0.46))
        hand.key("3")
        hand.drag(canvas, canvas.frame(), (0.82, 0.10), (0.82, 0.10))
        hand.type("渗水点")
        hand.key("Return")
        self._picture("取证-标注")
        hand.press("存入标注")
        self._picture("取证-已标注")
        hand.key("Escape")
        hand.key("Ctrl+3")
        hand.stage = "取证"
        hand.key("Ctrl+Return")

    def _record(self) -> None:
        hand = self.hand
        hand.write("单位意见", "情况属实。")
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
        self.album.take_sheet(hand.window, "登记签字")
        hand.click(next(f for f in hand.all(QLineEdit) if "口令" in f.accessibleName()))
        hand.type(self.secret)
        hand.key("Return")

    def _make(self, name: str) -> None:
        self.hand.press(name)
        self.album.take_sheet(self.hand.window, "正式制作")
        self.hand.key("Ctrl+Return")
        if self.hand.problem():
            raise LookupError(self.hand.problem())

    def _tab(self, words: str) -> str:
        return next(tab.partition(" · ")[0] for tab in self._tabs() if words in tab)

    def _tabs(self) -> list[str]:
        """The papers on view with their state, as the tabs say them."""
        return [b.accessibleName() for b in self.hand.all(QAbstractButton) if " · " in b.accessibleName()]

    def _deliberate(self) -> None:
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

    def _make_papers(self) -> None:
        hand = self.hand
        for tab in self._tabs():
            title = tab.partition(" · ")[0]
            hand.press(title)
            self._make("正式制作并锁定")
            self._picture(f"处理-{title}")
        hand.press("作出处理决定")

    def _serve(self) -> None:
        hand = self.hand
        self._make("正式制作并锁定")
        self._picture("送达-登记")
        hand.press("登记送达")
        self._picture("送达")
        hand.key("Ctrl+8")
        self._picture("整改")

    # -- after it ---------------------------------------------------------------------------------------------

    def _export(self) -> None:
        hand = self.hand
        for stage in ("Ctrl+1", "Ctrl+5", "Ctrl+6", "Ctrl+7"):
            hand.key(stage)
            for tab in self._tabs():
                title, _, state = tab.partition(" · ")
                if "未制作" not in state:
                    hand.press(title)
                    self._save_pdf(title)
        hand.press("设置")
        self.keys = hand.read_all(KEY)
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
        return next(stage for stage in self.hand.window.findChildren(ChecklistStage))

    def _picture(self, name: str) -> None:
        self.album.take(self.hand.window, name)
