"""The words of the pages: phrases of `prompts/LANGUAGE/ui.toml`, dates, and names for what a source is."""

from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from urllib.parse import urlsplit

from assistant.clock import day_in_words, moment_in_words
from assistant.phrases import DEFAULT_LANGUAGE, PROMPTS, Phrases, phrases


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    language: str
    page: Phrases
    answers: Phrases

    def say(self, key: str, **values: object) -> str:
        """The phrase `section.name`. Raises `KeyError` for an unknown phrase or a missing variable."""
        return self.page.say(key, **values)

    def day(self, iso: str) -> str:
        """An ISO date in words, such as “6 November 2018”; whatever is no ISO date comes back as it is."""
        try:
            return day_in_words(date.fromisoformat(iso), self.language)
        except ValueError:
            return iso

    def moment(self, day: date, clock: time | None, zone: str) -> str:
        """A day, with its time and the zone's city where a time is known."""
        return moment_in_words(day, clock, zone, self.page)

    def weight(self, kind: str, authority: str, source_url: str | None) -> str:
        """What a source is: “our summary of example.eu, an official page”, “the call's own text”."""
        name = self.answers.say(f"authority.{authority}")
        if kind != "summary":
            return name
        what = site(source_url) or self.say("source.other_sources")
        return self.say("source.summary_weight", summary=self.say("source.summary_of", what=what), authority=name)


def site(url: str | None) -> str | None:
    """The host of a web address without `www.`, or None for what is no web address."""
    if url is None or not is_web_address(url):
        return None
    return (urlsplit(url).hostname or "").removeprefix("www.") or None


def is_web_address(url: str) -> bool:
    """Whether `url` may become a link: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@lru_cache
def words(language: str) -> Words:
    """The words of `language`, or the English ones where there is no `ui.toml` in it."""
    known = language if (PROMPTS / language / "ui.toml").is_file() else DEFAULT_LANGUAGE
    return Words(known, phrases(known, "ui"), phrases(known, "answer"))
