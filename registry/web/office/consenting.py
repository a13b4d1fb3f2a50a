"""Contact persons: read after a reason, and what each agreed to be shown of them.

Every showing of the page is kept as a reading; looking (GET) shows and keeps nothing.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from registry.accounts.models import User
from registry.desk.actions import read_contacts
from registry.enterprises.actions import CONSENTS, ConsentRefused, consent_mark, set_consent
from registry.enterprises.models import Contact, Enterprise
from registry.enterprises.permissions import is_in_area, refuse_outside_area
from registry.enterprises.queries import consents_of
from registry.web.office.allowed import SEES_CONTACTS, needs
from registry.web.shared.access import person
from registry.web.shared.forms import ReasonForm, day_field

GIVES_CONSENT = "registry.change_contact"
SALT = "registry.web.office.contacts"


class ConsentForm(forms.Form):
    """On which day the person agreed to each; empty is "no"."""

    use_required_attribute = False
    name_consent_on = day_field(_("Consent to show the name, given on"), required=False)
    phone_consent_on = day_field(_("Consent to show the phone, given on"), required=False)
    email_consent_on = day_field(_("Consent to show the e-mail, given on"), required=False)
    how = forms.CharField(
        label=_("How it was given or taken back"),
        max_length=300,
        help_text=_("For example a signed form, an e-mail or a call; kept for ever."),
        error_messages={"required": _("Say how it was given or taken back.")},
    )
    mark = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())


@needs(SEES_CONTACTS)
def contacts(request: HttpRequest, public_id: str) -> HttpResponse:
    """Contact persons beyond their consent: shown after a reason, and the reading is kept."""
    enterprise = get_object_or_404(Enterprise, public_id=public_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return told(request, enterprise, form.cleaned_data["reason"])
    context = {"enterprise": enterprise, "form": form, "people": None, "section": "log"}
    status = 422 if form.errors else 200
    return render(request, "pages/office/contacts.html", context, status=status)


@require_POST
@needs(SEES_CONTACTS)
@needs(GIVES_CONSENT)
@sensitive_variables("contact")
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what a person agreed to; "withdraw" takes all of it back at once.

    Without the reason for which the persons were shown it is asked first.
    """
    contact = get_object_or_404(Contact.objects.select_related("enterprise"), pk=pk)
    refuse_outside_area(person(request), [contact.enterprise_id])
    reason = reason_given(request, contact.enterprise)
    if not reason:
        messages.error(request, _t("Nothing was recorded. Say first why you read this."))
        return redirect("contacts", contact.enterprise.public_id)
    form = ConsentForm(request.POST, prefix=f"c{pk}")
    is_withdrawn = "withdraw" in request.POST
    # Days are not read where everything is taken back: a wrong one must not stop that.
    is_readable = form.is_valid() or (is_withdrawn and form.errors.keys() <= CONSENTS.keys())
    if is_readable and written(contact, form, is_withdrawn, person(request)):
        messages.success(request, _t("Recorded. What is not agreed to is hidden from now on."))
        return redirect("contacts", contact.enterprise.public_id)
    return told(request, contact.enterprise, reason, form, status=422)


def reason_carried(user: User, enterprise: Enterprise, reason: str) -> str:
    """The reason as the forms carry it: of this person, for these contact persons."""
    return signing.dumps([user.pk, enterprise.pk, reason], salt=SALT)


def reason_given(request: HttpRequest, enterprise: Enterprise) -> str:
    """The reason that the posted form carries; empty where it carries none that holds."""
    try:
        user, pk, reason = signing.loads(request.POST.get("read_because", ""), salt=SALT)
    except signing.BadSignature:
        return ""
    return str(reason) if (user, pk) == (person(request).pk, enterprise.pk) else ""


def written(contact: Contact, form: ConsentForm, is_withdrawn: bool, by: User) -> bool:
    """Whether it was recorded; otherwise the form says why not."""
    said = form.cleaned_data
    days = {name: None if is_withdrawn else said[name] for name in CONSENTS}
    try:
        if set_consent(contact=contact, days=days, how=said["how"], mark=said["mark"], by=by):
            return True
        form.add_error(None, _t("Nothing was changed: it is recorded so already."))
    except ConsentRefused as refused:
        for name, problem in refused.problems.items():
            form.add_error(name, problem)
    return False


def anew(form: ConsentForm, wrong: ConsentForm) -> ConsentForm:
    """The days as they stand now: those typed were of what stood before. The words stay."""
    form.initial["how"] = wrong["how"].value()
    return form


@sensitive_variables("people", "rows")
def told(
    request: HttpRequest,
    enterprise: Enterprise,
    reason: str,
    wrong: ConsentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The persons with their consents and how each was given; the reading is kept first."""
    me = person(request)
    read_contacts(enterprise=enterprise, reason=reason, by=me)
    people = list(enterprise.contacts.order_by("pk"))
    changes = consents_of(enterprise.pk)
    accounts = {one.person for mine in changes.values() for one in mine if one.person}
    names = {user.pk: user.desk_name for user in User.objects.filter(pk__in=accounts)}
    rows: list[dict[str, Any]] = []
    for one in people:
        prefix = f"c{one.pk}"
        days = {name: getattr(one, name) for name in CONSENTS}
        form = ConsentForm(prefix=prefix, initial={**days, "mark": consent_mark(one)})
        if wrong is not None and wrong.prefix == prefix:
            form = anew(form, wrong) if wrong.has_error("mark") else wrong
        rows.append(
            {
                "contact": one,
                "form": form,
                "changes": [
                    (change, names.get(change.person or 0, ""))
                    for change in reversed(changes.get(one.pk, []))
                ],
            }
        )
    context = {
        "enterprise": enterprise,
        "people": rows,
        "wrong": wrong,
        "read_because": reason_carried(me, enterprise, reason),
        "may_set": me.has_perm(GIVES_CONSENT) and is_in_area(me, enterprise),
        "section": "log",
    }
    return render(request, "pages/office/contacts.html", context, status=status)
