"""A window of the sample bureau, signed in, and a hand that works it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from inspector_app.actions import sign_in, trial
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.run import make_app, make_window
from inspector_app.ui.widgets.last_folder import PHOTOS, keep_folder
from inspector_app.ui.window import Window
from tests.office import CASE, at_checklist, laid_out, laptop_at, seeded, unsigned


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    return QApplication


@pytest.fixture
def open_window(qapp: object, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Opens a window on a laptop folder; closes all at the end."""
    opened: list[Window] = []

    def build(folder: Path | None = None, person: str = "shen", *, enter: bool = True, scale: float = 1.0) -> Window:
        if folder is None:
            folder = laid_out(seeded, tmp_path)
        app = make_app(folder)
        QSettings().clear()
        QSettings().sync()
        QSettings().setValue("theme", "light")
        QSettings().setValue("scale", scale)
        keep_folder(PHOTOS, "")
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
    QApplication.clipboard().clear()  # without a screen nobody owns it, and what Python laid there must not outlive Python
    theme.look.scale = 1.0


@pytest.fixture
def window(open_window: Callable[..., Window], tmp_path: Path, request: pytest.FixtureRequest) -> Window:
    """In the morning, or at the stage that the test `begins` with; for a `case_hand` when the team has arrived."""
    usual = at_checklist if "case_hand" in request.fixturenames else seeded
    return open_window(laid_out(getattr(request, "param", usual), tmp_path))


@pytest.fixture
def hand(window: Window) -> Hand:
    return Hand(window)


@pytest.fixture
def case_hand(hand: Hand) -> Hand:
    """The case of today, arrived, standing before the checklist."""
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(2)
    hand.settle()
    hand.inputs.clear()
    return hand


@pytest.fixture
def made_record(open_window: Callable[..., Window], tmp_path: Path) -> Hand:
    """Before the record on site, formally made."""
    hand = Hand(open_window(laid_out(unsigned, tmp_path)))
    hand.window.desk.open("case", CASE)
    hand.window.desk.open_stage(4)
    hand.settle()
    return hand
