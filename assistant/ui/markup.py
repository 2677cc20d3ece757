"""The one door to Jinja: every page and fragment is a template in `templates/`, and every value in it is escaped."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from assistant.results import section_within
from assistant.ui.words import Words, is_web_address, site

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"

_ADDRESS = re.compile(r"(https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)])")
_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


def render(template: str, words: Words, **values: object) -> str:
    """The template with its values; those of `.html` templates are escaped. A missing value is an error."""
    return _environment().get_template(template).render(words=words, say=words.say, **values)


def one_block(html: str) -> str:
    """`html` as one line, so that it stays one block of raw HTML inside Markdown and no rule there reads its text.

    Line ends and tabs become character references; so does Gradio's mark for texts to be translated.
    """
    html = html.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")
    return html.replace("__i18n__", "&#95;_i18n__")


def source_href(document: str, start: int | None = None, end: int | None = None, language: str | None = None) -> str:
    """The address of a document's page, at a passage where one is given, in a language where one is given."""
    place = {} if start is None else {"start": start, "end": end}
    query = urlencode(place | ({"language": language} if language else {}))
    return f"/sources/{quote(document)}{'?' if query else ''}{query}{'#quote' if place else ''}"


def original_href(document: str, page: int | None = None) -> str:
    """The address of the file itself, at a page where one is given."""
    path = f"/originals/{quote(document)}"
    return f"{path}#page={page}" if page and document.lower().endswith(".pdf") else path


def contact_href(contact: str) -> str | None:
    """Where a contact leads, if it is an e-mail or web address alone."""
    if is_web_address(contact):
        return contact
    return f"mailto:{contact}" if _MAIL.fullmatch(contact) else None


def linked(text: str) -> Markup:
    """`text` with its web addresses as links; for our own words only, never for a document's."""
    parts = _ADDRESS.split(text)
    return Markup("").join(
        Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(part)
        if position % 2 and is_web_address(part)
        else escape(part)
        for position, part in enumerate(parts)
    )


@lru_cache
def static_href(name: str) -> str:
    """The address of a static file, which changes with its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/ui/{name}?v={digest}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html"], default_for_string=True, default=False),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        source_href=source_href,
        original_href=original_href,
        contact_href=contact_href,
        static_href=static_href,
        is_web_address=is_web_address,
        linked=linked,
        section_within=section_within,
        site=site,
    )
    return environment
