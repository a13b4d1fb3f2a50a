from django.urls import path

from registry.web.approvals.policies import policies
from registry.web.approvals.views import proposal, proposals

urlpatterns = [
    path("office/approvals/", proposals, name="proposals"),
    path("office/approvals/policy/", policies, name="approval-policies"),
    path("office/approvals/<int:pk>/", proposal, name="proposal"),
]
