"""The places of the application in the order of the rail, who sees which, and the screens behind them, each loaded when first
opened.

A window stands before the code of all its screens is read: what nobody has opened yet is read in idle moments (`read_ahead`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtWidgets import QStackedWidget

from ..domain.access import may
from ..domain.event import Actor
from . import screens
from .desk import Desk
from .screens.base import Screen


@dataclass(frozen=True)
class Place:
    """A place on the rail: its title and icon, and what reads the code of its screen."""

    name: str
    title: str
    icon: str
    load: Callable[[], type[Screen]]
    lower: bool = False
    """Whether it stands at the bottom of the rail."""
    of: str = ""
    """The place that it is reached from and belongs to, where it does not stand on the rail itself."""
    act: str = ""
    """The action of domain/access that it takes to see it; "": everybody does."""

    def is_for(self, actor: Actor) -> bool:
        return not self.act or may(actor, self.act)


def _today() -> type[Screen]:
    from .screens.today import TodayScreen

    return TodayScreen


def _inspections() -> type[Screen]:
    from .screens.inspections import InspectionsScreen

    return InspectionsScreen


def _case() -> type[Screen]:
    from .screens.case import CaseScreen

    return CaseScreen


def _calendar() -> type[Screen]:
    from .screens.calendar import CalendarScreen

    return CalendarScreen


def _review_desk() -> type[Screen]:
    from .screens.review_desk import ReviewScreen

    return ReviewScreen


def _publicity() -> type[Screen]:
    from .screens.publicity import PublicityScreen

    return PublicityScreen


def _legal_desk() -> type[Screen]:
    from .screens.legal_desk import LegalScreen

    return LegalScreen


def _draws() -> type[Screen]:
    from .screens.draws import DrawScreen

    return DrawScreen


def _units() -> type[Screen]:
    from .screens.units import UnitsScreen

    return UnitsScreen


def _statistics() -> type[Screen]:
    from .screens.statistics import StatisticsScreen

    return StatisticsScreen


def _sync_centre() -> type[Screen]:
    from .screens.sync_centre import SyncScreen

    return SyncScreen


def _settings() -> type[Screen]:
    from .screens.settings import SettingsScreen

    return SettingsScreen


def _administration() -> type[Screen]:
    from .screens.administration import AdministrationScreen

    return AdministrationScreen


PLACES = (
    Place("today", "今日", "sun-horizon", _today),
    Place("inspections", "检查", "clipboard-text", _inspections, act="read"),
    Place("case", "检查", "clipboard-text", _case, of="inspections", act="read"),
    Place("calendar", "日历", "calendar", _calendar, of="today", act="read"),
    Place("review", "复核", "seal-check", _review_desk, act="review"),
    Place("publicity", "公示", "megaphone", _publicity, act="publish"),
    Place("legal", "法制审核", "scales", _legal_desk, act="review_legality"),
    Place("draws", "双随机", "shuffle", _draws, act="read"),
    Place("units", "单位", "buildings", _units),
    Place("statistics", "统计", "chart-bar", _statistics, act="read"),
    Place("administration", "管理", "users-three", _administration, act="see_operation"),
    Place("sync", "同步", "cloud-check", _sync_centre, lower=True),
    Place("settings", "设置", "gear-six", _settings, lower=True),
)
BY_NAME = {place.name: place for place in PLACES}


class Screens:
    """The screens of one session by name. One is made when it is first asked for: nothing that one person began to type
    is there for the next."""

    def __init__(self, desk: Desk, stack: QStackedWidget) -> None:
        self._desk, self._stack = desk, stack
        self.made: dict[str, Screen] = {}

    def __getitem__(self, name: str) -> Screen:
        if name not in self.made:
            self.made[name] = BY_NAME[name].load()(self._desk)
            self._stack.addWidget(self.made[name])
        return self.made[name]

    def clear(self) -> None:
        """Take all of them down."""
        for screen in self.made.values():
            self._stack.removeWidget(screen)
            screen.deleteLater()
        self.made = {}


def read_ahead() -> Iterator[str]:
    """Read the code of all screens, one file at each step: nobody waits for it when a place is first opened."""
    for module in iter_modules(screens.__path__):
        import_module(f"{screens.__name__}.{module.name}")
        yield module.name
