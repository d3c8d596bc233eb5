"""Drawn photos of a store-room for the trial, so that a newcomer has something to import. No real place is shown."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from ..places import RESOURCES

WIDTH, HEIGHT = 2000, 1500
"""The field that the scenes are drawn in."""

SIZE = (1600, 1200)
"""Pixels of a photo on the card."""

Draw = ImageDraw.ImageDraw
_WALL = {
    "warm": ((222, 214, 198), (164, 154, 138)),
    "cool": ((205, 210, 212), (138, 146, 152)),
    "dim": ((150, 150, 146), (84, 84, 86)),
}


@cache
def _font(size: int, weight: int = 600) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(RESOURCES / "fonts" / f"NotoSansSC-{weight}.ttf"), size)


def _wall(kind: str) -> Image.Image:
    top, bottom = _WALL[kind]
    ramp = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.composite(Image.new("RGB", (WIDTH, HEIGHT), bottom), Image.new("RGB", (WIDTH, HEIGHT), top), ramp)


@cache
def _edge() -> Image.Image:
    shade = Image.radial_gradient("L").resize(SIZE).point(lambda v: 255 - max(0, v - 90) * 2 // 3)
    return Image.merge("RGB", (shade, shade, shade))


@cache
def _grain() -> Image.Image:
    grain = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 14).resize(SIZE)
    return Image.merge("RGB", (grain, grain, grain))


def _finish(image: Image.Image, chance: random.Random) -> Image.Image:
    """Grain, a darker edge and a slightly different stand for every shot."""
    zoom = chance.uniform(0.80, 0.97)
    wide, high = int(WIDTH * zoom), int(HEIGHT * zoom)
    left, top = chance.randrange(WIDTH - wide), chance.randrange(HEIGHT - high)
    framed = image.resize(SIZE, Image.Resampling.BILINEAR, box=(left, top, left + wide, top + high))
    return ImageChops.overlay(ImageChops.multiply(framed, _edge()), _grain())


def _page(draw: Draw, chance: random.Random, title: str) -> None:
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=(112, 92, 74))
    draw.polygon([(470, 90), (1560, 60), (1600, 1480), (420, 1490)], fill=(244, 241, 233))
    draw.text((1010, 300), title, font=_font(74), fill=(150, 32, 30), anchor="mm")
    for line in range(17):
        y = 430 + line * 58
        end = 1440 if line % 5 != 4 else chance.randrange(800, 1200)
        draw.line((600, y, end, y), fill=(96, 96, 100), width=12)


def _boxes(draw: Draw, chance: random.Random) -> None:
    draw.rectangle((0, 1130, WIDTH, HEIGHT), fill=(120, 116, 108))
    for x, y, wide, high in (
        (260, 820, 460, 360),
        (700, 760, 520, 420),
        (340, 480, 420, 340),
        (1230, 860, 420, 330),
        (780, 430, 380, 330),
    ):
        tone = chance.randrange(-14, 14)
        draw.rectangle(
            (x, y, x + wide, y + high), fill=(176 + tone, 138 + tone, 92 + tone), outline=(110, 82, 50), width=5
        )
        draw.line((x, y + high // 3, x + wide, y + high // 3), fill=(206, 178, 132), width=26)
    draw.polygon([(1500, 500), (1640, 470), (1760, 1200), (1620, 1210)], fill=(70, 96, 120))


def _extinguishers(draw: Draw, chance: random.Random, serviced: str = "") -> None:
    for x in (720, 1110):
        draw.rounded_rectangle((x, 420, x + 240, 1240), 90, fill=(186, 34, 30), outline=(120, 16, 14), width=6)
        draw.rectangle((x + 84, 330, x + 156, 430), fill=(54, 56, 60))
        draw.polygon([(x + 60, 330), (x + 250, 270), (x + 250, 300), (x + 70, 360)], fill=(34, 36, 40))
        draw.arc((x - 120, 330, x + 150, 900), 90, 270, fill=(30, 30, 32), width=26)
        draw.rectangle((x + 40, 640, x + 200, 900), fill=(240, 236, 226))
        draw.ellipse((x + 76, 330, x + 166, 420), fill=(246, 246, 240), outline=(40, 40, 40), width=6)
        draw.line((x + 121, 376, x + 92, 396), fill=(200, 20, 20), width=8)
        draw.text((x + 120, 700), "检修", font=_font(50), fill=(60, 60, 60), anchor="mm")
        draw.text(
            (x + 120, 780),
            serviced or f"202{chance.randrange(3, 5)}.09",
            font=_font(40),
            fill=(60, 60, 60),
            anchor="mm",
        )
    draw.rectangle((0, 1240, WIDTH, HEIGHT), fill=(134, 128, 118))


def _ceiling(draw: Draw, _chance: random.Random) -> None:
    draw.rectangle((0, 520, WIDTH, 640), fill=(150, 148, 142))
    draw.rectangle((0, 640, WIDTH, 664), fill=(120, 118, 112))


def _stain(draw: Draw, chance: random.Random) -> None:
    _ceiling(draw, chance)
    for _ in range(70):
        x, y = chance.gauss(960, 260), chance.gauss(980, 110)
        size = chance.randrange(60, 240)
        tone = chance.randrange(-18, 18)
        draw.ellipse((x - size, y - size * 0.6, x + size, y + size * 0.6), fill=(176 + tone, 142 + tone, 84 + tone))
    for x in (760, 900, 1120, 1240):
        draw.line((x, 664, x + chance.randrange(-12, 12), 1320), fill=(158, 128, 78), width=chance.randrange(10, 26))


def _window(draw: Draw, chance: random.Random) -> None:
    draw.rectangle((480, 190, 1520, 1190), fill=(252, 250, 236), outline=(150, 146, 138), width=34)
    draw.line((1000, 190, 1000, 1190), fill=(160, 156, 148), width=30)
    draw.line((480, 660, 1520, 660), fill=(160, 156, 148), width=30)
    edge = chance.randrange(560, 760)
    for fold in range(9):
        x = 380 + fold * (edge - 380) // 9
        draw.rectangle(
            (x, 150, x + (edge - 380) // 9, 1260), fill=(96 + fold % 2 * 22, 104 + fold % 2 * 22, 124 + fold % 2 * 20)
        )
    draw.polygon([(480, 1190), (1520, 1190), (1860, HEIGHT), (300, HEIGHT)], fill=(236, 226, 190))


def _meter(draw: Draw, _chance: random.Random) -> None:
    """All shots show the one reading that was found."""
    draw.rounded_rectangle((560, 260, 1440, 1240), 60, fill=(238, 240, 238), outline=(150, 156, 156), width=8)
    draw.rounded_rectangle((640, 350, 1360, 960), 30, fill=(184, 198, 176), outline=(110, 118, 110), width=8)
    draw.text((960, 520), "27.3", font=_font(230), fill=(34, 44, 38), anchor="mm")
    draw.text((1290, 440), "℃", font=_font(70), fill=(34, 44, 38), anchor="mm")
    draw.text((960, 800), "68", font=_font(230), fill=(34, 44, 38), anchor="mm")
    draw.text((1270, 860), "%RH", font=_font(56), fill=(34, 44, 38), anchor="mm")
    draw.text((1000, 1090), "温湿度记录仪", font=_font(60, 400), fill=(96, 104, 104), anchor="mm")


def _screen(draw: Draw, chance: random.Random) -> None:
    draw.rounded_rectangle((240, 160, 1760, 1180), 30, fill=(26, 28, 32))
    draw.rectangle((290, 210, 1710, 1130), fill=(234, 240, 246))
    draw.rectangle((290, 210, 1710, 300), fill=(38, 78, 122))
    draw.text((330, 255), "电子档案管理系统　用户和权限", font=_font(46), fill=(240, 244, 248), anchor="lm")
    for line in range(9):
        y = 370 + line * 80
        draw.text((350, y), ("admin", "示例用户")[line % 2], font=_font(40, 400), fill=(50, 60, 70), anchor="lm")
        draw.text((880, y), "全部权限", font=_font(40, 400), fill=(170, 40, 34), anchor="lm")
        draw.line((330, y + 40, 1670, y + 40), fill=(206, 214, 222), width=3)
    draw.rectangle((900, 1180, 1100, 1330), fill=(40, 42, 46))
    del chance


def _shelves(draw: Draw, chance: random.Random) -> None:
    for shelf in range(5):
        top = 90 + shelf * 280
        x = 60
        while x < 1900:
            wide = chance.randrange(56, 104)
            tone = chance.choice(((122, 96, 66), (86, 104, 124), (150, 140, 118), (98, 112, 92)))
            draw.rectangle((x, top, x + wide - 6, top + 230), fill=tone)
            draw.rectangle((x + 10, top + 34, x + wide - 16, top + 110), fill=(236, 232, 218))
            x += wide
        draw.rectangle((30, top + 230, 1960, top + 252), fill=(92, 98, 104))


def _door(draw: Draw, chance: random.Random) -> None:
    draw.rectangle((560, 120, 1440, HEIGHT), fill=(84, 104, 120), outline=(58, 74, 88), width=24)
    draw.rectangle((800, 320, 1200, 460), fill=(240, 240, 236))
    draw.text((1000, 390), "档案库房", font=_font(76), fill=(40, 48, 56), anchor="mm")
    draw.ellipse((1290, 800, 1360, 870), fill=(196, 188, 160))
    draw.rectangle((640, 620, 760, 640 + chance.randrange(60, 180)), fill=(70, 88, 102))


def _titled(title: str) -> Callable[[Draw, random.Random], None]:
    return lambda draw, chance: _page(draw, chance, title)


SCENES: tuple[tuple[str, Callable[[Draw, random.Random], None], int], ...] = (
    ("warm", _titled("档案工作责任制"), 3), ("warm", _boxes, 3), ("warm", _extinguishers, 3), ("cool", _door, 6),
    ("warm", _stain, 3), ("dim", _window, 3), ("cool", _meter, 3), ("dim", _screen, 3), ("cool", _shelves, 3),
)  # fmt: skip
"""Wall, what is drawn, and how many shots of it: thirty in the order of the checklist."""


def write_card(folder: Path, begin: datetime) -> int:
    """Write the card of a camera: 30 JPEG files with EXIF time and camera; returns how many. Known files stay."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for wall, scene, shots in SCENES:
        base = _wall(wall)
        for _ in range(shots):
            number += 1
            target = folder / f"IMG_{number:04d}.JPG"
            if target.exists():
                continue
            chance = random.Random(number)
            image = base.copy()
            scene(ImageDraw.Draw(image), chance)
            image = _finish(image, chance)
            target.write_bytes(_encode(image, begin + timedelta(seconds=3 * number)))
    return number


