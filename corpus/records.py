"""The records that a corpus folder is read into.

All offsets (`start`, `end`) count Unicode code points in `Document.text`, half-open.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Authority(StrEnum):
    """How much a document weighs, strongest first."""

    CALL = "call"
    """The call's own text."""
    OFFICIAL = "official"
    """A page of the body that issued the call."""
    QUOTED = "quoted"
    """Official words on another's page."""
    SECONDARY = "secondary"
    """Somebody's account."""
    HELPDESK = "helpdesk"
    """An approved reply."""

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(Authority).index(self)


class Kind(StrEnum):
    """Whether a document is itself the source or our words about sources."""

    ORIGINAL = "original"
    SUMMARY = "summary"


class BlockKind(StrEnum):
    """What a block of text is in its document's structure."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    TABLE_HEADER = "table_header"


@dataclass(frozen=True, slots=True)
class Block:
    """One structural piece of a document, in reading order; blocks never overlap.

    The span leaves out list bullets, heading marks (`##`) and the table's outer bars, so that it can be quoted.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Headings: 1 to 6. List items: nesting depth from 1. Else 0."""
    lead: tuple[int, int] | None = None
    """List items: the span of the block that introduces the list. Table rows: the header row's."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything under it up to the next heading of the same or a higher level."""

    heading: str
    path: str
    """Headings from the top joined by ` › `."""
    start: int
    """Where the heading's line starts."""
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Page:
    """A physical page; `number` is 1-based."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SectionMetadata:
    """What differs from the document's metadata for one section; None means the same."""

    source_urls: tuple[str, ...] | None = None
    authority: Authority | None = None
    kind: Kind | None = None
    date: str | None = None
    certainty: str | None = None
    """How sure the section is, in words for people."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document beside its text (`NAME.EXT.meta.toml`)."""

    title: str
    """From the metadata, else the first heading, else the file's name."""
    publisher: str | None = None
    date: str | None = None
    """ISO date of publication."""
    source_urls: tuple[str, ...] = ()
    authority: Authority = Authority.SECONDARY
    kind: Kind = Kind.ORIGINAL
    certainty: str | None = None
    note: str | None = None
    """What was left out or repaired when the document was taken in."""
    sections: dict[str, SectionMetadata] = field(default_factory=dict)
    """By heading, exactly as it stands in the document without its mark."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document as the store holds it."""

    id: str
    """Path inside the corpus folder, with `/`."""
    text: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    """Empty for formats without physical pages."""
    metadata: Metadata

    def section_at(self, offset: int) -> Section | None:
        """The innermost section that holds `offset`."""
        holding = [s for s in self.sections if s.start <= offset < s.end]
        return holding[-1] if holding else None

    def page_at(self, offset: int) -> int | None:
        """The 1-based physical page that holds `offset`."""
        return next((p.number for p in self.pages if p.start <= offset < p.end), None)

    def metadata_at(self, offset: int) -> SectionMetadata:
        """What is in force at `offset`: the innermost section's metadata, else the document's."""
        known = self.metadata
        override = SectionMetadata()
        for section in self.sections:
            if section.start <= offset < section.end and section.heading in known.sections:
                override = known.sections[section.heading]
        return SectionMetadata(
            source_urls=override.source_urls if override.source_urls is not None else known.source_urls,
            authority=override.authority or known.authority,
            kind=override.kind or known.kind,
            date=override.date or known.date,
            certainty=override.certainty or known.certainty,
        )


@dataclass(frozen=True, slots=True)
class FileNote:
    """One line about a file: not read, skipped, or a duplicate."""

    path: str
    """Path inside the corpus folder; control characters are escaped."""
    reason: str
    """What, why, what to do, in one line."""
    kind: str
    """`unreadable`, `skipped`, `refused` or `duplicate`."""
