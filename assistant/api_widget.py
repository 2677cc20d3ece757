"""The widget: its loader, the page in its frame, and its questions, which are counted by site."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, StreamingResponse
from pydantic import BaseModel, StringConstraints

from assistant.api_answers import EVENT_STREAM, address_of, as_stream, event, news_of
from assistant.api_errors import UsedUp, page_responses, response_to, responses
from assistant.backend import Backend
from assistant.limits import Busy, Desk, Job
from assistant.phrases import DEFAULT_LANGUAGE
from assistant.results import AskRequest, AskResult, Record
from assistant.sites import OWN_PAGES, Sites
from assistant.storage.widget_use import WidgetUse
from assistant.ui.markup import STATIC
from assistant.ui.widget import WidgetPage, WidgetTurn
from assistant.ui.widget_setup import render_preview, render_setup
from assistant.ui.words import words

LOADER_SECONDS = 3600
"""How long a browser may use the loader that it has."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Site = Annotated[
    str, Query(max_length=255, description="The origin of the page that shows the widget; left out for our own pages.")
]


class WidgetQuestion(AskRequest):
    """A question from the widget."""

    token: Annotated[str, StringConstraints(max_length=1_024)]
    """As the widget's page or `/api/widget/token` gave it."""
    page_language: Language = DEFAULT_LANGUAGE
    """Of the words around the answer."""


class Token(Record):
    """What a question from the widget is asked with."""

    token: str


class TurnEvent(BaseModel):
    """An event: the question's turn as HTML; `result` when it is answered."""

    html: str
    result: AskResult | None = None


def add_widget(
    app: FastAPI,
    assistant: Backend,
    desk: Desk,
    limited: list[Any],
    page: WidgetPage,
    sites: Sites,
    use: WidgetUse,
) -> None:
    """The routes of the widget; questions after the dependencies `limited`."""

    @app.get("/widget.js", response_class=FileResponse, responses=page_responses())
    def loader() -> FileResponse:
        """The script that a site includes."""
        headers = {"Cache-Control": f"public, max-age={LOADER_SECONDS}", "Cross-Origin-Resource-Policy": "cross-origin"}
        return FileResponse(STATIC / "widget.js", media_type="text/javascript", headers=headers)

    @app.get("/widget", response_class=HTMLResponse, responses=page_responses(403, 422))
    def widget(site: Site = OWN_PAGES, language: Language = DEFAULT_LANGUAGE) -> HTMLResponse:
        """The page in the widget's frame; `site` alone may frame it, where it is allowed to."""
        return _page(page.render(words(language), site, sites.token(site)), site)

    @app.get("/widget/setup", response_class=HTMLResponse, responses=page_responses(422))
    def setup(language: Language = DEFAULT_LANGUAGE) -> HTMLResponse:
        """The page for web editors, who put the widget on their site."""
        return _page(render_setup(words(language), page.keep_days, use.a_day))

    @app.get("/widget/preview", response_class=HTMLResponse, include_in_schema=False)
    def preview() -> HTMLResponse:
        """A page for the preview on the one for web editors."""
        return _page(render_preview(words(DEFAULT_LANGUAGE)))

    @app.get("/api/widget/token", responses=responses(403, 422))
    def token(site: Site = OWN_PAGES) -> Token:
        """Another token for a page that is open for long. It limits, it does not authenticate."""
        return Token(token=sites.token(site))

    @app.post(
        "/api/widget/ask",
        dependencies=limited,
        response_class=StreamingResponse,
        responses=responses(400, 403, 413, 415, 422, 429, 503)
        | {200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}, "description": "Events"}},
    )
    def ask(asked: WidgetQuestion, request: Request) -> StreamingResponse:
        """Answer a question as HTML: events `turn` while it goes on, last `answer` (with the result) or `error`."""
        site = sites.site_of(asked.token)
        seconds = use.count(site)
        if seconds:
            raise UsedUp(seconds)
        turn = page.turn(asked.question, words(asked.page_language))
        try:
            job = desk.submit(lambda listener: assistant.ask(asked, listener), address_of(request))
        except Busy:
            use.give_back(site)
            raise
        return as_stream(_events(job, turn))


def _page(html: str, site: str = OWN_PAGES) -> HTMLResponse:
    """A page that our own pages may frame, and `site`."""
    policy = f"{_POLICY} {site}".rstrip()
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


async def _events(job: Job[AskResult], turn: WidgetTurn) -> AsyncIterator[str]:
    try:
        async for news in news_of(job):
            yield event("turn", TurnEvent(html=turn.heard(news)).model_dump_json(exclude_none=True))
        if error := job.error():
            response_to(error, "POST /api/widget/ask")  # writes it to the log
            yield event("error", TurnEvent(html=turn.failed(error)).model_dump_json(exclude_none=True))
        else:
            result = job.result()
            yield event("answer", TurnEvent(html=turn.answered(result), result=result).model_dump_json())
    finally:
        job.stop()
