from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from registry.urls import robots
from registry.web.signin.urls import directory_urls, to_new_password, to_sign_in

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    *directory_urls,
    *i18n_patterns(
        path("admin/login/", to_sign_in, name="admin-login"),  # the admin has no door of its own
        path("admin/password_change/", to_new_password, name="admin-password-change"),
        path("admin/", admin.site.urls),
        path("", include("registry.urls")),
        prefix_default_language=False,
    ),
]
