"""An enterprise's record as one document: drafts, applications, editing, splitting.

A document (``content.py``) is plain JSON, so that it can be kept as a draft, wait for a
decision, and be compared with what others wrote meanwhile. Drafts and applications are not
in the register: nothing here is counted, listed or searched.
"""
