"""Closed periods: figures, rule and lists frozen with a hash and two names."""
