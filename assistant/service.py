"""The assistant as a whole: one object that answers for the command line, the web and the pages."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Self

from assistant.check import examine
from assistant.embedders import embedders_of
from assistant.listen import Listener, Nobody
from assistant.model import model_of
from assistant.pipeline import Context, answer, build_chain
from assistant.results import AskRequest, AskResult, CheckRequest, CheckResult, SearchRequest, SearchResult, ShowResult
from assistant.retrieve import passage_result
from assistant.settings import Settings
from corpus.errors import AssistantError
from corpus.folder import read_bytes
from corpus.limits import DEFAULT_LIMITS
from corpus.profile import CallProfile
from index.embed import Embedder
from index.errors import UnknownDocument
from index.live import LiveIndex
from index.reader import load_reader


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """What the answers rest on."""

    documents: int
    newest: str | None
    """ISO date of the newest document."""
    version: str


@dataclass(frozen=True, slots=True)
class Writer:
    """The language model that puts answers into words, and where what is asked is sent for that."""

    model: str
    host: str


class Assistant:
    """Answers questions from the store. Thread-safe; takes up a new state of the store by itself."""

    def __init__(self, settings: Settings, embedders: tuple[Embedder, ...] | None = None) -> None:
        self._settings = settings
        models = embedders or embedders_of(settings)
        reader = load_reader(models, settings.reader_model)
        self._live = LiveIndex(settings.store, models, corpus=settings.corpus, reader=reader)
        self._model = model_of(settings)
        self._chain = build_chain(composing=self._model is not None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store and of the language model."""
        self._live.close()
        if self._model:
            self._model.close()

    @property
    def profile(self) -> CallProfile | None:
        """The call's profile."""
        return self._live.current().profile

    @property
    def writer(self) -> Writer | None:
        """The language model that puts answers into words, where one is set."""
        return Writer(self._model.name, self._model.host) if self._model else None

    @property
    def embedding_host(self) -> str | None:
        """Where what is asked is sent to be searched for, where the embeddings are a server's."""
        return self._settings.embedding_host

    def ask(self, request: AskRequest, listener: Listener | None = None) -> AskResult:
        """One cited answer; `listener` hears of each step as it starts and of each sentence that holds.

        Raises `UnknownDocument` where the request names one that is not in the store, `Stopped` where nobody waits.
        """
        index = self._live.current()
        if request.document is not None:
            index.document(request.document)
        today = self._settings.today or date.today()
        contact, heard = self._settings.contact, listener or Nobody()
        return answer(self._chain, Context(request, index, today, contact, heard, self._model))

    def ask_many(self, requests: Sequence[AskRequest]) -> list[AskResult | AssistantError]:
        """A result or an error for each request, in order."""
        return [_or_error(self.ask, request) for request in requests]

    def search(self, request: SearchRequest) -> SearchResult:
        """Ranked passages. Raises `UnknownDocument` where the request names one that is not in the store."""
        found = self.search_many([request])[0]
        if isinstance(found, AssistantError):
            raise found
        return found

    def search_many(self, requests: Sequence[SearchRequest]) -> list[SearchResult | AssistantError]:
        """Ranked passages or an error for each request, in order; their questions are embedded together."""
        index = self._live.current()
        found: dict[int, SearchResult | AssistantError] = {}
        by_depth: dict[int, list[int]] = {}
        for position, request in enumerate(requests):
            try:
                if request.document is not None:
                    index.document(request.document)
                by_depth.setdefault(request.k, []).append(position)
            except UnknownDocument as error:
                found[position] = error
        for k, positions in by_depth.items():
            started = time.perf_counter()
            asked = [requests[position] for position in positions]
            hits = index.search_many([r.question for r in asked], k, [r.document for r in asked])
            share = round((time.perf_counter() - started) * 1000 / len(asked), 1)
            for position, request, ranked in zip(positions, asked, hits, strict=True):
                results = tuple(passage_result(rank, hit, index) for rank, hit in enumerate(ranked, start=1))
                found[position] = SearchResult(id=request.id, results=results, timings_ms={"total": share})
        return [found[position] for position in range(len(requests))]

    def check(self, request: CheckRequest) -> CheckResult:
        """Whether the quotes carry the sentence; the call's ID may stand in it without standing in them."""
        profile = self.profile
        found = examine(request.sentence, request.quotes, ids=[profile.id] if profile else ())
        return CheckResult(
            id=request.id, supported=found.supported, probability=found.probability, reasons=found.reasons
        )

    def check_many(self, requests: Sequence[CheckRequest]) -> list[CheckResult]:
        """A result for each request, in order."""
        return [self.check(request) for request in requests]

    def show(self, document: str) -> ShowResult:
        """A document as the store holds it. Raises `UnknownDocument`."""
        found = self._live.current().document(document)
        known = found.metadata
        return ShowResult(
            document=document,
            title=known.title,
            text=found.text,
            authority=str(known.authority),
            kind=str(known.kind),
            source_url=known.source_urls[0] if known.source_urls else None,
            date=known.date,
            publisher=known.publisher,
            note=known.note,
            certainty=known.certainty,
            source_urls=known.source_urls,
            sections=tuple({"heading": s.heading, "start": s.start, "end": s.end} for s in found.sections),
            pages=tuple({"number": p.number, "start": p.start, "end": p.end} for p in found.pages),
        )

    def original(self, document: str) -> bytes:
        """The file itself. Raises `UnknownDocument`, or `UnreadableDocument` where the file has gone since."""
        self._live.current().document(document)
        return read_bytes(self._settings.corpus, document, DEFAULT_LIMITS.file_bytes)

    def describe(self) -> CorpusSummary:
        """What the answers rest on."""
        index = self._live.current()
        documents = [index.document(name) for name in index.documents()]
        dates = [d.metadata.date for d in documents if d.metadata.date and d.metadata.kind == "original"]
        return CorpusSummary(len(documents), max(dates, default=None), index.version)

    def documents(self) -> tuple[str, ...]:
        """The IDs of the documents."""
        return self._live.current().documents()

    def ready(self) -> bool:
        """Whether a question could be answered now."""
        return bool(self._live.current().documents())


def _or_error(ask: Callable[[AskRequest], AskResult], request: AskRequest) -> AskResult | AssistantError:
    try:
        return ask(request)
    except AssistantError as error:
        return error
