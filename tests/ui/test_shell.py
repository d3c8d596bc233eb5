"""The window as a window: one of it, where the first key goes, how it ends, what signing in and settings offer."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from inspector_app.actions import sign_in, trial
from inspector_app.domain.access import Role
from inspector_app.places import FORMS
from inspector_app.store.keys import new_recovery_key
from inspector_app.tour.hand import Hand
from inspector_app.ui import theme
from inspector_app.ui.run import make_app, make_window, present
from inspector_app.ui.surroundings import has_screen, interrupts
from inspector_app.ui.widgets.buttons import Button
from inspector_app.ui.widgets.panels import Tag
from inspector_app.ui.widgets.text import Text
from inspector_app.ui.window import Window
from tests.office import laptop_at


def app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def status_after(act: Callable[[], object]) -> int:
    """How the event loop ends once `act` was done in it; 7 when it would go on."""
    late = QTimer()
    late.setSingleShot(True)
    late.timeout.connect(lambda: app().exit(7))
    late.start(10_000)
    QTimer.singleShot(0, act)
    status = app().exec()
    late.stop()
    return status


def focused() -> str:
    widget = QApplication.focusWidget()
    return widget.accessibleName() if widget is not None else ""


def texts(hand: Hand) -> str:
    return "\n".join(text.text() for text in hand.all(Text))


@pytest.fixture
def asking(open_window: Callable[..., Window]) -> Hand:
    """The window before anybody has signed in."""
    return Hand(open_window(enter=False))


# -- beginning and end ----------------------------------------------------------------------------------------


def test_there_is_one_window_and_closing_it_ends_the_process(asking: Hand) -> None:
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [asking.window]
    assert status_after(asking.window.close) == 0


def test_ctrl_c_in_the_terminal_closes_the_window(asking: Hand) -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupts(app(), app().closeAllWindows):
        assert status_after(lambda: signal.raise_signal(signal.SIGINT)) == 0
    assert not asking.window.isVisible()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_stopped_tour_puts_the_hand_down(hand: Hand) -> None:
    hand.stop()
    with pytest.raises(KeyboardInterrupt):
        hand.key("J")
    hand.stopped = False


def test_a_screen_is_known_by_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert not has_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    assert has_screen()
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    for library, found in ((SimpleNamespace(wl_proxy_marshal_flags=0), True), (SimpleNamespace(), False)):
        monkeypatch.setattr("ctypes.CDLL", lambda name, library=library: library)
        assert has_screen() is found, "Qt's way to Wayland asks for 1.20"
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.setattr("sys.platform", "win32")
    assert has_screen()


# -- signing in -----------------------------------------------------------------------------------------------


def test_the_first_key_goes_into_the_pin(asking: Hand) -> None:
    assert focused() == "口令"
    asking.type(trial.SECRET)
    asking.key("Return")
    assert asking.window.current == "today"
    asking.key("Ctrl+L")
    assert focused() == "口令"
    asking.type("x")
    assert asking.window.sign_in.secret.text() == "x"


def test_the_trial_is_named_in_title_and_bar(hand: Hand) -> None:
    assert "试用" in hand.window.windowTitle()
    assert "试用" in [tag.accessibleName() for tag in hand.all(Tag)]
    assert not hand.window.windowIcon().isNull()


def test_lines_of_a_text_stay_apart(qtbot: QtBot) -> None:
    one, two = Text("第一行第二行", wrap=True), Text("第一行\n第二行", wrap=True)
    for text in (one, two):
        qtbot.addWidget(text)
        text.resize(400, 100)
    assert two.heightForWidth(400) == 2 * one.heightForWidth(400)
    assert two.sizeHint().width() < one.sizeHint().width()


def first(tmp_path: Path) -> Window:
    laptop = laptop_at(tmp_path / "first")
    laptop.folder.mkdir()
    window = make_window(make_app(laptop.folder), laptop)
    window.show()
    return window


def test_everything_that_is_missing_is_marked_and_typing_takes_the_mark_away(qapp: object, tmp_path: Path) -> None:
    window = first(tmp_path)
    hand = Hand(window)
    hand.settle()
    assert focused() == "机关名称"
    hand.fill("局恢复公钥", "abc")
    hand.press("设好这台电脑并进入")
    assert texts(hand).count("这一项要填写。") == 7
    assert "恢复公钥应是 64 位" in texts(hand)
    assert focused() == "机关名称"
    hand.fill("机关名称", "示例区档案局")
    assert texts(hand).count("这一项要填写。") == 6
    window.close()
    window.desk.tasks.close()


def test_where_nothing_comes_from_yet_is_said(qapp: object, tmp_path: Path) -> None:
    window = first(tmp_path)
    hand = Hand(window)
    for name, text in (("机关名称", "示例区档案局"), ("机关代字", "示档"), ("本人姓名", "示例沈岚"), ("行政执法证号", "09120017"),
                       ("证件有效期起", "2025年1月1日"), ("证件有效期止", "2029年12月31日"), ("口令", "一个足够长的通行短语示例甲"),
                       ("再输入一次口令", "一个足够长的通行短语示例甲")):  # fmt: skip
        hand.fill(name, text)
    hand.press("设好这台电脑并进入")
    assert window.desk.book.person.id == "p-09120017", "the same on every laptop of the bureau"
    assert "试用" not in window.windowTitle()
    for key, empty in (
        ("Alt+2", "还没有列入计划的检查。"),
        ("Alt+3", "没有要办的公示。"),
        ("Alt+4", "还没有抽取过。"),
        ("Alt+5", "还没有登记单位。"),
    ):
        hand.key(key)
        assert empty in texts(hand)
    window.close()
    window.desk.tasks.close()


# -- settings -------------------------------------------------------------------------------------------------


def checked(hand: Hand, label: str) -> list[str]:
    from inspector_app.ui.widgets.fields import Choice

    choice = next(c for c in hand.all(Choice) if label in c.buttons)
    return [name for name, button in choice.buttons.items() if button.isChecked()]


def test_the_theme_that_was_chosen_is_marked(hand: Hand) -> None:
    hand.key("Alt+8")
    hand.press("跟随系统")
    hand.press("115%")
    assert checked(hand, "浅色") == ["跟随系统"] and theme.look.scale == 1.15
    hand.window.toggle_dark()
    hand.window.refresh()
    assert checked(hand, "浅色") == [theme.LABELS[theme.look.name]]


def test_the_ring_goes_along_with_the_place(hand: Hand) -> None:
    rail = hand.window.rail.buttons
    rail["today"].setFocus()
    hand.click(rail["units"])
    assert QApplication.focusWidget() is rail["units"]
    field: QWidget = hand.window.top.search
    field.setFocus()
    hand.click(rail["settings"])
    assert QApplication.focusWidget() is field, "a click takes no focus from elsewhere"


def test_another_persons_pin_is_reset_in_settings(hand: Hand, tmp_path: Path) -> None:
    hand.key("Alt+8")
    fresh = "示例陆一鸣的新的通行短语"
    hand.press("重设示例陆一鸣的口令")
    hand.type(fresh)
    hand.fill("再输入一次口令", "别的")
    hand.press("重设口令")
    assert "两次输入的不一样" in texts(hand)
    hand.fill("再输入一次口令", fresh)
    hand.press("重设口令")
    assert QApplication.activeModalWidget() is None
    hand.window.close()
    sign_in.sign_in(laptop_at(tmp_path / "laptop"), "lu", fresh).close()


def test_the_recovery_key_is_set_in_settings(hand: Hand) -> None:
    _, public = new_recovery_key("保险柜里的通行短语一二三")
    hand.key("Alt+8")
    assert "没有设恢复公钥" in texts(hand)
    hand.fill("本局恢复公钥", "12")
    hand.press("设为恢复公钥")
    assert "应是 64 位" in texts(hand)
    hand.fill("本局恢复公钥", public.hex())
    hand.press("设为恢复公钥")
    assert f"现在的恢复公钥：{public.hex()}" in texts(hand)
    assert hand.find(QLineEdit, "本局恢复公钥").text() == ""


def test_what_nobody_has_checked_is_counted(hand: Hand) -> None:
    hand.key("Alt+8")
    rules = hand.window.desk.book.rules
    said = texts(hand)
    assert f"{len(rules.checklists())} 份，其中 {len(rules.checklists())} 份待本局核对" in said
    assert f"{len(rules.policy.deadlines)} 项，其中" in said


def test_who_may_publishes_rules_in_settings(hand: Hand, tmp_path: Path) -> None:
    hand.window.desk.open("settings")
    hand.settle()
    assert not [b for b in hand.all(Button) if b.text() == "发布给所有电脑"], "an officer does not"
    hand.window.desk.book.role = Role.LEAD
    hand.window.desk.changed.emit()
    hand.settle()
    hand.fill("发布本局的规则", str(tmp_path / "没有"))
    hand.press("发布给所有电脑")
    assert "没有这个文件夹" in hand.problem()
    (tmp_path / "规则").mkdir()
    text = (FORMS / "calendar.toml").read_text("utf-8")
    (tmp_path / "规则" / "calendar.toml").write_text(f"{text}\n# 示例\n", "utf-8")
    hand.fill("发布本局的规则", str(tmp_path / "规则"))
    hand.press("发布给所有电脑")
    assert hand.read("(局里发布的 1 份.*)").endswith("新收到的下次登录起用；其余程序自带")


def test_a_window_waits_only_for_moments_for_a_worker_that_computes(qapp: object, tmp_path: Path) -> None:
    patient, thresholds = sys.getswitchinterval(), gc.get_threshold()
    window = first(tmp_path)
    try:
        present(window)
        assert sys.getswitchinterval() <= 0.001, "how late that makes a window is measured by tests.bench.bench_gallery"
    finally:
        sys.setswitchinterval(patient)
        gc.set_threshold(*thresholds)
        window.close()
        window.desk.tasks.close()
