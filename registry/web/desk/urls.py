from django.urls import path

from registry.web.desk.evidence import add_evidence, evidence
from registry.web.desk.home import count, desk
from registry.web.desk.mine import mine
from registry.web.desk.relations import verify_relation
from registry.web.desk.verifying import verify
from registry.web.desk.views import confirm, desk_queue
from registry.web.desk.withdrawing import withdraw

urlpatterns = [
    path("desk/", desk, name="desk"),
    path("desk/mine/", mine, name="desk-mine"),
    path("desk/counts/<slug:code>/", count, name="desk-count"),
    path("desk/queues/<slug:code>/", desk_queue, name="desk-queue"),
    path("desk/certificates/<int:pk>/verify/", verify, name="desk-verify"),
    path("desk/certificates/<int:pk>/withdraw/", withdraw, name="desk-withdraw"),
    path("desk/certificates/<int:pk>/evidence/", evidence, name="desk-evidence"),
    path("desk/certificates/<int:pk>/evidence/add/", add_evidence, name="desk-evidence-add"),
    path("desk/relations/<int:pk>/verify/", verify_relation, name="desk-relation"),
    path("desk/enterprises/<int:pk>/confirm/", confirm, name="desk-confirm"),
]
