"""The own account: who I am here, second factor, sessions, language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView
from allauth.account.views import password_reset as package_password_reset
from allauth.mfa.totp.views import ActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from registry.accounts import actions
from registry.accounts.models import User
from registry.accounts.permissions import can_manage_people, is_signed_in
from registry.accounts.queries import codes_left, has_second_factor, role_of, sessions_of
from registry.areas.queries import area_of, sectors_of, wards_of
from registry.core.text import whole_number
from registry.web.shared.access import only_for
from registry.web.signin.forms import LanguageForm
from registry.web.signin.second_factor import is_optional


def says_errors(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A form shown again with its errors has status 422, as on our other pages."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 422
        return response

    return answered


class SignInView(LoginView):
    """Name and password; the directory beside them where one is set up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {
            "directory": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            "has_mail": bool(settings.EMAIL_HOST),
        }
        return {**super().get_context_data(**kwargs), **told}


class SetUpView(ActivateTOTPView):
    """Setting up takes a code: from then on the session has said its second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(self.request, cast(User, self.request.user), "mfa", type="totp")
        return response


@only_for(is_signed_in)
@require_safe
def my_account(request: HttpRequest) -> HttpResponse:
    """What this account is, what it may write, and where it is signed in."""
    person = cast(User, request.user)
    area = area_of(person)
    has_factor = has_second_factor(person)
    context: dict[str, Any] = {
        "person": person,
        "role": role_of(person),
        "may_manage_people": can_manage_people(person),
        "wards": wards_of(area),
        "sectors": sectors_of(area),
        "writes_everywhere": area.is_everything,
        "has_factor": has_factor,
        "is_optional": not has_factor and is_optional(),
        "codes_left": codes_left(person),
        "sessions": sessions_of(person),
        "session_key": request.session.session_key,
        "form": LanguageForm(initial={"language": person.language}),
    }
    return render(request, "pages/account/mine.html", context)


@only_for(is_signed_in)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of the own sessions, or all but this one."""
    text = request.POST.get("session", "")
    only = whole_number(text, 17)
    count = 0
    if only is not None or text == "others":
        count = actions.end_sessions(
            person=cast(User, request.user), keep=request.session.session_key, only=only, by=None
        )
    said = ngettext("%(count)s session ended.", "%(count)s sessions ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("my-account")


@only_for(is_signed_in)
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return redirect("my-account")
    language = form.cleaned_data["language"]
    actions.set_language(person=cast(User, request.user), language=language)
    messages.success(request, _("Saved. The pages open in this language after signing in."))
    return redirect(translate_url(reverse("my-account"), language))


@only_for(is_signed_in)
def to_my_account(request: HttpRequest) -> HttpResponse:
    """The package's overview of second factors is a part of our page."""
    return redirect("my-account")


def password_reset(request: HttpRequest) -> HttpResponseBase:
    """Only where the department has a mail server; else an administrator gives a link."""
    if not settings.EMAIL_HOST:
        raise Http404
    return package_password_reset(request)


@only_for(is_signed_in)
def to_new_password(request: HttpRequest) -> HttpResponse:
    """The admin's own page would change a password around the log and the lock-out."""
    return redirect("account_change_password")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's door leads to ours, which asks for the second factor."""
    following = request.GET.get("next", "")
    query = f"?{urlencode({'next': following})}" if following else ""
    return redirect(reverse("account_login") + query)
