"""Days of the calendar, counted in months."""

from __future__ import annotations

import calendar
import datetime as dt


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later (earlier if negative); the last day of a shorter month.

    The same as PostgreSQL's ``date + make_interval(months => …)``.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
