"""PDF files for the tests: what an office scanner makes, and what no reader should choke on."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image


def scanned_pdf(pages: Sequence[Image.Image], target: Path, dpi: float = 150.0) -> Path:
    """One picture a page, as large as its paper."""
    first, *others = (page.copy() for page in pages)
    first.save(target, "PDF", resolution=dpi, save_all=True, append_images=others, quality=80)
    return target


def locked(pdf: Path, target: Path) -> Path:
    """The same file behind a password."""
    with pikepdf.open(pdf) as opened:
        opened.save(target, encryption=pikepdf.Encryption(owner="o", user="u"))
    return target


def turned(pdf: Path, target: Path, by: int) -> Path:
    """The same file whose pages say that they lie on their side."""
    with pikepdf.open(pdf) as opened:
        for page in opened.pages:
            page.Rotate = by
        opened.save(target)
    return target


def pageless(target: Path) -> Path:
    with pikepdf.new() as made:
        made.save(target)
    return target


def claiming(target: Path, *, side: int = 612, picture: int = 0) -> Path:
    """A small file with one page of so many points a side, or with a picture of so many pixels a side."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(side, side))
        if picture:
            packed = io.BytesIO()
            worker = zlib.compressobj(9)
            row = bytes(picture)
            for _ in range(picture):
                packed.write(worker.compress(row))
            packed.write(worker.flush())
            image = pikepdf.Stream(
                made, packed.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=picture,
                Height=picture, ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.FlateDecode,
            )  # fmt: skip
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
            page.Contents = made.make_stream(b"%d 0 0 %d 0 0 cm /Im0 Do" % (side, side))
        made.save(target)
    return target
