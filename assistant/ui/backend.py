"""What the pages and the web interface need of the assistant; `assistant.service.Assistant` has it."""

from collections.abc import Callable
from typing import Protocol

from assistant.results import AskRequest, AskResult, CheckRequest, CheckResult, SearchRequest, SearchResult, ShowResult
from corpus.profile import CallProfile


class Summary(Protocol):
    """What the answers rest on."""

    @property
    def documents(self) -> int:
        """How many documents there are."""

    @property
    def newest(self) -> str | None:
        """ISO date of the newest original."""

    @property
    def version(self) -> str:
        """The state of the store."""


class Backend(Protocol):
    """Answers questions; thread-safe, one for the process."""

    def ask(self, request: AskRequest, on_step: Callable[[str, str], None] | None = None) -> AskResult:
        """One cited answer; `on_step(name, label)` hears of each step as it starts. Raises `UnknownDocument`."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Ranked passages. Raises `UnknownDocument`."""

    def check(self, request: CheckRequest) -> CheckResult:
        """Whether the quotes carry the sentence."""

    def show(self, document: str) -> ShowResult:
        """A document as the store holds it. Raises `UnknownDocument`."""

    def original(self, document: str) -> bytes:
        """The file itself. Raises `UnknownDocument`, or `UnreadableDocument` where it has gone since."""

    @property
    def profile(self) -> CallProfile | None:
        """The call's profile, where the corpus has one."""

    def describe(self) -> Summary:
        """What the answers rest on."""

    def ready(self) -> bool:
        """Whether a question could be answered now."""
