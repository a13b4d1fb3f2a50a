"""The officers' list: page, view, export and bulk change are of the same rows."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pghistory.models
import pytest
from django.utils import timezone
from openpyxl import load_workbook

from registry import models as m
from registry.accounts.enums import Role
from registry.dashboard.figures import figure
from registry.desk.queues import QUEUES, waiting_rows
from registry.enterprises.actions import ConfirmationRefused
from registry.worklists.actions import Refused, change_all, save_view, take_on
from registry.worklists.columns import AT_FIRST, COLUMNS
from registry.worklists.sheets import mark_of, sheet
from tests.factories import (
    CertificateFactory,
    EnterpriseFactory,
    EnterpriseSectorFactory,
    ProcessFactory,
    SectorFactory,
    VerificationStepFactory,
)
from tests.small_register import small_register
from tests.worklists.conftest import account, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
URL = "/en/desk/enterprises/"
QUERIES = [
    "",
    "q=cong+ty",
    "sector=components&column=id&column=name",
    "size=small&size=not_stated&sort=-registered",
    "verified=yes&sort=labour",
    "person=nobody&sort=-certificates",
    "sector=not_stated&sort=tier&column=tier&column=ward&column=address",
]


def test_page_view_and_export_are_of_the_same_rows(lan):
    small_register(40, seed=7)
    client = signed_in(lan)
    for number, query in enumerate(QUERIES):
        view = save_view(name=f"view {number}", query=query, is_shared=False, by=lan)
        page = client.get(f"{URL}?{query}").context
        home = {one.name: count for one, count in client.get("/en/desk/").context["views"]}
        assert home[view.name] == page["count"] == sheet(view.query, TODAY).rows.count()
        text = client.get(f"{URL}list.csv?{query}").content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text)))
        start = lines.index([]) + 1
        assert lines[start] == [str(column.label) for column in page["sheet"].columns]
        assert len(lines) - start - 1 == page["count"]
        shown = [[as_text(cell) for cell in cells] for _row, cells in page["rows"]]
        assert [line for line in lines[start + 1 :]][: len(shown)] == shown
        book = load_workbook(
            io.BytesIO(client.get(f"{URL}list.xlsx?{query}").content), read_only=False
        )
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        assert [as_text(cell) for cell in rows[0]] == lines[start]
        assert len(rows) - 1 == page["count"]


def as_text(cell):
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return "" if cell is None else str(cell)


def test_an_export_says_its_day_filters_order_and_columns(lan):
    EnterpriseSectorFactory(sector=SectorFactory(code="components", name="Linh kiện"))
    response = signed_in(lan).get(f"{URL}list.csv?sector=components&sort=-registered&column=name")
    text = response.content.decode("utf-8-sig")
    about = dict(line for line in csv.reader(io.StringIO(text.split("\r\n\r\n")[0])))
    assert about["True for"] == TODAY.strftime("%d/%m/%Y")
    assert about["Sector"] == "Name components"
    assert about["Order"] == "In the register since, descending"
    assert (about["Columns"], about["Rows"]) == ("Enterprise", "1")
    assert about["Exported"].endswith(", lan")


def test_no_cell_is_a_formula_and_no_contact_is_exported(lan):
    enterprise = EnterpriseFactory(name="=HYPERLINK(1)", short_name="+1")
    enterprise.contacts.create(full_name="Người Kín", phone="0900000001")
    client = signed_in(lan)
    every = "&".join(f"column={code}" for code in COLUMNS)
    text = client.get(f"{URL}list.csv?{every}").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ("Người Kín" in text, "0900000001" in text) == (False, False)
    book = load_workbook(io.BytesIO(client.get(f"{URL}list.xlsx?{every}").content))
    (cell,) = [one for one in book.worksheets[0][2] if one.value == "=HYPERLINK(1)"]
    assert cell.data_type in ("s", "inlineStr")
    assert "contact" not in " ".join(COLUMNS)


def test_sorting_orders_by_the_column_and_the_unknown_come_last(lan):
    for name, day in (("B", None), ("A", dt.date(2024, 1, 1)), ("C", dt.date(2025, 1, 1))):
        EnterpriseFactory(name=name, last_confirmed_on=day)
    client = signed_in(lan)

    def names(sort):
        return [row.name for row, _cells in client.get(f"{URL}?sort={sort}").context["rows"]]

    assert names("confirmed") == ["A", "C", "B"]
    assert names("-confirmed") == ["C", "A", "B"]
    assert names("-name") == ["C", "B", "A"]
    assert names("sector") == names("nonsense") == ["A", "B", "C"]


@pytest.mark.parametrize(
    "query",
    ["page=x", "sort=%00", "column=%00&column=name", "person=99999999999", "q=%00", "sector=%00",
     "column=" + "&column=".join(["name"] * 400), "person=x", "person=²", "sort=-"],
)  # fmt: skip
def test_odd_addresses_are_answered(lan, query):
    EnterpriseFactory()
    client = signed_in(lan)
    for path in (URL, f"{URL}list.csv", f"{URL}list.xlsx", f"{URL}change/"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_the_list_keeps_within_the_queries_of_the_search(lan, django_assert_max_num_queries):
    client, counts = signed_in(lan), []
    every = "&".join(f"column={code}" for code in COLUMNS)
    for more in (1, 2):
        for _ in range(more):
            sector = EnterpriseSectorFactory(enterprise=CertificateFactory().enterprise)
            sector.enterprise.products.create(name="Trục")
            sector.enterprise.processes.create(process=ProcessFactory())
        with django_assert_max_num_queries(14) as seen:
            client.get(f"{URL}?{every}")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    with django_assert_max_num_queries(12):  # four of them say who is there and may what
        client.get(URL)


def test_columns_are_those_chosen_in_their_order():
    assert [one.code for one in sheet("column=tax&column=name&column=tax", TODAY).columns] == [
        "tax",
        "name",
    ]
    assert tuple(one.code for one in sheet("column=nonsense", TODAY).columns) == AT_FIRST


# Bulk changes


def changed(rows, what, by, **said):
    asked = {
        "rows": rows,
        "mark": mark_of(rows),
        "what": what,
        "sector": "",
        "reason": "r",
        "by": by,
    }
    return change_all(**{**asked, **said})


def test_a_bulk_change_is_one_act_of_the_log(lan):
    made = [EnterpriseFactory() for _ in range(3)]
    SectorFactory(code="components")
    EnterpriseSectorFactory(enterprise=made[0])
    rows = m.Enterprise.objects.all()
    assert changed(rows, "sector", lan, sector="components", reason="order 3") == 2
    held = m.EnterpriseSector.objects.order_by("enterprise")
    assert list(held.values_list("enterprise", "is_primary")) == [(e.pk, True) for e in made]
    contexts = set(
        m.EnterpriseSectorEvent.objects.exclude(enterprise=made[0]).values_list(
            "pgh_context", flat=True
        )
    )
    (context,) = pghistory.models.Context.objects.filter(pk__in=contexts)
    assert context.metadata == {"user": lan.pk, "reason": "order 3"}


def test_confirming_all_passes_over_those_of_today(lan):
    old = EnterpriseFactory()
    EnterpriseFactory(last_confirmed_on=TODAY)
    rows = m.Enterprise.objects.all()
    assert changed(rows, "confirm", lan) == 1
    old.refresh_from_db()
    assert (old.last_confirmed_on, old.events.count()) == (TODAY, 2)
    assert changed(rows, "confirm", lan) == 0
    later = EnterpriseFactory(registered_on=TODAY + dt.timedelta(days=3))
    with pytest.raises(ConfirmationRefused):
        changed(m.Enterprise.objects.filter(pk=later.pk), "confirm", lan)


def test_asking_to_verify_again_is_answered_by_the_next_look(lan):
    held = CertificateFactory(issued_on=TODAY - 90 * DAY, valid_until=TODAY + 300 * DAY)
    VerificationStepFactory(certificate=held, on=TODAY - 30 * DAY)
    never = CertificateFactory(issued_on=TODAY - 90 * DAY, valid_until=TODAY + 300 * DAY)
    over = CertificateFactory(issued_on=TODAY - 90 * DAY, valid_until=TODAY - DAY)
    fresh = CertificateFactory(issued_on=TODAY - 90 * DAY, valid_until=TODAY + 300 * DAY)
    for row, days in ((over, 30), (fresh, 0)):
        VerificationStepFactory(certificate=row, on=TODAY - days * DAY)
    rows, queue = m.Enterprise.objects.all(), QUEUES["verify-again"]
    before = figure("share_international_standard", TODAY).value
    page = signed_in(lan).get(f"{URL}change/")
    assert page.context["looked_at"] == 1
    assert list(waiting_rows(queue, TODAY)) == []
    assert changed(rows, "look-again", lan, reason="scandal") == 1
    assert list(waiting_rows(queue, TODAY)) == [held]
    assert figure("share_international_standard", TODAY).value == before
    event = m.Certificate.pgh_event_model.objects.latest("pgh_id")
    assert (event.pgh_obj_id, event.pgh_context.metadata["reason"]) == (held.pk, "scandal")
    assert changed(rows, "look-again", lan) == 0
    assert m.Certificate.pgh_event_model.objects.filter(pgh_label="update").count() == 1
    VerificationStepFactory(certificate=held, on=TODAY)
    assert list(waiting_rows(queue, TODAY)) == []
    never.refresh_from_db()
    assert never.look_again_since is None


def test_what_waits_for_a_look_by_its_age_is_not_asked_for(lan):
    held = CertificateFactory(issued_on=TODAY - 600 * DAY, valid_until=TODAY + 300 * DAY)
    VerificationStepFactory(certificate=held, on=TODAY - 500 * DAY)
    type(held.scheme).objects.update(register_months=12)
    rows = m.Enterprise.objects.all()
    assert list(waiting_rows(QUEUES["verify-again"], TODAY)) == [held]
    assert signed_in(lan).get(f"{URL}change/").context["looked_at"] == 0
    assert changed(rows, "look-again", lan) == 0


def test_asking_on_the_page_says_how_many(lan):
    held = CertificateFactory(issued_on=TODAY - 90 * DAY, valid_until=TODAY + 300 * DAY)
    VerificationStepFactory(certificate=held, on=TODAY - 30 * DAY)
    client = signed_in(lan)
    mark = client.get(f"{URL}change/").context["mark"]
    said = {"what": "look-again", "reason": "scandal", "mark": mark}
    page = client.post(f"{URL}change/", said, follow=True)
    assert "Asked to verify again: 1 certificates." in page.content.decode()
    queue = "/en/desk/queues/verify-again/"
    assert "Asked for: " in client.get(queue).content.decode()
    held.scheme.register_months = 12
    held.scheme.save()
    m.Certificate.objects.update(look_again_since=TODAY - 500 * DAY)  # answered by a look since
    held.verifications.update(on=TODAY - 400 * DAY)
    m.Certificate.objects.update(issued_on=TODAY - 600 * DAY)
    page = client.get(queue)
    assert (len(page.context["rows"]), "Asked for: " in page.content.decode()) == (1, False)


def test_a_set_that_changed_since_the_preview_is_refused(lan):
    first, rows = EnterpriseFactory(), m.Enterprise.objects.all()
    mark = mark_of(rows)
    EnterpriseFactory()
    with pytest.raises(Refused):
        changed(rows, "take", lan, mark=mark)
    mark = mark_of(rows)
    first.sites.create(kind="factory", address="Lô 1")
    with pytest.raises(Refused):
        changed(rows, "take", lan, mark=mark)
    assert m.Assignment.objects.count() == 0
    assert changed(rows, "take", lan) == 2


def test_the_preview_names_the_records_and_the_page_writes_only_those(lan):
    EnterpriseFactory(name="Alpha")
    EnterpriseFactory(name="Beta")
    client = signed_in(lan)
    page = client.get(f"{URL}change/?q=alpha")
    text = page.content.decode()
    assert ("Alpha" in text, "Beta" in text, page.context["count"]) == (True, False, 1)
    said = {"what": "confirm", "reason": "called", "mark": page.context["mark"]}
    response = client.post(f"{URL}change/?q=alpha", {**said, "reason": ""})
    assert response.status_code == 422
    EnterpriseFactory(name="Alpha Hai")
    response = client.post(f"{URL}change/?q=alpha", said)
    assert "changed since the preview" in response.content.decode()
    mark = response.context["mark"]
    response = client.post(f"{URL}change/?q=alpha", {**said, "mark": mark})
    assert (response.status_code, response.url) == (302, f"{URL}?q=alpha")
    assert m.Enterprise.objects.filter(last_confirmed_on=TODAY).count() == 2
    response = client.post(f"{URL}change/?q=alpha", {**said, "what": "sector", "mark": mark})
    assert "Choose a sector." in response.content.decode()


def test_only_officers_change_all_and_readers_read(lan):
    auditor = signed_in(account("thu", Role.AUDITOR))
    assert auditor.get(URL).status_code == 200
    assert auditor.get(f"{URL}change/").status_code == 403
    assert auditor.post(f"{URL}change/", {"what": "take"}).status_code == 403
    assert signed_in(lan).get(f"{URL}list.pdf").status_code == 404


def test_taken_on_rows_are_found_by_person(lan, minh):
    mine, other, free = (EnterpriseFactory(name=name) for name in "ABC")
    take_on(person=lan, enterprises=[mine.pk], on=TODAY, reason="r", by=lan)
    take_on(person=minh, enterprises=[other.pk], on=TODAY, reason="r", by=lan)

    def found(person):
        return set(sheet(f"person={person}", TODAY).rows.values_list("name", flat=True))

    assert (found(lan.pk), found(minh.pk), found("nobody")) == ({"A"}, {"B"}, {"C"})
    assert free.name in found("nobody")
