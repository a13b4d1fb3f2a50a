"""Enterprises: identity, places, people, capability, life cycle.

Names no certificate, buyer or plan. Writers are in ``actions``; nothing else writes.
"""
