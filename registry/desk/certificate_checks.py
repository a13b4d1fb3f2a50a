"""Questions about certificates: each a query over the rows, none of them a judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate, CertificateSite, VerificationStep
from registry.desk.questions import Fact, kind_of_question
from registry.enterprises.models import EnterpriseSector

CYCLE_SLACK_MONTHS = 2

SECTORS_OF_SCHEMES = {
    "oekotex100": {"textile_leather"},
    "oekotex-step": {"textile_leather"},
    "gots": {"textile_leather"},
    "bluesign": {"textile_leather"},
    "lwg": {"textile_leather"},
    "iatf16949": {"components", "high_tech"},
    "as9100": {"components", "high_tech"},
    "vda6.3": {"components", "high_tech"},
    "ipc-a-610": {"components", "high_tech"},
    "iso3834": {"components", "high_tech"},
}
"""Schemes made for some sectors only; a scheme that is not named fits all of them."""

BODIES_OF_SCHEMES = {
    "iatf16949": {
        "bsi", "lrqa", "nqa", "intertek", "sgs", "bureau-veritas", "afnor", "dnv", "tuv-nord",
        "tuv-rheinland", "tuv-sud", "dqs", "dekra", "rina", "jqa", "ul",
    },
    "oekotex100": {"hohenstein", "testex"},
    "oekotex-step": {"hohenstein", "testex"},
    "ul": {"ul"},
}  # fmt: skip
"""Schemes whose owner names the bodies that may certify; only bodies of our list."""

NEEDS_ACCREDITATION = ("iso9001", "iso14001", "iso45001", "iso50001", "iso27001", "iso13485")


def living() -> models.QuerySet[Certificate]:
    """Certificates of records that were not merged into another."""
    return Certificate.objects.filter(enterprise__merged_into__isnull=True)


def _facts(rows: models.QuerySet[Any], *names: str, **renamed: str) -> Iterator[Fact]:
    wanted = {**{name: name for name in names}, **renamed}
    for row in rows.values("pk", "enterprise_id", *set(wanted.values())):
        values = {name: row[source] for name, source in wanted.items()}
        yield Fact("certificate", row["pk"], row["enterprise_id"], values)


@kind_of_question(
    "number_twice",
    _("Same number on two enterprises"),
    _("Certificate %(number)s of %(scheme)s is recorded for %(other)s too."),
    _("A certificate belongs to one enterprise. A group certificate may name several."),
)
def number_twice(on: dt.date) -> Iterator[Fact]:
    others = (
        living()
        .filter(scheme=OuterRef("scheme"), number_key=OuterRef("number_key"))
        .exclude(enterprise=OuterRef("enterprise"))
        .order_by("pk")
        .values("enterprise__public_id")[:1]
    )
    rows = living().exclude(number_key="").annotate(other=Subquery(others))
    return _facts(rows.filter(other__isnull=False), "number", "other", scheme="scheme__name")


@kind_of_question(
    "file_twice",
    _("Same document twice"),
    _("The document of certificate %(number)s is also the document of certificate %(other)s."),
    _(
        "One file proves one certificate. A document on several standards of one holder is not asked about."
    ),
)
def file_twice(on: dt.date) -> Iterator[Fact]:
    same = living().filter(evidence_sha256=OuterRef("evidence_sha256")).exclude(pk=OuterRef("pk"))
    strange = same.filter(~Q(enterprise=OuterRef("enterprise")) | Q(scheme=OuterRef("scheme")))
    other = strange.order_by("pk").annotate(
        named=models.functions.Concat(
            "number", models.Value(" ("), "enterprise__public_id", models.Value(")")
        )
    )
    rows = living().exclude(evidence_sha256="").annotate(other=Subquery(other.values("named")[:1]))
    return _facts(rows.filter(other__isnull=False), "number", "other")


@kind_of_question(
    "body_not_accredited",
    _("Body without accreditation"),
    _("%(body)s has certified to %(scheme)s; no accreditation of this body is recorded."),
    _("System certificates count on an accredited body. Asked once for each body and standard."),
)
def body_not_accredited(on: dt.date) -> Iterator[Fact]:
    rows = (
        living()
        .filter(
            scheme__code__in=NEEDS_ACCREDITATION,
            body__country="VN",
            body__accreditation_body__isnull=True,
            accreditation_body__isnull=True,
        )
        .order_by("body", "scheme", "pk")
        .distinct("body", "scheme")
    )
    for fact in _facts(rows, "body_id", "scheme_id", body="body__name", scheme="scheme__name"):
        values = {name: fact.values[name] for name in ("body", "scheme")}
        yield Fact("certificationbody", fact.values["body_id"], fact.enterprise_id, values)


@kind_of_question(
    "accreditation_differs",
    _("Accreditation is not the body's"),
    _("Certificate %(number)s names %(stated)s, but %(body)s is accredited by %(known)s."),
    _("A forged certificate often bears a mark of another accreditation body."),
)
def accreditation_differs(on: dt.date) -> Iterator[Fact]:
    rows = living().filter(accreditation_body__isnull=False, body__accreditation_body__isnull=False)
    return _facts(
        rows.exclude(accreditation_body=F("body__accreditation_body")),
        "number",
        stated="accreditation_body__name",
        body="body__name",
        known="body__accreditation_body__name",
    )


@kind_of_question(
    "body_not_recognised",
    _("Body may not certify to this standard"),
    _("%(body)s is not among the bodies that may certify to %(scheme)s (certificate %(number)s)."),
    _("The owner of the standard names its certification bodies."),
)
def body_not_recognised(on: dt.date) -> Iterator[Fact]:
    wrong = Q()
    for scheme, bodies in BODIES_OF_SCHEMES.items():
        wrong |= Q(scheme__code=scheme) & ~Q(body__code__in=bodies)
    rows = living().filter(wrong, body__isnull=False)
    return _facts(rows, "number", scheme="scheme__name", body="body__name")


@kind_of_question(
    "issued_before_founded",
    _("Issued before the enterprise was founded"),
    _(
        "Certificate %(number)s was issued on %(issued_on)s; the enterprise was founded on %(founded_on)s."
    ),
    _("Either a date is wrong or the certificate is of a predecessor."),
)
def issued_before_founded(on: dt.date) -> Iterator[Fact]:
    rows = living().filter(issued_on__lt=F("enterprise__founded_on"))
    return _facts(rows, "number", "issued_on", founded_on="enterprise__founded_on")


@kind_of_question(
    "issued_after_end",
    _("Issued after the enterprise had ended"),
    _(
        "Certificate %(number)s was issued on %(issued_on)s; the enterprise had closed or moved away on %(ended_on)s."
    ),
    _("A body does not certify an enterprise that no longer works."),
)
def issued_after_end(on: dt.date) -> Iterator[Fact]:
    ended = Coalesce("enterprise__closed_on", "enterprise__moved_away_on")
    rows = living().annotate(ended_on=ended).filter(issued_on__gte=F("ended_on"))
    return _facts(rows, "number", "issued_on", "ended_on")


class Months(models.Func):
    """Whole months from the second day to the first."""

    template = (
        "(EXTRACT(YEAR FROM AGE(%(expressions)s)) * 12 + EXTRACT(MONTH FROM AGE(%(expressions)s)))"
    )
    output_field = models.IntegerField()


@kind_of_question(
    "cycle",
    _("Dates do not fit the cycle"),
    _("Certificate %(number)s lasts %(months)s months; %(scheme)s is certified for %(usual)s."),
    _("Two months more or less are usual. A shorter one can come from a transfer between bodies."),
)
def cycle(on: dt.date) -> Iterator[Fact]:
    usual = F("scheme__validity_months")
    rows = living().annotate(months=Months("valid_until", "issued_on"))
    rows = rows.filter(
        Q(months__gt=usual + CYCLE_SLACK_MONTHS) | Q(months__lt=usual - CYCLE_SLACK_MONTHS - 1)
    )
    return _facts(rows, "number", "months", scheme="scheme__name", usual="scheme__validity_months")


@kind_of_question(
    "edition_withdrawn",
    _("Edition withdrawn before issue"),
    _(
        "Certificate %(number)s of %(scheme)s:%(edition)s was issued on %(issued_on)s; the edition ended on %(ended_on)s."
    ),
    _("No body certifies to an edition that has ended."),
)
def edition_withdrawn(on: dt.date) -> Iterator[Fact]:
    rows = living().filter(issued_on__gte=F("edition__withdrawn_on"))
    return _facts(
        rows,
        "number",
        "issued_on",
        scheme="scheme__name",
        edition="edition__code",
        ended_on="edition__withdrawn_on",
    )


@kind_of_question(
    "edition_unpublished",
    _("Issued before the edition was published"),
    _(
        "Certificate %(number)s of %(scheme)s:%(edition)s was issued on %(issued_on)s; the edition came out on %(published_on)s."
    ),
    _("The edition or the date is wrong."),
)
def edition_unpublished(on: dt.date) -> Iterator[Fact]:
    rows = living().filter(issued_on__lt=F("edition__published_on"))
    return _facts(
        rows,
        "number",
        "issued_on",
        scheme="scheme__name",
        edition="edition__code",
        published_on="edition__published_on",
    )


@kind_of_question(
    "site_unknown",
    _("Site of another enterprise or ended"),
    _(
        "Certificate %(number)s names the site “%(address)s”, which is of another enterprise or had ended when it was issued."
    ),
    _("A certificate covers sites that its holder uses."),
)
def site_unknown(on: dt.date) -> Iterator[Fact]:
    rows = CertificateSite.objects.filter(certificate__enterprise__merged_into__isnull=True)
    rows = rows.filter(
        ~Q(site__enterprise=F("certificate__enterprise"))
        | Q(site__until__lte=F("certificate__issued_on"))
    )
    for pk, enterprise, number, address in rows.values_list(
        "certificate", "certificate__enterprise", "certificate__number", "site__address"
    ):
        yield Fact("certificate", pk, enterprise, {"number": number, "address": address})


@kind_of_question(
    "scheme_far",
    _("Standard far from the sector"),
    _(
        "Certificate %(number)s is of %(scheme)s, which is made for another sector than that of this enterprise."
    ),
    _("Some standards are made for one trade. An enterprise may work in a second one."),
)
def scheme_far(on: dt.date) -> Iterator[Fact]:
    sectors = EnterpriseSector.objects.filter(enterprise=OuterRef("enterprise"))
    rows = living().filter(models.Exists(sectors))
    far = Q()
    for scheme, fitting in SECTORS_OF_SCHEMES.items():
        near = sectors.filter(Q(sector__code__in=fitting) | Q(sector__parent__code__in=fitting))
        far |= Q(scheme__code=scheme) & ~Q(models.Exists(near))
    return _facts(rows.filter(far), "number", scheme="scheme__name")


@kind_of_question(
    "looked_before_issue",
    _("Confirmed before it was issued"),
    _("Certificate %(number)s was confirmed on %(looked_on)s and issued on %(issued_on)s."),
    _("What is not issued yet cannot be confirmed."),
)
def looked_before_issue(on: dt.date) -> Iterator[Fact]:
    rows = VerificationStep.objects.filter(
        certificate__enterprise__merged_into__isnull=True,
        outcome=VerificationStep.Outcome.CONFIRMED,
        on__lt=F("certificate__issued_on"),
    )
    return _looks(rows, issued_on="certificate__issued_on")


@kind_of_question(
    "looked_in_future",
    _("Looked at after it was written down"),
    _(
        "A look at certificate %(number)s is dated %(looked_on)s but was recorded on %(recorded_on)s."
    ),
    _("Nobody writes down today what will be seen tomorrow."),
)
def looked_in_future(on: dt.date) -> Iterator[Fact]:
    recorded = VerificationStep.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=OuterRef("pk"), pgh_label="insert"
    ).order_by("pgh_id")
    rows = VerificationStep.objects.filter(
        certificate__enterprise__merged_into__isnull=True
    ).annotate(recorded_on=TruncDate(Subquery(recorded.values("pgh_created_at")[:1])))
    return _looks(rows.filter(on__gt=F("recorded_on")), recorded_on="recorded_on")


def _looks(rows: models.QuerySet[VerificationStep], **renamed: str) -> Iterator[Fact]:
    wanted = {"number": "certificate__number", "looked_on": "on", **renamed}
    for row in rows.values("certificate_id", "certificate__enterprise_id", *wanted.values()):
        values = {name: row[source] for name, source in wanted.items()}
        yield Fact("certificate", row["certificate_id"], row["certificate__enterprise_id"], values)
