"""What an address of the programme asks for: a day, a moment of knowledge, a rule."""

from __future__ import annotations

import datetime as dt

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from registry.dashboard.by import BadWays, ways_of
from registry.dashboard.points import Point
from registry.dashboard.quality import LACKING
from registry.dashboard.slices import WAYS, is_value
from registry.dashboard.steps import steps_of
from registry.web.shared.problems import EARLIEST, PlainProblem, day_asked

NAMES = ("on", "known", "rule")
LONGEST_CODE = 40


def point_asked(parameters: QueryDict) -> Point:
    """``?on=2026-06-30&known=2026-07-05&rule=2``; raises :class:`PlainProblem`.

    ``known`` is a day (all that was recorded by its end; of today by now) or a moment of
    ISO 8601 gone by.
    """
    return Point(on=day_asked(parameters), known=_moment(parameters), version=_version(parameters))


def _moment(parameters: QueryDict) -> dt.datetime | None:
    text = parameters.get("known", "").strip()
    if not text:
        return None
    try:
        moment = parse_datetime(text) if "T" in text else None
        if moment is None:
            day = dt.date.fromisoformat(text)
            if day == timezone.localdate():
                return timezone.now()
            moment = dt.datetime.combine(day, dt.time.max)
    except ValueError:
        raise PlainProblem(
            _(
                "“%(text)s” is no moment. Write a day as %(example)s, or a moment as %(example)sT09:30."
            )
            % {"text": text[:40], "example": timezone.localdate().isoformat()}
        ) from None
    if not EARLIEST.year < moment.year < dt.MAXYEAR:
        raise PlainProblem(_("“%(text)s” is out of the register's time.") % {"text": text[:40]})
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    if moment > timezone.now():
        raise PlainProblem(
            _("What the register will know cannot be said. Choose a moment gone by.")
        )
    return moment


def _version(parameters: QueryDict) -> int | None:
    text = parameters.get("rule", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise PlainProblem(
            _("“%(text)s” is no version of the counting rule.") % {"text": text[:40]}
        )
    return int(text)


def slices_asked(parameters: QueryDict) -> dict[str, str]:
    """The values of slices in an address; raises :class:`PlainProblem` for what is none."""
    chosen = {name: str(parameters[name]) for name in WAYS if parameters.get(name)}
    for name, value in chosen.items():
        if len(value) > LONGEST_CODE or "\x00" in value or not is_value(name, value):
            shown = value[:40].replace("\x00", " ")
            raise PlainProblem(_("“%(text)s” is no value of a list.") % {"text": shown})
    return chosen


def step_asked(parameters: QueryDict, code: str) -> str:
    """The step of ``?step=stated``; none where the indicator has no such step."""
    step = str(parameters.get("step", ""))
    return step if step in steps_of(code) else ""


def ways_asked(parameters: QueryDict, chosen: dict[str, str]) -> tuple[str, ...]:
    """The ways of ``?by=sector,size``, none without it; raises :class:`PlainProblem`, also
    for a way that the figure is narrowed by (``chosen``)."""
    text = str(parameters.get("by", "")).strip()
    if not text:
        return ()
    try:
        ways = ways_of(text)
    except BadWays:
        raise PlainProblem(
            _(
                "A figure cannot be split by “%(text)s”. Choose one of these, or two different "
                "ones with a comma between: %(ways)s."
            )
            % {"text": text[:80].replace("\x00", " "), "ways": ", ".join(WAYS)}
        ) from None
    if narrowed := set(ways) & set(chosen):
        raise PlainProblem(
            _("The figure is narrowed to one value of “%(text)s”. Split it by something else.")
            % {"text": ", ".join(sorted(narrowed))}
        )
    return ways


def parameters_of(point: Point) -> QueryDict:
    """The address of this point, for links that stay in it."""
    asked = QueryDict(mutable=True)
    asked["on"] = point.on.isoformat()
    if point.known is not None:
        asked["known"] = timezone.localtime(point.known).replace(tzinfo=None).isoformat()
    if point.version is not None:
        asked["rule"] = str(point.version)
    return asked


def query_of(point: Point) -> str:
    """The end of an address for the same point; nothing for the register as it is today."""
    if point == Point(on=timezone.localdate()):
        return ""
    return f"?{parameters_of(point).urlencode()}"


def lacking_asked(parameters: QueryDict) -> str:
    """What the records of ``?lacking=confirmation`` lack; empty for anything else."""
    name = str(parameters.get("lacking", ""))
    return name if name in LACKING else ""
