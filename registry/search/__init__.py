"""Finding enterprises: one function takes a filter, gives rows, total and facet counts.

Written in plain SQL through the ORM and kept pure, so that a faster version can be
checked against it.
"""
