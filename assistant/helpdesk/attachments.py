"""The text of the files that come with a mail, read as documents are: in a process of its own, within limits."""

import time
from collections.abc import Sequence
from pathlib import PurePosixPath

from assistant.helpdesk.body import File
from assistant.helpdesk.records import Attachment
from assistant.plain import legible
from corpus.child import Child
from corpus.errors import UnreadableDocument
from corpus.limits import Limits

LIMITS = Limits(file_bytes=10 * 1024 * 1024, text_characters=1_000_000, pages=200, seconds=5.0)
"""What reading one file, or the mail's HTML, may cost."""
MOST_READ = 5
"""Files of a mail that are read; all are listed."""
MOST_SECONDS = 10.0
"""After this no further file is begun."""
MOST_TEXT = 20_000
"""Characters that are kept of each."""

_TYPES = (".pdf", ".docx", ".html", ".htm", ".txt", ".md")


def read_attachments(files: Sequence[File], child: Child) -> tuple[Attachment, ...]:
    """Each file with its text, or with why it is not read."""
    read: list[Attachment] = []
    begin_before = time.monotonic() + MOST_SECONDS
    for file in files:
        begun = sum(not one.problem for one in read)
        if begun == MOST_READ or time.monotonic() > begin_before:
            read.append(_unread(file, "is not read, as others were before it: send it apart"))
        else:
            read.append(_read(file, child))
    return tuple(read)


def _read(file: File, child: Child) -> Attachment:
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in _TYPES:
        return _unread(file, "is of a type that is not read: open it in its program")
    if not file.data:
        return _unread(file, "is empty")
    if len(file.data) > LIMITS.file_bytes:
        return _unread(file, f"has {len(file.data):,} bytes and at most {LIMITS.file_bytes:,} are read")
    try:
        text = child.read(suffix, file.data).text
    except UnreadableDocument as error:
        return _unread(file, str(error))
    text = legible(text)[:MOST_TEXT]
    return Attachment(name=file.name, bytes=len(file.data), text=text, enclosed=file.enclosed)


def _unread(file: File, problem: str) -> Attachment:
    return Attachment(name=file.name, bytes=len(file.data), problem=problem, enclosed=file.enclosed)
