"""The language model behind an OpenAI-compatible server. The one door to LangChain's client for such servers.

Its client runs on an event loop of its own, so that a call can be ended at any moment: when its time is up, when
nobody waits for it any more, or when it has said enough. Nothing that a server does can hold an answer up for longer.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.errors import SettingsError
from assistant.listen import Stopped
from assistant.model_errors import ModelTrouble, trouble_of
from assistant.model_limits import CHARACTERS_A_TOKEN, Breaker, DayBudget, tokens_in
from assistant.prompt import Prompt
from assistant.reading import Reader, Written
from assistant.settings import Settings
from assistant.trouble import record

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from openai import DefaultAsyncHttpxClient

POLL_S = 0.1
"""Seconds after which a waiting answer looks whether it is still wanted."""
CLOSE_S = 5.0
"""Seconds that what is going on may take to end."""
BACKOFF_S = 0.5
"""Seconds before the one retry."""
HEADERS = frozenset({"host", "connection", "accept", "accept-encoding", "content-type", "content-length", "user-agent"})
"""What a request tells, beside the key."""
REFUSALS = 2
"""Answers for which a server has to fail at a form of request before it is taken to refuse that form."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a request is put; servers differ in what they know."""

    structured: bool
    arguments: dict[str, Any]


def _shapes(tokens: int) -> tuple[_Shape, ...]:
    """From the most that can be asked for to what every server takes; the next one is for a server that refuses."""
    cool = {"temperature": 0, "max_tokens": tokens}
    return (
        _Shape(True, {**cool, "extra_body": {"response_format": Prompt.answer_format()}}),
        _Shape(False, cool),
        _Shape(False, {"max_completion_tokens": tokens}),
    )


class Model:
    """A language model. Thread-safe."""

    def __init__(
        self, chat: "BaseChatModel", client: "DefaultAsyncHttpxClient", name: str, host: str, settings: Settings
    ) -> None:
        self.name = name
        self.host = host
        self._chat = chat
        self._client = client
        self._timeout = settings.llm_timeout_seconds
        self._tokens = settings.llm_tokens_per_answer
        self._shapes = _shapes(self._tokens)
        self._shape = 0
        self._failed_at_shape = 0
        self._breaker = Breaker()
        self._budget = DayBudget(settings.llm_tokens_per_day)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="model", daemon=True).start()

    def close(self) -> None:
        """End what is going on."""

        async def end() -> None:
            going_on = asyncio.all_tasks() - {asyncio.current_task()}
            for task in going_on:
                task.cancel()
            if going_on:
                await asyncio.wait(going_on, timeout=CLOSE_S)
            await self._client.aclose()
            self._loop.stop()

        asyncio.run_coroutine_threadsafe(end(), self._loop)

    def deadline(self) -> float:
        """When an answer that begins now has to be there, on the monotonic clock."""
        return time.monotonic() + self._timeout

    def write(self, prompt: Prompt, deadline: float, stopped: Callable[[], bool]) -> Iterator[Written]:
        """The sentences that the model writes, as they come.

        Raises `ModelTrouble`, also where the time is up while a sentence is looked at, and `Stopped` as soon as
        `stopped()` says so.
        """
        if not self._breaker.lets_through():
            raise ModelTrouble("unreachable", "was left alone after it had failed, as it is for a minute")
        aside = tokens_in(len(prompt.text)) + self._tokens
        if not self._budget.take(aside):
            raise ModelTrouble("spent", "has used up CALL_ASSISTANT_LLM_TOKENS_PER_DAY")
        reader, said = Reader(), 0
        try:
            for piece in self._with_retry(prompt, deadline, stopped):
                said += len(piece)
                for written in reader.feed(piece):
                    yield written
                    _check_time(deadline, stopped)
            if not said:
                raise ModelTrouble("unusable", "answered with nothing")
            yield from reader.end()
        except ModelTrouble as trouble:
            if trouble.kind == "cut":
                self._breaker.worked()
            else:
                self._breaker.failed(for_good=trouble.for_good)
            raise
        finally:
            self._budget.give_back(max(0, self._tokens - tokens_in(said)))
        self._breaker.worked()

    def try_out(self) -> None:
        """Ask for one word. Raises `ModelTrouble` where that does not work."""
        prompt = Prompt("You answer with one word.", "Say yes.", "", "", "")
        for _ in self._with_retry(prompt, self.deadline(), lambda: False):
            return
        raise ModelTrouble("unusable", "answered with nothing")

    def _with_retry(self, prompt: Prompt, deadline: float, stopped: Callable[[], bool]) -> Iterator[str]:
        """Retries once, unless something has come already or another try cannot help."""
        for last_try in (False, True):
            came = False
            try:
                for piece in self._in_a_known_shape(prompt, deadline, stopped):
                    came = True
                    yield piece
            except ModelTrouble as trouble:
                if last_try or came or not trouble.worth_a_retry or time.monotonic() + BACKOFF_S >= deadline:
                    raise
                _LOG.warning("the language model %s; it is tried once more", trouble.what)
                self._wait(BACKOFF_S, stopped)
            else:
                return

    def _wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if stopped():
                raise Stopped
            time.sleep(POLL_S)

    def _in_a_known_shape(self, prompt: Prompt, deadline: float, stopped: Callable[[], bool]) -> Iterator[str]:
        """Asks in the richest form that the server is not known to refuse."""
        surely = True
        first = self._shape
        for number in range(first, len(self._shapes)):
            try:
                yield from self._once(prompt, self._shapes[number], deadline, stopped)
            except ModelTrouble as trouble:
                if not trouble.refused or number == len(self._shapes) - 1:
                    raise
                surely &= not trouble.worth_a_retry  # a server that fails once need not refuse
                _LOG.info("the language model's server refused a form of request; the next simpler one is tried")
            else:
                self._failed_at_shape = self._failed_at_shape + 1 if number > first else 0
                if number > first and (surely or self._failed_at_shape >= REFUSALS):
                    self._shape, self._failed_at_shape = number, 0
                return

    def _once(self, prompt: Prompt, shape: _Shape, deadline: float, stopped: Callable[[], bool]) -> Iterator[str]:
        pieces: SimpleQueue[str | None] = SimpleQueue()  # holds no more than an answer's tokens

        async def pump() -> None:
            room = self._tokens * CHARACTERS_A_TOKEN
            chunks = self._chat.astream(prompt.messages(structured=shape.structured), **shape.arguments)
            async with aclosing(cast("AsyncGenerator[AIMessageChunk]", chunks)):
                async for chunk in chunks:
                    if isinstance(chunk.content, str) and chunk.content:
                        pieces.put(chunk.content[:room])
                        room -= len(chunk.content)
                        if room < 0:
                            raise ModelTrouble("cut", "wrote more than CALL_ASSISTANT_LLM_TOKENS_PER_ANSWER")

        task = asyncio.run_coroutine_threadsafe(pump(), self._loop)
        task.add_done_callback(lambda _: pieces.put(None))
        try:
            while True:
                _check_time(deadline, stopped)
                try:
                    piece = pieces.get(timeout=POLL_S)
                except Empty:
                    continue
                if piece is None:
                    break
                yield piece
        finally:
            task.cancel()
        if task.cancelled():  # the model was closed meanwhile
            raise Stopped
        error = task.exception()
        if isinstance(error, ModelTrouble):
            raise error
        if error:
            trouble = trouble_of(error, self.name, self.host)
            if trouble.kind == "unusable":
                record(_LOG, "reading what the language model's server sent", error)
            raise trouble from error


