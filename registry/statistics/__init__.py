"""Figures that the register cannot count, entered by hand with their source.

Share of manufacturing value, growth, fairs: what a statistics office or a report says. An
entered value never stands among computed ones: the database knows only the indicators of
``enums.EnteredIndicator``, none of which the register counts. Read as it was known then.
"""
