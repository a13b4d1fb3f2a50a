"""Site visits: a form that also works without a connection, the list, photos. Closed."""
