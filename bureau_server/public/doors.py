"""All public pages, each registered by the file that sets it and named in the matrix as what everybody may."""

from __future__ import annotations

from fastapi.responses import RedirectResponse

from ..door import DoorMaker
from ..office import Office
from .lists import list_doors
from .paper_check import check_doors
from .photos import photo_doors
from .rating import rating_doors
from .results import result_doors
from .site import HEADERS, Site


def public_doors(office: Office, door: DoorMaker) -> None:
    @door("GET", "/", "", summary="Leads to the public pages", response_class=RedirectResponse, status_code=307)
    def home() -> RedirectResponse:
        return RedirectResponse("/public", headers=HEADERS)

    site = Site(office)
    result_doors(site, door)
    photo_doors(site, door)
    list_doors(site, door)
    check_doors(site, door)
    rating_doors(site, door)
