"""The filter of enterprises: the same for page, admin, command and API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.enterprises.enums import LegalForm, Ownership, SizeClass
from registry.enterprises.models import Enterprise, EnterpriseQuerySet
from registry.reference import models as reference
from registry.search.criteria import NO, NOT_STATED, YES, Chosen, restrict
from registry.supply.models import SupplyRelation

NOT_STATED_CHOICE = (NOT_STATED, _("Not stated"))
ANSWERS = [(YES, _("Yes")), (NO, _("No"))]
LONGEST_TEXT = 200


class CodesField(forms.MultipleChoiceField):
    """Any codes: a link with a code that has gone from the list finds nothing, not an error."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= 40 and "\x00" not in str(value)


class CodesFilter(django_filters.MultipleChoiceFilter):
    field_class = CodesField


def codes(label: Any, choices: Any) -> CodesFilter:
    return CodesFilter(label=label, choices=choices)


def of_list(label: Any, model: Any) -> CodesFilter:
    def choices() -> list[tuple[str, Any]]:
        return [
            *((row.code, row.label) for row in model.objects.order_by("name")),
            NOT_STATED_CHOICE,
        ]

    return codes(label, choices)


def answers(label: Any) -> CodesFilter:
    return codes(label, ANSWERS)


class EnterpriseFilter(django_filters.FilterSet):
    """Criteria as they stand in the address: ``?q=…&sector=components&scheme=iso9001``.

    A name given twice means "one or the other"; different names must all hold.
    """

    q = django_filters.CharFilter(label=_("Search"), max_length=LONGEST_TEXT)
    sector = of_list(_("Sector"), reference.Sector)
    process = of_list(_("Process"), reference.Process)
    product_group = of_list(_("Product group"), reference.ProductGroup)
    scheme = of_list(_("Certificate valid today"), reference.CertificationScheme)
    verified = answers(_("Certificate verified"))
    international = answers(_("Meets international standards"))
    tier = codes(_("Supply tier"), [*SupplyRelation.Tier.choices, NOT_STATED_CHOICE])
    buyer = of_list(_("Supplies"), reference.Buyer)
    supply_verified = answers(_("Supply relation verified"))
    province = of_list(_("Province"), reference.Province)
    ward = of_list(_("Ward or commune"), reference.Ward)
    park = of_list(_("Industrial park"), reference.Park)
    size = codes(_("Size"), [*SizeClass.choices, NOT_STATED_CHOICE])
    ownership = codes(_("Ownership"), [*Ownership.choices, NOT_STATED_CHOICE])
    legal_form = codes(_("Legal form"), [*LegalForm.choices, NOT_STATED_CHOICE])

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def __init__(self, *args: Any, on: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on or timezone.localdate()

    @property
    def chosen(self) -> Chosen:
        """Cleaned values, empty ones left out; a wrong value is left out too (see form)."""
        self.form.is_valid()
        cleaned = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in cleaned.items() if value}

    def filter_queryset(self, queryset: EnterpriseQuerySet) -> EnterpriseQuerySet:
        """Some criteria speak of one and the same certificate or relation, so that they
        cannot be applied one after the other as django-filter would."""
        return restrict(queryset, self.chosen, self.on)
