"""Rows of visits that the database refuses, by the name of the rule."""

from __future__ import annotations

import datetime as dt

from registry import models as m
from tests.factories import CertificateFactory, UserFactory, VisitFactory

DAY = dt.date(2026, 6, 1)


def photo(visit: m.Visit, **fields: object) -> None:
    m.VisitPhoto.objects.create(
        **{"visit": visit, "file": "visits/x.jpg", "sha256": "x", "width": 1, "height": 1, **fields}
    )


def photo_twice() -> None:
    visit = VisitFactory()
    for _ in range(2):
        photo(visit)


def certificate_twice() -> None:
    visit, certificate = VisitFactory(), CertificateFactory()
    for _ in range(2):
        m.VisitCertificate.objects.create(visit=visit, certificate=certificate)


BREAKERS = {
    "visit_settled_by_on_and_how": lambda: VisitFactory(
        conflicts=["closed"], settled_on=DAY, settled_by=UserFactory()
    ),
    "visit_difference_is_told": lambda: VisitFactory(result="differs"),
    "visit_certificate_once": certificate_twice,
    "visit_photo_once": photo_twice,
    "visit_photo_place_is_whole": lambda: photo(VisitFactory(), latitude=21),
}
