"""Typing Chinese: what the desktop names is taken where this Qt can, else ibus is asked, and fcitx 4 is spoken to."""

from __future__ import annotations

import sys

import pytest

from inspector_app.ui import input_method

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="input methods of Linux")

X11, WAYLAND = {"DISPLAY": ":0"}, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}


def test_this_qt_brings_ibus() -> None:
    assert {"ibus", "compose"} <= input_method.plugins()


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"QT_IM_MODULE": "fcitx"}, "fcitx"), ({"QT_IM_MODULE": "fcitx5"}, "fcitx5"), ({"QT_IM_MODULE": "ibus"}, ""),
        ({"QT_IM_MODULES": "wayland;fcitx;ibus"}, ""), ({"QT_IM_MODULES": "fcitx;scim"}, "fcitx"),
        ({"QT_IM_MODULES": "ibus", "QT_IM_MODULE": "fcitx"}, ""), ({"QT_IM_MODULES": ";", "QT_IM_MODULE": "fcitx"}, "fcitx"),
        ({"QT_IM_MODULE": "xim"}, "xim"), ({"QT_IM_MODULE": "simple"}, ""), ({"QT_IM_MODULE": "none"}, ""),
        (X11, ""), (X11 | {"XMODIFIERS": "@im=fcitx"}, "fcitx"), (X11 | {"XMODIFIERS": "@im=ibus"}, "ibus"),
        (X11 | {"XMODIFIERS": "@im=none"}, ""), (X11 | {"XMODIFIERS": ""}, ""),
        (WAYLAND | {"XMODIFIERS": "@im=fcitx"}, ""), (WAYLAND | {"QT_IM_MODULE": "fcitx"}, "fcitx"), ({}, ""),
    ],
)  # fmt: skip
def test_what_qt_cannot_load_is_seen(told: dict[str, str], wanted: str) -> None:
    assert input_method.foreign(told, {"ibus", "compose"}) == wanted


def test_ibus_is_asked_in_the_place_of_what_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    for told in ({"QT_IM_MODULE": "fcitx5"}, {"QT_IM_MODULES": "fcitx;scim"}, X11 | {"XMODIFIERS": "@im=ibus"}):
        environment = dict(told)
        assert not input_method.choose(environment)
        assert input_method.named(environment) == ["ibus"]
    for told in ({"QT_IM_MODULES": "wayland;ibus"}, {"QT_IM_MODULE": "ibus"}, {}):
        environment = dict(told)
        assert not input_method.choose(environment) and environment == told


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"QT_IM_MODULE": "fcitx"}, ("fcitx", False)), ({"QT_IM_MODULE": "ibus"}, ("ibus", False)), ({}, ("", True)),
        (X11, ("", False)), (X11 | {"XMODIFIERS": "@im=fcitx"}, ("fcitx", False)), (WAYLAND, ("", True)),
        ({"QT_IM_MODULES": "wayland;fcitx;ibus"}, ("", True)),
    ],
)  # fmt: skip
def test_whether_one_answers(told: dict[str, str], said: tuple[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert input_method.answering(told) == said
