from django.urls import path

from registry.web.suppliers.views import supplier, suppliers

urlpatterns = [
    path("suppliers/", suppliers, name="suppliers"),
    path("suppliers/<str:public_id>/", supplier, name="supplier"),
]
