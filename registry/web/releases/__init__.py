"""Closed periods as published, beside the figures of today."""
