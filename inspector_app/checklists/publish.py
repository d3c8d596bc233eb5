"""Publishing: an XLSForm workbook becomes an ODK XForm; only the XForm is read in the field."""

from __future__ import annotations

from pathlib import Path

from ..domain.problems import Problem


def publish(workbook: Path) -> str:
    """The XForm of a workbook. Raises `Problem("bad_workbook")` with what pyxform says of it."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        made = convert(workbook, validate=False, pretty_print=True)
    except PyXFormError as error:
        raise Problem("bad_workbook", name=workbook.name, detail=str(error)) from error
    return made.xform
