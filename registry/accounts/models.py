"""The people of the department who sign in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in; our own class from the first migration on."""
