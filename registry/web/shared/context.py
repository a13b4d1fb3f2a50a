"""What every page knows: the languages it can be read in, whether its data is fictional."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from registry.enterprises.queries import register_is_sample


def site(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html; asks the database only where a template looks."""
    here = request.get_full_path()
    return {
        "is_sample": SimpleLazyObject(register_is_sample),
        "languages": [
            {
                "code": code,
                # As its own readers write it, on a page of any language.
                "name": get_language_info(code)["name_local"],
                "url": translate_url(here, code),
                "absolute_url": request.build_absolute_uri(translate_url(here, code)),
                "is_current": code == get_language(),
            }
            for code, _name in settings.LANGUAGES
        ],
    }
