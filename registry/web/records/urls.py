from django.urls import path

from registry.web.records.deciding import application, applications
from registry.web.records.editing import drop_edit, edit
from registry.web.records.likeness import likeness
from registry.web.records.living import life
from registry.web.records.registering import draft, drop, register, revise
from registry.web.records.splitting import split, splittings, undo

urlpatterns = [
    path("records/new/", register, name="record-new"),
    path("records/drafts/<int:pk>/", draft, name="record-draft"),
    path("records/drafts/<int:pk>/drop/", drop, name="record-draft-drop"),
    path("records/likeness/", likeness, name="record-likeness"),
    path("records/applications/", applications, name="applications"),
    path("records/applications/<int:pk>/", application, name="application"),
    path("records/applications/<int:pk>/revise/", revise, name="application-revise"),
    path("records/splittings/", splittings, name="splittings"),
    path("records/splittings/<int:pk>/undo/", undo, name="split-undo"),
    path("records/<str:public_id>/split/", split, name="split"),
    path("records/<str:public_id>/edit/", edit, name="record-edit"),
    path("records/<str:public_id>/edit/drop/", drop_edit, name="record-edit-drop"),
    path("records/<str:public_id>/life/", life, name="life"),
]
