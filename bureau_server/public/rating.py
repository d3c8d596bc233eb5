"""好差评 on the phone: who holds the code of an inspection rates it once; the rating comes home with the exchange.

A page without script. The code is 128 random bits that the laptop made; there is nothing to guess, and who guesses all the
same is soon refused.
"""

from __future__ import annotations

from html import escape
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from inspector_app.domain import notice_page as page
from inspector_app.domain.calendar import zh_date
from inspector_app.domain.event import Draft
from inspector_app.domain.rating import LEVELS, RATED, codes_of, read_rating
from inspector_app.domain.tally import TOPIC, read_tallies
from inspector_app.record.checkpoint import is_code
from inspector_app.record.crockford import typed_code

from ..door import DoorMaker
from ..office import Office
from .site import RATE, Answer, Site

MOST_BODY = 16_384
"""Bytes of a form that is sent: a thousand characters, each as nine bytes, and the rest."""
MOST_TEXT, MOST_NAME = 1000, 60


def rating_doors(site: Site, door: DoorMaker) -> None:
    @door("GET", RATE, "", summary="Rate an inspection by its code", response_class=HTMLResponse)
    def form(request: Request, code: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
        if not code.strip():
            return site.shown("单位评价", RATE, _ask())
        return site.guarded(request, lambda: _form(site, typed_code(code)))

    @door("POST", RATE, "", summary="Send a rating; one an inspection", response_class=HTMLResponse,
          openapi_extra={"requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {}}}})  # fmt: skip
    async def rate(request: Request) -> HTMLResponse:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BODY:
                return site.shown("单位评价", RATE, _said("bad", "太长了", "意见请写在一千字以内。"), status=413)
        sent = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        return await run_in_threadpool(site.guarded, request, lambda: _rate(site, sent))


def _found(office: Office, code: str) -> tuple[str, dict[str, object]] | None:
    """The inspection that a code belongs to, and what is said of its rating."""
    if not is_code(code):
        return None
    return next(((stream, row) for stream, row in office.ledger.mentioning(RATED, code) if code in codes_of(row)), None)


def _form(site: Site, code: str) -> Answer:
    found = _found(site.office, code)
    if found is None:
        return _unknown(site)
    stream, row = found
    if read_rating(row) is not None:
        return _page(site, _again())
    rows = site.office.ledger.rows(stream)
    tally = next(read_tallies([(stream, rows.get((TOPIC, ""), {}))]), None)
    about = (
        f"{tally.unit_name}，{zh_date((tally.arrived or tally.planned_from).date())}的档案行政检查"
        if tally
        else "档案行政检查"
    )
    choices = "".join(
        f'<label class="choice"><input type="radio" name="word" value="{word}" required> {word}</label>'
        for word in LEVELS
    )
    return _page(site, page.sheet(
        page.soft(about),
        f'<form action="{RATE}" method="post"><input type="hidden" name="code" value="{escape(code)}">'
        f"<fieldset><legend>对这次检查满意吗</legend>{choices}</fieldset>"
        f'<label>意见和建议，可以不填<textarea name="text" rows="4" maxlength="{MOST_TEXT}"></textarea></label>'
        f'<label>评价人，可以不填<input name="name" maxlength="{MOST_NAME}" autocomplete="off"></label>'
        "<button>提交评价</button></form>",
        page.soft("评价和处理结果无关。一次检查评价一次，提交以后不能修改。"),
    ))  # fmt: skip


def _rate(site: Site, sent: dict[str, str]) -> Answer:
    code, word = typed_code(sent.get("code", "")), sent.get("word", "")
    found = _found(site.office, code)
    if found is None:
        return _unknown(site)
    if word not in LEVELS:
        return _page(site, _said("bad", "还没有选满意程度", "返回上一页，选一项再提交。"), 400)
    body = {"level": len(LEVELS) - LEVELS.index(word), "word": word, "text": sent.get("text", "").strip()[:MOST_TEXT],
            "by_name": sent.get("name", "").strip()[:MOST_NAME], "means": "扫码"}  # fmt: skip
    if site.office.ledger.append_once(Draft(found[0], "rated", body, "归档")) is None:
        return _page(site, _again())
    return _page(site, _said("ok", f"已收到：{word}", "谢谢。评价已经交给检查机关。"))


def _page(site: Site, content: str, status: int = 200) -> Answer:
    return site.shown("单位评价", RATE, content, status=status), True


def _unknown(site: Site) -> Answer:
    said = _said("bad", "没有这个评价码", "核对评价码；检查人员刚给出的，等他们和局里交换以后再试。")
    return site.shown("单位评价", RATE, said, _ask(), status=404), False


def _ask() -> str:
    return page.sheet(
        f'<form action="{RATE}"><label>评价码，32 位'
        '<input name="code" maxlength="100" autocapitalize="characters" autocomplete="off"></label><button>去评价</button></form>',
        page.soft("评价码由检查人员给出，扫二维码的不用填。"),
    )


def _said(tone: str, what: str, way: str) -> str:
    return page.sheet(f"<h2>{escape(what)}</h2>", page.soft(way), tone=tone)


def _again() -> str:
    return _said("ok", "已经评价过", "一次检查评价一次。要补充的，向检查机关反映。")
