"""Synthetic photos of a store-room for tests and the tour: drawn, not taken; each one different."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def photo(seed: int, size: tuple[int, int] = (1600, 1200), taken: datetime | None = None) -> bytes:
    """JPEG bytes of a shelf with a lamp, with EXIF time and camera when `taken` is given."""
    chance = np.random.default_rng(seed)
    width, height = size
    tint = chance.integers(0, 40, 3)
    ramp = np.linspace(190, 120, height)[:, None, None] + tint[None, None, :]
    canvas = np.broadcast_to(ramp, (height, width, 3)) + chance.normal(0, 4, (height, width, 1))
    image = Image.fromarray(canvas.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for shelf in range(4):
        top = int(height * (0.12 + 0.21 * shelf))
        x = int(width * 0.08)
        while x < width * 0.9:
            box = int(width * chance.uniform(0.025, 0.05))
            shade = tuple(int(v) for v in chance.integers(70, 170, 3))
            draw.rectangle((x, top, x + box - 4, top + int(height * 0.17)), fill=shade)
            draw.rectangle((x + 6, top + 20, x + box - 10, top + 60), fill=(235, 232, 220))
            x += box
        draw.rectangle((int(width * 0.06), top + int(height * 0.17), int(width * 0.92), top + int(height * 0.18)),
                       fill=(90, 95, 100))  # fmt: skip
    out = io.BytesIO()
    exif = Image.Exif()
    if taken is not None:
        exif[0x0110] = "SHILI-100"
        exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    image.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


def write_photos(folder: Path, count: int, taken: datetime | None = None) -> list[Path]:
    """`count` files IMG_0001.jpg ... in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(1, count + 1):
        file = folder / f"IMG_{number:04d}.jpg"
        file.write_bytes(photo(number, taken=taken))
        files.append(file)
    return files
