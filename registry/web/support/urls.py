from django.urls import path

from registry.web.support import cohort, incentives, participants, programmes

urlpatterns = [
    path("programme/support/", cohort.cohort, name="support-cohort"),
    path("programme/support/<slug:outcome>/", cohort.members, name="support-cohort-list"),
    path("support/", programmes.programmes, name="support"),
    path("support/programmes/add/", programmes.add_programme, name="support-programme-add"),
    path("support/programmes/<int:pk>/", programmes.programme, name="support-programme"),
    path("support/programmes/<int:pk>/edit/", programmes.edit_programme, name="support-programme-edit"),
    path("support/programmes/<int:pk>/activities/add/", programmes.add_activity, name="support-activity-add"),
    path("support/activities/<int:pk>/", participants.activity, name="support-activity"),
    path("support/activities/<int:pk>/edit/", programmes.edit_activity, name="support-activity-edit"),
    path("support/participations/<int:pk>/", participants.edit_participation, name="participation"),
    path("support/participations/<int:pk>/take-out/", participants.drop_participation, name="participation-drop"),
    path("support/participations/<int:pk>/figures/add/", participants.add_measure, name="support-measure-add"),
    path("support/figures/<int:pk>/", participants.edit_measure, name="support-measure"),
    path("support/incentives/", incentives.incentives, name="incentives"),
    path("support/incentives/<int:pk>/", incentives.incentive, name="incentive"),
    path("support/incentives/<int:pk>/edit/", incentives.edit_incentive, name="incentive-edit"),
    path("support/incentives/add/<str:public_id>/", incentives.add_incentive, name="incentive-add"),
]  # fmt: skip
