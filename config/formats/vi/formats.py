"""Numbers and days as Vietnamese offices write them: 1.234,5 and 30/06/2026."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
SHORT_DATE_FORMAT = "d/m/Y"
DATE_FORMAT = "d/m/Y"
