"""Passwords of staff: what may be one (NIST SP 800-63B-4, section 3.1.1.2), and how one is kept. The door to argon2.

A password is all that is asked for, so it has at least 15 characters. Nothing is asked of its kinds of characters.
"""

import re
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from corpus.errors import AssistantError

SHORTEST = 15
LONGEST = 256
LEAST_OWN = 8
"""Characters that are left of a password without what anybody would try first."""
FEWEST_DIFFERENT = 6

_HASHER = PasswordHasher()
"""argon2id with 64 MiB, 3 passes and 4 lanes: RFC 9106's second recommended option, the library's defaults."""
_AT_ONCE = BoundedSemaphore(2)
"""So many passwords are hashed at a time, as each takes its memory."""
_GUESSED_FIRST = re.compile(r"(?i)password|passwort|helpdesk|call-?assistant|qwerty|azerty|letmein|welcome|admin")
_RUNS = "abcdefghijklmnopqrstuvwxyz 0123456789 9876543210 qwertyuiop asdfghjkl zxcvbnm"


class BadPassword(AssistantError):
    """A password that may not be used; the message says why."""

    code = "password"


def check_password(password: str, account: str) -> None:
    """Raises `BadPassword` where `password` is too short, too long or too easily guessed for `account`."""
    length = len(_normal(password))
    if length < SHORTEST:
        raise BadPassword(f"the password has {length} characters, at least {SHORTEST} are needed: take several words")
    if length > LONGEST:
        raise BadPassword(f"the password has {length} characters, at most {LONGEST} can be kept")
    own = _GUESSED_FIRST.sub("", _normal(password))
    own = re.sub(re.escape(account), "", own, flags=re.IGNORECASE)
    if len(_without_runs(own)) < LEAST_OWN or len(set(own.lower())) < FEWEST_DIFFERENT:
        raise BadPassword("the password is too easily guessed: take several words that do not belong together")


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def matches(secret: str | None, password: str) -> bool:
    """Whether `secret` is the hash of `password`; where there is none it takes as long to say no."""
    if len(password) > LONGEST:
        password = ""
    with _AT_ONCE:
        try:
            return _HASHER.verify(secret or _NOBODYS, _normal(password)) and secret is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(secret: str) -> bool:
    """Whether `secret` was made with other parameters than are used now."""
    return _HASHER.check_needs_rehash(secret)


def _normal(password: str) -> str:
    """The same for the same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def _without_runs(text: str) -> str:
    """`text` without letters and digits that stand in a row on a keyboard or in the alphabet, four or more."""
    lowered, kept, at = text.lower(), [], 0
    while at < len(text):
        end = at + 4
        if lowered[at:end] in _RUNS and end <= len(text):
            while end < len(text) and lowered[at : end + 1] in _RUNS:
                end += 1
            at = end
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)


_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$/iMA2/cg9xV7zroOk+vq1w$98xtRzcM1lPeaqUGO8Ge6yEM+jUpIs5Pe50wO3OOiwo"
"""The hash of a random text that was not kept."""
