"""Phrases and cues as files: `prompts/LANGUAGE/NAME.toml`.

A missing phrase or variable is an error, never an empty text.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from assistant.plain import plain

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Phrases:
    """The phrases of one file, by section and key."""

    language: str
    sections: Mapping[str, Any]

    def say(self, key: str, **values: object) -> str:
        """The phrase `section.name`, filled in. Raises `KeyError` for an unknown phrase or a missing variable."""
        section, _, name = key.partition(".")
        template: str = self.sections[section][name]
        return template.format_map(values)


@dataclass(frozen=True)
class Cues:
    """How one language asks and states things. Patterns and words are matched on plain text (`assistant/plain.py`)."""

    language: str
    data: Mapping[str, Any]

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {
            f"{section}.{name}": re.compile(pattern)
            for section in ("question", "expects", "sources", "asker", "machine", "claims", "conditions", "mail")
            for name, pattern in self.data[section].items()
            if isinstance(pattern, str)
        }

    @cached_property
    def _domain(self) -> re.Pattern[str]:
        words = (re.escape(word).replace(r"\*", r"[\w-]*") for word in sorted(self.words("domain")))
        return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])")

    @cached_property
    def name(self) -> re.Pattern[str]:
        """What a proper name looks like, in text as it is written."""
        return re.compile(self.data["text"]["name"])

    def matches(self, key: str, text: str) -> bool:
        """Whether the pattern `section.name` occurs in `text`."""
        return self._patterns[key].search(plain(text)) is not None

    def pattern(self, key: str) -> re.Pattern[str]:
        """The compiled pattern `section.name`, for plain text."""
        return self._patterns[key]

    def find(self, key: str, text: str) -> re.Match[str] | None:
        """Where the pattern `section.name` first occurs in `text`."""
        return self._patterns[key].search(plain(text))

    def split(self, key: str, text: str) -> list[str]:
        """`text` in pieces, parted where the pattern `section.name` occurs."""
        return between(text, self._patterns[key].finditer(plain(text)))

    def without(self, key: str, text: str) -> str:
        """`text` with a space for each place where the pattern `section.name` occurs."""
        return " ".join(self.split(key, text))

    def in_domain(self, text: str) -> bool:
        """Whether `text` uses a word of funding calls. In a word of the list `*` stands for any letters."""
        return self._domain.search(plain(text)) is not None

    @cached_property
    def countries(self) -> Mapping[str, re.Pattern[str]]:
        """By ISO 3166-1 code: what names a country or who comes from it, for text without accents and capitals."""
        return {code: re.compile(rf"\b(?:{words})\w*") for code, words in self.data["countries"].items()}

    @cached_property
    def _words(self) -> frozenset[str]:
        groups = self.data["words"]
        synonyms = (word for group in groups["synonyms"] for word in group)
        return frozenset((*groups["light"], *groups["applying"], *groups["partner"], *synonyms))

    def knows(self, word: str) -> bool:
        """Whether the plain `word` is in a list of this language."""
        return word in self._words or self._domain.fullmatch(word) is not None

    @cached_property
    def common(self) -> frozenset[str]:
        """Words of which a capital letter makes no name."""
        return frozenset(self.data["claims"]["common"])

    @property
    def expects(self) -> tuple[str, ...]:
        """The kinds of value a question may expect, the first that matches wins."""
        return tuple(self.data["expects"])

    def words(self, key: str) -> frozenset[str]:
        """A set of words."""
        return frozenset(self.data["words"][key])

    @property
    def synonyms(self) -> tuple[tuple[str, ...], ...]:
        """Groups of words that name the same thing in a funding call, those that documents use among them."""
        return tuple(tuple(group) for group in self.data["words"]["synonyms"])


def between(text: str, found: Iterator[re.Match[str]]) -> list[str]:
    """The pieces of `text` before, between and after the matches."""
    pieces, last = [], 0
    for match in found:
        pieces.append(text[last : match.start()])
        last = match.end()
    return [*pieces, text[last:]]


def available_languages() -> tuple[str, ...]:
    """Languages the assistant has phrases in."""
    return tuple(sorted(path.parent.name for path in PROMPTS.glob("*/answer.toml")))


@lru_cache
def languages_with_cues() -> tuple[str, ...]:
    """Languages whose questions the assistant has cues for."""
    return tuple(sorted(path.parent.name for path in PROMPTS.glob("*/cues.toml")))


@lru_cache
def phrases(language: str, name: str = "answer") -> Phrases:
    """The phrases of `prompts/LANGUAGE/NAME.toml`."""
    return Phrases(language, _load(language, name))


@lru_cache
def cues(language: str) -> Cues:
    """The cues of a language; English where it has none of its own."""
    known = language if (PROMPTS / language / "cues.toml").is_file() else DEFAULT_LANGUAGE
    return Cues(known, _load(known, "cues"))


def _load(language: str, name: str) -> Mapping[str, Any]:
    with (PROMPTS / language / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
