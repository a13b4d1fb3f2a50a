"""Certificates of enterprises, their states by date, and how each was verified."""
