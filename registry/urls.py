"""Addresses of the pages; ``tests/architecture`` holds the list of the public ones."""

urlpatterns: list = []
