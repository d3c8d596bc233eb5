"""Published results, to be searched, read one by one and taken as data; and the figures of the years before."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Annotated
from urllib.parse import quote

from fastapi import Query
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from inspector_app.domain import notice_page as page
from inspector_app.domain.published import Notice, as_csv, as_json
from inspector_app.domain.redaction import parse as parse_publicity

from ..door import DoorMaker
from .photos import PHOTOS, photo_of
from .site import HEADERS, RESULTS, YEARLY, Site

MOST = 50
"""Results on one page."""


def result_doors(site: Site, door: DoorMaker) -> None:
    def decisions() -> list[Notice]:
        return [each for each in site.notices() if not each.is_yearly]

    @door("GET", RESULTS, "", summary="Published results, the newest first", response_class=HTMLResponse)
    def results(
        q: Annotated[str, Query(max_length=60)] = "", skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    ) -> HTMLResponse:
        found = [each for each in decisions() if each.says(q.split())]
        return site.shown("执法公示", RESULTS, *_listed(found, " ".join(q.split()), skip))

    @door("GET", "/public/results.json", "", summary="Published results as data", response_class=Response,
          responses={200: {"description": "`schema`, and a list of notices", "content": {"application/json": {"schema": {
              "type": "object", "properties": {"schema": {"type": "string"}, "notices": {"type": "array", "items": {"type": "object"}}},
          }}}}})  # fmt: skip
    def data() -> Response:
        return Response(as_json(decisions()), media_type="application/json", headers=HEADERS)

    @door("GET", "/public/results.csv", "", summary="Published results as a table", response_class=PlainTextResponse)
    def table() -> Response:
        names = {channel.key: channel.name for channel in parse_publicity(site.shelf().text("publicity.toml")).channels}
        return Response(as_csv(decisions(), names), media_type="text/csv; charset=utf-8", headers=HEADERS)

    @door("GET", "/public/results/{id}", "", summary="One published result", response_class=HTMLResponse)
    def result(id: str) -> HTMLResponse:
        found = next((n for n in site.notices() if n.id == id), None)
        if found is None:
            return site.shown("没有这条公示", "", page.sheet(page.soft("没有这条公示，或者已经撤下。")), status=404)
        photos = {sha256: f"{PHOTOS}/{sha256}" for sha256, _ in found.pictures if photo_of(site.office, sha256)}
        return site.shown(
            f"{found.unit}　{found.name}", "", page.notice(found, photos, headed=False), photos=bool(photos)
        )

    @door("GET", YEARLY, "", summary="Figures of the years before", response_class=HTMLResponse)
    def yearly() -> HTMLResponse:
        parts = [page.notice(each) for each in site.notices() if each.is_yearly]
        return site.shown("年度数据", YEARLY, *(parts or [page.sheet(page.soft("还没有公开的年度数据。"))]))


def _listed(found: list[Notice], words: str, skip: int) -> Iterable[str]:
    yield page.sheet(
        '<form action="/public" role="search"><label>单位名称、公示内容里的词，或者日期（如 2026年3月）'
        f'<input name="q" maxlength="60" value="{escape(words)}"></label><button>查找</button></form>'
    )
    if not found:
        yield page.sheet(page.soft(f"没有“{words}”的公示。" if words else "现在没有公示的检查结果。"))
    elif words or len(found) > MOST:
        yield page.soft(
            f"共 {len(found)} 件"
            + (f"，这里是第 {skip + 1} 到 {min(skip + MOST, len(found))} 件" if skip < len(found) else "")
        )
    for notice in found[skip : skip + MOST]:
        link = f'<h2><a href="/public/results/{quote(notice.id, safe="")}">{escape(notice.unit)}</a></h2>'
        yield page.sheet(link, page.soft(f"{notice.name}　{page.dated(notice)}"))
    ways = [(name, at) for name, at in (("更新的", skip - MOST), ("更早的", skip + MOST)) if 0 <= at < len(found)]
    if ways:
        asked = f"&amp;q={quote(words)}" if words else ""
        yield "<p>" + "　".join(f'<a href="/public?skip={at}{asked}">{name}</a>' for name, at in ways) + "</p>"
    if found:
        yield '<p class="soft">数据：<a href="/public/results.json">JSON</a>　<a href="/public/results.csv">CSV</a></p>'
