"""One key leads from a remark to its field: every place that any check of the file review speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from inspector_app.domain.casefile import CaseFile
from inspector_app.review.dossier import Place
from inspector_app.review.verdict import look
from inspector_app.tour.hand import Hand
from inspector_app.ui.leading import lead
from inspector_app.ui.screens.case import CaseScreen
from inspector_app.ui.window import Window
from tests.office import CASE, laid_out
from tests.review.defects import DEFECTS
from tests.review.files import RULES, clean_files
from tests.served import served


def spoken_of() -> Iterator[Place]:
    """A place of each kind with each field that a check of the seeded corpus speaks of."""
    whole, seen = clean_files()["八个问题，三种文书"], set[tuple[str, str]]()
    for code, defects in DEFECTS.items():
        for defect in defects:
            for place in (r.hit.place for r in look(defect(whole), RULES.filecheck).remarks if r.check.code == code):
                if (what := (place.kind, place.field)) not in seen:
                    seen.add(what)
                    yield place


def here(case: CaseFile, place: Place) -> Place:
    """The same place in the case at hand."""
    keys = {"finding": case.findings[0].id, "evidence": case.evidence[0].number, "item": case.items[3].code}
    return replace(place, key=keys[place.kind]) if place.kind in keys and place.key else place


def test_every_place_of_every_check_is_led_to(open_window: Callable[..., Window], tmp_path: Path) -> None:
    window = open_window(laid_out(served, tmp_path))
    window.desk.open("case", CASE)
    hand, screen = Hand(window), window.screens["case"]
    assert isinstance(screen, CaseScreen)
    case, astray, count = window.desk.queries.case(CASE), [], 0
    for place in spoken_of():
        lead(window.desk, here(case, place))
        hand.settle()
        sheet = QApplication.activeModalWidget()
        around = sheet or screen.stage
        focused = (sheet or window).focusWidget()
        count += 1
        if focused is None or focused is around or not focused.isVisible() or not around.isAncestorOf(focused):
            astray.append(str(place))
        if sheet is not None:
            sheet.close()
            hand.settle()
    assert astray == [] and count > 60
