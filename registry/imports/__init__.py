"""An officer's list, read from a sheet, checked row by row and written whole or not at all.

``engine.plan_import`` only reads: it says how each column was understood and what each row
would do. ``engine.apply_import`` writes the rows that are new or changed, in one transaction.
A *doubtful* row needs a person's decision, a *refused* row needs another cell; neither is
written. Nothing that the list does not say is ever taken away from the register.

Bottom to top: ``problems | values → text_files | workbooks → reading → columns | places →
checking → comparing → matching → engine``; then, for lists in review, ``repairs → actions →
review``.
"""
