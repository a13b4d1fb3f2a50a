"""A person's area: the wards and sectors whose records they may write. Reading has none.

Nothing said means everything. What lies in an area is asked of ``enterprises.permissions``.
"""
