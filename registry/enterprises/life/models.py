"""Finished times of suspension or absence, and the walk through life the database holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SpellKind(models.TextChoices):
    """What an enterprise was for a time; the names are those of ``state_on``."""

    SUSPENDED = "suspended", _("Operation suspended")
    CLOSED = "closed", _("Closed")
    MOVED_AWAY = "moved_away", _("Moved away from Hanoi")


ABSENT = (SpellKind.CLOSED, SpellKind.MOVED_AWAY)
"""Kinds during which an enterprise is not in the register."""

WALK = "enterprise_life_is_a_walk"

PROBLEM = """
WITH e AS (SELECT * FROM public.registry_enterprise WHERE id = {row}),
past AS (SELECT * FROM public.registry_spell WHERE enterprise_id = {row}),
away AS (
  SELECT row_number() OVER () AS n, since, until FROM (
    SELECT closed_on AS since, NULL::date AS until FROM e WHERE closed_on IS NOT NULL
    UNION ALL SELECT moved_away_on, NULL FROM e WHERE moved_away_on IS NOT NULL
    UNION ALL SELECT since, until FROM past WHERE kind <> 'suspended') AS all_away),
paused AS (
  SELECT row_number() OVER () AS n, since, until FROM (
    SELECT suspended_on AS since, resumed_on AS until FROM e WHERE suspended_on IS NOT NULL
    UNION ALL SELECT since, until FROM past WHERE kind = 'suspended') AS all_paused),
days AS (
  SELECT since AS day FROM away UNION ALL SELECT until FROM away
  UNION ALL SELECT since FROM paused UNION ALL SELECT until FROM paused)
SELECT CASE
  WHEN EXISTS (SELECT 1 FROM days, e WHERE day < registered_on)
    THEN 'a step before the registration'
  WHEN EXISTS (SELECT 1 FROM days, e WHERE day > merged_on)
    THEN 'a step after the merger'
  WHEN EXISTS (SELECT 1 FROM away a, away b
      WHERE a.n < b.n AND daterange(a.since, a.until) && daterange(b.since, b.until))
    THEN 'closed or moved away twice at once'
  WHEN EXISTS (SELECT 1 FROM paused a, paused b
      WHERE a.n < b.n AND daterange(a.since, a.until) && daterange(b.since, b.until))
    THEN 'suspended twice at once'
  WHEN EXISTS (SELECT 1 FROM paused, away
      WHERE paused.since > away.since AND (away.until IS NULL OR paused.since < away.until))
    THEN 'suspended while closed or moved away'
  WHEN EXISTS (SELECT 1 FROM paused, away
      WHERE paused.since <= away.since AND paused.until > away.since)
    THEN 'resumed while closed or moved away'
END INTO problem;
IF problem IS NOT NULL THEN
  RAISE EXCEPTION '{walk}: %', problem
    USING ERRCODE = 'check_violation', CONSTRAINT = '{walk}';
END IF;
RETURN NULL;
"""


def walk_of(row: str) -> str:
    """The trigger's body: refuses days that are no possible walk through life.

    Corrections may change any day, so what is checked is not the one change but the whole
    walk that is left by it.
    """
    return PROBLEM.format(row=row, walk=WALK)


def life_triggers() -> list[pgtrigger.Trigger]:
    """Triggers of the enterprise: its days are a walk, and a merged record stands still."""
    days = ("registered_on", "suspended_on", "resumed_on", "closed_on", "moved_away_on")
    walk: dict[str, Any] = {
        "when": pgtrigger.After,
        "declare": [("problem", "text")],
        "func": walk_of("NEW.id"),
    }
    return [
        pgtrigger.Trigger(
            name="life_begins_as_a_walk",
            operation=pgtrigger.Insert,
            # Most enterprises are registered and no more: lists of thousands stay quick.
            condition=pgtrigger.Condition(
                "NEW.suspended_on IS NOT NULL OR NEW.closed_on IS NOT NULL"
                " OR NEW.moved_away_on IS NOT NULL OR NEW.merged_on IS NOT NULL"
            ),
            **walk,
        ),
        pgtrigger.Trigger(
            name="life_is_a_walk",
            operation=pgtrigger.UpdateOf(*days, "merged_on"),
            **walk,
        ),
        pgtrigger.Trigger(
            name="merged_stands_still",
            operation=pgtrigger.UpdateOf(*days, "merged_on", "merged_into_id"),
            when=pgtrigger.Before,
            condition=pgtrigger.Condition(
                "OLD.merged_on IS NOT NULL AND NEW.merged_on IS NOT NULL AND ("
                + " OR ".join(
                    f"OLD.{name} IS DISTINCT FROM NEW.{name}"
                    for name in (*days, "merged_on", "merged_into_id")
                )
                + ")"
            ),
            func=(
                f"RAISE EXCEPTION '{WALK}: merged, and no step follows'"
                f" USING ERRCODE = 'check_violation', CONSTRAINT = '{WALK}';"
            ),
        ),
    ]


class SpellQuerySet(models.QuerySet["Spell"]):
    def covering(self, on: dt.date) -> SpellQuerySet:
        """Begun by that day and not over on it."""
        return self.filter(since__lte=on, until__gt=on)

    def absent(self) -> SpellQuerySet:
        """Times out of the register, not mere suspensions."""
        return self.filter(kind__in=ABSENT)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Spell(models.Model):
    """A finished time of suspension or absence; ``until`` is the first day after it.

    The time that still lasts, or the last suspension, stands in the days of the enterprise
    itself. What stands there goes over to here when a later step needs its place.
    """

    enterprise = models.ForeignKey("registry.Enterprise", models.CASCADE, related_name="spells")
    kind = models.CharField(_("kind"), max_length=10, choices=SpellKind)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    successor = models.ForeignKey(
        "registry.Enterprise",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("successor"),
    )

    objects = SpellQuerySet.as_manager()

    class Meta:
        verbose_name = _("time of suspension or absence")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="spell_is_in_order"),
            models.CheckConstraint(
                condition=Q(kind__in=SpellKind.values), name="spell_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True)
                | (Q(kind__in=[kind.value for kind in ABSENT]) & ~Q(successor=F("enterprise"))),
                name="spell_successor_is_another",
            ),
            ExclusionConstraint(
                name="spells_do_not_overlap",
                expressions=[
                    (
                        models.Func(
                            F("enterprise"),
                            F("enterprise"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        models.Func(
                            "since", "until", function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="life_is_a_walk",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                declare=[("problem", "text")],
                func=walk_of("NEW.enterprise_id"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.since} – {self.until}"
