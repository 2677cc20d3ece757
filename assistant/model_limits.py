"""What keeps a language model from costing more than it may: a circuit breaker and a budget of tokens a day."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

FAILURES = 2
"""Failed answers in a row after which the model is left alone."""
REST_S = 60.0
"""Seconds for which it is left alone; then one answer may try it again."""
CHARACTERS_A_TOKEN = 3
"""Fewer than texts of the EU's languages have on average, so that the count errs on the high side."""


def tokens_in(characters: int) -> int:
    """About how many tokens so many characters are; rather too many."""
    return -(-characters // CHARACTERS_A_TOKEN)


class Breaker:
    """Says whether the model may be tried. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._rests_until = 0.0

    def lets_through(self) -> bool:
        """Whether the model may be tried now; after a rest, one at a time may."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            now = self._clock()
            if now < self._rests_until:
                return False
            self._rests_until = now + REST_S
            return True

    def worked(self) -> None:
        """The model has answered."""
        with self._lock:
            self._failures = 0

    def failed(self, *, for_good: bool = False) -> None:
        """The model has not answered; `for_good` where trying again soon cannot help."""
        with self._lock:
            self._failures = max(self._failures + 1, FAILURES if for_good else 0)
            self._rests_until = self._clock() + REST_S


class DayBudget:
    """Tokens that may still be spent today (UTC), counted since the process started. Thread-safe."""

    def __init__(self, tokens: int, today: Callable[[], str] = lambda: datetime.now(UTC).date().isoformat()) -> None:
        self._tokens = tokens
        self._today = today
        self._lock = Lock()
        self._day = ""
        self._left = tokens

    def take(self, tokens: int) -> bool:
        """Set `tokens` aside; False, and nothing is taken, where fewer are left."""
        with self._lock:
            self._renew()
            if self._left < tokens:
                return False
            self._left -= tokens
            return True

    def give_back(self, tokens: int) -> None:
        """Return what was set aside and not used."""
        with self._lock:
            self._renew()
            self._left = min(self._tokens, self._left + tokens)

    def _renew(self) -> None:
        today = self._today()
        if today != self._day:
            self._day, self._left = today, self._tokens
