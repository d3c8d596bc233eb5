"""A photo on the public page: from the same site alone, bare pixels, gone at once when a secret is found in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from inspector_app.actions import gallery, publicity, secrecy, sync
from inspector_app.domain.access import Role
from inspector_app.domain.event import BlobRef, Draft
from inspector_app.domain.evidence import CLEARED
from inspector_app.domain.public_photo import CLEARED as PHOTO_CLEARED
from inspector_app.domain.public_photo import is_bare
from inspector_app.domain.publicity import CONFIRMED, RESULT, SENT
from tests.deciding import become
from tests.office import CASE
from tests.server.test_laptop import lead_laptop
from tests.server.test_public_site import Chromium, Site, site

__all__ = ["site"]


def with_photo(site: Site) -> str:
    """The result is public with its photo; returns the number of the photo."""
    book = site.session.book
    number = site.session.queries.case(CASE).evidence[0].number
    gallery.check_secrecy(book, CASE, number, CLEARED)
    publicity.clear_photo(book, CASE, RESULT, number, "示例：画面里没有人")
    site.publish()
    return number


def address_of(page: str) -> str:
    (found,) = re.findall(r'<img src="(/public/photos/[0-9a-f]{64})"', page)
    return str(found)


def test_a_photo_is_served_while_it_is_public(site: Site) -> None:
    number = with_photo(site)
    page = site.reader.get(site.only_link())
    assert page.headers["content-security-policy"].endswith("; img-src 'self'") and "<script" not in page.text
    assert "img-src" not in site.reader.get("/public").headers["content-security-policy"]
    photo = site.reader.get(address_of(page.text))
    assert photo.headers["content-type"] == "image/jpeg" and photo.headers["x-content-type-options"] == "nosniff"
    assert is_bare(photo.content) and hashlib.sha256(photo.content).hexdigest() in address_of(page.text)
    row = site.session.book.store.rows(CASE)["evidence", number]
    for other in (row["sha256"], row["copy"], row["thumbnail"], "ab" * 32, "%2e%2e", "x"):
        assert site.reader.get(f"/public/photos/{other}").status_code == 404, "nothing else of the vault is served"
    secrecy.freeze(site.session.book, CASE, number, "示例：看见密级标志")
    site.hand_in()
    assert site.reader.get(address_of(page.text)).status_code == 404
    assert "<img" not in site.read(site.only_link()) and "发现问题1个" in site.read(site.only_link())


def test_a_file_that_holds_more_than_pixels_is_not_served(site: Site) -> None:
    """Whoever writes past the act can hand in any file, but not have it served."""
    book = site.session.book
    content = b"\xff\xd8\xff\xe1\x00\x08Exif\0\0\xff\xd9"
    blob: BlobRef = book.keep(content, "image/jpeg", "made")
    number = site.session.queries.case(CASE).evidence[0].number
    said = {"subject": RESULT, "title": "示例", "number": number, "sha256": blob.sha256, "covers": [], "reason": "示例"}
    book.write(Draft(CASE, PHOTO_CLEARED, said, "归档", (blob,)))
    rows = [
        {"key": f"photo/{number}", "label": "照片", "text": "示例", "rules": [], "reason": "", "picture": blob.sha256}
    ]
    sent = {"subject": RESULT, "title": "示例", "unit": "示例区水务局", "bureau": "示例", "name": "检查结果", "rows": rows,
            "channels": [], "due": "2026-04-13", "digest": ""}  # fmt: skip
    (event,) = book.write(Draft(CASE, SENT, sent))
    become(site.session, "lu", Role.OFFICER)
    book.write(Draft(CASE, CONFIRMED, {"subject": RESULT, "sent": event.id, "day": "2026-03-16", "until": ""}))
    site.hand_in()
    assert "示例区水务局" in site.read(site.only_link()), "it is public, without its photo"
    assert site.reader.get(f"/public/photos/{blob.sha256}").status_code == 404


def test_whoever_compares_on_a_laptop_of_the_own_has_both_pictures(site: Site, tmp_path: Path) -> None:
    book = site.session.book
    number = site.session.queries.case(CASE).evidence[0].number
    gallery.check_secrecy(book, CASE, number, CLEARED)
    publicity.clear_photo(book, CASE, RESULT, number, "示例：画面里没有人")
    publicity.send(book, CASE, RESULT)
    site.hand_in()
    lead = lead_laptop(site.served, tmp_path / "lead")
    sync.hand_over(lead.book)
    lead.book.role = Role.LEAD
    publicity.confirm(lead.book, CASE, RESULT)
    sync.hand_over(lead.book)
    lead.close()
    address = address_of(site.reader.get(site.only_link()).text)
    assert site.reader.get(address).status_code == 200
    sync.hand_over(book)
    publicity.withdraw(book, CASE, RESULT, "示例：换一张照片")
    sync.hand_over(book)
    assert site.reader.get(address).status_code == 404, "it goes with its round"


@pytest.mark.real
def test_a_real_browser_shows_the_photo_and_nothing_wider_than_a_phone(site: Site, tmp_path: Path) -> None:
    number = with_photo(site)
    browser, link = Chromium(tmp_path), site.served.address.url + site.only_link()

    def colours(name: str) -> int:
        return len(browser.picture(link, name, (400, 1600)).convert("RGB").getcolors(1 << 20) or ())

    shown = colours("with")
    assert browser.width_at(site.reader.get(site.only_link()).text, 320) <= 320
    secrecy.freeze(site.session.book, CASE, number, "示例：看见密级标志")
    site.hand_in()
    assert shown > 3 * colours("without") > 0, "the policy lets the photo in"
