"""Numbers, dates, amounts, percentages and durations in a text, compared by value: `16.2 million` is `16,200,000`.

Separators differ by language (`1.500,5` and `1,500.5`), so a number keeps every reading it may have, and two numbers
agree when they share one. Month names are those of the Unicode CLDR (by Babel) in every language the assistant knows.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from assistant.language import LANGUAGES
from assistant.plain import plain
from assistant.value_words import AMBIGUOUS, CURRENCIES, MONTHS, NUMBERS, PERCENT, SCALES, TENS, UNITS


class ValueKind(StrEnum):
    """What a value measures."""

    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Value:
    """One value at its place in a text (`start`, `end`: code points)."""

    kind: ValueKind
    readings: frozenset[str]
    """Every reading in a normal form: `16200000`, `2019-01-31`, `3 year`."""
    start: int
    end: int

    def agrees(self, other: "Value") -> bool:
        """Whether both may be the same value; a plain number agrees with an amount of that size."""
        if self.readings & other.readings:
            return True
        if self.kind == other.kind == ValueKind.DATE:
            return any(_same_day(one, two) for one in self.readings for two in other.readings)
        if {self.kind, other.kind} & {ValueKind.DATE, ValueKind.TIME}:
            return False
        return bool({r.split()[0] for r in self.readings} & {r.split()[0] for r in other.readings}) and (
            ValueKind.NUMBER in (self.kind, other.kind)
        )


def _same_day(one: str, two: str) -> bool:
    parts, others = one.split("-"), two.split("-")
    return len(parts) == len(others) and all(a == b or "????" in (a, b) for a, b in zip(parts, others, strict=True))


_DIGITS = r"\d+(?:[.,' ]\d{3})*(?:[.,]\d+)?"
_NUMBER = re.compile(rf"(?<![\w.,]){_DIGITS}(?![\d])")
_DIGIT = re.compile(r"\d")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_HOUR, _MINUTE = r"[01]?\d|2[0-3]", r"[0-5]\d"
_TIME = re.compile(
    rf"\b(?P<hour>{_HOUR})[:h](?P<minute>{_MINUTE})(?::[0-5]\d)?\b"
    rf"|\b(?P<hour_a>{_HOUR})(?:[.:](?P<minute_a>{_MINUTE}))? ?uhr\b"
    rf"|\b(?:godz(?:in[aye])?\.?|ore) (?P<hour_b>{_HOUR})(?:[.:](?P<minute_b>{_MINUTE}))?\b(?![.,]\d)"
    rf"|\b(?P<hour_c>1[0-2]|0?[1-9])(?:[:.](?P<minute_c>{_MINUTE}))? ?(?P<half>[ap])\.?m\b"
)
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_PERCENT = re.compile(rf"\s*(?:{PERCENT})")
_CURRENCY_BEFORE = re.compile(rf"(?<![a-z])(?:{CURRENCIES})\s*$")
_CURRENCY_AFTER = re.compile(rf"\s*(?:d'|d[ei]\s)?(?:{CURRENCIES})(?!\w)")
_SCALES = {word: power for power, words in SCALES.items() for word in words.split()}
_SCALE_AFTER = re.compile(r"\s*(" + "|".join(sorted(_SCALES, key=len, reverse=True)) + r")\b\.?")
_UNIT_AFTER = {unit: re.compile(r"[\s-]*(?:" + "|".join(forms.split()) + r")\b") for unit, forms in UNITS.items()}
_YEARS = range(1900, 2101)
_SHORT_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})
"""Those of other languages count after a day only: “tra” is April in Croatian, “between” or “in” in Italian."""


@lru_cache(maxsize=1)
def _months() -> dict[str, set[int]]:
    """By plain name the months it may mean: “listopad” is October in Croatian, November in Polish and Czech."""
    from babel.dates import get_month_names

    names: dict[str, set[int]] = {name: {number} for name, number in MONTHS.items()}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    key = plain(name).rstrip(".")
                    if len(key) >= 3 and not key.isdigit():
                        names.setdefault(key, set()).add(number)
    return names


@lru_cache
def months(language: str) -> dict[str, int]:
    """By plain name the months in full, as one language writes them."""
    from babel.dates import get_month_names

    names = {
        plain(name): number
        for c in ("format", "stand-alone")
        for number, name in get_month_names("wide", c, language).items()
    }
    return MONTHS | names


@lru_cache(maxsize=1)
def _named_date() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|°|\.)?\s+(?:of\s+|de\s+)?)?\b(?P<month>{months})\b\.?"
        rf"(?:\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?=,|\s+\d{{4}}\b|[^\d\w]|$))?"
        rf"(?:,?\s+(?:de\s+|del\s+)?(?P<year>\d{{4}})\b)?"
    )


def _readings(digits: str) -> set[Decimal]:
    joined = re.sub(r"[' ]", "", digits)
    marks = [c for c in joined if c in ".,"]
    if not marks:
        return {Decimal(joined)}
    last = marks[-1]
    whole, _, fraction = joined.rpartition(last)
    grouped = Decimal(re.sub(r"[.,]", "", joined))
    decimal = Decimal(re.sub(r"[.,]", "", whole) + "." + fraction)
    if marks.count(last) > 1:
        return {grouped}
    if len(set(marks)) > 1 or len(fraction) != 3:
        return {decimal}
    return {grouped, decimal}


def _form(number: Decimal) -> str:
    text = format(number.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dates(text: str) -> list[Value]:
    found: list[Value] = []
    if not _DIGIT.search(text):
        return found
    for match in _ISO_DATE.finditer(text):
        found.append(Value(ValueKind.DATE, frozenset({match[0]}), match.start(), match.end()))
    for match in _NUMERIC_DATE.finditer(text):
        first, second, year = int(match[1]), int(match[2]), match[3]
        readings = {f"{year}-{m:02}-{d:02}" for d, m in ((first, second), (second, first)) if 1 <= m <= 12 and d <= 31}
        if readings:
            found.append(Value(ValueKind.DATE, frozenset(readings), match.start(), match.end()))
    for match in _named_date().finditer(text):
        day, year = match["day"] or match["day2"], match["year"]
        short = len(match["month"]) == 3 and match["month"] not in _SHORT_MONTHS
        if not (match["day"] if short else day or year):
            continue
        forms = frozenset(
            "-".join(filter(None, [year or "????", f"{month:02}", f"{int(day):02}" if day else None]))
            for month in _months()[match["month"].rstrip(".")]
        )
        found.append(Value(ValueKind.DATE, forms, match.start(), match.end()))
    return found


def _number_at(text: str, match: re.Match[str]) -> Value:
    start, end = match.span()
    numbers = _readings(match[0])
    if scale := _SCALE_AFTER.match(text, end):
        letter = scale[1]
        joined = scale[0] == scale[1]
        money = _CURRENCY_BEFORE.search(text, max(0, start - 12), start) or _CURRENCY_AFTER.match(text, scale.end())
        if len(letter) > 1 or joined or money:
            numbers = {n.scaleb(_SCALES[letter]) for n in numbers}
            end = scale.end()
    forms = {_form(n) for n in numbers}
    if percent := _PERCENT.match(text, end):
        return Value(ValueKind.PERCENT, frozenset(f"{f} %" for f in forms), start, percent.end())
    for unit, pattern in _UNIT_AFTER.items():
        if unit == "year" and any(n in _YEARS for n in numbers):
            continue
        if found := pattern.match(text, end):
            return Value(ValueKind.DURATION, frozenset(f"{f} {unit}" for f in forms), start, found.end())
    after = _CURRENCY_AFTER.match(text, end)
    if after or _CURRENCY_BEFORE.search(text, max(0, start - 12), start):
        return Value(ValueKind.MONEY, frozenset(f"{f} money" for f in forms), start, after.end() if after else end)
    return Value(ValueKind.NUMBER, frozenset(forms), start, end)


@lru_cache
def _word_numbers(language: str | None) -> dict[str, int]:
    languages = [language] if language in NUMBERS else list(NUMBERS)
    counted = [
        *((number, forms) for known in languages for number, forms in enumerate(NUMBERS[known].split())),
        *((20 + 10 * ten, forms) for known in languages for ten, forms in enumerate(TENS[known].split())),
    ]
    return {word: number for number, forms in counted for word in forms.split("/") if word not in AMBIGUOUS}


_WORD = re.compile(r"(?<![^\W\d_]-)\b[^\W\d_]+")
"""A word, but not the end of “twenty-five”."""
_JOINED = re.compile(r"-[a-z]| (?:et|y|e|i)? ?(?:un|une|uno|een)\b")
"""What follows a ten that is not the whole number: “twenty-five”, “vingt et un”."""
_TEN = re.compile("|".join(form for line in TENS.values() for form in re.split("[ /]", line)))


def extract(text: str, language: str | None = None) -> list[Value]:
    """Every value in `text`, in order; a date's digits are not counted again as numbers.

    Number words are those of `language` where it is given: “ten” is 10 in English, but “this” in Polish.
    """
    written, text = text, plain(text)
    values = _dates(text)
    for match in _TIME.finditer(text):
        if not any(v.start <= match.start() < v.end for v in values):
            values.append(Value(ValueKind.TIME, frozenset({_clock(match)}), match.start(), match.end()))
    taken = [(v.start, v.end) for v in values]
    for match in _NUMBER.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            values.append(_number_at(text, match))
    words = _word_numbers(language)
    for match in _WORD.finditer(written):
        number = words.get(match[0].lower())
        if _TEN.fullmatch(match[0].lower()) and _JOINED.match(text, match.end()):
            continue
        if number is not None and not any(start <= match.start() < end for start, end in taken):
            values.append(_spelled(text, match, number))
    return sorted(values, key=lambda v: (v.start, v.end))


def _clock(match: re.Match[str]) -> str:
    parts = {name.partition("_")[0]: value for name, value in match.groupdict().items() if value}
    hour = int(parts["hour"])
    if "half" in parts:
        hour = hour % 12 + (12 if parts["half"] == "p" else 0)
    return f"{hour:02}:{parts.get('minute', '00')}"


def _spelled(text: str, match: re.Match[str], number: int) -> Value:
    end = match.end()
    if (scale := _SCALE_AFTER.match(text, end)) and len(scale[1]) > 1:
        number, end = number * 10 ** _SCALES[scale[1]], scale.end()
    for unit, pattern in _UNIT_AFTER.items():
        if found := pattern.match(text, end):
            return Value(ValueKind.DURATION, frozenset({f"{number} {unit}"}), match.start(), found.end())
    return Value(ValueKind.NUMBER, frozenset({str(number)}), match.start(), end)


def carries(known: Value, said: Value) -> bool:
    """Whether a text that has the value `known` carries the value `said`: the same, or the same date less exactly."""
    if said.agrees(known):
        return True
    if known.kind is not ValueKind.DATE or said.kind not in (ValueKind.DATE, ValueKind.NUMBER):
        return False
    return any(one.startswith(f"{two}-") for one in known.readings for two in said.readings)
