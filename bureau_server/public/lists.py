"""What the bureau makes public of itself: announced plans, and the two lists that two people have seen."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

from inspector_app.domain import notice_page as page
from inspector_app.domain.calendar import zh_date
from inspector_app.domain.event import PLANNING
from inspector_app.domain.listed import LAWS_TOLD, POWERS, Listing, ordered, read_list
from inspector_app.domain.planning import read_planning

from ..door import DoorMaker
from .site import LAWS_LIST, PLANS, POWERS_LIST, Site


def list_doors(site: Site, door: DoorMaker) -> None:
    @door("GET", PLANS, "", summary="Inspection plans that were announced", response_class=HTMLResponse)
    def plans() -> HTMLResponse:
        return site.shown("检查计划", PLANS, *_plans(site))

    @door("GET", POWERS_LIST, "", summary="The powers list in force today", response_class=HTMLResponse)
    def powers() -> HTMLResponse:
        return site.shown(POWERS.title, POWERS_LIST, *_list(site, POWERS))

    @door("GET", LAWS_LIST, "", summary="Which law is explained to whom", response_class=HTMLResponse)
    def laws() -> HTMLResponse:
        return site.shown(LAWS_TOLD.title, LAWS_LIST, *_list(site, LAWS_TOLD))


def _plans(site: Site) -> list[str]:
    parts = [
        page.sheet(f"<h2>{escape(plan.title)}</h2>", page.soft(f"{zh_date(plan.announced)}公布"), page.facts((
            ("检查对象范围", plan.subjects), ("比例", f"{plan.base} 家中检查 {plan.count} 家（{plan.share}）"), ("检查项目", plan.items),
            ("检查方式", plan.method), ("依据", plan.basis),
        )))
        for plan in read_planning(site.office.ledger.rows(PLANNING)).plans if plan.announced
    ]  # fmt: skip
    return parts or [page.sheet(page.soft("还没有公布的检查计划。"))]


def _list(site: Site, listing: Listing) -> list[str]:
    """What two people have seen of a list and holds today."""
    today = site.office.clock.now().at.date()
    try:
        held = ordered(read_list(listing, site.shelf().text(listing.file)))
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
