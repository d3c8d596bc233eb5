"""Registers as Excel workbooks: written for the bureau, read back with every bad cell named."""
