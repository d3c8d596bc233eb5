"""Where the keyboard is: read in the order of the layouts, and kept when a part of the screen is built anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLayout, QScrollArea, QStackedLayout, QWidget

BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
"""How the focus comes to a place for who walks by keys."""
_BY_TAB = (Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.WheelFocus)


def focusable(place: QWidget) -> list[QWidget]:
    """What Tab can reach in a place, in the order in which it is read."""
    return [w for w in _stops(place) if w.isVisible() and w.isEnabled()]


def order_tabs(place: QWidget) -> None:
    """Tab walks as one reads; what was built later would else come last."""
    for one, two in pairwise(_stops(place)):
        QWidget.setTabOrder(one, two)


def bring(place: QWidget) -> None:
    """Give a place the focus and bring it into view. What only shows something takes it while somebody is led there, and is
    no stop of Tab."""
    if place.focusPolicy() == Qt.FocusPolicy.NoFocus and place.focusProxy() is None:
        inside = focusable(place)
        if inside:
            place = inside[0]
        else:
            place.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    around = place.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(place)
        around = around.parentWidget()
    place.setFocus(Qt.FocusReason.ShortcutFocusReason)


def show_ring(widget: QWidget, on: bool) -> None:
    """Put the ring of the style sheet around a place, or take it away. It is for who walks by keys: around a whole screen
    that was just opened it would only be loud."""
    if on != widget.property("ring"):
        widget.setProperty("ring", on)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def keep_focus(layout: QLayout) -> None:
    """Called before a layout is emptied: what it is filled with next and has the same name takes the focus over."""
    home = layout.parentWidget()
    focused = home.window().focusWidget() if home is not None else None
    if home is None or focused is None or not any(w is focused or w.isAncestorOf(focused) for w in _laid(layout)):
        return
    name = focused.accessibleName()
    home.setFocus(Qt.FocusReason.OtherFocusReason)  # else it would wander to the next widget, at last to the rail
    # What is filled in now is shown in the next turn of the window: the turn after that finds it.
    QTimer.singleShot(0, home, lambda: QTimer.singleShot(0, home, partial(_refocus, home, name)))


@contextmanager
def focus_kept(screen: QWidget) -> Iterator[None]:
    """What has the focus may be hidden while a screen is filled: then the place around it takes the focus. So too below a sheet
    that is just closing, when the window remembers what had the focus and would go to its first place instead."""
    window = screen.window()
    focused = window.focusWidget()
    around = focused.parentWidget() if focused is not None and screen.isAncestorOf(focused) else None
    yield
    now = window.focusWidget()
    if around is not None and (now is None or not screen.isAncestorOf(now) or not now.isVisible()):
        (around if around.isVisible() else screen).setFocus(Qt.FocusReason.OtherFocusReason)


def focus_next(regions: Sequence[QWidget], focused: QWidget | None) -> None:
    """Focus the region behind the one that has the focus; one that answers to keys takes them itself."""
    here = next((n for n, region in enumerate(regions) if focused is not None and
                 (focused in (region, region.focusProxy()) or region.isAncestorOf(focused))), -1)  # fmt: skip
    for region in (*regions[here + 1 :], *regions[: here + 1]):
        inside = focusable(region)
        if region.isVisible() and (region.focusProxy() is not None or inside):
            (inside[0] if region.focusProxy() is None else region).setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def release_focus(place: QWidget) -> None:
    """Before another place is opened: a field commits what was typed, and the place may choose its main act."""
    if (focused := place.window().focusWidget()) is not None:
        focused.clearFocus()


def _refocus(home: QWidget, name: str) -> None:
    """Focus what has the name, or its part before the comma (the rest is a state), the nearest to `home` first."""
    if not home.isVisible() or home.window().focusWidget() is not home:
        return
    near = [home]
    while (parent := near[-1].parentWidget()) is not None and not parent.isWindow():
        near.append(parent)
    known = [widget for place in near for widget in focusable(place)]
    same = [w for w in known if name and w.accessibleName() == name]
    alike = [w for w in known if name and w.accessibleName().split("，")[0] == name.split("，")[0]]
    takes_keys = [place for place in near if place.focusPolicy() != Qt.FocusPolicy.NoFocus]
    for widget in (*same, *alike, *takes_keys, home):  # never just any button: the next key would press it
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return


def _stops(place: QWidget) -> list[QWidget]:
    return [w for w in _inside(place) if w.focusPolicy() in _BY_TAB]


def _inside(place: QWidget) -> Iterator[QWidget]:
    """The widgets in a place as its layouts give them."""
    layout = place.layout()
    inner = place.widget() if isinstance(place, QScrollArea) else None
    if isinstance(layout, QStackedLayout):
        inner = layout.currentWidget()
    elif layout is not None:
        yield from _laid(layout)
    if inner is not None:
        yield inner
        yield from _inside(inner)


def _laid(layout: QLayout) -> Iterator[QWidget]:
    for widget in parts(layout):
        yield widget
        yield from _inside(widget)


def parts(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout and of the layouts in it, not of the widgets in it."""
    for index in range(layout.count()):
        item = layout.itemAt(index)
        inner, widget = (item.layout(), item.widget()) if item is not None else (None, None)
        if inner is not None:
            yield from parts(inner)
        elif widget is not None:
            yield widget
