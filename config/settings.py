"""All settings. What differs by place is read from the environment, here only.

Development needs none of it. With REGISTRY_DEBUG=0 the register refuses to start
without SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.cluster import Cluster, ClusterError
from config.directory import directory


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return value in ("1", "true", "yes", "on") if value else default


def env_list(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name, "")
    return [part.strip() for part in value.split(",") if part.strip()] or default


def env_needed(name: str, development: str) -> str:
    value = os.environ.get(name, "")
    if not value and not DEBUG:
        raise ImproperlyConfigured(
            f"{name} is not set. With REGISTRY_DEBUG=0 the register does not start without it."
        )
    return value or development


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# Place

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / (os.environ.get("REGISTRY_VAR", "") or "var")
DEBUG = env_bool("REGISTRY_DEBUG", True)
SECRET_KEY = env_needed("SECRET_KEY", "development-only-" + "0123456789" * 5)
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", [])
env_needed("ALLOWED_HOSTS", "any")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])

# Applications

INSTALLED_APPS = [
    "registry",  # before the admin and the forms, so that its templates win
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_filters",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "registry.web.signin.second_factor.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.web.shared.context.site",
            ],
        },
    },
]

# Database: DATABASE_URL, else the private cluster of config/cluster.py

env_needed("DATABASE_URL", "any")
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.config(conn_max_age=60)}
else:
    try:
        PRIVATE_CLUSTER = Cluster(
            VAR_DIR / "pg", debug=DEBUG, choice=os.environ.get("REGISTRY_PG", "")
        )
    except ClusterError as problem:
        raise ImproperlyConfigured(str(problem)) from problem
    DATABASES = {
        "default": {
            "ENGINE": "config.private_postgres",
            "NAME": "registry",
            "USER": "registry",
            "HOST": str(PRIVATE_CLUSTER.socket),
        }
    }
DATABASES["default"].setdefault("ATOMIC_REQUESTS", False)
# Compiling a query takes PostgreSQL longer than any query here runs: a free-text search over
# 25 enterprises took 10 s and more where the server compiles, 0.1 s where it does not.
_options = DATABASES["default"].setdefault("OPTIONS", {})
# And a trigger that finds no list of triggers to leave out fails within a savepoint of its own,
# which goes through everything the transaction has put off: each row would take longer than the
# last. An empty list is no failure.
_session = "-c jit=off -c pgtrigger.ignore={}"
_options["options"] = f"{_session} {_options.get('options', '')}".strip()

# Language and time

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

# Files: the evidence is private and never served by the web server

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"  # built once per image, not kept like the rest of var
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
EVIDENCE_ROOT = VAR_DIR / "evidence"
MEDIA_ROOT = EVIDENCE_ROOT
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# People

AUTH_USER_MODEL = "registry.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "suppliers"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Work in the background: see registry/imports/work.py

IMPORTS_IN_BACKGROUND = env_bool("IMPORTS_IN_BACKGROUND", True)
IMPORTS_READ_APART = True
PROCRASTINATE_IMPORT_PATHS = ["registry.imports.jobs"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None

# Signing in: password, then a second factor that nobody can do without

BEHIND_PROXY = env_bool("BEHIND_PROXY", False)
SESSION_COOKIE_AGE = 12 * 3600
ACCOUNT_ADAPTER = "registry.web.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "registry.web.signin.forms.SignInForm",
    "reauthenticate": "registry.web.signin.forms.ReauthenticateForm",
    "change_password": "registry.web.signin.forms.ChangePasswordForm",
    "set_password": "registry.web.signin.forms.SetPasswordForm",
    "reset_password": "registry.web.signin.forms.LinkForm",
    "reset_password_from_key": "registry.web.signin.forms.NewPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_RATE_LIMITS = {"login_failed": "30/5m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_ADAPTER = "registry.web.signin.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "registry.web.signin.forms.CodeForm",
    "reauthenticate": "registry.web.signin.forms.CodeAgainForm",
    "activate_totp": "registry.web.signin.forms.SetUpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # clocks of telephones may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10

# Attempts are counted for all processes together, and a code is taken only once
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "registry_cache",
    }
}

# Only a sample register of a development machine can do without the second factor.
SECOND_FACTOR = os.environ.get("REGISTRY_SECOND_FACTOR", "") or "required"
if SECOND_FACTOR not in ("required", "optional") or (SECOND_FACTOR == "optional" and not DEBUG):
    raise ImproperlyConfigured(
        f"REGISTRY_SECOND_FACTOR={SECOND_FACTOR} is not known, or not allowed with REGISTRY_DEBUG=0."
    )

# E-mail: without a server nobody is offered to set a new password by e-mail

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "") or 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "") or EMAIL_HOST_USER

# OpenID Connect: VNeID or a directory of the city, in the place of the password

OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("OIDC_NAME", "") or "OpenID Connect"
SOCIALACCOUNT_ADAPTER = "registry.web.signin.adapters.DirectoryAdapter"
SOCIALACCOUNT_PROVIDERS = {}
if OIDC_ISSUER:
    if not (DEBUG or OIDC_ISSUER.startswith("https://")):
        raise ImproperlyConfigured("OIDC_ISSUER must begin with https://")
    SOCIALACCOUNT_PROVIDERS = directory(
        issuer=OIDC_ISSUER,
        name=OIDC_NAME,
        client_id=env_needed("OIDC_CLIENT_ID", "registry"),
        secret=env_needed("OIDC_CLIENT_SECRET", "development-only"),
        scope=env_list("OIDC_SCOPE", ["openid"]),
        identifier=os.environ.get("OIDC_IDENTIFIER", "") or "sub",
    )

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # The button that leads to the directory is a form, whose answer leads on to it.
        "form-action": [SELF, *env_list("OIDC_ORIGINS", [origin(OIDC_ISSUER)] * bool(OIDC_ISSUER))],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", not DEBUG)
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The demo shows the error pages that people will see, not those for developers. Last,
# because everything above asks whether this is a development machine.
if env_bool("REGISTRY_PLAIN_ERRORS", False):
    DEBUG = False

# The form of a record with many rows has more fields than Django's 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
