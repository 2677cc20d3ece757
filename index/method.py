"""How this software makes a store, as numbers. One that was made in another way is refused until it is refreshed."""

from index.lexical import ANALYSIS_VERSION
from index.passages import CHUNKING_VERSION, MAX_CHARS, TARGET_CHARS
from index.reader import SHA256, UPPER

READING_VERSION = 2
"""Raised whenever a reader in `corpus` would make another document of the same file."""

ENCODING_VERSION = 1
"""Raised whenever `index/e5.py` or `index/reader.py` would make other rows of the same passage."""
READER_VERSION = int(SHA256[UPPER][:6], 16) * 100 + ENCODING_VERSION
"""Of what encodes passages for the reader: the weights, and the code around them."""

METHOD = {
    "reader": READER_VERSION,
    "reading": READING_VERSION,
    "chunking": CHUNKING_VERSION,
    "chunk_target_chars": TARGET_CHARS,
    "chunk_max_chars": MAX_CHARS,
    "analysis": ANALYSIS_VERSION,
}
