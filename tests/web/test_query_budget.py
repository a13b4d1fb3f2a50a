"""How many questions a page asks the database: a budget, the same at any size."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import models as m
from registry.dashboard.figures import members
from registry.dashboard.places import UNMAPPED
from tests.properties.lived_register import LAST, LivedRegister

pytestmark = pytest.mark.django_db
SHARE = "share_international_standard"


def asked(client, url: str) -> int:
    joined = f"{url}{'&' if '?' in url else '?'}on={LAST}"
    with CaptureQueriesContext(connection) as seen:
        assert client.get(joined).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("url", "budget"),
    [
        ("/programme/", 25),
        ("/programme/enterprises_total/", 13),
        (f"/programme/{SHARE}/map/", 6),
        (f"/programme/{SHARE}/by/?rows=district&columns=sector", 12),
        ("/api/v1/figures/", 16),
    ],
)
def test_a_page_keeps_its_budget_whatever_the_size(client, url, budget):
    LivedRegister(seed=11)
    full = asked(client, url)
    assert full <= budget
    here = m.Enterprise.objects.operating(LAST).in_hanoi(LAST).in_name_order()
    unmapped = members(SHARE, LAST, {"district": UNMAPPED}).in_name_order()
    kept = [*here[:2], *unmapped[:1]]
    m.Enterprise.objects.filter(merged_into__isnull=False).delete()
    m.Enterprise.objects.exclude(pk__in=[row.pk for row in kept]).delete()
    assert asked(client, url) == full
