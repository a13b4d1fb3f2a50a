"""One record made two, and one again: the other way of a merger."""
