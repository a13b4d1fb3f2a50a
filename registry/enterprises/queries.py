"""Reads over the room's tables."""

from registry.enterprises.models import Register


def register_is_sample() -> bool:
    """Whether what is shown is the fictional sample register."""
    return Register.objects.filter(kind=Register.Kind.SAMPLE).exists()
