"""The gist of articles, with whether anybody has checked them against the official text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ...domain.law import Article
from .notices import Sheet
from .text import Text


def show_articles(parent: QWidget, title: str, articles: Sequence[Article], empty: str = "") -> None:
    """Open a sheet with each article's citation, gist and standing; `empty` is said where there is none."""
    parts: list[QWidget] = []
    for article in articles:
        checked = article.law.verified_by or "要旨为概括，待与官方文本核对"
        parts += [Text(article.citation, "strong", wrap=True), Text(article.gist or "没有登记要旨", "body", wrap=True),
                  Text(f"{article.law.document}；{checked}", "small", "ink3", wrap=True)]  # fmt: skip
    sheet = Sheet(title, *(parts or [Text(empty, "body", wrap=True)]), act="看完了", parent=parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.back.hide()
    sheet.open()
    sheet.act.setFocus()
