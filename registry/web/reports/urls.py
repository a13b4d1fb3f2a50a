from django.urls import path

from registry.web.reports.breakdown import breakdown_page
from registry.web.reports.files import report_file
from registry.web.reports.planner import planner

urlpatterns = [
    path("programme/report.<slug:kind>", report_file, name="programme-report"),
    path("programme/planner/", planner, name="programme-planner"),
    path("programme/<slug:code>/by/", breakdown_page, name="programme-breakdown"),
]
