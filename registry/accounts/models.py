"""The people of the department who sign in."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _


class User(AbstractUser):
    """A person who signs in; our own class from the first migration on."""

    @property
    def signed_name(self) -> str:
        """The name they gave, as it may stand in public; never the one they sign in with."""
        return self.get_full_name() or _("an officer whose name is not recorded")
