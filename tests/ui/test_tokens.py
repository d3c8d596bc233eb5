"""Contrast of the tokens, by the formula of WCAG 2: text 4.5, controls and focus 3."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from inspector_app.ui import theme

TEXT = [("ink", "surface"), ("ink", "bg"), ("ink", "brand_soft"), ("ink", "hover"), ("ink2", "surface"), ("ink2", "bg"),
        ("ink3", "surface"), ("ink3", "bg"), ("ink3", "hover"), ("ink3", "brand_soft"), ("ink3", "bad_soft"),
        ("warn", "brand_soft"), ("brand", "surface"), ("brand", "brand_soft"), ("on_brand", "brand"), ("rail_ink", "rail"),
        ("rail_on", "rail_sel"), ("rail_ink", "rail_hover"), ("ok", "surface"), ("ok", "ok_soft"), ("warn", "surface"), ("warn", "warn_soft"),
        ("bad", "surface"), ("bad", "bad_soft"), ("na", "na_soft"), ("ink3", "sunken"), ("on_brand", "brand_hover"), ("on_badge", "badge"),
        ("mark_edge", "mark")]  # fmt: skip
MARKS = [("control", "surface"), ("control", "bg"), ("focus", "surface"), ("focus", "bg")]


@pytest.mark.parametrize("name", theme.THEMES)
def test_every_theme_has_every_token(name: str) -> None:
    assert set(theme.THEMES[name]) == set(theme.LIGHT)


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize("pair", TEXT)
def test_text_can_be_read(name: str, pair: tuple[str, str]) -> None:
    colours = theme.THEMES[name]
    assert theme.contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize("pair", MARKS)
def test_controls_can_be_seen(name: str, pair: tuple[str, str]) -> None:
    colours = theme.THEMES[name]
    assert theme.contrast(colours[pair[0]], colours[pair[1]]) >= 3


@pytest.mark.parametrize("name", theme.THEMES)
def test_a_hint_in_a_field_can_be_read(qapp: QApplication, name: str) -> None:
    """As the field paints it: the style sheet's colour would take half of it away."""
    theme.apply(qapp, name)
    for field in (QLineEdit(), QPlainTextEdit()):
        field.setPlaceholderText("写明原因")
        field.ensurePolished()
        shown = field.palette().color(QPalette.ColorRole.PlaceholderText)
        assert shown.alpha() == 255
        assert theme.contrast(shown.name().upper(), theme.THEMES[name]["surface"]) >= 4.5
    theme.apply(qapp, "light")


def test_the_formula_is_the_published_one() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_no_colour_stands_outside_the_tokens() -> None:
    folder = Path(theme.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name != "theme.py":
            assert not re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8")), path
