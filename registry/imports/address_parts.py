"""Whether an address that is put together from several cells says a part of it already."""

from __future__ import annotations

from registry.imports.values import words

BEFORE_A_NUMBER = ("", "so ", "so nha ")


def has_part(address: str, part: str) -> bool:
    """Whether a further cell of the address adds nothing to it."""
    return begins_with(address, part) if is_number(part) else says(address, part)


def says(address: str, part: str) -> bool:
    """Whether the words of the part stand in the address already, as whole words."""
    key = words(part)
    return not key or f" {key} " in f" {words(address)} "


def is_number(part: str) -> bool:
    """Whether a part of an address is a house number: "12", "12A/5"."""
    return all(word[0].isdigit() for word in words(part).split())


def begins_with(address: str, number: str) -> bool:
    """Whether the address begins with the house number; the one of a lane is another."""
    key = words(number)
    return not key or any(
        f"{words(address)} ".startswith(f"{before}{key} ") for before in BEFORE_A_NUMBER
    )
