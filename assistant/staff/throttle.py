"""How often somebody may try to sign in.

A browser in which the account's owner signed in before is counted by itself (OWASP's "device cookies"): who tries an
account from elsewhere makes others wait there, and never its owner.
"""

import math
import time
from collections import deque
from collections.abc import Callable
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
            limits = [(self._recent(key, now), most) for key, most in _keys(name, address, device)]
            waits = [tries[-most] + WINDOW - now for tries, most in limits if len(tries) >= most]
            if waits:
                return max(1, math.ceil(max(waits)))
            for tries, _ in limits:
                tries.append(now)
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
        tries = self._tries.pop(key, deque())
        self._tries[key] = tries
        while tries and tries[0] <= now - WINDOW:
            tries.popleft()
        while len(self._tries) > MAX_ADDRESSES:
            del self._tries[next(iter(self._tries))]
        return tries


def _keys(name: str, address: str | None, device: str | None) -> list[tuple[Key, int]]:
    if device is not None:
        return [(("device", device), MOST_OF_DEVICE)]
    account = name.strip().lower()[:64]
    return [(("address", network_of(address)), MOST_OF_ADDRESS), (("account", account), MOST_OF_ACCOUNT)]
