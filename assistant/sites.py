"""Which sites may show the widget, and the token that says for which of them a page was made.

A token limits, it does not authenticate: whoever asks for one for an allowed site gets it.
"""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer

from corpus.errors import AssistantError

OWN_PAGES = ""
"""In the place of a site: the widget on the service's own pages."""
LIFETIME = 15 * 60
"""Seconds that a token is good for; the widget asks for another one."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


class NotAllowed(AssistantError):
    """A site that may not show the widget, or a token that is not good."""

    code = "not_allowed"


class Sites:
    """The sites of `CALL_ASSISTANT_EMBED_SITES`; `key` signs the tokens."""

    def __init__(self, patterns: Sequence[str], key: str, lifetime: int = LIFETIME) -> None:
        self._patterns = patterns
        self._lifetime = lifetime
        self._serializer = URLSafeTimedSerializer(key, salt="widget")

    def check(self, site: str) -> None:
        """Raises `NotAllowed` where `site`, an origin or `OWN_PAGES`, may not show the widget."""
        if site != OWN_PAGES and not any(_matches(site, pattern) for pattern in self._patterns):
            raise NotAllowed("this site may not show the assistant: its origin has to be in CALL_ASSISTANT_EMBED_SITES")

    def token(self, site: str) -> str:
        """A token for `site`, good for some minutes. Raises `NotAllowed`."""
        self.check(site)
        return self._serializer.dumps(site)

    def site_of(self, token: str) -> str:
        """The site that `token` was made for. Raises `NotAllowed` where it is too old or not of this service."""
        try:
            site = str(self._serializer.loads(token, max_age=self._lifetime))
        except BadData as error:
            raise NotAllowed("the token is too old or not from here: ask /api/widget/token for another") from error
        self.check(site)
        return site


def _matches(site: str, pattern: str) -> bool:
    """Whether the origin `site` is one that the source expression `pattern` allows (Content Security Policy 3, 6.7.2).

    Unlike there, `http:` does not stand for `https:` too.
    """
    if not _ORIGIN.fullmatch(site):
        return False
    origin = urlsplit(site.lower())
    scheme, _, rest = pattern.lower().partition("://")
    host, _, port = rest.partition(":")
    asked = _port(origin)
    if scheme != origin.scheme or asked is None:
        return False
    if port != "*" and asked != (int(port) if port else _PORTS[scheme]):
        return False
    name = origin.hostname or ""
    return name.endswith(host[1:]) if host.startswith("*.") else name == host


def _port(origin: SplitResult) -> int | None:
    """The port, or None where it is above 65535."""
    try:
        return origin.port or _PORTS[origin.scheme]
    except ValueError:
        return None
