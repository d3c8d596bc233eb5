"""Taking in photos: original bytes, EXIF, digests; and every file that is none, too large or broken."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from inspector_app.domain.clock import CHINA
from inspector_app.domain.problems import Problem
from inspector_app.evidence.photo import COPY, LARGEST_FILE, THUMBNAIL, take_in
from tests.office import card


def jpeg(size: tuple[int, int] = (640, 480), orientation: int = 1) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_is_kept_byte_for_byte_and_its_exif_is_read() -> None:
    file = card(1)[0]
    photo = take_in(file)
    assert photo.original == file.read_bytes()
    assert photo.taken_at == datetime(2026, 3, 16, 10, 33, 13, tzinfo=CHINA)
    assert (photo.camera, photo.mime, photo.width, photo.height) == ("SHILI-100", "image/jpeg", 1600, 1200)
    for content, side in ((photo.thumbnail, THUMBNAIL), (photo.print_copy, COPY)):
        assert max(Image.open(io.BytesIO(content)).size) <= side


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_photo_stands_upright_in_its_copies(tmp_path: Path, orientation: int) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(jpeg(orientation=orientation))
    photo = take_in(file)
    wide, high = Image.open(io.BytesIO(photo.print_copy)).size
    assert (wide > high) is (orientation == 3)


def test_png_and_heic_are_taken_in(tmp_path: Path) -> None:
    png = tmp_path / "屏幕 截图.png"
    Image.new("RGBA", (300, 200), (9, 9, 9, 120)).save(png)
    assert take_in(png).mime == "image/png"
    heic = tmp_path / "IMG_1.HEIC"
    heic.write_bytes((Path(__file__).parent / "sample.heic").read_bytes())
    assert take_in(heic).mime == "image/heic"


def bomb(wide: int, high: int) -> bytes:
    """A PNG of a few bytes that declares a huge picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


BAD: dict[str, tuple[bytes | str, str]] = {
    "empty": (b"", "photo_kind"), "text": ("照片" * 100, "photo_kind"), "cut in half": (jpeg()[:4000], "photo_damaged"),
    "cut at its end": (jpeg()[:-200], "photo_damaged"), "bomb": (bomb(60_000, 60_000), "photo_too_large"),
    "bomb above Pillow's error": (bomb(200_000, 200_000), "photo_too_large"),
    "png without pixels": (bomb(200, 200), "photo_damaged"), "gif": (b"GIF89a" + bytes(40), "photo_kind"),
    "pdf": (b"%PDF-1.7\n" + bytes(100), "photo_kind"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_photo_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    content, code = BAD[name]
    file = tmp_path / "x.jpg"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(Problem) as caught:
        take_in(file)
    assert caught.value.code == code


def test_a_file_that_is_too_long_or_away_is_told(tmp_path: Path) -> None:
    file = tmp_path / "long.jpg"
    with file.open("wb") as out:
        out.write(jpeg())
        out.truncate(LARGEST_FILE + 1)
    for path, code in ((file, "photo_too_large"), (tmp_path / "away.jpg", "photo_damaged")):
        with pytest.raises(Problem) as caught:
            take_in(path)
        assert caught.value.code == code


@pytest.mark.parametrize("seed", range(60))
def test_flipped_bytes_give_a_photo_or_a_problem(tmp_path: Path, seed: int) -> None:
    import random

    chance = random.Random(seed)
    raw = bytearray(jpeg())
    for _ in range(chance.randrange(1, 12)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    file = tmp_path / "x.jpg"
    file.write_bytes(bytes(raw))
    try:
        photo = take_in(file)
    except Problem:
        return
    assert hashlib.sha256(photo.original).digest() == hashlib.sha256(bytes(raw)).digest()
