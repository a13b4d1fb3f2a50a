"""Addresses of the pages; ``tests/architecture`` holds the list of the public ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from registry.web.shared.gallery import gallery


def home(request: HttpRequest) -> HttpResponse:
    """Most people come to find a supplier."""
    return redirect("suppliers")


def robots(request: HttpRequest) -> HttpResponse:
    """Machines read the pages of today; looks into the past are costly and for people."""
    lines = [
        "User-agent: *",
        "Disallow: /*known=",
        "Disallow: /*from_on=",
        "Disallow: /admin/",
        "Disallow: /account/",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


urlpatterns = [
    path("", home, name="home"),
    path("", include("registry.web.suppliers.urls")),
    path("", include("registry.web.reports.urls")),  # before programme/<code>/
    path("", include("registry.web.support.urls")),  # before programme/<code>/
    path("", include("registry.web.programme.urls")),
    path("", include("registry.web.approvals.urls")),
    path("", include("registry.web.office.urls")),
    path("", include("registry.web.worklists.urls")),
    path("", include("registry.web.desk.urls")),
    path("", include("registry.web.visits.urls")),
    path("", include("registry.web.records.urls")),
    path("", include("registry.web.imports.urls")),
    path("", include("registry.web.releases.urls")),
    path("", include("registry.web.people.urls")),
    path("", include("registry.web.signin.urls")),
    path("components/", gallery, name="gallery"),
]
