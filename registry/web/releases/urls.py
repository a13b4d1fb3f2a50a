from django.urls import path

from registry.web.releases import views
from registry.web.releases.report import release_report

urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("releases/prepare/", views.release_prepare, name="release-prepare"),
    path("releases/<int:pk>/", views.release_page, name="release"),
    path("releases/<int:pk>/download/", views.release_download, name="release-download"),
    path("releases/<int:pk>/report.<slug:kind>", release_report, name="release-report"),
    path("releases/<int:pk>/approve/", views.release_approve, name="release-approve"),
    path("releases/<int:pk>/withdraw/", views.release_withdraw, name="release-withdraw"),
    path("releases/<int:pk>/<slug:code>/", views.release_list, name="release-list"),
]
