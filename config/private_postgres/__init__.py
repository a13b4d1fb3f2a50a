"""Django's PostgreSQL back end, which wakes the private cluster when first needed."""
