"""Checklists: XLSForm in, a form that answers questions about itself out (relevance, constraints, counts, score).

`publish` turns a workbook into an ODK XForm, `form` loads such an XForm. Nothing outside `form` and `instance` knows
XPath, so that the engine can be replaced by one that knows the whole standard.
"""
