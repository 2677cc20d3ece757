"""The pages without a script beside those of documents: what the assistant is, and an answer that has a link."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from assistant.api_errors import page_responses
from assistant.backend import Backend
from assistant.results import AskResult
from assistant.settings import Settings
from assistant.storage.answers import SharedAnswers
from assistant.trouble import record
from assistant.ui import front
from assistant.ui.answer import render_answer
from assistant.ui.languages import page_language, page_languages
from assistant.ui.markup import render
from assistant.ui.words import words

_LOG = logging.getLogger(__name__)


def add_pages(app: FastAPI, assistant: Backend, answers: SharedAnswers, settings: Settings) -> None:
    """The routes `/about` and `/answers/ID`."""

    @app.get("/about", response_class=HTMLResponse, responses=page_responses(503))
    def about(request: Request) -> HTMLResponse:
        """What the assistant knows and does, and what happens to what is typed."""
        return HTMLResponse(render_about(assistant, page_language(request.scope), settings.keep_days, settings.contact))

    @app.get("/answers/{answer_id}", response_class=HTMLResponse, responses=page_responses(404, 422, 503))
    def answer(request: Request, answer_id: str) -> HTMLResponse:
        """An answer that somebody made a link for, as it was given then."""
        result, say = _kept(answers.find(answer_id)), words(page_language(request.scope))
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        if result is None:
            gone = render("gone.html", say, keep_days=settings.keep_days)
            return HTMLResponse(gone, status_code=404, headers=headers)
        html = render(
            "shared.html",
            say,
            result=result,
            body=render_answer(result, "shared", settings.keep_days, actions=False, page_language=say.language),
            as_of=say.day(result.as_of),
            title=front.title(assistant.profile, say),
        )
        return HTMLResponse(html, headers=headers)


def _kept(found: str | None) -> AskResult | None:
    """The answer; None as well for one that an earlier version kept in another form."""
    try:
        return None if found is None else AskResult.model_validate_json(found)
    except ValidationError as error:
        record(_LOG, "an answer with a link", error)
        return None


def render_about(assistant: Backend, language: str, keep_days: int, contact: str | None) -> str:
    """What the assistant is, holds and keeps, as an HTML page."""
    say = words(language)
    shown = [assistant.show(name) for name in assistant.documents()]
    return render(
        "about.html",
        say,
        title=front.title(assistant.profile, say),
        scope=front.scope(assistant.profile, say),
        documents=sorted(shown, key=lambda known: (known.kind == "summary", known.date or "", known.title)),
        writer=assistant.writer,
        embedding_host=assistant.embedding_host,
        keep_days=keep_days,
        contact=contact,
        languages=page_languages(),
    )
