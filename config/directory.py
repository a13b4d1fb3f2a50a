"""What django-allauth needs to know of the one OpenID Connect issuer of this place."""

from typing import Any

PROVIDER = "directory"


def directory(
    *, issuer: str, name: str, client_id: str, secret: str, scope: list[str], identifier: str
) -> dict[str, Any]:
    """Settings of the issuer: code flow with PKCE, the signed token only, nothing more asked."""
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": PROVIDER,
                    "name": name,
                    "client_id": client_id,
                    "secret": secret,
                    "settings": {
                        "server_url": issuer,
                        "fetch_userinfo": False,
                        "scope": scope,
                        "uid_field": identifier,
                    },
                }
            ],
        }
    }
