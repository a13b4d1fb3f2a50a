"""People and their rights: the administrator's pages. Every act has a reason."""
