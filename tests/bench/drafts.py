"""What the benches of the exchange write: an officer's answers, and photos."""

from __future__ import annotations

import hashlib

from inspector_app.domain.event import BlobRef, Draft
from tests.sync.world import STREAM, Laptop

PLAN = {"officers": [{"id": "officer"}], "unit_name": "示例单位"}


def answers(laptop: Laptop, count: int, stream: str = STREAM, officer: str = "officer") -> None:
    """An officer's answers as a visit writes them: a value, now and then a sentence."""
    laptop.write(Draft(stream, "inspection_planned", {**PLAN, "officers": [{"id": officer}]}))
    for start in range(0, count - 1, 500):
        laptop.write(*(answer(stream, n) for n in range(start, min(start + 500, count - 1))))


def answer(stream: str, n: int) -> Draft:
    if n % 10 == 9:
        return Draft(stream, "item_noted", {"item": f"A{n % 107:03d}", "text": f"第{n % 12 + 1}排密集架有积尘"}, "检查")
    value = ("符合", "符合", "符合", "基本符合", "不符合")[n % 5]
    return Draft(stream, "item_answered", {"item": f"A{n % 107:03d}", "value": value}, "检查")


def photo_event(n: int, content: bytes) -> Draft:
    """The event that names a photo, with digests that nothing can shorten."""
    sha256, sm3 = hashlib.sha256(content).hexdigest(), hashlib.new("sm3", content).hexdigest()
    ref = BlobRef(sha256, sm3, len(content), "image/jpeg", "captured")
    return Draft(STREAM, "evidence_taken", {"number": f"ZJ-{n:03d}", "item": f"A{n % 107:03d}"}, "取证", blobs=(ref,))
