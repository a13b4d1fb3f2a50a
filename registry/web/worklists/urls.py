from django.urls import path

from registry.web.worklists.bulk import bulk
from registry.web.worklists.lists import enterprises, export
from registry.web.worklists.views import assign, drop_view, end_pause, save_view, service

urlpatterns = [
    path("desk/enterprises/", enterprises, name="worklist"),
    path("desk/enterprises/list.<str:kind>", export, name="worklist-export"),
    path("desk/enterprises/change/", bulk, name="worklist-change"),
    path("desk/views/save/", save_view, name="view-save"),
    path("desk/views/<int:pk>/drop/", drop_view, name="view-drop"),
    path("desk/assign/<slug:kind>/<int:pk>/", assign, name="desk-assign"),
    path("desk/service/", service, name="desk-service"),
    path("desk/service/pauses/<int:pk>/end/", end_pause, name="pause-end"),
]
