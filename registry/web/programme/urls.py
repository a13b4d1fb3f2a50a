from django.urls import path

from registry.web.programme.analysis import bridge_page, outlook_page, rules_page, survey_page
from registry.web.programme.api import figures_api
from registry.web.programme.entered import (
    entered_add,
    entered_correct,
    entered_page,
    entered_withdraw,
)
from registry.web.programme.method import method_page
from registry.web.programme.places import map_page
from registry.web.programme.progress import progress_page, status_page
from registry.web.programme.supply import links_page, supply_page
from registry.web.programme.views import programme, programme_list

urlpatterns = [
    path("api/v1/figures/", figures_api, name="api-figures"),
    path("programme/", programme, name="programme"),
    path("programme/outlook/", outlook_page, name="programme-outlook"),
    path("programme/rules/", rules_page, name="programme-rules"),
    path("programme/survey/", survey_page, name="programme-survey"),
    path("programme/entered/", entered_page, name="programme-entered"),
    path("programme/entered/add/", entered_add, name="programme-entered-add"),
    path("programme/entered/<int:pk>/", entered_correct, name="programme-entered-correct"),
    path(
        "programme/entered/<int:pk>/withdraw/",
        entered_withdraw,
        name="programme-entered-withdraw",
    ),
    path("programme/status/", status_page, name="programme-status"),
    path("programme/supply/", supply_page, name="programme-supply"),
    path("programme/supply/links/", links_page, name="programme-links"),
    path("programme/<slug:code>/", programme_list, name="programme-list"),
    path("programme/<slug:code>/bridge/", bridge_page, name="programme-bridge"),
    path("programme/<slug:code>/progress/", progress_page, name="programme-progress"),
    path("programme/<slug:code>/method/", method_page, name="programme-method"),
    path("programme/<slug:code>/map/", map_page, name="programme-map"),
]
