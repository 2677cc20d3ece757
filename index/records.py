"""The records of the index. Offsets count code points in the document's text, half-open."""

from dataclasses import dataclass

from corpus.records import FileNote


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, list item or table row inside a passage: the unit that is cited."""

    start: int
    end: int
    lead: tuple[int, int] | None = None
    """The span that introduces it: a list's lead-in, a table's header row."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that is embedded and found as one. `text` is `document.text[start:end]`."""

    id: str
    """Derived from document, span and text: the same content has the same ID."""
    document: str
    start: int
    end: int
    text: str
    section: str | None
    page: int | None
    context: str
    """Title, heading path and lead-in: embedded and searched with the text, never shown as part of it."""
    sentences: tuple[Sentence, ...]

    @property
    def embedded(self) -> str:
        """What the models read of it."""
        return f"{self.context}\n{self.text}".lstrip("\n")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with the arithmetic of its score."""

    passage: Passage
    position: int
    """Of the passage in the store."""
    score: float
    parts: dict[str, float]
    """Score by retriever (`lexical`, the dense models' names), before fusion."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a refresh did, or with `dry_run` would do. Documents are named by their IDs."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    profile_changed: bool
    """Whether `call.toml` is another than before."""
    passages: int
    """In the new state; 0 in a dry run, which reads nothing."""
    embedded: int
    """Passages whose vectors were not taken over."""
    notes: tuple[FileNote, ...]
    """A line for each file that was not read or is a duplicate."""
    seconds: float
    version: str
    """Of the state in force afterwards; empty where there is none."""
    published: bool
    """Whether a new generation came into force."""
