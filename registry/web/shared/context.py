"""What every page knows: its languages, whether its data is fictional, a pause of the intake."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from registry.worklists.queries import notices


def site(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html; asks the database only where a template looks."""
    here = request.get_full_path()
    said = SimpleLazyObject(lambda: notices(timezone.localdate()))
    return {
        "is_sample": SimpleLazyObject(lambda: said["is_sample"]),
        "intake_pause": SimpleLazyObject(lambda: said["pause"]),
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
