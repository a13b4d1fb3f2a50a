"""One release as one file: tables, the frozen content, and how to check it."""

from __future__ import annotations

import io
import json
import zipfile

from django.conf import settings
from django.utils import translation
from django.utils.text import slugify

from registry.releases.models import Release
from registry.releases.tables import tables_of

METHOD = """{period}
True for {on}, as known at {known}.
Prepared by {prepared_by}, {prepared_at}.
Approved by {approved_by}, {approved_at}.
Counting rule, version {version}: {name}
{clauses}

How to check this file offline
  manage.py verify_release THIS.zip
or by hand: take "payload" of release.json, write it as JSON with sorted keys, UTF-8 and
no spaces, and work out its SHA-256:
  python3 -c "import json,hashlib;d=json.load(open('release.json',encoding='utf-8'));\
print(hashlib.sha256(json.dumps(d['payload'],sort_keys=True,ensure_ascii=False,\
separators=(',',':')).encode()).hexdigest()==d['sha256'])"
SHA-256: {sha256}
It is that of the payload: figures, lists, rule and both dates. figures.csv and lists.csv are
made of nothing else, and verify_release makes them anew and compares. The names stand beside it.
"""
EARLIEST = (1980, 1, 1, 0, 0, 0)


def file_name(release: Release) -> str:
    return f"release-{release.pk}-{slugify(release.period) or release.on}.zip"


def archive(release: Release) -> bytes:
    """figures.csv, lists.csv, release.json, METHOD.txt; the same bytes every time."""
    payload, people = release.payload, _people(release)
    parts = {
        **tables_of(payload),
        "release.json": json.dumps(
            {
                "payload": payload,
                "sha256": release.sha256,
                **people,
            },
            ensure_ascii=False,
            sort_keys=True,
            indent=1,
        ),
        "METHOD.txt": _method(release, people),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            made.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _method(release: Release, people: dict[str, str | None]) -> str:
    payload, rule = release.payload, release.payload["rule"]
    return METHOD.format(
        period=payload["period"],
        on=payload["on"],
        known=payload["known_at"],
        version=rule["version"],
        name=rule["name"],
        clauses="\n".join(f"- {one}" for one in rule["clauses"]["vi"] + rule["clauses"]["en"]),
        sha256=release.sha256,
        **{name: said or "-" for name, said in people.items()},
    )


def _people(release: Release) -> dict[str, str | None]:
    """Who prepared and who approved, and when; nothing where nobody has approved yet."""
    approver, approved_at = release.approved_by, release.approved_at
    with translation.override(settings.LANGUAGE_CODE):  # whoever downloads it
        return {
            "prepared_by": str(release.prepared_by.signed_name),
            "prepared_at": release.prepared_at.isoformat(),
            "approved_by": str(approver.signed_name) if approver else None,
            "approved_at": approved_at.isoformat() if approved_at else None,
        }
