"""What the public pages share: their frame, what is public today, and a limit for who asks too much that leads to nothing."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import HTMLResponse

from inspector_app.domain import notice_page as page
from inspector_app.domain.event import RULES_STREAM
from inspector_app.domain.listed import LAWS_TOLD, POWERS
from inspector_app.domain.problems import Problem
from inspector_app.domain.published import Notice, read_notices
from inspector_app.domain.reading import published
from inspector_app.places import SHIPPED, Shelf

from ..office import Office
from ..throttle import Throttle, visitor

Answer = tuple[HTMLResponse, bool]
"""A page, and whether anything was found."""

RESULTS, PLANS, POWERS_LIST, LAWS_LIST, YEARLY, CHECK, RATE = (
    f"/public{path}" for path in ("", "/plans", "/powers", "/laws", "/yearly", "/check", "/rate")
)
NAV = ((RESULTS, "公示"), (PLANS, "检查计划"), (POWERS_LIST, POWERS.title), (LAWS_LIST, LAWS_TOLD.title), (YEARLY, "年度数据"),
       (CHECK, "核验文书"), (RATE, "单位评价"))  # fmt: skip
HEADERS = {"Content-Security-Policy": page.POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
           "Cache-Control": "no-cache"}  # fmt: skip
PAGE_TRIES, PAGE_WAIT = 30, 600
"""How many codes of one visitor may lead to nothing, and for how many seconds no further one is looked at then."""


class Site:
    """The pages of one office."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._tries = Throttle(office.clock, PAGE_TRIES, PAGE_WAIT)
        self._held: tuple[object, tuple[Notice, ...]] = (None, ())

    def shown(self, title: str, here: str, *parts: str, status: int = 200, photos: bool = False) -> HTMLResponse:
        """A page; `here` is the entry of the navigation that it belongs to. Only one with photos lets pictures in."""
        headers = HEADERS | {"Content-Security-Policy": page.WITH_PHOTOS} if photos else HEADERS
        bureau = self.office.ledger.bureau() or "档案行政执法公示"
        return HTMLResponse(page.document(title, bureau, "".join(parts), NAV, here), status, headers)

    def notices(self) -> tuple[Notice, ...]:
        """What is public, read again when anything came in or a day has gone by: anybody may ask, as often as they like."""
        today = self.office.clock.now().at.date()
        known = (today, hash(frozenset(self.office.ledger.summaries().items())))
        if self._held[0] != known:
            rows = (row for _, _, row in self.office.ledger.topic("publication"))
            self._held = (known, read_notices(rows, today))
        return self._held[1]

    def shelf(self) -> Shelf:
        """The rules in force at the bureau."""
        return Shelf(SHIPPED.folder, published(self.office.ledger.rows(RULES_STREAM))[0])

    def guarded(self, request: Request, answer: Callable[[], Answer]) -> HTMLResponse:
        """The page that `answer` gives; after too many that found nothing nobody is answered for a while. Who asks is known by
        a name that does not tell the address."""
        office = self.office
        name = visitor(office.config.secret, request.client.host if request.client else "")
        try:
            with office.ledger.reader.connect() as connection:
                self._tries.check(connection, name)
        except Problem as problem:
            said = f"没有查到的次数太多，{problem.facts['minutes']} 分钟后再试。"
            return self.shown("稍后再试", "", page.sheet(page.soft(said), tone="bad"), status=429)
        found, good = answer()
        if not good:
            with office.engine.begin() as connection:
                self._tries.count(connection, name)
        return found
