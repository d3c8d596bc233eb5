"""The bureau's laptops before who keeps them, with a real server: listed, one revoked, and nobody else may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector_app.actions import bureau_devices, sync
from inspector_app.domain.access import Role
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.window import Window
from tests.office import office, refused
from tests.server.conftest import PASSWORD, Served, served
from tests.server.test_laptop import lead_laptop
from tests.ui.test_publicity_screen import turn_into

__all__ = ["served"]


def test_a_lost_laptop_is_revoked(open_window: Callable[..., Window], served: Served, tmp_path: Path) -> None:
    for id, role in (("shen", Role.ADMIN), ("zhou", Role.LEAD)):
        served.office.accounts.add(id, f"示例{id}", role, PASSWORD)
    mine = office(tmp_path / "a")
    sync.enrol(mine.book, served.address, "shen", PASSWORD)
    mine.book.role = Role.OFFICER
    refused("not_allowed", lambda: bureau_devices.enrolled(mine.book))
    mine.close()
    lost = lead_laptop(served, tmp_path / "lost")
    name = lost.book.store.device
    lost.close()
    hand = Hand(open_window(tmp_path / "a" / "laptop"))
    hand.window.desk.open("sync")
    turn_into(hand, "shen", Role.OFFICER)
    assert not hand.window.screens["sync"].devices.isVisible(), "it is for who keeps them"  # type: ignore[attr-defined]
    turn_into(hand, "shen", Role.ADMIN)
    hand.press("局里的电脑")
    hand.settle()
    assert {tag.accessibleName() for tag in hand.all(Tag)} >= {"这台电脑", "在用"}
    hand.press(f"撤销 {name}")
    hand.press("撤销")
    hand.settle()
    assert "已撤销" in {tag.accessibleName() for tag in hand.all(Tag)}
    known = {each.name: each.revoked for each in bureau_devices.enrolled(hand.window.desk.book)}
    assert known[name] is not None and list(known.values()).count(None) == 1
    refused("refused_by_bureau", lambda: bureau_devices.revoke(hand.window.desk.book, "QH-FFFF"))
