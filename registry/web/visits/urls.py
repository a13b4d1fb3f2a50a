from django.urls import path

from registry.web.visits import views, writing

urlpatterns = [
    path("visits/", views.visits, name="visits"),
    path("visits/worker.js", writing.worker, name="visits-worker"),
    path("visits/token/", writing.token, name="visits-token"),
    path("visits/send/", writing.send_visit, name="visit-send"),
    path("visits/new/", writing.new_visit, name="visit-new"),
    path("visits/new/<str:public_id>/", writing.new_visit, name="visit-new-of"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/confirm/", views.confirm_visited, name="visit-confirm"),
    path("visits/photos/<int:pk>/", views.photo, name="visit-photo"),
]
