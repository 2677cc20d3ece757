"""Answers on their way to a client: as events while they are made, or whole; no longer than the client waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from assistant.api_errors import response_to, responses
from assistant.backend import Backend
from assistant.limits import Desk, Job, News, Said, Step
from assistant.listen import Stopped
from assistant.results import (
    AskRequest,
    AskResult,
    CheckRequest,
    CheckResult,
    SaidSentence,
    SearchRequest,
    SearchResult,
    StepNews,
)

EVENT_STREAM = "text/event-stream"


def add_answers(app: FastAPI, assistant: Backend, desk: Desk, limited: list[Any]) -> None:
    """The routes that answer, find and check, each after the dependencies `limited`."""
    errors = responses(400, 404, 413, 415, 422, 429, 503)
    events = {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}, "description": "The result, or events"}

    @app.post("/api/ask", dependencies=limited, responses=errors | {200: events}, response_model=AskResult)
    async def ask(question: AskRequest, request: Request) -> AskResult | StreamingResponse:
        """Answer a question; each statement cites verbatim quotes.

        With `Accept: text/event-stream` as events: `step`, `sentence` (checked), and last `answer` or `error`.
        """
        job = desk.submit(lambda listener: assistant.ask(question, listener), address_of(request))
        return as_stream(_events(job)) if _wants_events(request) else await _whole(job, request)

    @app.post("/api/search", dependencies=limited, responses=errors)
    def search(asked: SearchRequest, request: Request) -> SearchResult:
        """Find passages for a question, best first."""
        return desk.submit(lambda _: assistant.search(asked), address_of(request)).result()

    @app.post("/api/check", dependencies=limited, responses=errors)
    def check(asked: CheckRequest, request: Request) -> CheckResult:
        """Tell whether quotes carry a sentence."""
        return desk.submit(lambda _: assistant.check(asked), address_of(request)).result()


def address_of(request: Request) -> str | None:
    """The client's address, where it is known."""
    return request.client.host if request.client else None


def _wants_events(request: Request) -> bool:
    """Whether the client asks for events."""
    return EVENT_STREAM in request.headers.get("accept", "")


def as_stream(events: AsyncIterator[str]) -> StreamingResponse:
    """The response that tells `events` as they come."""
    return StreamingResponse(
        events,
        media_type=EVENT_STREAM,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _whole(job: Job[AskResult], request: Request) -> AskResult:
    """The result of `job`. Raises what it raised, or `Stopped` where the client hung up."""
    ended = asyncio.ensure_future(_end_of(job))
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait((ended, gone), return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            raise Stopped
        return job.result()
    finally:
        job.stop()
        for task in (ended, gone):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _events(job: Job[AskResult]) -> AsyncIterator[str]:
    try:
        async for news in news_of(job):
            if isinstance(news, Step):
                yield event("step", StepNews(name=news.name, label=news.label).model_dump_json())
            elif isinstance(news, Said):
                said = SaidSentence(**dict(news.sentence), citations_added=news.citations_added)
                yield event("sentence", said.model_dump_json())
        if error := job.error():
            yield event("error", bytes(response_to(error, "POST /api/ask").body).decode())
        else:
            yield event("answer", job.result().model_dump_json())
    finally:
        job.stop()


def event(name: str, data: str) -> str:
    """One event of a stream; `data` is JSON in one line."""
    return f"event: {name}\ndata: {data}\n\n"


async def news_of(job: Job[AskResult]) -> AsyncIterator[News]:
    """What happens to `job`, until it is done."""
    while (news := await anyio.to_thread.run_sync(job.next_news, abandon_on_cancel=True)) is not None:
        yield news


async def _end_of(job: Job[AskResult]) -> None:
    async for _ in news_of(job):
        pass


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
