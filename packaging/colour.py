"""Writes resources/srgb.icc, the colour space that archived papers name (ISO 19005-2, 6.2.3): `python packaging/colour.py`.

Pillow's colour engine makes it; the time of making is blanked, so that it comes out the same each time.
"""

from __future__ import annotations

from pathlib import Path

from PIL import ImageCms

TARGET = Path(__file__).parents[1] / "resources" / "srgb.icc"


def main() -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = b"\x07\xd0\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"  # 2000-01-01, as ICC.1 writes it
    profile[84:100] = bytes(16)  # the profile's own digest, which may be left out
    TARGET.write_bytes(profile)
    print(f"{TARGET.name}: {len(profile)} bytes")


if __name__ == "__main__":
    main()
