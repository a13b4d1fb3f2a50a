"""Registering and editing in one form, applications, steps of life, splitting."""
