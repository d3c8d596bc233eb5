"""Sets the same paragraphs with WeasyPrint or typst, several times in one process; prints seconds and pages as JSON.

Called as `set_pages.py NAME JOB`: the job is a JSON file with `rounds`, each a list of paragraphs, and `font`, a file. The text of
every round is another one: what a program keeps of an earlier round does not count.
"""

from __future__ import annotations

import html
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Act = Callable[[list[str]], int]
"""Sets these paragraphs; returns the number of pages."""


def weasyprint(font: str) -> Act:
    from weasyprint import CSS, HTML  # type: ignore[import-not-found]
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-not-found]

    fonts = FontConfiguration()
    css = CSS(string=f"""@font-face {{ font-family: fang; src: url('file://{font}'); }}
        @page {{ size: A4; margin: 37mm 26mm 35mm 28mm; }}
        p {{ font: 15.793pt fang; line-height: 29.62pt; text-indent: 2em; margin: 0; text-align: justify;
             line-break: strict; }}""", font_config=fonts)  # fmt: skip

    def act(paragraphs: list[str]) -> int:
        text = "".join(f"<p>{html.escape(each)}</p>" for each in paragraphs)
        made = HTML(string=f"<html lang=zh><body>{text}").render(stylesheets=[css], font_config=fonts)
        made.write_pdf()
        pages: int = len(made.pages)
        return pages

    return act


def typst(font: str) -> Act:
    import typst as library  # type: ignore[import-not-found]

    head = (
        '#set page(paper: "a4", margin: (left: 28mm, right: 26mm, top: 37mm, bottom: 35mm))\n'
        '#set text(font: "FandolFang", size: 15.793pt, lang: "zh", region: "cn")\n'
        "#set par(justify: true, leading: 13.83pt, spacing: 13.83pt, first-line-indent: (amount: 2em, all: true))\n"
    )
    compiler = library.Compiler(head.encode(), font_paths=[str(Path(font).parent)])

    def act(paragraphs: list[str]) -> int:
        plain = (each.replace("#", "\\#").replace("*", "\\*").replace("_", "\\_") for each in paragraphs)
        pdf = compiler.compile((head + "\n\n".join(plain)).encode(), format="pdf")
        return int(max(pdf.count(b"/Type /Page\n"), pdf.count(b"/Type/Page/"), pdf.count(b"/Type/Page>")))

    return act


def main(name: str, path: str) -> None:
    job: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    act = {"weasyprint": weasyprint, "typst": typst}[name](job["font"])
    first, *rounds = job["rounds"]
    act(first)
    spent, pages = [], 0
    for paragraphs in rounds:
        start = time.perf_counter()
        pages = act(paragraphs)
        spent.append(time.perf_counter() - start)
    print(json.dumps({"seconds": spent, "pages": pages}))


if __name__ == "__main__":
    main(*sys.argv[1:])
