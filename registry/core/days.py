"""Days of the calendar, counted in months and in working days."""

from __future__ import annotations

import calendar
import datetime as dt


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later (earlier if negative); the last day of a shorter month.

    The same as PostgreSQL's ``date + make_interval(months => …)``.
    """
    last = month_end(day, months)
    return last.replace(day=min(day.day, last.day))


def month_end(day: dt.date, months: int = 0) -> dt.date:
    """The last day of the month some months later (earlier if negative)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def working_days(since: dt.date, on: dt.date) -> int:
    """Mondays to Fridays after ``since`` up to and with ``on``; public holidays count too."""
    if on <= since:
        return 0
    weeks, rest = divmod((on - since).days, 7)
    last = (on - dt.timedelta(days=place) for place in range(rest))
    return weeks * 5 + sum(day.weekday() < 5 for day in last)


def latest_before(on: dt.date, days: int) -> dt.date:
    """The latest day after which more than ``days`` working days have gone by on ``on``."""
    day = on - dt.timedelta(days=days)
    while working_days(day, on) <= days:
        day -= dt.timedelta(days=1)
    return day
