"""Codes of lists that rules name."""

HANOI_CODE = "01"
"""Hanoi in the General Statistics Office's list of provinces."""
