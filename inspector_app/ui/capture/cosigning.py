"""会签 on two laptops: the one shows what it asks for, the other what it is about to sign; codes or small files go between."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoSink
from PySide6.QtWidgets import QFileDialog, QLayout, QWidget

from ...actions import cosign
from ...actions.handing_out import write_new
from ...actions.recording import FILM
from ...domain.calendar import zh_at
from ...domain.problems import Problem
from ..desk import Desk
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.code import CodeView
from ..widgets.dropping import take_drops
from ..widgets.fields import Field, Pick
from ..widgets.focus import order_tabs
from ..widgets.live import LivePicture
from ..widgets.notices import Sheet
from ..widgets.panels import Icon, Surface, clear, column, pair, row
from ..widgets.save import ask_target
from ..widgets.text import Text

_SIDE = 336
"""Pixels of the square for code and live picture, at scale 1."""
_LOOK_MS = 250
"""Milliseconds between two looks at the live picture: turning a frame into a picture holds the window up for 10 ms."""


class _Between(Sheet):
    """What both sides share: the square, the words beside it, and the three ways in: camera, picture or file, drop."""

    def __init__(self, title: str, said: str, desk: Desk, act: str, parent: QWidget, *more: QWidget) -> None:
        self._desk = desk
        self._reading = False
        self._shown, self.square = column(spacing=0), QWidget()
        self.square.setLayout(self._shown)
        self.square.setFixedSize(look.px(_SIDE), look.px(_SIDE))
        self._words = column(spacing=8)
        self.choose = Button("选图片或文件", "secondary", "image", act=self._choose, height=36)
        self.save = Button("存成文件", "secondary", "floppy-disk", act=self._save, height=36)
        beside = column(self._words, None, row(self.choose, self.save, None, spacing=8), spacing=12)
        line = row(self.square, beside, spacing=20)
        line.setStretch(1, 1)
        super().__init__(title, Text(said, "body", "ink2", wrap=True), line, *more, act=act, parent=parent)
        self.setMinimumWidth(look.px(860))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        take_drops(self, lambda files: self.take_file(files[0]))
        self._sink: QVideoSink | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.finished.connect(lambda _: self._stop())
        desk.leaving.connect(self.reject)

    def came(self, text: str) -> None:
        """A request or an answer was read."""
        raise NotImplementedError

    def file(self) -> tuple[str, str]:
        """What can be saved as a file: its name and its text."""
        raise NotImplementedError

    def _show(self, *words: QWidget | QLayout) -> None:
        clear(self._words)
        for part in words:
            self._words.addLayout(part) if isinstance(part, QLayout) else self._words.addWidget(part)
        order_tabs(self)
        QTimer.singleShot(0, self, self.settle)  # what is new is shown with the next turn, and has no height before

    def _put(self, shown: QWidget) -> None:
        """Show something in the square."""
        clear(self._shown)
        self._shown.addWidget(shown)
        self.square.show()

    def tell(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.settle()

    # -- camera -----------------------------------------------------------------------------------------------

    def scan(self) -> None:
        """Show the camera's picture in the square, and read it until something is found."""
        filming = self._desk.filming
        try:
            running = filming.running is not None
            offer = next((offer for offer in filming.offers() if offer.what == FILM), None)
            if offer is None:
                raise Problem("no_source", what="摄像头")
            live = filming.open(None if running else offer)
            if live.source.what != FILM:
                raise Problem("recording_runs", what=live.source.what)
        except Problem as problem:
            self.tell(str(problem))
            return
        self.tell("")
        self._sink = live.sink
        self._put(LivePicture(live.sink, f"{live.source.name}的画面", "正在打开摄像头，画面马上出来。"))
        self._timer.start()

    def _look(self) -> None:
        try:
            self._desk.book.check_outside(self._desk.case_id)  # a colleague may have said so meanwhile
        except Problem as problem:
            self._stop()
            self.tell(str(problem))
            return
        image = self._sink.videoFrame().toImage() if self._sink is not None and not self._reading else QImage()
        if image.isNull():
            return
        grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
        pixels = bytes(grey.constBits())
        width, height = grey.bytesPerLine(), grey.height()  # with what fills up its rows
        self._reading = True
        self._desk.tasks.run(lambda: cosign.in_frame(pixels, width, height), self._looked, picture=True)

    def _looked(self, text: str) -> None:
        self._reading = False
        if text and self._sink is not None:
            self._stop()
            self.came(text)

    def _stop(self) -> None:
        """Let go of the camera."""
        if self._sink is not None:
            self._timer.stop()
            self._sink = None
            self._desk.filming.close()

    # -- files ------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选图片或文件", "", "图片和会签文件 (*.jpg *.jpeg *.png *.heic *.txt)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.take_file(Path(path)))
        dialog.open()

    def take_file(self, file: Path) -> None:
        """Read a picture or a file on the worker."""
        self.tell("")
        self._desk.tasks.run(
            lambda: cosign.read(file), self._read, lambda problem: self.tell(str(problem)), picture=True
        )

    def _read(self, text: str) -> None:
        if self.isVisible():
            self._stop()
            self.came(text)

    def _save(self) -> None:
        name, text = self.file()

        def write(target: Path) -> None:
            try:
                write_new(target, text.encode())
            except Problem as problem:
                self.tell(str(problem))

        ask_target(self, "存成文件", "用 U 盘带到另一台电脑。里面没有检查内容。", name, "存", write)


