"""Publishing: an XLSForm workbook becomes an ODK XForm; only the XForm is read in the field.

The same workbook always gives the same bytes, so that the digest of a published form can be checked by anyone.
"""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ..domain.problems import Problem
from .form import Form

_EXPRESSIONS = frozenset({"type", "name", "list_name", "required", "relevant", "constraint", "calculation"})
_KEPT = {ord("“"): "\ue000", ord("”"): "\ue001", ord("‘"): "\ue002", ord("’"): "\ue003"}
_BACK = {ord(private): chr(mark) for mark, private in _KEPT.items()}


def publish(workbook: Path) -> str:
    """The XForm of a workbook, accepted by the engine that will run it.

    Raises `Problem("bad_workbook")` with what pyxform or the engine says of it.
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        # ODK's own validation would need Java; the engine refuses at load what it does not know
        made = convert(io.BytesIO(_with_quotes_kept(workbook)), validate=False, pretty_print=True, file_type=".xlsx")
        text = str(made.xform).translate(_BACK)
        Form.load(text.encode())
    except (PyXFormError, BadZipFile, InvalidFileException, KeyError) as error:
        raise Problem("bad_workbook", name=workbook.name, detail=str(error)) from error
    except Problem as problem:
        raise Problem("bad_workbook", name=workbook.name, detail=str(problem.facts["detail"])) from problem
    return text


def _with_quotes_kept(workbook: Path) -> bytes:
    """pyxform turns “ ” into straight quotes, which are wrong in Chinese text (GB/T 15834); it may in expressions."""
    book = load_workbook(workbook)
    for sheet in book.worksheets:
        for column in sheet.iter_cols():
            if column[0].value not in _EXPRESSIONS:
                for cell in column:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.translate(_KEPT)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
