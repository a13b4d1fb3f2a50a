"""Four eyes: decisions that move a headline figure wait for a second person where asked.

A door calls ``actions.ask``: it does the thing at once, or keeps it as a proposal. What can
be asked stands in one table (``kinds.KINDS``); each kind calls the action of its own room.
"""
