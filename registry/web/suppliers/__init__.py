"""Where buyers find suppliers: the list and the profile."""
