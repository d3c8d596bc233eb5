"""Icons of the Phosphor set, drawn in a token's colour and kept per name, colour, size and pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ..places import RESOURCES
from .theme import look


@lru_cache(maxsize=512)
def _draw(name: str, weight: str, colour: str, size: int, ratio: float) -> QPixmap:
    source = (RESOURCES / "icons" / weight / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def icon(name: str, token: str | QColor, size: int = 18, *, weight: str = "regular", ratio: float = 1.0) -> QPixmap:
    """A pixmap of an icon; `token` is a token of the theme or a colour, `size` is in design pixels."""
    colour = token if isinstance(token, QColor) else look.colour(token)
    return _draw(name, weight, colour.name(), look.px(size), ratio)


def paint_icon(
    painter: QPainter, name: str, token: str | QColor, x: float, y: float, size: int = 18, weight: str = "regular"
) -> None:
    """Draw an icon with its upper left corner at (x, y) in widget pixels."""
    ratio = max(painter.deviceTransform().m11(), 1.0)  # of what is painted on, also when a widget is painted elsewhere
    painter.drawPixmap(round(x), round(y), icon(name, token, size, weight=weight, ratio=ratio))
