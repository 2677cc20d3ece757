"""How this software makes a store, as numbers. One that was made in another way is refused until it is refreshed."""

from index.lexical import ANALYSIS_VERSION
from index.passages import CHUNKING_VERSION, MAX_CHARS, TARGET_CHARS
from index.reader import SHA256, UPPER

READING_VERSION = 2
"""Raised whenever a reader in `corpus` would make another document of the same file."""

READER_VERSION = int(SHA256[UPPER][:8], 16)
"""Of what encodes passages for the reader."""

METHOD = {
    "reader": READER_VERSION,
    "reading": READING_VERSION,
    "chunking": CHUNKING_VERSION,
    "chunk_target_chars": TARGET_CHARS,
    "chunk_max_chars": MAX_CHARS,
    "analysis": ANALYSIS_VERSION,
}
