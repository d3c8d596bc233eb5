"""The rail says how many things wait at a place: once the desk has come to rest, and to whom it matters."""

from __future__ import annotations

from inspector_app.actions import review
from inspector_app.domain.access import Role
from inspector_app.tour.hand import Hand
from inspector_app.ui.badges import Badges
from tests.office import CASE, REVIEWER, checked
from tests.stages import begins


@begins(checked, "window")
def test_what_waits_for_the_lead_stands_at_the_review(hand: Hand) -> None:
    window, desk = hand.window, hand.window.desk
    review.hand_in(desk.book, CASE)
    place, badges = window.rail.buttons["review"], window.findChildren(Badges)[0]
    badges.count()
    assert not place.accessibleDescription(), "nothing to an officer"
    desk.book.role = Role.LEAD
    desk.changed.emit()
    badges.count()
    assert place.accessibleDescription() == "等复核 1 件"
    desk.book.person = REVIEWER
    review.approve(desk.book, CASE)
    badges.count()
    assert not place.accessibleDescription()
    assert not window.rail.buttons["sync"].accessibleDescription(), "a laptop without a bureau sends nothing"
