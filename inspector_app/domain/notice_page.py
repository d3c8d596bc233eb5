"""A page that anybody reads: no script, no cookie, one style in the page itself, of 320 px and wider.

The same page is served by the bureau and exported as a file; `POLICY` lets exactly this style in and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape

from .calendar import zh_date
from .published import Notice

STYLE = """
:root{color-scheme:light dark;--ink:#17212b;--soft:#5b6b7a;--line:#d8dee4;--ground:#f4f6f8;--sheet:#fff;--brand:#1b5e97;
--ok:#1c7a3f;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#a3b1bf;--line:#33414e;--ground:#10181f;--sheet:#18222b;
--brand:#8cc0ef;--ok:#7ad19a;--bad:#ff9d94}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.65 system-ui,"Noto Sans CJK SC","Source Han Sans SC",
"Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:56rem;margin:0 auto;padding:1rem}
header p{margin:0;font-weight:700;font-size:1.15rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-top:.25rem}
nav a,main a{color:var(--brand)}
nav a{min-height:2.75rem;display:inline-flex;align-items:center}
nav a[aria-current]{color:var(--ink);font-weight:700;text-decoration:none}
main{padding-top:0}
h1{font-size:1.5rem;line-height:1.35;margin:0 0 .5rem}
h2{font-size:1.15rem;margin:0 0 .25rem}
.sheet{background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:0 0 .75rem}
.soft{color:var(--soft);margin:0}
dl{margin:0}
dl div{padding:.6rem 0;border-top:1px solid var(--line)}
dl div:first-child{border-top:0}
dt{color:var(--soft);font-size:.95rem}
dd{margin:0;white-space:pre-line}
label{display:block;margin:0 0 .75rem}
form+.soft{margin-top:.75rem}
input,textarea{display:block;width:100%;margin-top:.25rem;padding:.6rem;font:inherit;color:inherit;background:var(--sheet);
border:1px solid var(--soft);border-radius:.4rem}
fieldset{border:0;padding:0;margin:.75rem 0}
legend{padding:0;font-weight:700}
.choice{display:flex;align-items:center;gap:.75rem;min-height:2.75rem;margin:0}
.choice input{width:1.35rem;height:1.35rem;margin:0}
button{font:inherit;font-weight:700;min-height:2.75rem;padding:.4rem 1.4rem;border:0;border-radius:.4rem;
background:var(--brand);color:var(--sheet)}
a:focus-visible,input:focus-visible,textarea:focus-visible,button:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
figure{margin:.75rem 0 0;max-width:40rem}
img{display:block;max-width:100%;height:auto;border-radius:.4rem}
figcaption{color:var(--soft);font-size:.95rem}
.ok{border-left:.4rem solid var(--ok)}
.bad{border-left:.4rem solid var(--bad)}
footer{color:var(--soft);font-size:.95rem}
@media (min-width:40rem){dl div{display:grid;grid-template-columns:11rem 1fr;gap:1rem}}
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy (CSP 3): no script, no picture, no font, no frame; forms go to the same site."""
WITH_PHOTOS = f"{POLICY}; img-src 'self'"
"""The same for a page that shows photos, which come from the same site alone."""


def document(title: str, bureau: str, body: str, nav: Iterable[tuple[str, str]] = (), here: str = "") -> str:
    """A whole page. `nav` are the places of the site with their words, of which `here` is this one; a file has none."""
    links = "".join(
        f'<a href="{place}"{" aria-current=page" if place == here else ""}>{escape(words)}</a>' for place, words in nav
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><header><p>{escape(bureau)}</p>"
        + (f'<nav aria-label="栏目">{links}</nav>' if links else "")
        + f"</header><main><h1>{escape(title)}</h1>\n{body}</main>"
        "<footer>公示内容经脱敏处理。对公示的内容有异议的，可以向检查机关书面申请更正。</footer></body></html>\n"
    )


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names with what they say."""
    return "<dl>" + "".join(f"<div><dt>{escape(n)}</dt><dd>{escape(t)}</dd></div>" for n, t in rows) + "</dl>"


def sheet(*parts: str, tone: str = "") -> str:
    """Parts of a page on one ground; `tone` is ok or bad."""
    return f'<section class="sheet{" " + tone if tone else ""}">{"".join(parts)}</section>\n'


def soft(words: str) -> str:
    return f'<p class="soft">{escape(words)}</p>'


def dated(notice: Notice) -> str:
    """When a notice was published, and until when."""
    return f"{zh_date(notice.day)}公示" + (f"，公示到{zh_date(notice.until)}" if notice.until else "")


def notice(each: Notice, photos: Mapping[str, str] = {}, *, headed: bool = True) -> str:
    """A notice in full, with those of its photos of which `photos` says the address, by digest."""
    head = f"<h2>{escape(each.unit)}　{escape(each.name)}</h2>" if headed else ""
    shown = (_figure(photos[sha256], text) for sha256, text in each.pictures if sha256 in photos)
    return sheet(head, soft(f"{dated(each)}　编号 {each.id}"), facts(each.rows), *shown)


def _figure(address: str, text: str) -> str:
    return f'<figure><img src="{escape(address)}" alt="{escape(text)}"><figcaption>{escape(text)}</figcaption></figure>'


def embedded(jpeg: bytes) -> str:
    """The address of a photo that lies in the page itself, for a page that is a file (RFC 2397)."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
