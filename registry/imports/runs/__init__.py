"""Work on a batch that is asked for and done later: who asked, how far it is, how it ended.

This knows nothing of the work itself: that is ``registry.imports.work``.
"""
