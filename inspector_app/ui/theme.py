"""The look: colours, type and sizes as tokens. No colour stands anywhere else.

The accent is azurite blue on cool greys; pine green, ochre and vermilion carry the answers and never stand alone: an
icon and a word are always with them. One dict per theme fills the palette and the small style sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ..domain.problems import Problem
from ..places import RESOURCES

LIGHT = {
    "bg": "#F2F4F6",
    "surface": "#FFFFFF",
    "sunken": "#F7F8FA",
    "hover": "#EDF1F4",
    "line": "#DFE4E9",
    "control": "#7B8896",
    "ink": "#16212B",
    "ink2": "#465563",
    "ink3": "#5F6E7C",
    "disabled": "#A3AEB8",
    "brand": "#1A5A8E",
    "brand_hover": "#134672",
    "brand_soft": "#E6F0F8",
    "brand_line": "#A9C9E3",
    "on_brand": "#FFFFFF",
    "rail": "#12293D",
    "rail_ink": "#B4C4D1",
    "rail_hover": "#1B3B55",
    "rail_sel": "#24506F",
    "rail_on": "#FFFFFF",
    "ok": "#1B6E45",
    "ok_soft": "#E4F3EA",
    "ok_line": "#A5D3B8",
    "warn": "#8A5200",
    "warn_soft": "#FDF2DE",
    "warn_line": "#E8C588",
    "bad": "#B3271E",
    "bad_soft": "#FCEBE9",
    "bad_line": "#EBB3AE",
    "na": "#566472",
    "na_soft": "#ECEFF2",
    "na_line": "#C6CED6",
    "badge": "#F2B84B",
    "on_badge": "#16212B",
    "seal": "#C4161C",
    "focus": "#0A66C2",
    "desk": "#E4E8EC",
    "sheet": "#FFFFFF",
    "track": "#E3E8EC",
    "mark": "#C4161C",
    "mark_edge": "#FFFFFF",
}
DARK = {
    "bg": "#10171D",
    "surface": "#172028",
    "sunken": "#131B22",
    "hover": "#202B35",
    "line": "#2A3742",
    "control": "#73848F",
    "ink": "#E6EDF2",
    "ink2": "#B2C0CB",
    "ink3": "#94A4B0",
    "disabled": "#5A6973",
    "brand": "#79BAEB",
    "brand_hover": "#9CCDF2",
    "brand_soft": "#16354C",
    "brand_line": "#2F5F82",
    "on_brand": "#08202F",
    "rail": "#0B1116",
    "rail_ink": "#9DB0BD",
    "rail_hover": "#14293A",
    "rail_sel": "#1D4059",
    "rail_on": "#FFFFFF",
    "ok": "#72CF9B",
    "ok_soft": "#14322A",
    "ok_line": "#2C5F4A",
    "warn": "#F0B95E",
    "warn_soft": "#35290F",
    "warn_line": "#6A5320",
    "bad": "#FF9A90",
    "bad_soft": "#3B1D1D",
    "bad_line": "#7A3833",
    "na": "#AEBBC5",
    "na_soft": "#232F39",
    "na_line": "#3C4B57",
    "badge": "#F0B95E",
    "on_badge": "#10171D",
    "seal": "#FF8078",
    "focus": "#8CC8FF",
    "desk": "#0B1116",
    "sheet": "#F1EFEA",
    "track": "#2A3742",
    "mark": "#C4161C",
    "mark_edge": "#FFFFFF",
}
HIGH_CONTRAST = {
    "bg": "#000000",
    "surface": "#000000",
    "sunken": "#000000",
    "hover": "#1F1F1F",
    "line": "#FFFFFF",
    "control": "#FFFFFF",
    "ink": "#FFFFFF",
    "ink2": "#FFFFFF",
    "ink3": "#E0E0E0",
    "disabled": "#8CF58C",
    "brand": "#6FD3FF",
    "brand_hover": "#B5E8FF",
    "brand_soft": "#00324A",
    "brand_line": "#6FD3FF",
    "on_brand": "#000000",
    "rail": "#000000",
    "rail_ink": "#FFFFFF",
    "rail_hover": "#2A2A2A",
    "rail_sel": "#FFE600",
    "rail_on": "#000000",
    "ok": "#6CFFA0",
    "ok_soft": "#003A1A",
    "ok_line": "#6CFFA0",
    "warn": "#FFD24A",
    "warn_soft": "#3A2A00",
    "warn_line": "#FFD24A",
    "bad": "#FFA39B",
    "bad_soft": "#4A0A06",
    "bad_line": "#FFA39B",
    "na": "#E0E0E0",
    "na_soft": "#2A2A2A",
    "na_line": "#FFFFFF",
    "badge": "#FFD24A",
    "on_badge": "#000000",
    "seal": "#FFA39B",
    "focus": "#FFE600",
    "desk": "#000000",
    "sheet": "#FFFFFF",
    "track": "#4A4A4A",
    "mark": "#C4161C",
    "mark_edge": "#FFFFFF",
}

THEMES = {"light": LIGHT, "dark": DARK, "high_contrast": HIGH_CONTRAST}
LABELS = {"system": "跟随系统", "light": "浅色", "dark": "深色", "high_contrast": "高对比"}

FAMILY = "Noto Sans SC"
FALLBACK = "LXGW WenKai"

# role: (pixels, weight, line height)
TYPE: dict[str, tuple[int, int, float]] = {
    "display": (28, 600, 1.3),
    "statement": (22, 500, 1.4),
    "h1": (20, 600, 1.35),
    "h2": (16, 600, 1.4),
    "read": (18, 400, 1.7),
    "read_large": (24, 400, 1.6),
    "item": (15, 400, 1.45),
    "body": (14, 400, 1.5),
    "strong": (14, 600, 1.5),
    "button": (14, 500, 1.5),
    "small": (13, 400, 1.5),
    "cap": (12, 400, 1.4),
}


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours by the formula of WCAG 2."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@dataclass
class Look:
    """The theme in force; `scale` is 1.0, 1.15 or 1.3."""

    name: str = "light"
    scale: float = 1.0
    chosen: str = "system"  # a theme, or "system" to follow it

    def colour(self, token: str) -> QColor:
        """The colour of a token; all who ask share it, so nobody alters it."""
        return _colour(self.name, token)

    def px(self, size: float) -> int:
        """A size of the design in pixels of the chosen scale."""
        return round(size * self.scale)

    def font(self, role: str) -> QFont:
        """The font of a role; all who ask share it, so nobody alters it."""
        return _font(role, self.scale)

    def advance(self, role: str, text: str) -> int:
        """How wide a line of text is in a role, in pixels."""
        return _advance(role, self.scale, text)

    def line_height(self, role: str) -> int:
        pixels, _, factor = TYPE[role]
        return round(self.px(pixels) * factor)


@cache
def _colour(theme: str, token: str) -> QColor:
    return QColor(THEMES[theme][token])


@cache
def _font(role: str, scale: float) -> QFont:
    pixels, weight, _ = TYPE[role]
    made = QFont([FAMILY, FALLBACK])
    made.setPixelSize(round(pixels * scale))
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@lru_cache(maxsize=4096)
def _advance(role: str, scale: float, text: str) -> int:
    """Kept, because layouts ask every text for its width again and again."""
    return QFontMetrics(_font(role, scale)).horizontalAdvance(text)


look = Look()


def load_fonts() -> None:
    """Make the carried faces known to Qt; before the first widget. Raises `Problem("program_damaged")`."""
    for name in ("NotoSansSC-400", "NotoSansSC-500", "NotoSansSC-600", "LXGWWenKai"):
        if QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / f"{name}.ttf")) < 0:
            raise Problem("program_damaged", name=f"{name}.ttf")


def system_theme() -> str:
    """The theme that the system asks for."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def apply(app: QApplication, name: str, scale: float | None = None) -> None:
    """Put a theme in force for all windows."""
    look.chosen = name
    look.name = system_theme() if name == "system" else name
    if scale is not None:
        look.scale = scale
    app.setFont(look.font("body"))
    app.setPalette(_palette())
    if app.styleSheet() != (sheet := _sheet()):
        app.setStyleSheet(sheet)


