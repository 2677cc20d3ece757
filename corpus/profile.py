"""The call's profile: `call.toml` in the root of a corpus folder.

It holds what is structural: identity, deadline, dates, priorities, types of applicant, conditions, neighbouring calls.
Every entry names the document and the verbatim quote that carries it, but for what no source says (`open_points`).
"""

import datetime as dt
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from corpus.errors import ProfileError, UnreadableDocument
from corpus.folder import MAX_METADATA_BYTES, PROFILE_NAME, read_bytes
from corpus.naming import printable

_MEND_IT = "mend it, then run `call-assistant index`"

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""


LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
"""ISO 639-1."""

Starters = Annotated[tuple[str, ...], Field(max_length=6)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quoted(_Entry):
    """An entry that a quote carries: `quote` stands, character by character, in `document`."""

    document: str
    quote: str = Field(min_length=1)


class Deadline(Quoted):
    """The last moment to submit, local to `zone`."""

    date: dt.date
    time: dt.time | None = None
    zone: str = "Europe/Brussels"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is not a time zone") from error
        return value

    def moment(self) -> dt.datetime:
        """The deadline as an aware moment; the end of the day where no time is known."""
        return dt.datetime.combine(self.date, self.time or dt.time(23, 59, 59), ZoneInfo(self.zone))


class Event(Quoted):
    """A dated step of the call: a version of its text, an opening."""

    name: str
    date: dt.date


class Priority(Quoted):
    """One priority (strand, topic) of the call."""

    number: int = Field(ge=1)
    title: str
    aliases: tuple[str, ...] = ()


class Applicant(Quoted):
    """A type of organisation that the sources admit; `names` are words that askers use for it, in any language."""

    type: str
    names: tuple[str, ...] = Field(min_length=1)
    priorities: tuple[int, ...] = ()
    """Those in which alone the sources admit it; empty for all."""
    free_of: tuple[str, ...] = ()
    """What conditions are `about` that do not bind it."""
    certain: bool = True
    """Whether to be of this type is to meet the conditions on the organisation; else it is for the asker to say."""
    offered: bool = False
    """Whether it is among the replies offered to somebody who did not say what they are."""


class Condition(Quoted):
    """A condition of taking part. `text` names it in few words, as a checklist would."""

    text: str = Field(min_length=1)
    about: Literal["organisation", "country", "partners", "partnership"]
    """`organisation`: met by each type among the applicants. `country`: where it is established. `partners`: how many
    take part. `partnership`: who they are."""
    priorities: tuple[int, ...] = ()
    """Those it holds for; empty for all."""
    countries: tuple[CountryCode, ...] = ()
    """For `country`: those that meet it."""
    barred: tuple[CountryCode, ...] = ()
    """For `country`: those that do not. Any other country is left open."""
    entities: int | None = Field(default=None, ge=1)
    """For `partners`: how many at least."""
    states: int | None = Field(default=None, ge=1)
    """For `partners`: from how many countries at least."""
    met_by: tuple[str, ...] = ()
    """For `organisation`: the types among the applicants that meet it; empty for all that are certain."""
    unmet_by: tuple[str, ...] = ()
    """For `organisation`: those that do not. Any other type is left open."""
    bars: bool = True
    """Whether not to meet it is to be shut out; false where a source only says whom something is meant for."""


class OpenPoint(_Entry):
    """What askers want to know about taking part and no source says."""

    text: str = Field(min_length=1)
    """Reads on from “Not in the sources:”."""
    about: Literal["organisation", "country", "role"]
    names: tuple[str, ...] = ()
    """Words that askers use for it, in any language."""
    countries: tuple[CountryCode, ...] = ()
    offered: str | None = None
    """How it is named among the replies offered to somebody who did not say what they are."""


class Neighbour(Quoted):
    """Another call that askers may mean or mix up."""

    id: str
    names: tuple[str, ...] = ()


class CallProfile(_Entry):
    """Everything that `call.toml` may hold."""

    id: str
    title: str
    names: tuple[str, ...] = ()
    """Other names of the call, as askers use them."""
    topics: str = ""
    """What the assistant answers about: ends the sentence “This assistant answers questions about …”."""
    topics_in: dict[LanguageCode, str] = {}
    """The same in other languages."""
    current_calls_url: str | None = None
    """Where open calls are listed today."""
    deadline: Deadline | None = None
    events: tuple[Event, ...] = ()
    priorities: tuple[Priority, ...] = ()
    applicants: tuple[Applicant, ...] = ()
    conditions: tuple[Condition, ...] = ()
    open_points: tuple[OpenPoint, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    starters: Starters = ()
    """Questions that an empty chat page offers."""
    starters_in: dict[LanguageCode, Starters] = {}
    """The same in other languages, for pages in them, so that they are answered in these."""

    @model_validator(mode="after")
    def _topics_state_no_figure(self) -> Self:
        if any(re.search(r"\d", topics.replace(self.id, "")) for topics in (self.topics, *self.topics_in.values())):
            raise ValueError("topics may hold no figure but the call's ID: it stands uncited in answers")
        return self

    @model_validator(mode="after")
    def _types_are_known(self) -> Self:
        known = {applicant.type for applicant in self.applicants}
        named = {kind for condition in self.conditions for kind in (*condition.met_by, *condition.unmet_by)}
        if unknown := sorted(named - known):
            raise ValueError(f"conditions name {unknown[0]!r}, which is no type among the applicants")
        return self

    def topics_for(self, language: str) -> str:
        """What the assistant answers about, in `language`; in the profile's own where it has no others."""
        return self.topics_in.get(language, self.topics)

    def starters_for(self, language: str) -> tuple[str, ...]:
        """The questions that an empty page in `language` offers; those in the profile's own where it has no others."""
        return self.starters_in.get(language, self.starters)

    def quoted(self) -> Iterator[tuple[str, Quoted]]:
        """Each entry with a quote, and a name for it in messages."""
        if self.deadline:
            yield "deadline", self.deadline
        groups: Mapping[str, tuple[Quoted, ...]] = {
            "events": self.events,
            "priorities": self.priorities,
            "applicants": self.applicants,
            "conditions": self.conditions,
            "neighbours": self.neighbours,
        }
        for name, entries in groups.items():
            for position, entry in enumerate(entries, start=1):
                yield f"{name}, entry {position}", entry


def load_profile(folder: Path) -> CallProfile | None:
    """The profile of the corpus in `folder`, or None where it has none.

    Raises `ProfileError` naming the key that is wrong.
    """
    if not os.path.lexists(folder / PROFILE_NAME):
        return None
    try:
        data = tomllib.loads(read_bytes(folder, PROFILE_NAME, MAX_METADATA_BYTES).decode("utf-8-sig"))
    except UnreadableDocument as error:
        raise ProfileError(f"{PROFILE_NAME} {error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileError(f"{PROFILE_NAME} cannot be read ({printable(str(error))}): {_MEND_IT}") from error
    try:
        return CallProfile.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part)[:80] for part in first["loc"])
        why = printable(f"{key}: {first['msg']}")
        raise ProfileError(f"{PROFILE_NAME}: {why}: {_MEND_IT}") from error


def check_quotes(profile: CallProfile, texts: Mapping[str, str]) -> None:
    """Raise `ProfileError` for the first quote that does not stand in its document; `texts` is by document ID."""
    for name, entry in profile.quoted():
        text = texts.get(entry.document)
        if text is None:
            raise ProfileError(
                f"{PROFILE_NAME}: {name}: there is no readable document {entry.document!r} in the corpus: {_MEND_IT}"
            )
        if entry.quote not in text:
            start = printable(" ".join(entry.quote.split())[:60])
            raise ProfileError(
                f"{PROFILE_NAME}: {name}: the quote “{start}…” does not stand in {entry.document!r}: {_MEND_IT}"
            )
