"""Addresses of signing in. Named as django-allauth calls them; no page to register."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from registry.web.signin import directory, views
from registry.web.signin.views import says_errors, to_new_password, to_sign_in

__all__ = ["directory_urls", "to_new_password", "to_sign_in", "urlpatterns"]

urlpatterns = [
    path("account/", views.my_account, name="my-account"),
    path("account/sessions/end/", views.end, name="end-session"),
    path("account/language/", views.choose_language, name="choose-language"),
    path("account/login/", says_errors(views.SignInView.as_view()), name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path(
        "account/reauthenticate/",
        says_errors(account.reauthenticate),
        name="account_reauthenticate",
    ),
    path(
        "account/password/change/",
        says_errors(account.password_change),
        name="account_change_password",
    ),
    path("account/password/set/", says_errors(account.password_set), name="account_set_password"),
    path(
        "account/password/reset/", says_errors(views.password_reset), name="account_reset_password"
    ),
    path(
        "account/password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        says_errors(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/2fa/", views.to_my_account, name="mfa_index"),
    path("account/2fa/code/", says_errors(mfa.authenticate), name="mfa_authenticate"),
    path("account/2fa/reauthenticate/", says_errors(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/2fa/set-up/", says_errors(views.SetUpView.as_view()), name="mfa_activate_totp"),
    path("account/2fa/remove/", says_errors(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/2fa/codes/new/",
        says_errors(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]

# One address whatever the language, for it is written down at the directory.
directory_urls = [
    path("account/oidc/<slug:provider_id>/", directory.login, name="openid_connect_login"),
    path(
        "account/oidc/<slug:provider_id>/callback/",
        directory.callback,
        name="openid_connect_callback",
    ),
]
