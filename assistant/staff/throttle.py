"""How often somebody may try to sign in.

A browser in which the account's owner signed in before is counted by itself (OWASP's "device cookies"): who tries an
account from elsewhere makes others wait there, and never its owner.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from threading import Lock

from assistant.limits import MAX_ADDRESSES, network_of

WINDOW = 15 * 60.0
"""Seconds over which tries are counted."""
MOST_OF_DEVICE = 10
MOST_OF_ADDRESS = 20
MOST_OF_ACCOUNT = 20
"""Tries for one account from all browsers and addresses that are not known."""

Key = tuple[str, str]


class Throttle:
    """Tries to sign in, counted in memory. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._tries: dict[Key, deque[float]] = {}

    def wait(self, name: str, address: str | None, device: str | None) -> int:
        """Count a try: 0 where it may be made, else the seconds until one may; `device` names a known browser."""
        now = self._clock()
        with self._lock:
            keys = _keys(name, address, device)
            limits = [(self._recent(key, now), most) for key, most in keys]
            waits = [tries[-most] + WINDOW - now for tries, most in limits if len(tries) >= most]
            if not waits and not self._has_room(len(keys), now):
                waits = [WINDOW]
            if waits:
                return max(1, math.ceil(max(waits)))
            for (key, _), (tries, _) in zip(keys, limits, strict=True):
                tries.append(now)
                self._tries.pop(key, None)
                self._tries[key] = tries  # behind the others: the one longest without a try stands first
            return 0

    def forgive(self, name: str, address: str | None, device: str | None) -> None:
        """Take back the last try, since it was the right password."""
        now = self._clock()
        with self._lock:
            for key, _ in _keys(name, address, device):
                tries = self._recent(key, now)
                if tries:
                    tries.pop()

    def _recent(self, key: Key, now: float) -> deque[float]:
        """The tries that still count; looking them up keeps nothing."""
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= now - WINDOW:
            tries.popleft()
        return tries

    def _has_room(self, more: int, now: float) -> bool:
        """Whether `more` keys can be kept; only what no longer counts goes, so that nobody pushes a count out."""
        for key, tries in list(islice(self._tries.items(), more)):
            if not tries or tries[-1] <= now - WINDOW:
                del self._tries[key]
        return len(self._tries) + more <= MAX_ADDRESSES


def _keys(name: str, address: str | None, device: str | None) -> list[tuple[Key, int]]:
    if device is not None:
        return [(("device", device), MOST_OF_DEVICE)]
    account = name.strip().lower()[:64]
    return [(("address", network_of(address)), MOST_OF_ADDRESS), (("account", account), MOST_OF_ACCOUNT)]
