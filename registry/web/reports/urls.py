from django.urls import path

from registry.web.reports.files import report_file

urlpatterns = [
    path("programme/report.<slug:kind>", report_file, name="programme-report"),
]
