"""What is known of a document beside its text: `NAME.EXT.meta.toml`."""

import datetime as dt
import re
import tomllib
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpus.errors import UnreadableDocument
from corpus.naming import is_dangerous, printable
from corpus.records import Authority, Kind, Metadata, SectionMetadata

_MAX_LINE = 500
_MAX_WORDS = 4_000
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _words(value: str) -> str:
    """One line, white space collapsed."""
    line = " ".join(value.split())
    if not line:
        raise ValueError("is empty")
    if any(map(is_dangerous, line)):
        raise ValueError("holds a control character")
    return line


def _date_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else value


def _iso_date(value: str) -> str:
    """A day, a month or a year of ISO 8601."""
    if not _DATE.fullmatch(value):
        raise ValueError("is not an ISO date such as 2018-11-06")
    dt.date.fromisoformat((value + "-01-01")[:10])
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or value != "".join(_words(value).split()):
        raise ValueError(f"{value[:80]!r} is not an http or https address")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{parts.hostname}: an address may hold no user name or password")
    return value


_Line = Annotated[str, Field(max_length=_MAX_LINE), AfterValidator(_words)]
_Words = Annotated[str, Field(max_length=_MAX_WORDS), AfterValidator(_words)]
_Date = Annotated[str, BeforeValidator(_date_text), AfterValidator(_iso_date)]
_Address = Annotated[str, Field(max_length=2_000), AfterValidator(_web_address)]
_Addresses = Annotated[tuple[_Address, ...], Field(max_length=100)]


class _SectionTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source_urls: _Addresses | None = None
    authority: Authority | None = None
    kind: Kind | None = None
    date: _Date | None = None
    certainty: _Words | None = None


class _MetadataTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: _Line | None = None
    publisher: _Line | None = None
    date: _Date | None = None
    source_urls: _Addresses = ()
    authority: Authority = Authority.SECONDARY
    kind: Kind = Kind.ORIGINAL
    certainty: _Words | None = None
    note: _Words | None = None
    sections: dict[str, _SectionTable] = Field(default_factory=dict)


def parse_metadata(data: bytes | None, default_title: str) -> Metadata:
    """The metadata in `data`, the bytes of the file beside the document, or the defaults where there is none.

    Raises `UnreadableDocument` that names the key for unknown keys and impossible values.
    """
    if data is None:
        return Metadata(title=default_title)
    try:
        table = _MetadataTable.model_validate(tomllib.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise UnreadableDocument("its metadata file is not UTF-8 text: save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = printable(str(error))
        raise UnreadableDocument(f"its metadata file is not valid TOML ({why}): mend it") from error
    except ValidationError as error:
        raise UnreadableDocument(f"its metadata file has a fault: {printable(_first_fault(error))}: mend it") from error
    return Metadata(
        title=table.title or default_title,
        publisher=table.publisher,
        date=table.date,
        source_urls=table.source_urls,
        authority=table.authority,
        kind=table.kind,
        certainty=table.certainty,
        note=table.note,
        sections={
            heading: SectionMetadata(
                source_urls=section.source_urls,
                authority=section.authority,
                kind=section.kind,
                date=section.date,
                certainty=section.certainty,
            )
            for heading, section in table.sections.items()
        },
    )


def _first_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(part if part.isidentifier() else f'"{part[:80]}"' for part in map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        return f"{key} is not a key it may have"
    cause = first.get("ctx", {}).get("error")
    return f"{key} {cause}" if cause else f"{key}: {first['msg'][0].lower()}{first['msg'][1:]}"
