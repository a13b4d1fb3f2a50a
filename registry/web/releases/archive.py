"""One release as one file: tables, the frozen content, and how to check it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

from django.utils.text import slugify

from registry.core.text import BOM, harmless
from registry.releases.models import Release

METHOD = """{period}
True for {on}, as known at {known}.
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
"""
EARLIEST = (1980, 1, 1, 0, 0, 0)


def file_name(release: Release) -> str:
    return f"release-{release.pk}-{slugify(release.period) or release.on}.zip"


def archive(release: Release) -> bytes:
    """figures.csv, lists.csv, release.json, METHOD.txt; the same bytes every time."""
    payload = release.payload
    parts = {
        "figures.csv": _figures(payload),
        "lists.csv": _lists(payload),
        "release.json": json.dumps(
            {
                "payload": payload,
                "sha256": release.sha256,
                "approved_at": release.approved_at and release.approved_at.isoformat(),
            },
            ensure_ascii=False,
            sort_keys=True,
            indent=1,
        ),
        "METHOD.txt": _method(release),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            made.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _method(release: Release) -> str:
    payload, rule = release.payload, release.payload["rule"]
    return METHOD.format(
        period=payload["period"],
        on=payload["on"],
        known=payload["known_at"],
        version=rule["version"],
        name=rule["name"],
        clauses="\n".join(f"- {one}" for one in rule["clauses"]["vi"] + rule["clauses"]["en"]),
        sha256=release.sha256,
    )


def _figures(payload: dict[str, Any]) -> str:
    rows = [["indicator", "slice", "code", "value", "unit", "numerator", "denominator"]]
    for one in payload["figures"]:
        whole = "" if one["denominator"] is None else str(one["denominator"])
        rows.append(
            [
                one["indicator"],
                "",
                "",
                one["value"] or "",
                one["unit"],
                str(one["numerator"]),
                whole,
            ]
        )
        for name, parts in one["slices"].items():
            for code, count in parts.items():
                rows.append(
                    [one["indicator"], name, code, str(count), "enterprises", str(count), ""]
                )
    return _csv(rows)


def _lists(payload: dict[str, Any]) -> str:
    rows = [["indicator", "public_id", "name", "sector", "ward", "tier"]]
    for code, members in payload["lists"].items():
        rows.extend(
            [code, *(row[name] for name in ("public_id", "name", "sector", "ward", "tier"))]
            for row in members
        )
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    return BOM + out.getvalue()
