"""A file with the text of a law becomes a `Statute`."""

from __future__ import annotations

from pathlib import Path

from ..domain.problems import Problem, reason
from ..domain.statute import Statute, read
from ..office_file import Swollen, bounded

MOST = 20_000_000
"""Bytes of one file; the longest code of laws has less than one million."""

SUFFIXES = (".md", ".txt", ".docx")


def load(path: Path) -> Statute:
    """The law in a file.

    Raises:
        Problem: `law_text_bad` for a file of another kind, a damaged one, or one without a law in it.
    """
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise Problem("law_text_bad", name=path.name, detail="不是 Markdown、文本或 docx 文件。")
    try:
        if path.stat().st_size > MOST:
            raise Problem("law_text_bad", name=path.name, detail="文件太大。")
        content = path.read_bytes()
    except OSError as error:
        raise Problem("law_text_bad", name=path.name, detail=reason(error)) from error
    return read(path.stem, _word(path.name, content) if kind == ".docx" else _plain(path.name, content))


def _plain(name: str, content: bytes) -> list[str]:
    """Lines in UTF-8, or in the encoding of older office files."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise Problem("law_text_bad", name=name, detail="文字编码读不出。")


def _word(name: str, content: bytes) -> list[str]:
    """The paragraphs of a Word file, each line for itself."""
    from docx import Document  # takes 0.2 s to import, and few start by taking in a law

    try:
        return [line for paragraph in Document(bounded(content)).paragraphs for line in paragraph.text.splitlines()]
    except Swollen as error:
        raise Problem("law_text_bad", name=name, detail="展开后太大。") from error
    except Exception as error:  # zip, XML and package each fail in their own way
        raise Problem("law_text_bad", name=name, detail="文件已损坏，或不是 docx。") from error
