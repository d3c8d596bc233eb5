"""Sets the same paragraphs with WeasyPrint or typst, several times in one process; prints seconds and pages as JSON.

Called as `set_pages.py NAME FILE JOB`: a `plain` FILE or an `archival` one (PDF/A-2b with tags, as our papers are); the job is a JSON
file with `rounds`, each a list of paragraphs, the first of them the title, and `fonts`, the files of the faces for text, for digits
and Latin letters, and for the title. The text of every round is another one: what a program keeps of an
earlier round does not count. Seconds are those of the processors, all threads together.
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


Fonts = dict[str, str]
"""Files of the faces: `text`, `west`, `title`."""


def weasyprint(files: Fonts, archival: bool) -> Act:
    """22 lines a page, the last of them with its gap below; the title, digits and page numbers in faces of their own."""
    from weasyprint import CSS, HTML  # type: ignore[import-not-found]
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-not-found]

    fonts = FontConfiguration()
    told: dict[str, Any] = {"pdf_variant": "pdf/a-2b", "pdf_tags": True} if archival else {}
    css = CSS(string=f"""@font-face {{ font-family: fang; src: url('file://{files["text"]}'); }}
        @font-face {{ font-family: west; src: url('file://{files["west"]}'); unicode-range: U+20-7E, U+2014; }}
        @font-face {{ font-family: title; src: url('file://{files["title"]}'); }}
        @page {{ size: A4; margin: 37mm 26mm 30mm 28mm;
                 @bottom-center {{ content: '— ' counter(page) ' —'; font: 14pt west; }} }}
        h1 {{ font: 22pt title; line-height: 29.62pt; margin: 0; text-align: center; }}
        p {{ font: 15.793pt west, fang; line-height: 29.62pt; text-indent: 2em; margin: 0; text-align: justify;
             line-break: strict; }}""", font_config=fonts)  # fmt: skip

    def act(paragraphs: list[str]) -> int:
        title, *rest = map(html.escape, paragraphs)
        text = "".join(f"<p>{each}</p>" for each in rest)
        page = f"<html lang=zh><title>示例</title><body><h1>{title}</h1>{text}"
        made = HTML(string=page).render(stylesheets=[css], font_config=fonts, **told)
        made.write_pdf(**told)
        pages: int = len(made.pages)
        return pages

    return act


def typst(files: Fonts, archival: bool) -> Act:
    import typst as library  # type: ignore[import-not-found]

    head = (
        '#set page(paper: "a4", margin: (left: 28mm, right: 26mm, top: 37mm, bottom: 34mm), numbering: "— 1 —")\n'
        '#set text(font: ((name: "Noto Serif SC", covers: regex("[ -~]")), "FandolFang"), size: 15.793pt)\n'
        '#set text(lang: "zh", region: "cn", top-edge: 0.88em, bottom-edge: -0.12em)\n'
        "#set par(justify: true, leading: 13.83pt, spacing: 13.83pt, first-line-indent: (amount: 2em, all: true))\n"
    )
    told: dict[str, Any] = {"pdf_standards": ["a-2b"]} if archival else {}
    compiler = library.Compiler(head.encode(), font_paths=[str(Path(files["text"]).parent)])

    def act(paragraphs: list[str]) -> int:
        title, *rest = (each.replace("#", "\\#").replace("*", "\\*").replace("_", "\\_") for each in paragraphs)
        heading = f'#align(center, text(font: "Noto Serif SC", weight: 700, size: 22pt)[{title}])\n\n'
        pdf = compiler.compile((head + heading + "\n\n".join(rest)).encode(), format="pdf", **told)
        return int(max(pdf.count(b"/Type /Page\n"), pdf.count(b"/Type/Page/"), pdf.count(b"/Type/Page>")))

    return act


def main(name: str, file: str, path: str) -> None:
    job: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    act = {"weasyprint": weasyprint, "typst": typst}[name](job["fonts"], file == "archival")
    first, *rounds = job["rounds"]
    act(first)
    spent, pages = [], 0
    for paragraphs in rounds:
        start = time.process_time()
        pages = act(paragraphs)
        spent.append(time.process_time() - start)
    print(json.dumps({"seconds": spent, "pages": pages, "subset": subset_by(name)}))


def subset_by(name: str) -> str:
    """What makes the subsets of faces for WeasyPrint: HarfBuzz where the system has its library, fontTools else, which takes
    twice as long for the whole file."""
    if name != "weasyprint":
        return ""
    from weasyprint.text.ffi import harfbuzz_subset  # type: ignore[import-not-found]

    return "HarfBuzz" if harfbuzz_subset else "fontTools"


if __name__ == "__main__":
    main(*sys.argv[1:])
