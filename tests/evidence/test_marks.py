"""Marks burnt into a copy: they are there, what they cover is gone, and nothing else of the photo changes."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops, ImageStat

from inspector_app.domain.evidence import Mark, Shape
from inspector_app.evidence.marks import burn


def photo() -> bytes:
    """Fine stripes, so that what is covered can be told from what is not."""
    image = Image.new("RGB", (640, 480), (90, 120, 90))
    for x in range(0, 640, 8):
        image.paste((230, 230, 230), (x, 0, x + 4, 480))
    out = BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def shown(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg)).convert("RGB")


def spread(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    """How much the greys of a place differ from each other."""
    return float(ImageStat.Stat(image.crop(box).convert("L")).stddev[0])


def test_what_is_covered_cannot_be_seen_any_more() -> None:
    before = photo()
    after = shown(burn(before, [Mark(Shape.BLUR, 0.9, 0.9, 0.5, 0.5)]))
    inside, outside = (330, 250, 570, 430), (10, 10, 300, 220)
    assert spread(shown(before), inside) > 40 > 12 > spread(after, inside)
    assert spread(after, outside) > 40


def test_each_shape_is_drawn_where_it_says() -> None:
    before = photo()
    for shape, box in (
        (Shape.ARROW, (250, 180, 390, 300)),
        (Shape.BOX, (250, 180, 390, 300)),
        (Shape.TEXT, (250, 180, 330, 215)),
    ):
        after = shown(burn(before, [Mark(shape, 0.4, 0.4, 0.6, 0.6, "渗水")]))
        changed = ImageChops.difference(shown(before), after)
        assert ImageStat.Stat(changed.crop(box)).mean[0] > 3, shape
        assert max(ImageStat.Stat(changed.crop((10, 10, 200, 150))).mean) < 3, shape


def test_a_mark_is_drawn_over_what_is_covered() -> None:
    marks = [Mark(Shape.BOX, 0.6, 0.6, 0.8, 0.8), Mark(Shape.BLUR, 0.5, 0.5, 0.9, 0.9)]
    red, green, _ = shown(burn(photo(), marks)).getpixel((round(0.7 * 640), round(0.6 * 480) + 1))  # type: ignore[misc]
    assert red > 150 > green
