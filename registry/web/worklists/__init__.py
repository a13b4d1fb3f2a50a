"""The officers' list of enterprises, saved views, bulk changes; targets and pauses. Closed."""
