"""Days of the calendar, counted in months."""

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
