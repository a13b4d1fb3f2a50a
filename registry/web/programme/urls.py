from django.urls import path

from registry.web.programme.analysis import bridge_page, outlook_page, rules_page, survey_page
from registry.web.programme.api import figures_api
from registry.web.programme.places import map_page
from registry.web.programme.supply import links_page, supply_page
from registry.web.programme.views import programme, programme_list

urlpatterns = [
    path("api/v1/figures/", figures_api, name="api-figures"),
    path("programme/", programme, name="programme"),
    path("programme/outlook/", outlook_page, name="programme-outlook"),
    path("programme/rules/", rules_page, name="programme-rules"),
    path("programme/survey/", survey_page, name="programme-survey"),
    path("programme/supply/", supply_page, name="programme-supply"),
    path("programme/supply/links/", links_page, name="programme-links"),
    path("programme/<slug:code>/", programme_list, name="programme-list"),
    path("programme/<slug:code>/bridge/", bridge_page, name="programme-bridge"),
    path("programme/<slug:code>/map/", map_page, name="programme-map"),
]
