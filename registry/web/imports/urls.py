from django.urls import path

from registry.web.imports import views
from registry.web.imports.decisions import decide, undo
from registry.web.imports.letter import summary, summary_letter
from registry.web.imports.removing import remove_list
from registry.web.imports.report import blank_list, export, refused_rows
from registry.web.imports.take_along import list_to_edit

urlpatterns = [
    path("imports/", views.batches, name="imports"),
    path("imports/export/", export, name="imports-export"),
    path("desk/enterprises/to-edit.xlsx", list_to_edit, name="worklist-to-edit"),
    path("imports/blank/", blank_list, name="imports-blank"),
    path("imports/<int:pk>/", views.columns, name="import-columns"),
    path("imports/<int:pk>/rows/", views.rows, name="import-rows"),
    path("imports/<int:pk>/rows/<int:number>/", views.row, name="import-row"),
    path("imports/<int:pk>/rows/<int:number>/decide/", decide, name="import-decide"),
    path("imports/<int:pk>/rows/<int:number>/undo/", undo, name="import-undo"),
    path("imports/<int:pk>/summary/", summary, name="import-summary"),
    path("imports/<int:pk>/summary.docx", summary_letter, name="import-letter"),
    path("imports/<int:pk>/progress/", views.progress, name="import-progress"),
    path("imports/<int:pk>/write/", views.write, name="import-write"),
    path("imports/<int:pk>/take-back/", views.take_back, name="import-take-back"),
    path("imports/<int:pk>/remove/", remove_list, name="import-remove"),
    path("imports/<int:pk>/refused.<str:kind>", refused_rows, name="import-refused"),
]
