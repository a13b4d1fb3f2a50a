"""Things with no domain word in them: database functions, bilingual names, days.

Imports nothing of ours; stays small. A helper with one caller stays with its caller.
"""
