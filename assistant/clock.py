"""Days, moments and distances in words of a language, by the Unicode CLDR (Babel)."""

import math
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta, get_timezone_location

from assistant.phrases import Phrases

_LOCALES = {"en": "en_GB"}
"""Where a language's usual locale is not the one meant: British dates, day first."""


def day_in_words(day: date, language: str) -> str:
    """A day as “31 January 2019”."""
    return format_date(day, "long", locale=_LOCALES.get(language, language))


def moment_in_words(day: date, clock: time | None, zone: str, words: Phrases) -> str:
    """A day, with its time and the zone's city where a time is known; `words` has the phrase `clock.moment`."""
    shown = day_in_words(day, words.language)
    if clock is None:
        return shown
    city = get_timezone_location(ZoneInfo(zone), words.language, return_city=True)
    return words.say("clock.moment", date=shown, time=format_time(clock, "HH:mm", locale=words.language), zone=city)


def distance(day: date, today: date, language: str) -> str:
    """How far `day` lies from `today`, in whole years, months or, up to three months, days: “7 years ago”."""
    early, late = sorted((day, today))
    months = (late.year - early.year) * 12 + late.month - early.month - (late.day < early.day)
    unit: Literal["year", "month", "day"]
    if months >= 12:
        unit, days = "year", 365 * (months // 12)
    elif months >= 3:
        unit, days = "month", 30 * months
    else:
        unit, days = "day", (late - early).days
    span = timedelta(days=days if day > today else -days)
    return format_timedelta(span, unit, math.inf, add_direction=True, locale=language)
