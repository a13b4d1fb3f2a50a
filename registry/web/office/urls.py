from django.urls import path

from registry.web.office.consenting import consent, contacts
from registry.web.office.log import history, log, restore
from registry.web.office.merging import decide, duplicates, merge, mergers, undo
from registry.web.office.questions import answer, office, questions

urlpatterns = [
    path("office/", office, name="office"),
    path("office/questions/", questions, name="questions"),
    path("office/questions/<slug:kind>/<slug:mark>/", answer, name="question"),
    path("office/duplicates/", duplicates, name="duplicates"),
    path("office/duplicates/<int:one>/<int:other>/", decide, name="duplicate"),
    path("office/enterprises/<str:public_id>/merge/<str:gone_id>/", merge, name="merge"),
    path("office/mergers/", mergers, name="mergers"),
    path("office/mergers/<int:pk>/undo/", undo, name="merger-undo"),
    path("office/log/", log, name="log"),
    path("office/enterprises/<str:public_id>/history/", history, name="history"),
    path("office/enterprises/<str:public_id>/contacts/", contacts, name="contacts"),
    path("office/contacts/<int:pk>/consent/", consent, name="contact-consent"),
    path("office/changes/<slug:table>/<int:event>/", restore, name="change"),
]
