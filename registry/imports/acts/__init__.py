"""What was done to lists by hand, kept for good: of which rows, by whom, when.

``spans → actions | queries``.
"""
