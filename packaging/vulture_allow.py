"""Names that are used by a framework or kept for the record's own completeness; vulture cannot see that."""

# ruff: noqa
