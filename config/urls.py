from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from registry.urls import robots

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("registry.urls")),
        prefix_default_language=False,
    ),
]
