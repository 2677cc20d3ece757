"""Which language a page speaks: the one its address asks for, else the first that the browser prefers."""

from functools import lru_cache
from typing import Any

from babel import Locale
from starlette.datastructures import Headers, QueryParams

from assistant.phrases import DEFAULT_LANGUAGE, PROMPTS


@lru_cache(maxsize=1)
def page_languages() -> dict[str, str]:
    """The languages that the pages have words in, by code, each by its own name."""
    codes = sorted(path.parent.name for path in PROMPTS.glob("*/ui.toml"))
    return {code: (Locale.parse(code).display_name or code).capitalize() for code in codes}


def known_language(code: str) -> str:
    """`code`, if the pages have words in it, else the default."""
    return code if code in page_languages() else DEFAULT_LANGUAGE


def page_language(scope: Any) -> str:
    """The language for a request (an ASGI scope): `?language=`, else `Accept-Language` (RFC 9110, section 12.5.4)."""
    asked = QueryParams(scope["query_string"]).get("language", "")
    if asked in page_languages():
        return asked
    preferred = _by_preference(Headers(scope=scope).get("accept-language", ""))
    return next((code for code in preferred if code in page_languages()), DEFAULT_LANGUAGE)


def _by_preference(header: str) -> list[str]:
    """The languages of an `Accept-Language` header, the preferred first; those with weight 0 are left out."""
    weighed = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.replace(" ", "").partition(";q=")
        try:
            weighed.append((float(weight or 1), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    return [code for weight, code in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]
