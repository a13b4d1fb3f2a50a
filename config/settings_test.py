"""Settings of the test suite: the same, only quicker."""

from config.settings import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
SECURE_SSL_REDIRECT = False
EVIDENCE_ROOT = MEDIA_ROOT = VAR_DIR / "test-evidence"  # noqa: F405

# The same functions, called where they are asked for; tests of the worker start a real one.
IMPORTS_IN_BACKGROUND = False
IMPORTS_READ_APART = False
