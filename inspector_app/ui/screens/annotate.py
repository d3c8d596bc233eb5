"""标注: arrows, boxes, texts and covered places over a photo, by mouse or by keys; stored as data in one act."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QWidget

from ...actions import gallery
from ...domain.casefile import CaseFile
from ...domain.evidence import LONGEST_TEXT, Evidence, Mark, Shape
from ...domain.problems import Problem
from ..desk import Desk
from ..offers import WORK
from ..theme import look
from ..widgets.buttons import Button
from ..widgets.canvas import Canvas, View
from ..widgets.panels import column, row
from ..widgets.text import Text
from ..widgets.wide import Wide

Layer = tuple[Mark, ...]

_LEAST = 0.01
"""Side of the smallest mark, in parts of the photo; less is a slip of the mouse."""

_STEP = 0.01


class MarkCanvas(Canvas):
    """Draws one mark where the mouse is dragged; arrow keys move the chosen one, with Shift its second corner."""

    drawn = Signal(object)
    moved = Signal(float, float, bool)
    turned = Signal(int)
    dropped = Signal()

    def __init__(self, image: QImage, name: str) -> None:
        self.image = image
        super().__init__(lambda: self.image, View(), name)
        self.shape = Shape.BOX
        self.chosen = -1
        self._begun: tuple[float, float] | None = None
        self._draft: Mark | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._begun = self.place(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._begun is not None:
            self._draft = Mark(
                self.shape, *self._begun, *self.place(event.position()), "文字" if self.shape is Shape.TEXT else ""
            )
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        begun, self._begun, self._draft = self._begun, None, None
        if begun is None:
            return
        end = self.place(event.position())
        if self.shape is Shape.TEXT or max(abs(end[0] - begun[0]), abs(end[1] - begun[1])) >= _LEAST:
            self.drawn.emit(Mark(self.shape, *begun, *end))
        self.update()

    def paint_more(self, painter: QPainter, frame: QRectF) -> None:
        shown = [self._draft] if self._draft is not None else []
        shown += [self.marks[self.chosen]] if 0 <= self.chosen < len(self.marks) else []
        for mark in shown:
            begin = QPointF(frame.x() + mark.x0 * frame.width(), frame.y() + mark.y0 * frame.height())
            end = QPointF(frame.x() + mark.x1 * frame.width(), frame.y() + mark.y1 * frame.height())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("focus"), 2, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(begin, end).normalized().adjusted(-5, -5, 5, 5))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (-_STEP, 0.0), Qt.Key.Key_Right: (_STEP, 0.0), Qt.Key.Key_Up: (0.0, -_STEP),
                 Qt.Key.Key_Down: (0.0, _STEP)}  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps:
            self.moved.emit(*steps[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.dropped.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            end = (0.4, 0.4) if self.shape is Shape.TEXT else (0.6, 0.6)
            self.drawn.emit(Mark(self.shape, 0.4, 0.4, *end))
        elif key in (Qt.Key.Key_N, Qt.Key.Key_B):
            self.turned.emit(1 if key == Qt.Key.Key_N else -1)
        else:
            super().keyPressEvent(event)


class AnnotateSheet(Wide):
    """The layer of one photo. Undo and redo act within the sheet; what is stored is one act, and can be undone as such."""

    def __init__(self, parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence, image: QImage) -> None:
        self._desk, self._case, self._piece = desk, case, piece
        self._states: list[Layer] = [piece.marks]
        self._at = 0
        self.canvas = MarkCanvas(image, f"{piece.number} 标注，方向键移动，回车加一处")
        self.tools = {shape: Button(shape.label, "tab", checkable=True, height=36, key=str(n), act=partial(self.take, shape))
                      for n, shape in enumerate(Shape, 1)}  # fmt: skip
        self.text = QLineEdit()
        self.text.setAccessibleName("标注的文字")
        self.text.setMaxLength(LONGEST_TEXT)
        self.text.setPlaceholderText("文字，按回车写上")
        self.text.returnPressed.connect(self._write_text)
        self.list = QListWidget()
        self.list.setAccessibleName("已有的标注")
        self.list.currentRowChanged.connect(self._choose)
        self.undo = Button("撤销", "ghost", "arrow-u-up-left", act=partial(self._go, -1), height=36)
        self.redo = Button("重做", "ghost", "arrow-u-up-right", act=partial(self._go, 1), height=36)
        self.drop = Button("去掉这一处", "secondary", "trash", act=self._drop, height=36)
        self.shown = Button("写入文书", "tick", checkable=True, height=36)
        self.shown.setChecked(piece.marks_shown)
        self.shown.setToolTip("文书里印带标注的副本；关上就印原图")
        self._problem = Text("", "small", "bad", wrap=True)
        self._problem.hide()
        head = row(Text(f"标注 {piece.number}", "h2"), None, *self.tools.values(), self.undo, self.redo, spacing=6)
        side = QWidget()
        side.setFixedWidth(look.px(232))
        side.setLayout(column(Text("标注", "strong"), self.list, self.drop, Text("文字", "small", "ink3"), self.text, self.shown,
                              Text("原图不改。标注单独存，随时可以关掉。", "small", "ink2", wrap=True), spacing=8))  # fmt: skip
        inside = row(self.canvas, side, spacing=12)
        inside.setStretch(0, 1)
        middle = QWidget()
        middle.setLayout(inside)
        save = Button("存入标注", "primary", act=self._save)
        foot = row(self._problem, Text("N 下一处　B 上一处　方向键移动　Shift 加方向键改大小　Delete 去掉", "small", "ink3"), None,
                   Button("返回", "secondary", act=self.reject), save, spacing=8)  # fmt: skip
        super().__init__(f"标注 {piece.number}", head, middle, foot, parent)
        self.canvas.drawn.connect(self._add)
        self.canvas.moved.connect(self._move)
        self.canvas.turned.connect(self._turn)
        self.canvas.dropped.connect(self._drop)
        for keys, act in (
            ("Ctrl+Z", partial(self._go, -1)),
            ("Ctrl+Y", partial(self._go, 1)),
            ("Ctrl+Return", self._save),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self.take(Shape.ARROW)
        self._show(len(piece.marks) - 1)
        self.open()
        self.canvas.setFocus()

    @property
    def marks(self) -> Layer:
        return self._states[self._at]

    def take(self, shape: Shape) -> None:
        """What is drawn next."""
        self.canvas.shape = shape
        for each, button in self.tools.items():
            button.setChecked(each is shape)

    # -- the layer --------------------------------------------------------------------------------------------

    def _change(self, marks: Layer, chosen: int) -> None:
        self._states = [*self._states[: self._at + 1], marks]
        self._at += 1
        self._show(chosen)

    def _show(self, chosen: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for n, mark in enumerate(self.marks, 1):
            self.list.addItem(f"{n} {mark.shape.label} {mark.text}".strip())
        self.list.setCurrentRow(chosen)
        self.list.blockSignals(False)
        self.canvas.show_marks(self.marks)
        self._choose(chosen)
        self.undo.set_blocked("" if self._at else "没有可以撤销的")
        self.redo.set_blocked("" if self._at + 1 < len(self._states) else "没有可以重做的")

    def _choose(self, row_: int) -> None:
        self.canvas.chosen = row_
        mark = self._chosen()
        self.text.setText(mark.text if mark is not None else "")
        self.text.setEnabled(mark is not None and mark.shape is Shape.TEXT)
        self.drop.set_blocked("" if mark is not None else "先选一处标注")
        self.canvas.update()

    def _chosen(self) -> Mark | None:
        return self.marks[self.canvas.chosen] if 0 <= self.canvas.chosen < len(self.marks) else None

    def _add(self, mark: Mark) -> None:
        self._change((*self.marks, mark), len(self.marks))
        if mark.shape is Shape.TEXT:
            self.text.setFocus()

    def _alter(self, mark: Mark) -> None:
        at = self.canvas.chosen
        self._change((*self.marks[:at], mark, *self.marks[at + 1 :]), at)

    def _write_text(self) -> None:
        mark, text = self._chosen(), self.text.text().strip()
        if mark is not None and text and text != mark.text:
            self._alter(replace(mark, text=text))
        self.canvas.setFocus()

    def _move(self, dx: float, dy: float, corner: bool) -> None:
        mark = self._chosen()
        if mark is None:
            return
        x1, y1 = _kept(mark.x1 + dx), _kept(mark.y1 + dy)
        if corner:
            self._alter(replace(mark, x1=x1, y1=y1))
        else:
            self._alter(replace(mark, x0=_kept(mark.x0 + dx), y0=_kept(mark.y0 + dy), x1=x1, y1=y1))

    def _turn(self, step: int) -> None:
        if self.marks:
            self.list.setCurrentRow((self.canvas.chosen + step) % len(self.marks))

    def _drop(self) -> None:
        if self._chosen() is not None:
            at = self.canvas.chosen
            self._change((*self.marks[:at], *self.marks[at + 1 :]), min(at, len(self.marks) - 2))

    def _go(self, step: int) -> None:
        if 0 <= self._at + step < len(self._states):
            self._at += step
            self._show(min(self.canvas.chosen, len(self.marks) - 1))

    def _save(self) -> None:
        self._write_text()
        try:
            done = gallery.mark(
                self._desk.book, self._case.id, self._piece.number, self.marks, shown=self.shown.isChecked()
            )
        except Problem as problem:
            self._problem.setText(str(problem))
            self._problem.show()
            return
        self.accept()
        self._desk.finished(done)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_1
        if 0 <= digit < len(self.tools) and not event.modifiers():
            self.take(list(self.tools)[digit])
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def _kept(part: float) -> float:
    return min(1.0, max(0.0, part))


def annotate(parent: QWidget, desk: Desk, case: CaseFile, piece: Evidence) -> AnnotateSheet | None:
    """Open the sheet over a photo; told where there is no picture, or it is withdrawn."""
    if not desk.allowed(WORK, case.id):
        return None
    if piece.withdrawn or not piece.copy:
        detail = "已经撤下" if piece.withdrawn else f"{piece.kind}没有画面"
        desk.told.emit(str(Problem("no_marks", number=piece.number, detail=detail)), "warn")
        return None
    image = QImage.fromData(desk.picture(case, piece.number))
    return None if image.isNull() else AnnotateSheet(parent, desk, case, piece, image)
