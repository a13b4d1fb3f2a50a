"""Decisions that wait for a second person, and where one is asked for. Closed pages."""