def _check_time(deadline: float, stopped: Callable[[], bool]) -> None:
    """Raises `Stopped` where nobody waits any more, `ModelTrouble` where the time is up."""
    if stopped():
        raise Stopped
    if time.monotonic() >= deadline:
        raise ModelTrouble("slow", "took longer than CALL_ASSISTANT_LLM_TIMEOUT_SECONDS")


def model_of(settings: Settings) -> Model | None:
    """The language model that the settings name; None where they name none. Raises `SettingsError` for half a name."""
    if settings.llm_base_url is None and settings.llm_model is None:
        return None
    if settings.llm_base_url is None:
        raise SettingsError("CALL_ASSISTANT_LLM_MODEL needs CALL_ASSISTANT_LLM_BASE_URL, the address of its server")
    if settings.llm_model is None:
        raise SettingsError("CALL_ASSISTANT_LLM_BASE_URL needs CALL_ASSISTANT_LLM_MODEL, the name of a model there")
    from langchain_openai.chat_models.base import BaseChatOpenAI
    from openai import DefaultAsyncHttpxClient

    key = settings.llm_api_key or SecretStr("none")  # never a key of another service from the environment

    async def only_ours(request: Any) -> None:
        """Leave out what the libraries take from `OPENAI_…` variables, which belong to another service."""
        for name in request.headers.keys() - HEADERS:
            del request.headers[name]
        request.headers["Authorization"] = f"Bearer {key.get_secret_value()}"

    client = DefaultAsyncHttpxClient(
        timeout=settings.llm_timeout_seconds,
        follow_redirects=False,  # a question goes where the settings say, and nowhere else
        event_hooks={"request": [only_ours]},
    )
    chat = BaseChatOpenAI(
        model=settings.llm_model,
        base_url=settings.llm_base_url,
        api_key=key,
        http_async_client=client,
        http_socket_options=(),
        openai_proxy="",
        timeout=settings.llm_timeout_seconds,
        max_retries=0,
        stream_usage=False,
        stream_chunk_timeout=None,
    )
    host = urlsplit(settings.llm_base_url).hostname or ""
    return Model(chat, client, settings.llm_model, host, settings)
