"""The doctor's page in the window: asked for in the settings, the worst first, each with its way out."""

from __future__ import annotations

import pytest

from inspector_app.actions import doctor
from inspector_app.tour.hand import Hand
from inspector_app.ui.widgets.notices import Sheet
from inspector_app.ui.widgets.text import Text


def test_the_settings_open_the_page(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "free_bytes", lambda place: 10**8)
    hand.window.desk.open("settings")
    hand.settle()
    before = hand.window.desk.book.store.count()
    hand.press("检查这台电脑")
    assert isinstance(hand.root, Sheet) and hand.window.desk.book.store.count() == before
    said = [text.text() for text in hand.root.findChildren(Text)]
    worst = next(n for n, text in enumerate(said) if text.startswith("磁盘："))
    assert said[worst + 1].startswith("清理磁盘") and worst < said.index("程序：文件齐全。")
    assert "这台电脑还没有登记到局里" in "".join(said)
    hand.press("知道了")
    assert hand.window.isActiveWindow() and not hand.window.findChildren(Sheet)
