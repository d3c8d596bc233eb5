"""Telling light from dark."""

from __future__ import annotations

from PIL import Image


def light_parts(grey: Image.Image) -> Image.Image:
    """White where it is brighter than the threshold that parts light from dark best (Otsu), else black."""
    counts = grey.histogram()
    total, whole = sum(counts), sum(level * count for level, count in enumerate(counts))
    below, dark, best, threshold = 0, 0, 0.0, 127
    for level, count in enumerate(counts):
        below += count
        dark += level * count
        if below in (0, total):
            continue
        apart = (dark / below - (whole - dark) / (total - below)) ** 2 * below * (total - below)
        if apart > best:
            best, threshold = apart, level
    return grey.point([255 if level > threshold else 0 for level in range(256)])
