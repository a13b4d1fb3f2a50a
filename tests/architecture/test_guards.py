"""Each guard of the suite is broken once here, so that it is known to bite."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from registry import models as m
from tests.factories import BuyerFactory, CertificateFactory, SupplyRelationFactory, UserFactory

pytestmark = pytest.mark.django_db
TEMPLATE = "{{ known }}{{ unknown.part }}{% if absent %}{% endif %}{{ other|default:'-' }}"


def render(source, name, **context):
    template = engines["django"].from_string(source)
    for node in template.template.nodelist.get_nodes_by_type(object):
        node.origin.name = name
    return template.render(context)


def test_unknown_variable_of_our_template_is_found(findings, settings):
    ours = str(settings.BASE_DIR / "templates" / "page.html")
    assert render(TEMPLATE, ours, known="x") == "x-"
    [found] = findings.take()
    assert "unknown.part" in found


def test_unknown_variable_of_blocktranslate_is_found(findings, settings):
    ours = str(settings.BASE_DIR / "templates" / "page.html")
    source = "{% load i18n %}{% blocktranslate %}Hello {{ nobody }}{% endblocktranslate %}"
    render(source, ours)
    [found] = findings.take()
    assert "blocktranslate" in found


def test_unknown_variable_of_a_foreign_template_is_not_our_affair(findings):
    assert render(TEMPLATE, "/elsewhere/django/contrib/admin/page.html", known="x") == "x-"
    assert findings.take() == []


def test_rows_without_an_order_do_not_come_as_written():
    first, second = BuyerFactory(), BuyerFactory()
    assert list(m.Buyer.objects.all()) == [second, first]
    assert list(m.Buyer.objects.order_by("pk")) == [first, second]
    assert m.Buyer.objects.get(code=first.code) == first


def test_slice_without_an_order_is_found(findings):
    buyer = BuyerFactory()
    assert list(m.Buyer.objects.order_by("pk")[:1]) == [buyer]
    assert m.Buyer.objects.first() == buyer
    assert findings.take() == []
    assert list(m.Buyer.objects.all()[:1]) == [buyer]
    [found] = findings.take()
    assert "Buyer" in found and __file__ in found


def writing(request):
    BuyerFactory(code="written")
    return HttpResponse("")


def writing_while_streaming(request):
    def parts():
        yield "before"
        with connection.cursor() as cursor:
            cursor.execute("UPDATE registry_buyer SET name = name")
        yield "after"

    return StreamingHttpResponse(parts())


def signing_in(request):
    request.session["seen"] = True
    return HttpResponse(str(m.Buyer.objects.count()))


urlpatterns = [
    path("writing", csrf_exempt(writing)),
    path("streaming", writing_while_streaming),
    path("session", signing_in),
]


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("method", "url", "expected"),
    [
        ("get", "/writing", ["GET /writing writes: INSERT"]),
        ("head", "/writing", ["HEAD /writing writes: INSERT"]),
        ("post", "/writing", []),
        ("get", "/streaming", ["GET /streaming writes: UPDATE"]),
        ("get", "/session", []),
    ],
)
def test_a_get_that_writes_is_found(findings, method, url, expected):
    response = getattr(Client(), method)(url)
    if response.streaming:
        assert b"".join(response.streaming_content) == b"beforeafter"
    found = findings.take()
    assert len(found) == len(expected)
    assert all(seen.startswith(begin) for seen, begin in zip(found, expected, strict=True))


def test_factories_make_rows_that_count(django_assert_num_queries):
    certificate = CertificateFactory(verified=True)
    relation = SupplyRelationFactory(verified=True, enterprise=certificate.enterprise)
    day = certificate.issued_on.replace(year=2026)
    assert m.Enterprise.objects.operating(day).in_hanoi(day).get() == certificate.enterprise
    assert m.Certificate.objects.counting(day).verified(day).get() == certificate
    assert m.SupplyRelation.objects.live(day).verified(day).public().get() == relation
    assert UserFactory().pk
