"""The workspace's pages: templates of its own, every value escaped, words from `prompts/en/staff.toml`."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from assistant.phrases import DEFAULT_LANGUAGE, Phrases, phrases
from assistant.ui.markup import original_href, source_href
from assistant.ui.markup import static_href as public_href

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
STATIC_AT = "/ui/staff"
"""Where style and script are served; the sign-in page needs them too, and they tell nothing."""


def page(
    template: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """The template as a page. A missing value or phrase is an error."""
    return HTMLResponse(_environment().get_template(template).render(**values), status, headers)


def trouble_page(status: HTTPStatus, phrase: str, message: str = "") -> HTMLResponse:
    """The page for what could not be done: what that was, from `phrase`, and a `message` of one line."""
    return page("trouble.html", status, what=words().say(phrase), message=message)


def words() -> Phrases:
    """The words of the workspace, which is in English."""
    return phrases(DEFAULT_LANGUAGE, "staff")


@lru_cache
def _static_href(name: str) -> str:
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_AT}/{name}?v={digest}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        say=words().say,
        source_href=source_href,
        original_href=original_href,
        static_href=_static_href,
        public_href=public_href,
    )
    return environment
