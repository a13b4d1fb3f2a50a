from django.urls import path

from registry.web.people.views import act, new_person, people, person

urlpatterns = [
    path("people/", people, name="people"),
    path("people/new/", new_person, name="person-new"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/<slug:code>/", act, name="person-act"),
]
