"""The plans: documents, targets as published, baselines with source.

Reads the record rooms below; never writes into them.
"""
