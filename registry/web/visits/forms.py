"""The form of a visit. Lists of the record are choices; what is sent is checked anew."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from registry.certifications.models import Certificate
from registry.enterprises.models import Enterprise, Site
from registry.enterprises.naming import named_enterprises
from registry.visits.actions import VisitDraft
from registry.visits.enums import Met, Purpose, Result, Seen
from registry.visits.validators import MOST_PHOTOS, Photo, photo_of


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Up to six photos, each looked into; what is wrong names the file."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        files = [file for file in (data or []) if file]
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_t("At most %(n)s photos.") % {"n": MOST_PHOTOS})
        photos, problems = [], []
        for file in files:
            try:
                photos.append(photo_of(file.file, file.size))
            except ValidationError as refused:
                problems.append(f"{file.name[:60]}: {' '.join(refused.messages)}")
        if problems:
            raise ValidationError(problems)
        return photos


class AnyOf(forms.TypedMultipleChoiceField):
    """Ids of rows; those that are no longer offered are not refused."""

    def valid_value(self, value: str) -> bool:
        return value.isascii() and value.isdigit() and len(value) < 18


class OneOf(forms.TypedChoiceField):
    valid_value = AnyOf.valid_value


def answered(label: Any, choices: Any, said: Any, **options: Any) -> forms.ChoiceField:
    """A question without an answer beforehand: what nobody chose is not said to be so."""
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Choose")), *choices],
        widget=forms.Select(attrs={"required": True}),
        error_messages={"required": said},
        **options,
    )


def checked(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Seen.choices, initial=Seen.NOT_LOOKED)


class VisitForm(forms.Form):
    """One visit, as an officer writes it on a phone."""

    use_required_attribute = False
    enterprise = forms.CharField(
        label=_("Enterprise"),
        max_length=300,
        help_text=_("Code in the register (CNHT-…), tax code, or the whole name."),
        error_messages={"required": _("Say which enterprise was visited.")},
    )
    on = forms.DateField(
        label=_("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say on which day.")},
    )
    site = OneOf(label=_("Site"), coerce=int, required=False, empty_value=None)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    site_exists = checked(_("Is the enterprise at the address?"))
    machines_seen = checked(_("Are the machines there, as recorded?"))
    processes_seen = checked(_("Are the processes done there, as recorded?"))
    certificates = AnyOf(
        label=_("Certificates seen on the wall"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    met = answered(
        _("Who was met"),
        Met.choices,
        _("Say who was met."),
        help_text=_("By post; no names of persons."),
    )
    result = answered(_("Result"), Result.choices, _("Say what the visit showed."))
    note = forms.CharField(
        label=_("What was seen"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What differs, machines, number of people at work. No names of persons."),
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_(
            "Up to 6, JPEG, PNG or WebP. They are made smaller; place and device are taken out."
        ),
    )
    keep_place = forms.BooleanField(
        label=_("Keep the place where the photos were taken"), required=False
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    person = forms.IntegerField(widget=forms.HiddenInput)
    record_read_at = forms.DateTimeField(
        widget=forms.HiddenInput, required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"]
    )

    def __init__(
        self, *args: Any, person: int, enterprise: Enterprise | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meant = enterprise
        self.by = person
        self.fields["photos"].widget.attrs.update(accept="image/jpeg,image/png,image/webp")
        if not self.is_bound:
            self.initial.update(fresh(person, enterprise))
        sites, certificates = offered(enterprise) if enterprise else ([], [])
        self.fields["site"].choices = [("", _t("Not one of these, or not known")), *sites]  # type: ignore[attr-defined]
        self.fields["certificates"].choices = certificates  # type: ignore[attr-defined]
        if enterprise is not None:
            self.fields["enterprise"].widget = forms.HiddenInput()
        else:
            del self.fields["site"], self.fields["certificates"]

    def clean_enterprise(self) -> Enterprise:
        text = self.cleaned_data["enterprise"]
        exact = Enterprise.objects.filter(public_id=text.strip().upper()[:16]).first()
        if exact is not None:
            return exact
        meant = [line.enterprise for line in named_enterprises(text)]
        if len(meant) != 1 or meant[0] is None:
            raise ValidationError(_t("“%(text)s” is not in the register.") % {"text": text[:80]})
        return meant[0]

    def clean_person(self) -> int:
        if self.cleaned_data["person"] != self.by:
            raise ValidationError(
                _t("This was written by somebody else. Sign in as that person to send it.")
            )
        return self.by

    def draft(self) -> VisitDraft:
        told = self.cleaned_data
        names = ("uuid", "enterprise", "on", "purpose", "site_exists", "machines_seen",
                 "processes_seen", "met", "result", "note", "record_read_at", "keep_place")  # fmt: skip
        return VisitDraft(
            **{name: told[name] for name in names},
            site_id=told.get("site"),
            certificate_ids=tuple(told.get("certificates") or ()),
        )


def fresh(person: int, enterprise: Enterprise | None) -> dict[str, Any]:
    """What a new form begins with; its own uuid, so that a second click is no second visit."""
    return {
        "uuid": uuid.uuid4(),
        "person": person,
        "on": timezone.localdate(),
        "record_read_at": timezone.now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f%z"),
        "enterprise": enterprise.public_id if enterprise else "",
    }


def offered(
    enterprise: Enterprise,
) -> tuple[Sequence[tuple[int, str]], Sequence[tuple[int, str]]]:
    """The sites and certificates of the record, to choose from."""
    sites = Site.objects.filter(enterprise=enterprise).standing(timezone.localdate())
    certificates = Certificate.objects.filter(enterprise=enterprise).select_related("scheme")
    return (
        [(row.pk, row.address) for row in sites.order_by("kind", "pk")],
        [
            (row.pk, f"{row.scheme.label} {row.number}".strip())
            for row in certificates.order_by("scheme__code", "-valid_until", "pk")
        ],
    )