def write_rectified(folder: Path) -> None:
    """Write what a unit sends of two items that it has put right, named after them; without a time of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes: dict[str, Callable[[Draw, random.Random], None]] = {
        "E01": partial(_extinguishers, serviced="2026.03"),
        "E03": _ceiling,
    }
    for code, scene in scenes.items():
        image = _wall("warm")
        scene(ImageDraw.Draw(image), random.Random(code))
        out = io.BytesIO()
        _finish(image, random.Random(code)).save(out, "JPEG", quality=86)
        (folder / f"{code}.JPG").write_bytes(out.getvalue())


def retime(folder: Path, begin: datetime, apart: timedelta) -> None:
    """Write other times into the files of a card, in their order, the rest of their bytes as they are."""
    for number, path in enumerate(sorted(folder.glob("IMG_*.JPG")), 1):
        taken = (begin + number * apart).strftime(_TIME).encode()
        content = path.read_bytes()
        head = _KEPT_TIME.sub(taken, content[:_HEAD], count=1)
        path.write_bytes(head + content[_HEAD:])


_TIME = "%Y:%m:%d %H:%M:%S"
_KEPT_TIME = re.compile(rb"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")
_HEAD = 1024
"""Bytes at the beginning of a photo among which its time stands."""


def _encode(image: Image.Image, taken: datetime) -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "SHILI-100"
    exif.get_ifd(0x8769)[0x9003] = taken.strftime(_TIME)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86, exif=exif)
    return out.getvalue()
