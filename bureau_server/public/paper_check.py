"""Whether a paper's number and code are genuine; nothing of its content is shown, and what was asked is not kept."""

from __future__ import annotations

from html import escape
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from inspector_app.domain import notice_page as page
from inspector_app.record.checkpoint import Checkpoint, is_code
from inspector_app.record.crockford import typed_code

from ..door import DoorMaker
from ..office import Office
from .site import CHECK, Answer, Site

_BRACKETS = str.maketrans("[]［］【】（）()", "〔〕〔〕〔〕〔〕〔〕")


def check_doors(site: Site, door: DoorMaker) -> None:
    @door("GET", CHECK, "", summary="Whether a paper's number and code are genuine", response_class=HTMLResponse)
    def check(
        request: Request, number: Annotated[str, Query(max_length=100)] = "", code: Annotated[str, Query(max_length=100)] = "",
        qr: Annotated[str, Query(max_length=4000)] = "",
    ) -> HTMLResponse:  # fmt: skip
        asked = bool(number.strip() or code.strip() or qr.strip())
        read = _of_qr(qr) if qr.strip() else (number, typed_code(code))
        if not asked:
            return site.shown("核验文书", CHECK, _form())

        def answer() -> Answer:
            good = bool(read) and is_genuine(site.office, *read)
            return site.shown("核验文书", CHECK, _said(good), _form(number, code, qr)), good

        return site.guarded(request, answer)


def _form(number: str = "", code: str = "", qr: str = "") -> str:
    """The form, with what was typed: a code of 32 characters is put right, not typed again."""
    return page.sheet(
        '<form action="/public/check"><label>文书编号<input name="number" maxlength="100" placeholder="示档检〔2026〕17号"'
        f'{_typed(number)}></label><label>核验码，32 位<input name="code" maxlength="100" autocapitalize="characters" '
        f'autocomplete="off"{_typed(code)}></label><label>或者粘贴扫二维码得到的文字'
        f'<textarea name="qr" rows="4" maxlength="4000">\n{escape(qr.strip())}</textarea></label><button>核验</button></form>',
        page.soft("只核验编号和核验码，不显示文书的内容，也不保存查询。"),
    )


def _typed(text: str) -> str:
    return f' value="{escape(text.strip())}"' if text.strip() else ""


def _said(genuine: bool) -> str:
    if genuine:
        return page.sheet(
            "<h2>一致</h2>",
            page.soft("本局的记录里有这个编号的文书，核验码一致。纸上写了什么，以本局存档的为准。"),
            tone="ok",
        )
    said = "本局的记录里没有编号和核验码都一致的文书。请核对输入；刚出具的文书可能还没有交到局里，隔一天再查，或向本局询问。"
    return page.sheet("<h2>不一致</h2>", page.soft(said), tone="bad")


def _of_qr(text: str) -> tuple[str, str] | tuple[()]:
    """Number and code that the text of a QR holds; nothing where it is none of ours."""
    made = Checkpoint.read(text.replace("\r\n", "\n").strip() + "\n")
    return (dict(made.about).get("paper", ""), made.code) if made else ()


def is_genuine(office: Office, number: str, code: str) -> bool:
    """Whether a formal paper of this number was handed in under this code, the original or one of its copies (联)."""
    number = plain_number(number)
    if not number or not is_code(code):
        return False
    return any(
        plain_number(str(row.get("number", ""))) == number and not row.get("draft") and code in _codes(row)
        for _, row in office.ledger.mentioning("paper", code)
    )


def plain_number(text: str) -> str:
    """A number as people type it: spaces and the kind of bracket do not matter."""
    return "".join(text.split()).translate(_BRACKETS)


def _codes(row: dict[str, Any]) -> set[str]:
    return {str(row.get("code", "")), *(str(copy.get("code", "")) for copy in row.get("copies", ()))}
