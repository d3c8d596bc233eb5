"""A hand that knows nothing: random keys, clicks and words over every screen. Nothing may raise, and the record must verify."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from inspector_app.actions.exchange import export_record
from inspector_app.actions.sign_in import Session
from inspector_app.record.verify import verify
from inspector_app.tour.hand import Hand
from inspector_app.ui.window import Window
from tests.office import CASE, at_checklist, checked, laid_out, unsigned, visited
from tests.ui.test_leaving import enter

ACTS = 1500
WORDS = (
    "示例",
    "2026年3月20日",
    "-1",
    "１２３",
    "a'b\"c",
    "漏水；潮湿",
    "9" * 40,
    "😀",
    "\u202e反",
    "",
    "2号库房东南角",
)
KEYS = (*"1234JKFRPGE", "Escape", "Return", "Tab", "Down", "Up", "PageDown", "Delete", "Backspace", "Ctrl+Z", "Ctrl+Y", "Ctrl+K",
        "Ctrl+P", "Ctrl+Return", "F1", "F3", "F9", "F10", *(f"Ctrl+{n}" for n in range(1, 10)), *(f"Alt+{n}" for n in range(1, 9)))  # fmt: skip


def on_view(widgets: list[QWidget]) -> list[QWidget]:
    return [w for w in widgets if w.isEnabled() and w.visibleRegion().contains(w.rect().center())]


class Gremlin:
    """Does something at random wherever the window stands, and counts what."""

    def __init__(self, window: Window, seed: int) -> None:
        self.window, self.hand, self.dice, self.did = window, Hand(window), random.Random(seed), Counter[str]()

    def act(self) -> None:
        if (popup := QApplication.activePopupWidget()) is not None:
            self._did(
                "popup",
                QTest.keyClick,
                popup,
                self.dice.choice((Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return)),
            )
        elif isinstance(sheet := QApplication.activeModalWidget(), QFileDialog):
            self._did("file", QTest.keyClick, sheet, Qt.Key.Key_Escape)
        else:
            self.dice.choices((self._press, self._type, self._key), (6, 2, 2))[0]()
        self.hand.settle()

    def _did(self, what: str, do: Callable[..., object], *with_: object) -> None:
        self.did[what] += 1
        do(*with_)

    def _press(self) -> None:
        if buttons := on_view([*self.hand.all(QAbstractButton)]):
            self._did("press", QTest.mouseClick, self.dice.choice(buttons), Qt.MouseButton.LeftButton)
        else:
            self._did("away", QTest.keyClick, self.hand.root, Qt.Key.Key_Escape)

    def _type(self) -> None:
        fields = on_view([*self.hand.all(QLineEdit), *self.hand.all(QPlainTextEdit)])
        if fields:
            QTest.mouseClick(self.dice.choice(fields), Qt.MouseButton.LeftButton)
            focus = QApplication.focusWidget()
            if isinstance(focus, QLineEdit | QPlainTextEdit) and not focus.isReadOnly():
                self.hand.key("Ctrl+A")
                self._did("type", self.hand.type, self.dice.choice(WORDS))

    def _key(self) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and focus.isVisible() and focus.isEnabled():
            self._did("key", self.hand.key, self.dice.choice(KEYS))
        else:
            self.hand.root.setFocus()


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("stage", "person"), [(at_checklist, "shen"), (checked, "lu"), (unsigned, "shen"), (visited, "shen")],
                         ids=["checklist", "checked", "unsigned", "visited"])  # fmt: skip
def test_a_hand_that_knows_nothing_breaks_nothing(
    stage: Callable[[Path], Session], person: str, seed: int, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_window(laid_out(stage, tmp_path), person)
    window.desk.open("case", CASE)
    gremlin = Gremlin(window, seed)
    for number in range(ACTS):
        gremlin.act()
        if window.desk.session is None:
            gremlin.did["left"] += 1
            enter(gremlin.hand, person)
        if number % 100 == 99 and QApplication.activeModalWidget() is None:
            window.desk.open("case", CASE)
    print(f"{stage.__name__}, seed {seed}: {dict(gremlin.did)}")
    book = window.desk.book
    before = book.store.digest(CASE)
    book.store.rebuild()
    assert book.store.digest(CASE) == before, "what was folded step by step is what the record says"
    export_record(book, CASE, tmp_path / "r.zip")
    assert verify(tmp_path / "r.zip").status == 2, "chain, signatures and files pass; code and key were not given"
