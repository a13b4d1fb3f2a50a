"""Signing in: the pages of django-allauth in our look, and the own account.

What the package leaves to its user stands in ``adapters``; what happens is entered by
``receivers``; nobody goes on without a second factor (``second_factor``).
"""
