"""What the register refuses to start without, in a process of its own as in production."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

PRODUCTION = {
    "REGISTRY_DEBUG": "0",
    "SECRET_KEY": "kept-by-the-department-" + "0aB1cD2eF3" * 4,
    "ALLOWED_HOSTS": "cnht.example.vn",
    "DATABASE_URL": "postgres://registry:secret@db.example.vn/registry",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_does_not_start_without(missing, value):
    environment = {name: text for name, text in PRODUCTION.items() if name != missing}
    if value is not None:
        environment[missing] = value
    result = manage("check", **environment)
    assert result.returncode == 1
    assert f"{missing} is not set" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_deployment_check_is_silent():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout
    assert result.stderr == ""


@pytest.mark.slow
def test_development_secret_is_not_used_in_production():
    code = (
        "from config import settings as s; import sys;"
        "sys.exit('development' in s.SECRET_KEY or s.DEBUG or hasattr(s, 'PRIVATE_CLUSTER'))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION},
        check=False,
    )
    assert result.returncode == 0


@pytest.mark.slow
def test_demo_is_refused_in_production():
    result = manage("demo", **PRODUCTION)
    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: The demo is for development")


@pytest.mark.slow
def test_unknown_choice_of_server_is_said_plainly():
    result = manage("check", REGISTRY_PG="oracle")
    assert result.returncode == 1
    assert "REGISTRY_PG=oracle is not known" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("value", ["optional", "off", "0"])
def test_production_cannot_switch_the_second_factor_off(value):
    result = manage("check", REGISTRY_SECOND_FACTOR=value, **PRODUCTION)
    assert result.returncode == 1
    assert f"REGISTRY_SECOND_FACTOR={value} is not known, or not allowed" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_a_directory_without_encryption_is_refused_in_production():
    result = manage("check", OIDC_ISSUER="http://id.example.vn", **PRODUCTION)
    assert result.returncode == 1
    assert "OIDC_ISSUER must begin with https://" in result.stderr


@pytest.mark.slow
def test_deployment_check_is_silent_with_a_directory():
    said = {
        "OIDC_ISSUER": "https://id.example.vn",
        "OIDC_CLIENT_ID": "a",
        "OIDC_CLIENT_SECRET": "b",
    }
    result = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, **said)
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout
