"""What became of a list: counted from its rows in review, told in the same words everywhere.

``reasons → queries → telling``.
"""
