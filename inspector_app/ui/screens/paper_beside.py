"""A paper beside what it rests on: for who reads a case and makes nothing of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ...actions import papers, sync
from ...domain.casefile import CaseFile
from ...domain.problems import Problem
from ..desk import Desk
from ..widgets.buttons import Button
from ..widgets.pages import Pages
from ..widgets.panels import Surface, Tag, column, row
from ..widgets.text import Text
from .paper_state import paper_state


class PaperBeside(QWidget):
    """The formal paper of a kind as it was archived, or what it would say now, marked as a draft."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._shown, self._sha256, self._ended = desk, "", "", False
        self._title, self._state = Text("", "strong"), Tag("", "na")
        self.fetch = Button("从局里取文书", "link", act=self._fetch, height=32)
        self._problem = Text("", "small", "ink2", wrap=True)
        self.view = Pages()
        head = Surface("surface", "bottom")
        head.setLayout(row(self._title, self._state, None, self.fetch, spacing=8, margins=(12, 6, 12, 6)))
        layout = column(head, self._problem, self.view, spacing=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        desk.leaving.connect(self._end)

    def _end(self) -> None:
        self._ended = True

    def show_paper(self, case: CaseFile, kind: str) -> None:
        """Set on the worker; only the newest wish counts."""
        book, made = self._desk.book, papers.standing(case, kind)
        word, tone = paper_state(case, kind)
        self._title.setText(papers.title(book, kind))
        self._state.show_state(word, tone)
        self._sha256 = made.sha256 if made is not None else ""
        away = made is not None and not book.vault.has(made.sha256)
        self.fetch.setVisible(away)
        key = f"{self._sha256 or book.store.version(case.id)}/{case.id}/{kind}/{away}"
        if self._ended or key == self._shown:
            return
        self._shown = key
        self.view.show_nothing()

        def work() -> tuple[bytes, str]:
            try:
                return (papers.pdf_of(book, case.id, made.id) if made else papers.preview(book, case.id, kind).pdf), ""
            except Problem as problem:
                return b"", "文书还在局里，点“从局里取文书”。" if away else str(problem)

        def then(result: tuple[bytes, str]) -> None:
            if key == self._shown and not self._ended:
                self._problem.setText(result[1])
                self._problem.setVisible(bool(result[1]))
                if result[0]:
                    self.view.show_pdf(result[0])

        self._desk.tasks.run(work, then)

    def _fetch(self) -> None:
        book, sha256 = self._desk.book, self._sha256
        self._desk.tasks.run(lambda: sync.fetch_file(book, sha256), lambda _: self._desk.changed.emit(),
                             lambda problem: self._desk.told.emit(str(problem), "warn"), network=True)  # fmt: skip
