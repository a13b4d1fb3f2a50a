"""Hanoi's register of enterprises in supporting industries."""
