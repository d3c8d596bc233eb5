"""How a paper leaves the desk: printed or saved, as the archived original or as a draft that says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ...actions import papers, printing
from ...actions.handing_out import write_new
from ...domain.casefile import CaseFile
from ...domain.paper import Issued
from ...domain.printing import Order, Outcome
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.save import ask_target
from .print_sheet import Printout, ask_print


class PaperOut:
    """The ways out of one paper desk; their sheets open over it."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        self._parent, self._desk = parent, desk
        self._broken: dict[str, Order] = {}  # prints that broke off, by paper: they are asked for again as they were

    def print(self, case: CaseFile, paper: Issued, copy: int) -> None:
        """Print the archived bytes of a paper, or of the copy (联) of this serial."""
        content, what = self._content(case, paper, copy), f"{paper.id}/{copy}"

        def printed(order: Order, outcome: Outcome) -> None:
            self._desk.act(printing.note_job, self._desk.book, case.id, paper.id, order, outcome, copy)
            if outcome.problem is not None:
                self._broken[what] = order
            else:
                self._broken.pop(what, None)
                said = "已打印" if outcome.confirmed else "已交给打印系统，印没印完看打印机："
                self._desk.toasted.emit(f"《{paper.title}》{said} {outcome.copies} 份", None)

        if content is not None:
            ask_print(self._parent, self._desk, Printout(paper.title, content, self._broken.get(what)), printed)

    def print_draft(self, case: CaseFile, kind: str, sheet: str) -> None:
        def then(sketch: papers.Sketch) -> None:
            def printed(order: Order, outcome: Outcome) -> None:
                done = self._desk.act(papers.keep_draft, self._desk.book, sketch)
                if done is not None:
                    self._desk.act(printing.note_job, self._desk.book, case.id, done.value.id, order, outcome)

            ask_print(self._parent, self._desk, Printout(sketch.title, sketch.pdf), printed)

        self._draw_draft(case, kind, sheet, then)

    def save(self, case: CaseFile, kind: str, sheet: str, made: Issued | None) -> None:
        """As PDF; a name that ends with .docx or .ofd asks for that instead, which is no original."""

        def other(form: str) -> bytes:
            return papers.in_format(self._desk.book, case.id, kind, form, sheet)

        def draft(sketch: papers.Sketch) -> None:
            self._ask_where(sketch.title, "草稿", "草稿印有“草稿”字样，没有文号。", sketch.pdf, other,
                            lambda: self._desk.act(papers.keep_draft, self._desk.book, sketch))  # fmt: skip

        if made is None:
            self._draw_draft(case, kind, sheet, draft)
        elif (content := self._content(case, made)) is not None:
            self._ask_where(made.title, made.number, "存的是归档原件的相同字节。", content, other, lambda: None)

    def _draw_draft(self, case: CaseFile, kind: str, sheet: str, then: Callable[[papers.Sketch], object]) -> None:
        """Render a draft on the worker; the record hears of it once it was printed or saved."""
        book = self._desk.book
        self._desk.run("制作草稿", lambda: papers.render_draft(book, case.id, kind, sheet), then)

    def _content(self, case: CaseFile, paper: Issued, copy: int = 0) -> bytes | None:
        """The archived bytes, of the original or of a copy; a file that is away or damaged is told."""
        try:
            return papers.pdf_of(self._desk.book, case.id, paper.id, copy)
        except Problem as problem:
            self._desk.told.emit(str(problem), "bad")
            return None

    def _ask_where(
        self,
        name: str,
        mark: str,
        said: str,
        content: bytes,
        other: Callable[[str], bytes],
        saved: Callable[[], object],
    ) -> None:
        """`other` gives the bytes in another format; `saved` hears when the PDF was saved."""
        said += "文件名改成 .docx，存可以编辑的副本；改成 .ofd，存 OFD（试验，没有在认证的阅读器里打开过）。"

        def write(target: Path) -> None:
            form = target.suffix.lower()
            try:
                if form in papers.OTHER_FORMATS:
                    write_new(target, other(form))
                else:
                    write_new(target, content)
                    saved()
            except Problem as problem:
                self._desk.told.emit(str(problem), "bad")
                return
            shown = {".docx": "Word 副本", ".ofd": "OFD"}.get(form, "PDF")
            self._desk.toasted.emit(f"《{name}》已存为 {shown}", None)

        ask_target(self._parent, f"另存《{name}》", said, f"{name}{mark}.pdf", "存到这里", write)
