"""What one document may cost at most, whatever is in it."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file; reaching one makes the file an `UnreadableDocument`, never a crash or a hang."""

    file_bytes: int = 100 * _MIB
    """Size of the file itself."""
    text_characters: int = 10_000_000
    """Length of the text that was read from it."""
    blocks: int = 200_000
    """Paragraphs, list items, table rows and headings."""
    pages: int = 2_000
    """Pages of a PDF."""
    seconds: float = 18.0
    """Clock and CPU time in the child process, for each; its start and end fit into the 2 s that remain to 20."""
    memory_bytes: int = 480 * _MIB
    """Address space of the child process, so its resident memory stays below 512 MiB."""


DEFAULT_LIMITS = Limits()
