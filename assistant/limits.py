"""What keeps one visitor from taking the service from all others: a line before the desk, and a rate by address."""

import ipaddress
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Generic, TypeVar, cast

from assistant.listen import Listener
from assistant.results import AnswerSentence, Citation
from corpus.errors import AssistantError

T = TypeVar("T")

WINDOW = 60.0
"""Seconds over which the rate is counted."""
MAX_ADDRESSES = 10_000
"""Addresses remembered at once; beyond that those that asked longest ago are forgotten first."""
PLACES = 9
"""Pieces of work that one network may have at the desk at once, waiting ones too: half of what it takes. So an office
behind one address waits in line like others, and nobody keeps others out."""
BUSY_SECONDS = 5
"""After how many seconds somebody who found the line full may try again."""


class Busy(AssistantError):
    """As many questions wait as may wait, of all visitors or of this one."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Waiting:
    """News of a job: it waits, and `ahead` others wait before it."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Step:
    """News of a job: a step starts; `label` says it in words."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Said:
    """News of a job: a checked sentence of the answer, with the citations that none before it had."""

    sentence: AnswerSentence
    citations_added: tuple[Citation, ...]


News = Waiting | Step | Said


class Job(Generic[T]):
    """One piece of work at the desk; the work tells it what happens, as its `Listener`."""

    def __init__(self, desk: "Desk", network: str) -> None:
        self._desk = desk
        self.network = network
        """Who it is done for, as `network_of` has it."""
        self._news: SimpleQueue[News | None] = SimpleQueue()
        self._future: Future[T] | None = None
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether it was stopped."""
        return self._stopped

    def step(self, name: str, label: str) -> None:
        """See `Listener`."""
        self.tell(Step(name, label))

    def sentence(self, sentence: AnswerSentence, citations_added: tuple[Citation, ...]) -> None:
        """See `Listener`."""
        self.tell(Said(sentence, citations_added))

    def tell(self, news: News | None) -> None:
        """Pass on what happens; None ends it."""
        self._news.put(news)

    def start(self, future: "Future[T]") -> None:
        """Follow `future` to its end."""
        self._future = future
        future.add_done_callback(lambda _: self.tell(None))

    def news(self, beat: float | None = None) -> Iterator[News | None]:
        """What happens to the job, until it is done; None after every `beat` seconds in which nothing does."""
        while True:
            try:
                news = self._news.get(timeout=beat)
            except Empty:
                yield None
                continue
            if news is None:
                return
            yield news

    def next_news(self) -> News | None:
        """What happens next, waited for; None when the job is done."""
        return self._news.get()

    def result(self) -> T:
        """What the work returned, once it is done. Raises what it raised."""
        error = self.error()
        if error is not None:
            raise error
        return cast("Future[T]", self._future).result()

    def error(self) -> BaseException | None:
        """What the work raised, once it is done, or None."""
        future = cast("Future[T]", self._future)
        try:
            return future.exception()
        except CancelledError:
            return Busy("the service is stopping: ask again later")

    def leave(self) -> None:
        """Give up the place in the line."""
        if cast("Future[T]", self._future).cancel():
            self._desk.gone(self)

    def stop(self) -> None:
        """End the news now, from any thread, and leave: `stopped` is true from then on, and there is no result.

        Work that has begun hears of it through its listener.
        """
        self._stopped = True
        self.tell(None)
        self.leave()


class Desk:
    """Does `at_once` pieces of work at a time, while `line` others wait in the order they came.

    No network has more than `PLACES` of them.
    """

    def __init__(self, at_once: int, line: int) -> None:
        self._at_once = at_once
        self._most = at_once + line
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="desk")
        self._lock = Lock()
        self._running: list[Job[object]] = []
        self._line: deque[Job[object]] = deque()
        self._closed = False

    def submit(self, work: Callable[[Listener], T], address: str | None) -> Job[T]:
        """Put `work` for `address` in the line; it is given a listener for what happens.

        Raises `Busy` where the line is full, or holds enough for the network of `address`.
        """
        job: Job[T] = Job(self, network_of(address))
        with self._lock:
            own = [other for other in (*self._running, *self._line) if other.network == job.network]
            if len(self._running) + len(self._line) >= self._most or len(own) >= PLACES:
                raise Busy(f"many questions are being answered just now: ask again in {BUSY_SECONDS} seconds")
            free = self._at_once - len(self._running)
            self._line.append(cast(Job[object], job))
            if len(self._line) > free:
                job.tell(Waiting(len(self._line) - 1))
            job.start(self._pool.submit(self._do, job, work))
        return job

    def gone(self, job: Job[T]) -> None:
        """Take a job that was given up out of the line."""
        with self._lock:
            if job in self._line:
                self._line.remove(cast(Job[object], job))
                self._tell_places()

    def close(self) -> None:
        """Start nothing more, stop what has begun, whose visitors are gone, and wait for its end."""
        with self._lock:
            self._closed = True
            running = tuple(self._running)
        for job in running:
            job.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _do(self, job: Job[T], work: Callable[[Listener], T]) -> T:
        with self._lock:
            self._line.remove(cast(Job[object], job))
            self._running.append(cast(Job[object], job))
            self._tell_places()
            if self._closed:
                job.stop()
        try:
            return work(job)
        finally:
            with self._lock:
                self._running.remove(cast(Job[object], job))

    def _tell_places(self) -> None:
        if len(self._running) >= self._at_once:
            for place, waiting in enumerate(self._line):
                waiting.tell(Waiting(place))


class RateLimit:
    """At most `per_minute` questions in any minute from one address."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._lock = Lock()
        self._asked: dict[str, deque[float]] = {}

    def wait(self, address: str | None) -> int:
        """Count one question of `address`: 0 where it may be asked, else the seconds until the next one may."""
        key, now = network_of(address), self._clock()
        with self._lock:
            asked = self._asked.pop(key, deque())
            self._asked[key] = asked
            while asked and asked[0] <= now - WINDOW:
                asked.popleft()
            while len(self._asked) > MAX_ADDRESSES:
                del self._asked[next(iter(self._asked))]
            if len(asked) >= self._per_minute:
                return max(1, math.ceil(asked[0] + WINDOW - now))
            asked.append(now)
            return 0


def network_of(address: str | None) -> str:
    """Who asks: an IPv4 address, or the /64 network of an IPv6 one, as one household has it."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        return str(known.ipv4_mapped or ipaddress.IPv6Network((int(known) >> 64 << 64, 64)))
    return str(known)
