"""Photos of what is public: only those of a round that stands, only bare pixels, and none in which a secret was found."""

from __future__ import annotations

from fastapi.responses import Response

from inspector_app.domain.problems import Problem
from inspector_app.domain.public_photo import is_bare

from ..door import DoorMaker
from ..filing import receipt_of
from ..office import Office
from .site import HEADERS, Site

PHOTOS = "/public/photos"


def photo_doors(site: Site, door: DoorMaker) -> None:
    @door("GET", PHOTOS + "/{sha256}", "", summary="A photo of a published result", response_class=Response)
    def photo(sha256: str) -> Response:
        public = any(sha256 == each for notice in site.notices() for each, _ in notice.pictures)
        content = photo_of(site.office, sha256) if public else b""
        return Response(content, 200 if content else 404, HEADERS, "image/jpeg" if content else "text/plain")


def photo_of(office: Office, sha256: str) -> bytes:
    """The bytes of a photo; nothing while the bureau has not got it whole, where a secret was found in it, and of a file that
    holds more than pixels."""
    if office.ledger.kept_back(sha256):
        return b""
    try:
        receipt_of(office, sha256)
        content = b"".join(office.blobs.stream(sha256))
    except Problem:
        return b""
    return content if is_bare(content) else b""
