"""Headers of films and sounds: what they say is read, what they lie about costs nothing."""

from __future__ import annotations

import io
import random
from datetime import datetime
from pathlib import Path

import pytest

from inspector_app.domain.clock import CHINA
from inspector_app.evidence.media import Media, read_media
from tests.evidence.containers import BEGAN, box, element, matroska, mp4, wave

FILMS: dict[str, tuple[bytes, Media]] = {
    "mp4": (mp4(), Media("录像", "video/mp4", BEGAN, 90_000, True)),
    "mp4, 64 bit, header last": (mp4(3601.5, long=True, last=True), Media("录像", "video/mp4", BEGAN, 3_601_500, True)),
    "mov": (mp4(brand=b"qt  "), Media("录像", "video/quicktime", BEGAN, 90_000, True)),
    "mov without ftyp": (mp4()[20:], Media("录像", "video/quicktime", BEGAN, 90_000, True)),
    "m4a": (mp4(brand=b"M4A ", tracks=(b"soun",)), Media("录音", "audio/mp4", BEGAN, 90_000, True)),
    "sound in an mp4": (mp4(tracks=(b"soun",)), Media("录音", "audio/mp4", BEGAN, 90_000, True)),
    "clock never set": (mp4(began=datetime(1970, 1, 1, tzinfo=CHINA)), Media("录像", "video/mp4", None, 90_000, True)),
    "no begin": (mp4(began=None), Media("录像", "video/mp4", None, 90_000, True)),
    "mkv": (matroska(), Media("录像", "video/x-matroska", BEGAN, 90_000, True)),
    "mkv, live": (matroska(began=None, live=True), Media("录像", "video/x-matroska", None, 90_000, True)),
    "mka": (matroska(tracks=(2,)), Media("录音", "audio/x-matroska", BEGAN, 90_000, True)),
    "wav": (wave(), Media("录音", "audio/x-wav", BEGAN, 2000, True)),
    "wav without bext": (wave(began=None), Media("录音", "audio/x-wav", None, 2000, True)),
    "mp4 cut in the media": (mp4()[:-100], Media("录像", "video/mp4", BEGAN, 90_000, False)),
    "mp4 cut before its header": (mp4(last=True)[:300], Media("录像", "video/mp4", None, 0, False)),
    "mkv cut": (matroska()[:-100], Media("录像", "video/x-matroska", BEGAN, 90_000, False)),
    "wav cut": (wave(claimed=9000), Media("录音", "audio/x-wav", BEGAN, 2000, False)),
}  # fmt: skip


@pytest.mark.parametrize("name", FILMS)
def test_a_header_is_read(name: str) -> None:
    content, expected = FILMS[name]
    assert read_media(io.BytesIO(content)) == expected


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 64, b"feel free to read this: it is a text and no film" * 9, mp4(last=True)[20:200], b"%PDF-1.7" * 9,
     "照片".encode() * 40, b"RIFF\x24\0\0\0AVI LIST" + b"\0" * 40,
     (Path(__file__).parent / "sample.heic").read_bytes()],
)  # fmt: skip
def test_what_is_no_film_is_none(content: bytes) -> None:
    assert read_media(io.BytesIO(content)) is None


class Counted(io.BytesIO):
    """Counts what is read of it."""

    spent = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        self.spent += len(part)
        return part


@pytest.mark.parametrize("bomb", [
    box(b"ftyp", b"isom") + box(b"free") * 300_000,
    box(b"ftyp", b"isom") + box(b"moov", *[box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 12)))] * 20_000),
    matroska()[:60] + b"\xec\x80" * 500_000,
    wave()[:12] + b"junk\0\0\0\0" * 300_000,
])  # fmt: skip
def test_a_header_of_a_million_parts_is_not_walked_to_its_end(bomb: bytes) -> None:
    file = Counted(bomb)
    read_media(file)
    assert file.spent < 100_000 < len(bomb)


@pytest.mark.parametrize("seed", range(120))
def test_flipped_bytes_never_fault(seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray((mp4(), matroska(), wave(), mp4(long=True, last=True))[seed % 4])
    for _ in range(chance.randrange(1, 12)):
        raw[chance.randrange(4, len(raw))] = chance.randrange(256)
    found = read_media(io.BytesIO(bytes(raw[: chance.randrange(16, len(raw) + 1)])))
    assert found is None or 0 <= found.duration <= 7 * 24 * 3600 * 1000


def test_the_names_of_the_codings_are_read() -> None:
    entries = [
        element(0xAE, element(0x83, b"\1"), element(0x86, b"V_EXAMPLE/A\0")),
        element(0xAE, element(0x86, b"A_AAC")),
    ]
    mkv = element(0x1A45DFA3, b"") + element(0x18538067, element(0x1549A966, b""), element(0x1654AE6B, *entries))
    stsd = box(b"stsd", b"\0" * 8, box(b"hvc1", b"\0" * 60))
    inside = box(b"mdia", box(b"hdlr", b"\0" * 8, b"vide", b"\0" * 12), box(b"minf", box(b"stbl", stsd)))
    film = box(b"ftyp", b"isom", b"\0" * 4) + box(b"moov", box(b"trak", inside))
    for content, names in ((mkv, ("V_EXAMPLE/A", "A_AAC")), (film, ("hvc1",))):
        found = read_media(io.BytesIO(content))
        assert found is not None and found.codecs == names