def _palette() -> QPalette:
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "bg", QPalette.ColorRole.Base: "surface", QPalette.ColorRole.AlternateBase: "sunken",
        QPalette.ColorRole.Button: "surface", QPalette.ColorRole.WindowText: "ink", QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.ButtonText: "ink", QPalette.ColorRole.PlaceholderText: "ink3",
        QPalette.ColorRole.Highlight: "brand", QPalette.ColorRole.HighlightedText: "on_brand",
        QPalette.ColorRole.ToolTipBase: "surface", QPalette.ColorRole.ToolTipText: "ink",
        QPalette.ColorRole.Link: "brand", QPalette.ColorRole.Mid: "line",
    }  # fmt: skip
    for role, token in roles.items():
        made.setColor(role, look.colour(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, look.colour("disabled"))
    return made


def _sheet() -> str:
    """What a palette cannot say: fields, scroll bars, menus. Everything with states of its own is painted."""
    t = THEMES[look.name]
    px = look.px
    return f"""
    QToolTip {{ background: {t["surface"]}; color: {t["ink"]}; border: 1px solid {t["control"]}; padding: 6px; }}
    QLineEdit, QPlainTextEdit, QComboBox, QDateTimeEdit, QSpinBox {{
        background: {t["surface"]}; color: {t["ink"]}; border: 1px solid {t["control"]}; border-radius: 8px;
        padding: 6px 10px; selection-background-color: {t["brand"]}; selection-color: {t["on_brand"]};
        placeholder-text-color: {t["ink3"]}; }}
    QLineEdit, QComboBox, QDateTimeEdit, QSpinBox {{ min-height: {px(26)}px; }}
    QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover, QDateTimeEdit:hover, QSpinBox:hover {{
        border-color: {t["ink3"]}; }}
    QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"] {{ background: {t["sunken"]};
        border-color: {t["line"]}; }}
    QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QDateTimeEdit:focus, QSpinBox:focus {{
        border: 2px solid {t["focus"]}; padding: 5px 9px; }}
    QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ color: {t["disabled"]};
        background: {t["sunken"]}; border-color: {t["line"]}; }}
    QComboBox::drop-down {{ border: none; width: {px(26)}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{ background: {t["surface"]}; color: {t["ink"]}; border: 1px solid {t["control"]};
        selection-background-color: {t["brand_soft"]}; selection-color: {t["ink"]}; }}
    QScrollArea, QScrollArea > QWidget > QWidget#body {{ background: transparent; border: none; }}
    QScrollArea[ring="true"] {{ border: 2px solid {t["focus"]}; border-radius: 8px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {t["na_line"]}; border-radius: 3px; min-height: 36px; margin: 2px; }}
    QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {t["control"]}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QMenu {{ background: {t["surface"]}; color: {t["ink"]}; border: 1px solid {t["control"]}; padding: 4px; }}
    QMenu::item:selected {{ background: {t["brand_soft"]}; }}
    QListWidget {{ color: {t["ink"]}; }}
    QListWidget::item {{ padding: 6px 8px; border-radius: 6px; }}
    QListWidget::item:selected {{ background: {t["brand_soft"]}; color: {t["ink"]}; }}
    QListView {{ background: {t["surface"]}; border: 1px solid {t["line"]}; border-radius: 10px; padding: 4px;
        outline: none; }}
    QListView:focus {{ border: 2px solid {t["focus"]}; padding: 3px; }}
    QListView[ring="false"]:focus {{ border: 1px solid {t["line"]}; padding: 4px; }}
    QLineEdit#flat, QLineEdit#flat:focus {{ border: none; background: transparent; padding: 6px 0;
        font-size: {px(16)}px; }}
    QListView#flat, QListView#flat:focus {{ border: none; padding: 0; }}
    QListView#gallery, QListView#gallery:focus {{ background: transparent; border: none; padding: 0; }}
    QListView#panel {{ border: none; border-top: 1px solid {t["line"]}; border-bottom: 1px solid {t["line"]};
        border-radius: 0; padding: 0; }}
    """
