"""Which e-mail addresses are taken: a local part in dots (RFC 5322, 3.2.3) and a host name, both in ASCII.

Without the question mark that encoded words (RFC 2047) need, so that no mail library reads anything else in one.
"""

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
ADDRESS = rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*"
"""A pattern for one address."""
MOST_OF_ADDRESS = 254
"""Characters (RFC 5321, 4.5.3.1.3)."""


def is_address(text: str) -> bool:
    """Whether `text` is one address, and nothing else."""
    return len(text) <= MOST_OF_ADDRESS and re.fullmatch(ADDRESS, text) is not None
