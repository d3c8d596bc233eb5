"""The slip that the unit takes along: a phone reads its code, and it says nothing but that the unit may rate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2

from inspector_app.evidence.scan import read_code
from inspector_app.papers.rating_slip import Slip, rating_slip


def test_a_phone_reads_the_code_and_a_person_the_words(tmp_path: Path) -> None:
    code = "0123456789ABCDEF" * 2
    address = f"https://gongshi.example.cn/public/rate?code={code}"
    content = rating_slip(
        Slip("示例区档案局", "示例区名称很长的档案服务有限责任公司", date(2026, 3, 16), address, code)
    )
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    document[0].render(scale=2).to_pil().save(tmp_path / "slip.png")
    assert read_code(tmp_path / "slip.png") == address
    said = document[0].get_textpage().get_text_range().replace("\r\n", "")
    for words in ("示例区档案局2026年3月16日到你单位", "评价和处理结果无关", "0123 4567 89AB CDEF"):
        assert words in said, said
    document.close()
