"""What the pages and the web interface need of the assistant; `assistant.service.Assistant` has it."""

from typing import Protocol

from assistant.listen import Listener
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


class Model(Protocol):
    """The language model that puts answers into words."""

    @property
    def model(self) -> str:
        """Its name."""

    @property
    def host(self) -> str:
        """Where what is asked is sent."""


class Backend(Protocol):
    """Answers questions; thread-safe, one for the process."""

    def ask(self, request: AskRequest, listener: Listener | None = None) -> AskResult:
        """One cited answer; `listener` hears what happens. Raises `UnknownDocument`, or `Stopped` when it has left."""

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

    @property
    def writer(self) -> Model | None:
        """The language model that puts answers into words, where one is set."""

    @property
    def embedding_host(self) -> str | None:
        """Where what is asked is sent to be searched for, where the embeddings are a server's."""

    def describe(self) -> Summary:
        """What the answers rest on."""

    def documents(self) -> tuple[str, ...]:
        """The IDs of the documents."""

    def ready(self) -> bool:
        """Whether a question could be answered now."""
