"""Which reader reads which type of file. Each is imported when its first file comes."""

from corpus.content import Content
from corpus.limits import Limits


def read_format(suffix: str, data: bytes, limits: Limits) -> Content:
    """The content of a file with this suffix, in lower case.

    Raises `UnreadableDocument`, and on a malformed file whatever the parser of its format raises.
    """
    match suffix:
        case ".txt":
            from corpus.read_plain import read_plain

            return read_plain(data)
        case ".md":
            from corpus.read_markdown import read_markdown

            return read_markdown(data)
        case ".html" | ".htm":
            from corpus.read_html import read_html

            return read_html(data)
        case ".docx":
            from corpus.read_docx import read_docx

            return read_docx(data, limits)
        case ".pdf":
            from corpus.read_pdf import read_pdf

            return read_pdf(data, limits)
        case _:
            raise ValueError(f"no reader for {suffix!r}")
