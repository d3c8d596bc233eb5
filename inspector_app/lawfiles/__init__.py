"""Reads the files in which full texts of laws come: Markdown, plain text, and Word through python-docx."""
