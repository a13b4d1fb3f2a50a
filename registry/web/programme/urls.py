from django.urls import path

from registry.web.programme.views import programme, programme_list

urlpatterns = [
    path("programme/", programme, name="programme"),
    path("programme/<slug:code>/", programme_list, name="programme-list"),
]
