"""The indicators that are entered; none of them may be one the register computes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnteredIndicator(models.TextChoices):
    """As the targets of plans name them (``registry/plans/data/targets.csv``)."""

    SHARE_OF_MANUFACTURING = (
        "share_of_manufacturing_value",
        _("Supporting industry in the value of manufacturing"),
    )
    GROWTH = "si_industrial_index_growth", _("Growth of the supporting industry's index")
    FAIRS = "fairs", _("Fairs held")
    FAIR_BOOTHS = "fair_booths", _("Booths at the fair")
    FAIR_COMPANIES = "fair_companies_each", _("Companies at each fair")
    DEMAND_MET = "demand_met", _("Essential demand met from within the country")
    SHARE_OF_INDUSTRY = "share_of_industrial_value", _("Supporting industry in industrial value")
    DIRECT_SUPPLIERS = (
        "enterprises_direct_suppliers",
        _("Enterprises able to supply assemblers directly"),
    )
    DOMESTIC_AMONG_DIRECT = (
        "share_domestic_among_direct_suppliers",
        _("Domestic among the direct suppliers"),
    )


PERCENT = "%"
UNITS: dict[str, str] = {
    EnteredIndicator.SHARE_OF_MANUFACTURING: PERCENT,
    EnteredIndicator.GROWTH: PERCENT,
    EnteredIndicator.FAIRS: "",
    EnteredIndicator.FAIR_BOOTHS: "",
    EnteredIndicator.FAIR_COMPANIES: "",
    EnteredIndicator.DEMAND_MET: PERCENT,
    EnteredIndicator.SHARE_OF_INDUSTRY: PERCENT,
    EnteredIndicator.DIRECT_SUPPLIERS: "",
    EnteredIndicator.DOMESTIC_AMONG_DIRECT: PERCENT,
}
"""Percent, or a plain count."""
