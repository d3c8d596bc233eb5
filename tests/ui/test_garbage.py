"""The long collection of garbage waits until no hand is on the window, and not for ever."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from inspector_app.ui.garbage import AWAY, ENOUGH, MOST, STILL, Garbage, hold_back


class Ring:
    """Holds itself, as a closed screen and its buttons do."""

    def __init__(self) -> None:
        self.own = self


class Hand:
    """For how long nobody has touched the window."""

    def __init__(self) -> None:
        self.still = 0.0


@pytest.fixture
def hand(qapp: object) -> Iterator[Hand]:
    thresholds = gc.get_threshold()
    gc.collect()
    hold_back()
    yield Hand()
    gc.set_threshold(*thresholds)


@pytest.fixture
def garbage(hand: Hand) -> Iterator[Garbage]:
    made = Garbage(lambda: hand.still)
    yield made
    made.deleteLater()


def work(searches: int) -> None:
    """So much that there were so many short collections."""
    for _ in range(searches):
        gc.collect(1)


def old(made: Ring) -> weakref.ref[Ring]:
    """It has lived on: no short collection looks at it any more."""
    work(2)
    return weakref.ref(made)


def test_python_itself_makes_no_long_search(hand: Hand) -> None:
    gone = old(Ring().own)
    work(3 * ENOUGH)
    left: list[list[int]] = [[] for _ in range(30_000)]
    assert gone() is not None and len(left) == 30_000


def test_what_is_left_behind_goes_once_no_hand_is_on_the_window(hand: Hand, garbage: Garbage) -> None:
    gone = old(Ring().own)
    work(ENOUGH)
    garbage.look()
    assert gone() is not None, "somebody is at work"
    hand.still = STILL
    garbage.look()
    assert gone() is None


def test_nothing_is_walked_over_where_little_was_done(hand: Hand, garbage: Garbage) -> None:
    gone = old(Ring().own)
    hand.still = STILL
    garbage.look()
    assert gone() is not None


def test_somebody_who_never_rests_does_not_fill_the_memory(hand: Hand, garbage: Garbage) -> None:
    gone = old(Ring().own)
    work(MOST)
    garbage.look()
    assert gone() is None


def test_what_was_kept_and_left_behind_later_goes_while_nobody_is_there(hand: Hand, garbage: Garbage) -> None:
    screen: Ring | None = Ring()
    work(ENOUGH)
    hand.still = STILL
    garbage.look()
    assert screen is not None
    gone = weakref.ref(screen)
    screen = None
    work(ENOUGH)
    garbage.look()
    assert gone() is not None, "a walk over what is new does not see it"
    hand.still = AWAY
    garbage.look()
    assert gone() is None
    again = old(Ring().own)
    garbage.look()
    assert again() is not None, "once an absence"
    hand.still = 0.0
    garbage.look()
    hand.still = AWAY
    garbage.look()
    assert again() is None
