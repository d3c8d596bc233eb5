"""The bureau's public pages: results, figures of a year, plans, lists, and whether a paper's number and code are genuine.

Anybody reads them without signing in. No script, no cookie, nothing from elsewhere; what is asked is not logged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from inspector_app.domain import notice_page as page
from inspector_app.domain.calendar import zh_date
from inspector_app.domain.event import PLANNING, RULES_STREAM
from inspector_app.domain.listed import LAWS_TOLD, POWERS, Listing, ordered, read_list
from inspector_app.domain.planning import read_planning
from inspector_app.domain.problems import Problem
from inspector_app.domain.published import Notice, as_csv, as_json, read_notices
from inspector_app.domain.reading import published
from inspector_app.domain.redaction import parse as parse_publicity
from inspector_app.places import SHIPPED, Shelf
from inspector_app.record.checkpoint import Checkpoint, is_code, typed_code

from .office import Office
from .rating import HERE, rating_doors
from .throttle import Throttle, visitor

DoorMaker = Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]

NAV = (("/public", "公示"), ("/public/plans", "检查计划"), ("/public/powers", POWERS.title), ("/public/laws", LAWS_TOLD.title),
       ("/public/yearly", "年度数据"), ("/public/check", "核验文书"), (HERE, "单位评价"))  # fmt: skip
_HEADERS = {"Content-Security-Policy": page.POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache"}  # fmt: skip
_BRACKETS = str.maketrans("[]［］【】（）()", "〔〕〔〕〔〕〔〕〔〕")
MOST = 50
"""Results on one page."""
PAGE_TRIES, PAGE_WAIT = 30, 600
"""How many codes of one visitor may lead to nothing, and for how many seconds no further one is looked at then."""


def public_doors(office: Office, door: DoorMaker) -> None:
    """Register the public pages; each is named in the matrix as what everybody may."""

    def shown(title: str, here: str, *parts: str, status: int = 200) -> HTMLResponse:
        bureau = office.ledger.bureau() or "档案行政执法公示"
        return HTMLResponse(page.document(title, bureau, "".join(parts), NAV, here), status, _HEADERS)

    held: tuple[object, tuple[Notice, ...]] = (None, ())

    def decisions() -> list[Notice]:
        return [each for each in notices() if not each.is_yearly]

    def notices() -> tuple[Notice, ...]:
        """What is public, read again when anything came in or a day has gone by: anybody may ask, as often as they like."""
        nonlocal held
        today = office.clock.now().at.date()
        known = (today, hash(frozenset(office.ledger.summaries().items())))
        if held[0] != known:
            rows = (row for _, _, row in office.ledger.topic("publication"))
            held = (known, read_notices(rows, today))
        return held[1]

    pages = Throttle(office.clock, PAGE_TRIES, PAGE_WAIT)

    def guarded(request: Request, answer: Callable[[], tuple[HTMLResponse, bool]]) -> HTMLResponse:
        """The page that `answer` gives, which says too whether anything was found; after too many that found nothing nobody
        is answered for a while. Who asks is known by a name that does not tell the address."""
        name = visitor(office.config.secret, request.client.host if request.client else "")
        try:
            with office.ledger.reader.connect() as connection:
                pages.check(connection, name)
        except Problem as problem:
            said = f"没有查到的次数太多，{problem.facts['minutes']} 分钟后再试。"
            return shown("稍后再试", "", page.sheet(page.soft(said), tone="bad"), status=429)
        found, good = answer()
        if not good:
            with office.engine.begin() as connection:
                pages.count(connection, name)
        return found

    rating_doors(office, door, shown, guarded)

    @door("GET", "/", "", summary="Leads to the public pages", response_class=RedirectResponse, status_code=307)
    def home() -> RedirectResponse:
        return RedirectResponse("/public", headers=_HEADERS)

    @door("GET", "/public", "", summary="Published results, the newest first", response_class=HTMLResponse)
    def results(
        q: Annotated[str, Query(max_length=60)] = "", skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    ) -> HTMLResponse:
        found = [each for each in decisions() if each.says(q.split())]
        return shown("执法公示", "/public", *_listed(found, " ".join(q.split()), skip))

    @door("GET", "/public/results.json", "", summary="Published results as data", response_class=Response)
    def data() -> Response:
        return Response(as_json(decisions()), media_type="application/json", headers=_HEADERS)

    @door("GET", "/public/results.csv", "", summary="Published results as a table", response_class=PlainTextResponse)
    def table() -> Response:
        names = {channel.key: channel.name for channel in parse_publicity(_shelf(office).text("publicity.toml")).channels}
        return Response(as_csv(decisions(), names), media_type="text/csv; charset=utf-8", headers=_HEADERS)

    @door("GET", "/public/results/{id}", "", summary="One published result", response_class=HTMLResponse)
    def result(id: str) -> HTMLResponse:
        found = next((n for n in notices() if n.id == id), None)
        if found is None:
            return shown("没有这条公示", "", page.sheet(page.soft("没有这条公示，或者已经撤下。")), status=404)
        return shown(f"{found.unit}　{found.name}", "", page.notice(found, headed=False))

    @door("GET", "/public/plans", "", summary="Inspection plans that were announced", response_class=HTMLResponse)
    def plans() -> HTMLResponse:
        held = [plan for plan in read_planning(office.ledger.rows(PLANNING)).plans if plan.announced]
        parts = [
            page.sheet(f"<h2>{escape(plan.title)}</h2>", page.soft(f"{zh_date(plan.announced)}公布"), page.facts((
                ("检查对象范围", plan.subjects), ("比例", f"{plan.base} 家中检查 {plan.count} 家（{plan.share}）"), ("检查项目", plan.items),
                ("检查方式", plan.method), ("依据", plan.basis),
            )))
            for plan in held if plan.announced
        ]  # fmt: skip
        return shown("检查计划", "/public/plans", *(parts or [page.sheet(page.soft("还没有公布的检查计划。"))]))

    @door("GET", "/public/powers", "", summary="The powers list in force today", response_class=HTMLResponse)
    def powers() -> HTMLResponse:
        return shown(POWERS.title, "/public/powers", *_list(office, POWERS))

    @door("GET", "/public/laws", "", summary="Which law is explained to whom", response_class=HTMLResponse)
    def laws() -> HTMLResponse:
        return shown(LAWS_TOLD.title, "/public/laws", *_list(office, LAWS_TOLD))

    @door("GET", "/public/yearly", "", summary="Figures of the years before", response_class=HTMLResponse)
    def yearly() -> HTMLResponse:
        parts = [page.notice(each) for each in notices() if each.is_yearly]
        return shown("年度数据", "/public/yearly", *(parts or [page.sheet(page.soft("还没有公开的年度数据。"))]))

    @door("GET", "/public/check", "", summary="Whether a paper's number and code are genuine", response_class=HTMLResponse)
    def check(
        request: Request, number: Annotated[str, Query(max_length=100)] = "", code: Annotated[str, Query(max_length=100)] = "",
        qr: Annotated[str, Query(max_length=4000)] = "",
    ) -> HTMLResponse:  # fmt: skip
        asked = bool(number.strip() or code.strip() or qr.strip())
        read = _of_qr(qr) if qr.strip() else (number, typed_code(code))
        if not asked:
            return shown("核验文书", "/public/check", _CHECK)

        def answer() -> tuple[HTMLResponse, bool]:
            good = bool(read) and is_genuine(office, *read)
            return shown("核验文书", "/public/check", _answer(good), _CHECK), good

        return guarded(request, answer)


def _shelf(office: Office) -> Shelf:
    """The rules in force at the bureau."""
    return Shelf(SHIPPED.folder, published(office.ledger.rows(RULES_STREAM))[0])


def _list(office: Office, listing: Listing) -> list[str]:
    """What two people have seen of a list and holds today."""
    today = office.clock.now().at.date()
    try:
        held = ordered(read_list(listing, _shelf(office).text(listing.file)))
    except (KeyError, TypeError, ValueError, AttributeError):  # somebody's bad text, or one of a later version
        held = ()
    parts = [
        page.sheet(f"<h2>{escape(entry.name)}</h2>", page.facts((
            *((each.name, entry.said[each.key]) for each in listing.headings[1:] if entry.said[each.key]),
            ("有效期", f"{zh_date(entry.valid_from)}起" + (f"，到{zh_date(entry.valid_to)}" if entry.valid_to else "")),
        )))
        for entry in held if entry.is_public(today) and entry.valid_from
    ]  # fmt: skip
    return parts or [page.sheet(page.soft(f"{listing.title}还没有核定公布。"))]


def _listed(found: list[Notice], words: str, skip: int) -> Iterable[str]:
    yield page.sheet(
        '<form action="/public" role="search"><label>单位名称、公示内容里的词，或者日期（如 2026年3月）'
        f'<input name="q" maxlength="60" value="{escape(words)}"></label><button>查找</button></form>'
    )
    if not found:
        yield page.sheet(page.soft(f"没有“{words}”的公示。" if words else "现在没有公示的检查结果。"))
    elif words or len(found) > MOST:
        yield page.soft(f"共 {len(found)} 件" + (f"，这里是第 {skip + 1} 到 {min(skip + MOST, len(found))} 件" if skip < len(found) else ""))
    for notice in found[skip : skip + MOST]:
        link = f'<h2><a href="/public/results/{quote(notice.id, safe="")}">{escape(notice.unit)}</a></h2>'
        yield page.sheet(link, page.soft(f"{notice.name}　{page.dated(notice)}"))
    ways = [(name, at) for name, at in (("更新的", skip - MOST), ("更早的", skip + MOST)) if 0 <= at < len(found)]
    if ways:
        asked = f"&amp;q={quote(words)}" if words else ""
        yield "<p>" + "　".join(f'<a href="/public?skip={at}{asked}">{name}</a>' for name, at in ways) + "</p>"
    if found:
        yield '<p class="soft">数据：<a href="/public/results.json">JSON</a>　<a href="/public/results.csv">CSV</a></p>'


# -- the check of a paper -------------------------------------------------------------------------------------------

_CHECK = page.sheet(
    '<form action="/public/check"><label>文书编号<input name="number" maxlength="100" placeholder="示档检〔2026〕17号"></label>'
    '<label>核验码，32 位<input name="code" maxlength="100" autocapitalize="characters" autocomplete="off"></label>'
    '<label>或者粘贴扫二维码得到的文字<textarea name="qr" rows="4" maxlength="4000"></textarea></label>'
    "<button>核验</button></form>",
    page.soft("只核验编号和核验码，不显示文书的内容，也不保存查询。"),
)


def _answer(genuine: bool) -> str:
    if genuine:
        return page.sheet("<h2>一致</h2>", page.soft("本局的记录里有这个编号的文书，核验码一致。纸上写了什么，以本局存档的为准。"), tone="ok")
    said = "本局的记录里没有编号和核验码都一致的文书。请核对输入；刚出具的文书可能还没有交到局里，隔一天再查，或向本局询问。"
    return page.sheet("<h2>不一致</h2>", page.soft(said), tone="bad")


def _of_qr(text: str) -> tuple[str, str] | tuple[()]:
    """Number and code that the text of a QR holds; nothing where it is none of ours."""
    made = Checkpoint.read(text.replace("\r\n", "\n").strip() + "\n")
    return (dict(made.about).get("paper", ""), made.code) if made else ()


def is_genuine(office: Office, number: str, code: str) -> bool:
    """Whether a formal paper of this number was handed in under this code, the original or one of its copies (联)."""
    number = plain_number(number)
    if not number or not is_code(code):
        return False
    return any(
        plain_number(str(row.get("number", ""))) == number and not row.get("draft") and code in _codes(row)
        for _, row in office.ledger.mentioning("paper", code)
    )


def plain_number(text: str) -> str:
    """A number as people type it: spaces and the kind of bracket do not matter."""
    return "".join(text.split()).translate(_BRACKETS)


def _codes(row: dict[str, Any]) -> set[str]:
    return {str(row.get("code", "")), *(str(copy.get("code", "")) for copy in row.get("copies", ()))}
