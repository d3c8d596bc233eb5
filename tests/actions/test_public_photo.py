"""Photos that the public may see: none until one person clears it with a reason and another compares it, and never a secret."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from inspector_app.actions import gallery, public_photo, publicity, publicity_board, publicity_file, secrecy
from inspector_app.actions.book import undo
from inspector_app.actions.public_copy import Matter, matter
from inspector_app.actions.publicity_board import State
from inspector_app.actions.sign_in import Session
from inspector_app.domain.access import Role
from inspector_app.domain.clock import TrialClock
from inspector_app.domain.event import Draft
from inspector_app.domain.evidence import BLOCKED, CLEARED, Mark, Shape
from inspector_app.domain.public_photo import is_bare
from inspector_app.domain.publicity import CONFIRMED, RESULT, SENT
from inspector_app.domain.redaction import Line
from inspector_app.evidence.photo import PUBLIC, bare
from tests.deciding import become, decided
from tests.office import CASE, refused

BLUR = Mark(Shape.BLUR, 0.25, 0.25, 0.75, 0.75)
WHY = "示例：画面里没有人"


@pytest.fixture
def done(tmp_path: Path) -> Iterator[Session]:
    made = decided(tmp_path)
    yield made
    made.close()


def number(session: Session) -> str:
    return session.queries.case(CASE).evidence[0].number


def now(session: Session) -> Matter:
    return matter(session.book, CASE, RESULT)


def shown(session: Session) -> list[Line]:
    return [line for line in now(session).copies.public if line.picture]


def checked(session: Session) -> str:
    """The photo, through the check for secrets and with its middle covered."""
    gallery.check_secrecy(session.book, CASE, number(session), CLEARED)
    gallery.mark(session.book, CASE, number(session), [BLUR, Mark(Shape.TEXT, 0.1, 0.1, 0.2, 0.2, "示例吴晓")])
    return number(session)


def image(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def test_no_photo_is_public_until_somebody_clears_it_with_a_reason(done: Session) -> None:
    book, one = done.book, number(done)
    assert not shown(done) and not public_photo.eligible(book, done.queries.case(CASE), now(done).publication)
    assert (
        refused("photo_barred", lambda: publicity.clear_photo(book, CASE, RESULT, one, WHY)).facts["why"]
        == "还没有通过保密审查"
    )
    gallery.check_secrecy(book, CASE, one, BLOCKED, "示例")
    refused("photo_barred", lambda: publicity.clear_photo(book, CASE, RESULT, one, WHY))
    gallery.check_secrecy(book, CASE, one, CLEARED, "示例：看错了")
    refused("reason_needed", lambda: publicity.clear_photo(book, CASE, RESULT, one, " "))
    refused("not_found", lambda: publicity.clear_photo(book, CASE, RESULT, "P-9999", WHY))
    refused("not_found", lambda: publicity.drop_photo(book, CASE, RESULT, one))
    done.book.role = Role.AUDITOR
    refused("not_allowed", lambda: publicity.clear_photo(book, CASE, RESULT, one, WHY))
    done.book.role = Role.OFFICER
    made = publicity.clear_photo(book, CASE, RESULT, one, WHY)
    (line,) = shown(done)
    assert line.reason == WHY and line.text == done.queries.case(CASE).evidence[0].proves
    back = undo(book, made)
    assert not shown(done)
    undo(book, back)
    assert shown(done) == [line], "the file is named again with it"
    publicity.drop_photo(book, CASE, RESULT, one)
    assert not shown(done) and done.queries.journal(CASE)[-1].text == f"公示件不放照片 {one}"


def test_what_is_covered_is_gone_from_the_pixels_and_nothing_else_travels_with_them(done: Session) -> None:
    case, book = done.queries.case(CASE), done.book
    plain = image(public_photo.preview(book, case, case.evidence[0]))
    one = checked(done)
    publicity.clear_photo(book, CASE, RESULT, one, WHY)
    original, copy = public_photo.seen(book, done.queries.case(CASE), shown(done)[0])
    assert is_bare(copy) and max(image(copy).size) <= PUBLIC < max(image(original).size)
    wide, high = plain.size
    other = ImageChops.difference(plain, image(copy)).point(lambda value: 255 if value > 24 else 0).getbbox()
    assert other is not None and other[0] >= wide // 4 - 8 and other[1] >= high // 4 - 8, "words over it are not shown"
    assert other[2] <= wide * 3 // 4 + 8 and other[3] <= high * 3 // 4 + 8

    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "示例"  # ImageDescription
    plain.save(out, "JPEG", exif=exif, comment=b"example")
    assert not is_bare(out.getvalue()) and is_bare(bare(out.getvalue()))
    assert not is_bare(copy + b"more") and not is_bare(b"") and not is_bare(copy[:3]) and not is_bare(copy[:-1])


def test_the_second_person_compares_what_somebody_else_cleared(done: Session, tmp_path: Path) -> None:
    book, one = done.book, checked(done)
    become(done, "zhou", Role.LEAD)
    publicity.clear_photo(book, CASE, RESULT, one, WHY)
    become(done, "shen", Role.OFFICER)
    publicity.send(book, CASE, RESULT)
    become(done, "zhou", Role.LEAD)
    refused("photo_second", lambda: publicity.confirm(book, CASE, RESULT))
    sent = done.queries.case(CASE).publications[0].rounds[0]
    book.write(Draft(CASE, CONFIRMED, {"subject": RESULT, "sent": sent.id, "day": "2026-03-16"}))  # past the act
    assert not publicity_file.notices(book)
    become(done, "lu", Role.OFFICER)
    publicity.confirm(book, CASE, RESULT)
    ((_, _, notice),) = publicity_file.notices(book)
    (picture,) = notice.pictures
    assert picture[0] == shown(done)[0].picture and "照片" not in dict(notice.rows)
    page, *_ = publicity_file.export(book, tmp_path / "公示.html", publicity_file.notices(book)).value
    assert '<img src="data:image/jpeg;base64,' in page.read_text("utf-8")
    publicity.withdraw(book, CASE, RESULT, "示例")
    assert not publicity_file.notices(book)


def test_a_photo_that_nobody_cleared_is_sent_by_nobody(done: Session) -> None:
    rows = [{"key": "photo/x", "label": "照片", "text": "示例", "rules": [], "reason": "", "picture": "ab" * 32}]
    done.book.write(Draft(CASE, SENT, {"subject": RESULT, "rows": rows, "title": "示例"}))
    assert not done.queries.case(CASE).publications or not done.queries.case(CASE).publications[0].rounds


def test_what_is_covered_or_found_later_takes_the_photo_out(done: Session, tmp_path: Path) -> None:
    book, one = done.book, checked(done)
    publicity.clear_photo(book, CASE, RESULT, one, WHY)
    (copy,) = (line.picture for line in shown(done))
    publicity.send(book, CASE, RESULT)
    gallery.mark(book, CASE, one, [BLUR, Mark(Shape.BLUR, 0, 0, 0.2, 0.2)])
    assert not shown(done)
    become(done, "lu", Role.OFFICER)
    refused("publication_moved", lambda: publicity.confirm(book, CASE, RESULT))
    gallery.mark(book, CASE, one, [BLUR])
    publicity.confirm(book, CASE, RESULT)
    secrecy.freeze(book, CASE, one, "示例：看见密级标志")
    assert copy in secrecy.kept_back(book) and not shown(done), "the copy is kept back with its photo"
    assert publicity_board.board(book)[0].state is State.PUBLIC
    page, *_ = publicity_file.export(book, tmp_path / "公示.html", publicity_file.notices(book)).value
    assert "<img" not in page.read_text("utf-8"), "what is frozen is shown nowhere, at once"
    become(done, "zhou", Role.LEAD)
    secrecy.destroy(book, CASE, one, "示例区国家保密局", "示保令〔2026〕3号")
    assert not book.vault.has(copy)


def test_nothing_of_a_secret_area_is_cleared(done: Session) -> None:
    book, one = done.book, checked(done)
    taken = done.queries.case(CASE).evidence[0].taken_at
    assert taken is not None
    before = book.clock
    for minutes, kind in (
        (-9, "secret_area_entered"),
        (-3, "secret_area_left"),
        (-2, "secret_area_entered"),
        (2, "secret_area_left"),
    ):
        book.clock = TrialClock(taken + timedelta(minutes=minutes))
        book.write(Draft(CASE, kind, {"name": "示例沈岚"}))
    book.clock = before
    refused("photo_barred", lambda: publicity.clear_photo(book, CASE, RESULT, one, WHY))
    assert not public_photo.eligible(book, done.queries.case(CASE), now(done).publication)
