"""Checklists: XLSForm in, a form that answers questions about itself out (relevance, constraints, counts, score).

`publish` turns a workbook into an ODK XForm; `form` loads one: `loader` reads it into `model`, `xpath` and `functions`
compile its expressions, `sheet` holds answers.
"""
