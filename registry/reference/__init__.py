"""Code lists with version and source: places, sectors, schemes, bodies, buyers.

Loaded by ``manage.py load_reference``; lists, no rules.
"""
