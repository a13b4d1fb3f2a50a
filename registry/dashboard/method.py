"""What a figure is not, and what is known to be weak about it: for its method page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

GENERAL = (
    _(
        "An enterprise counts from the day it was entered in the register, not from the day it "
        "was founded: while the register is being filled, a figure also grows by entries."
    ),
    _(
        "Who is not in the register is not counted. The register is no census; published figures "
        "before it are estimates and are shown beside it, not mixed into it."
    ),
    _(
        "Code lists (schemes, wards, sectors) are those of today on every day; certificates, "
        "sites, relations and the states of enterprises are those of the day asked."
    ),
    _(
        "As known at a moment, a change counts from when its writing began; of a long list that "
        "is some minutes before anybody could see it."
    ),
)

CERTIFICATES = (
    _(
        "“Meets international standards” has no published definition; the version of the "
        "counting rule named here stands in its place."
    ),
    _(
        "A confirmed certificate says that an officer has checked it, not that the products "
        "are good."
    ),
)
RELATIONS = (
    _(
        "No document of the city names a baseline or a target for tiers; the published numbers "
        "are the nation's."
    ),
    _(
        "Relations are stated by enterprises; how many of them an officer has verified stands "
        "below."
    ),
)

LIMITS: dict[str, tuple[Any, ...]] = {
    "enterprises_international_standard": CERTIFICATES,
    "share_international_standard": (
        *CERTIFICATES,
        _(
            "The share can fall while more enterprises qualify: when the register grows faster "
            "than the certificates."
        ),
    ),
    "tier1_enterprises": RELATIONS,
    "tier2_tier3_enterprises": RELATIONS,
}

NOT_THIS = {
    "enterprises_total": _(
        "Not all enterprises of the industry, only those of the register; not those suspended, "
        "closed, merged or moved away; not those without a head office or factory in Hanoi."
    ),
    "enterprises_international_standard": _(
        "Not all who state a certificate: expired, withdrawn and unconfirmed ones are left out. "
        "Not the number of certificates: an enterprise with five counts once."
    ),
    "share_international_standard": _(
        "Not a share of all enterprises of the industry, but of those of the register that "
        "operate in Hanoi on the day."
    ),
    "tier1_enterprises": _(
        "Not the number of supply relations: an enterprise counts once. Not all who state one."
    ),
    "tier2_tier3_enterprises": _(
        "Not all who supply at tier 2 or 3: who has a verified relation at tier 1 counts there."
    ),
}


def limits(code: str) -> tuple[Any, ...]:
    """Those of the indicator first, then those of every figure."""
    return (*LIMITS.get(code, ()), *GENERAL)
