"""A window of the sample bureau, signed in, and a hand that works it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from inspector_app.actions import onsite, papers, sign_in, trial
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.run import make_app, make_window
from inspector_app.ui.window import Window
from tests.office import CASE, arrive, check_all, laptop_at, office


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    return QApplication


@pytest.fixture
def open_window(qapp: object, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Opens a window on a laptop folder; closes all at the end."""
    opened: list[Window] = []

    def build(folder: Path | None = None, person: str = "shen", *, enter: bool = True, scale: float = 1.0) -> Window:
        if folder is None:
            office(tmp_path).close()
            folder = tmp_path / "laptop"
        app = make_app(folder)
        QSettings().clear()
        QSettings().sync()
        QSettings().setValue("theme", "light")
        QSettings().setValue("scale", scale)
        laptop = laptop_at(folder)
        window = make_window(app, laptop, trial=True)
        window.resize(1366, 768)
        window.show()
        if enter:
            window._entered(sign_in.sign_in(laptop, person, trial.SECRET))
        Hand(window).settle()
        opened.append(window)
        return window

    yield build
    while (sheet := QApplication.activeModalWidget()) is not None:  # a test may end with one open
        sheet.close()
    for window in opened:
        Hand(window).settle()
        window.close()
        window.desk.tasks.close()
        window.deleteLater()
    theme.look.scale = 1.0


@pytest.fixture
def window(open_window: Callable[..., Window]) -> Window:
    return open_window()


@pytest.fixture
def hand(window: Window) -> Hand:
    return Hand(window)


@pytest.fixture
def case_hand(hand: Hand) -> Hand:
    """The case of today, arrived, standing before the checklist."""
    from tests.office import arrive

    arrive(hand.window.desk.book)
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(2)
    hand.settle()
    hand.inputs.clear()
    return hand


@pytest.fixture
def made_record(open_window: Callable[..., Window]) -> Hand:
    """Before the record on site, formally made."""
    hand = Hand(open_window())
    session = hand.window.desk.open_session
    arrive(session.book)
    check_all(session)
    onsite.record_statement(session.book, CASE, "不陈述申辩")
    papers.issue(session.book, CASE, "onsite_record")
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(4)
    hand.settle()
    return hand
