"""Checklists: an Excel workbook (XLSForm) in, a form that answers questions about itself out."""