class AskSheet(_Between):
    """请另一台电脑会签: the code of what is asked, and the answer that comes back."""

    def __init__(self, parent: QWidget, desk: Desk, point: cosign.Checkpoint) -> None:
        self._point, self._stream = point, desk.case_id
        said = ("第二名检查人员用自己的电脑，在“同步”里点“给同事会签”，扫这个码，看过以后输入本人口令；再用这台电脑扫出来的回执。"
                "两台电脑都不用联网。")  # fmt: skip
        super().__init__("请另一台电脑会签", said, desk, "扫回执", parent)
        self._show_request()

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk) -> None:
        """Fix how far the open inspection has come, and open over the parent."""
        try:
            point = cosign.ask(desk.book, desk.case_id)
        except Problem as problem:
            desk.told.emit(str(problem), "bad")
            return
        made = cls(parent, desk, point)
        made.open()
        made.act.setFocus()

    def _show_request(self) -> None:
        asked, held = cosign.asked_in(self._point), cosign.taken(self._desk.book, self._stream)
        self._put(CodeView(cosign.modules(self._point.note), "会签请求的二维码"))
        given = [pair("已有会签", f"{name}，{zh_at(at)}，到第 {count} 条") for name, at, count in held[-2:]]
        self._show(*_about(asked), *given)

    def try_accept(self) -> None:
        """The act of the sheet: scan, or back to the code while scanning."""
        if self._sink is None:
            self.scan()
            self.act.set_text("回到请求" if self._sink is not None else "扫回执")
        else:
            self._stop()
            self.act.set_text("扫回执")
            self._show_request()

    def file(self) -> tuple[str, str]:
        return f"会签请求-{cosign.asked_in(self._point).number}-{self._point.code[:8]}.txt", self._point.note

    def came(self, text: str) -> None:
        self.act.set_text("扫回执")
        self._show_request()
        try:
            done = cosign.take(self._desk.book, self._stream, text)
        except Problem as problem:
            self.tell(str(problem))
            return
        self._desk.finished(done)
        name = self._desk.queries.register().name_of(done.value.person)
        self._desk.toasted.emit(f"已存入{name}的会签，到第 {self._point.count} 条", None)
        self.accept()


class AnswerSheet(_Between):
    """给同事会签: read the request, see what is signed, sign with the own PIN, show the answer."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        self._text = self._answer = ""
        self._asked: cosign.Asked | None = None
        said = "扫同事电脑上的会签请求。看清是哪一件检查、到第几条，再输入本人口令。会签只证明记录当时到了哪里，不代表同意里面的内容。"
        people = sorted(desk.laptop.people().items(), key=lambda one: one[0] != desk.book.person.id)
        self._person, self._secret = Pick("会签人", people), Field("本人口令", secret=True)
        self._signer = QWidget()
        self._signer.setLayout(row(self._person, self._secret, spacing=12))
        super().__init__("给同事会签", said, desk, "扫请求", parent, self._signer)
        self.save.hide()
        self._wait()

    @classmethod
    def open_for(cls, parent: QWidget, desk: Desk) -> None:
        """Open over the parent."""
        made = cls(parent, desk)
        made.open()
        made.act.setFocus()

    def _wait(self) -> None:
        """Nothing is read yet."""
        ground = Surface("track")
        ground.setLayout(column(None, row(None, Icon("camera", "ink3", 40), None), None))
        self._put(ground)
        self._signer.hide()
        self.act.set_text("扫请求")
        self._show(Text("还没有读到请求。", "body", "ink2"))

    def try_accept(self) -> None:
        """The act of the sheet: scan, then sign, then close."""
        if self._answer:
            self.accept()
        elif self._asked is not None:
            self._sign()
        elif self._sink is None:
            self.scan()
            self.act.set_text("停下" if self._sink is not None else "扫请求")
        else:
            self._stop()
            self._wait()

    def came(self, text: str) -> None:
        self._asked = None
        self._wait()
        book = self._desk.book
        self._desk.tasks.run(lambda: cosign.look(book, text), lambda asked: self._seen(text, asked),
                             lambda problem: self.tell(str(problem)))  # fmt: skip

    def _seen(self, text: str, asked: cosign.Asked) -> None:
        if not self.isVisible():
            return
        self._text, self._asked = text, asked
        agreed = "这台电脑里的记录和它一样。" if asked.agrees else "这台电脑没有这件检查的全部记录，内容没有对过。"
        self.square.hide()
        self._signer.show()
        self.act.set_text("会签")
        self._show(*_about(asked), pair("出请求的电脑", asked.device), pair("核对", agreed))
        self._secret.input.setFocus()

    def _sign(self) -> None:
        try:
            done = cosign.give(self._desk.open_session, self._text, self._person.value(), self._secret.text())
        except Problem as problem:
            self.tell(str(problem))
            return
        self._desk.finished(done)
        self._answer = done.value
        self._signer.hide()
        self.choose.hide()
        self.save.show()
        self.back.hide()
        self.act.set_text("完成")
        self.tell("")
        self._put(CodeView(cosign.modules(self._answer), "会签回执的二维码"))
        self._show(
            Text("会签好了", "h2", "ok"),
            Text("请同事用那台电脑扫这个码，或者存成文件带过去。", "body", "ink", wrap=True),
        )
        self.act.setFocus()

    def file(self) -> tuple[str, str]:
        assert self._asked is not None
        return f"会签回执-{self._asked.number}-{self._asked.point.code[:8]}.txt", self._answer


def _about(asked: cosign.Asked) -> list[QWidget | QLayout]:
    """What is signed, in words: the inspection, how far, when, and its code for comparing."""
    ends = "；".join(f"{device} 到第 {count} 条" for device, count in asked.ends)
    code = asked.point.code
    return [
        Text(asked.unit, "h2", wrap=True),
        *(pair(name, value) for name, value in (
            ("检查", asked.number), ("记录", ends), ("时间", zh_at(asked.at)),
            ("核验码", " ".join(code[n : n + 4] for n in range(0, len(code), 4))))),
    ]  # fmt: skip
