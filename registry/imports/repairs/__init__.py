"""Repairs that are offered for cells of a list, and never made by themselves.

An offer says what stands there, what could stand there, and why. Taking one writes the cell
of the row in review, as an officer's own hand would; the list is then checked again.

Bottom to top: ``kinds → days | former_wards | names | phones → offers``.
"""
