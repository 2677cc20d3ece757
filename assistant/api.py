"""The web service: the JSON interface, the pages of documents, and the chat page."""

import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

import uvicorn
from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from pydantic import StringConstraints
from starlette.applications import Starlette

from assistant.api_answers import add_answers, address_of
from assistant.api_errors import NotReady, TooMany, add_error_handlers, error_response, page_responses, responses
from assistant.api_guard import STAFF, Bodies, Heads, SecurityHeaders
from assistant.api_sharing import add_sharing
from assistant.api_static import Compression, VersionedFiles
from assistant.api_widget import add_widget
from assistant.backend import Backend
from assistant.errors import InvalidInput, SettingsError
from assistant.limits import Desk, RateLimit
from assistant.results import (
    MAX_QUESTION,
    Record,
)
from assistant.results import Request as InputLine
from assistant.seal import Seal
from assistant.settings import Settings
from assistant.sites import Sites
from assistant.staff.app import create_staff_app
from assistant.staff.pages import STATIC as STAFF_STATIC
from assistant.staff.pages import STATIC_AT
from assistant.storage.accounts import Accounts
from assistant.storage.answers import SharedAnswers
from assistant.storage.cases import Cases
from assistant.storage.database import Database
from assistant.storage.feedback import Feedback, Rating
from assistant.storage.keys import key
from assistant.storage.purging import purging
from assistant.storage.requests import Requests
from assistant.storage.widget_use import WidgetUse
from assistant.ui.languages import page_language
from assistant.ui.markup import STATIC
from assistant.ui.pages import add_pages
from assistant.ui.source import render_passage, render_source
from assistant.ui.widget import WidgetPage
from index.errors import NoStore, StoreError

if TYPE_CHECKING:
    from assistant.ui.chat import ChatApp

AT_ONCE = 2
"""Questions answered at the same time."""
LINE = 16
"""Questions that may wait for that."""
GRADIO_PER_QUESTION = 8
"""Requests to Gradio that an address has for each question it may ask; the page sends two when it opens, two to three
for a question, and two to stop one."""
ORIGINAL_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""What an original is sent as; everything else is plain text, HTML too."""

Text = Annotated[str, StringConstraints(max_length=MAX_QUESTION)]


class RatingRequest(InputLine):
    """A thumb for an answer, with a reason."""

    answer: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    """The answer's ID, given by the page that showed it; a later rating of the same answer replaces this one."""
    question: Text
    helpful: bool
    reason: Annotated[str, StringConstraints(max_length=1_000)] = ""
    status: Annotated[str, StringConstraints(max_length=32)] = ""
    corpus_version: Annotated[str, StringConstraints(max_length=128)] = ""


class RatingResult(Record):
    """A rating was kept."""

    kept_days: int
    """Days after which it is deleted."""


class State(Record):
    """How the service is."""

    status: Literal["alive", "ready"]


def create_app(assistant: Backend, settings: Settings) -> FastAPI:
    """The whole service over `assistant`, as an ASGI application. Raises `DatabaseError`."""
    from assistant.ui.chat import ChatApp
    from assistant.ui.chat_page import ChatPage

    database = Database(settings.database)
    feedback = Feedback(database, settings.keep_days)
    accounts, cases = Accounts(database), Cases(database, settings.keep_days)
    answers, requests = SharedAnswers(database, settings.keep_days), Requests(database, settings.keep_days)
    use = WidgetUse(database, settings.widget_questions_a_day, settings.keep_days)
    seal = Seal(key(database, "answers"))
    desk = Desk(AT_ONCE, LINE)
    rate = RateLimit(settings.rate_limit_per_minute)
    chat = ChatApp(
        ChatPage(
            backend=assistant,
            desk=desk,
            rate=rate,
            seal=seal,
            keep_days=settings.keep_days,
            contact=settings.contact,
            today=settings.today,
        ),
        RateLimit(settings.rate_limit_per_minute * GRADIO_PER_QUESTION),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(database.close)
            stack.callback(desk.close)
            stores = (feedback, accounts, cases, answers, requests, use)
            await stack.enter_async_context(purging(*(store.purge for store in stores)))
            await stack.enter_async_context(chat.lifespan())
            yield

    app = FastAPI(
        title="Call assistant",
        summary="Cited answers from the documents of one funding call.",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    add_error_handlers(app)
    app.add_middleware(Bodies, refuse=error_response, leave=STAFF)
    app.add_middleware(Heads)
    app.add_middleware(SecurityHeaders, embed_sites=settings.embed_sites)
    app.add_middleware(Compression)
    add_answers(app, assistant, desk, [Depends(_limit(rate))])
    add_widget(
        app,
        assistant,
        desk,
        [Depends(_limit(rate))],
        WidgetPage(assistant, seal, settings.keep_days, settings.contact, settings.today),
        Sites(settings.embed_sites, key(database, "widget")),
        use,
    )
    _add_documents(app, assistant)
    _add_feedback(app, feedback, settings.keep_days, RateLimit(settings.rate_limit_per_minute))
    limited = [Depends(_limit(RateLimit(settings.rate_limit_per_minute)))]
    add_sharing(app, seal, answers, requests, settings.keep_days, limited)
    add_pages(app, assistant, answers, settings)
    _add_health(app, assistant)
    _add_staff(app, create_staff_app(assistant, accounts, cases, requests, settings.keep_days))
    _add_page(app, chat)
    return app


def serve(settings: Settings) -> None:
    """Run the service until it is interrupted; the store is made first where there is none.

    Raises `AssistantError` where it cannot start.
    """
    from assistant.embedders import embedders_of
    from assistant.service import Assistant
    from index.build import refresh

    with _listening(settings.host, settings.port) as listening:
        embedders = embedders_of(settings)
        try:
            assistant = Assistant(settings, embedders)
        except NoStore:
            made = refresh(settings.corpus, settings.store, embedders)
            for note in made.notes:
                print(f"{note.kind}: {note.path}: {note.reason}")
            print(f"The store was made: {len(made.added)} documents, {made.passages} passages.", flush=True)
            assistant = Assistant(settings, embedders)
        with assistant:
            app = create_app(assistant, settings)
            print(f"Listening on http://{_shown(listening)} (stop with Ctrl+C)", flush=True)
            Server(app).run(sockets=[listening])


class Server(uvicorn.Server):
    """Serves what `create_app` made; on its way out it ends the streams that open pages keep."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app, log_level="warning", access_log=False, server_header=False, ws="none", timeout_graceful_shutdown=5
            )
        )
        self._end_streams: Callable[[], None] = app.state.end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then wait for what is being answered."""
        self._end_streams()
        await super().shutdown(sockets)


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens, so that an address in use is known before anything is loaded."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen()
    except OSError as error:
        why = "it is in use" if error.errno == errno.EADDRINUSE else str(error.strerror or error)
        raise SettingsError(
            f"cannot listen on {host} port {port} ({why}): name another with --host or --port"
        ) from error
    return made


def _shown(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _limit(rate: RateLimit) -> Callable[[Request], None]:
    def limit(request: Request) -> None:
        seconds = rate.wait(address_of(request))
        if seconds:
            raise TooMany(seconds)

    return limit


def _add_documents(app: FastAPI, assistant: Backend) -> None:
    errors = page_responses(404, 422, 503)
    offset = Query(ge=0, description="Code points in the document's text, half-open; both or neither.")

    @app.get("/sources/{document:path}", response_class=HTMLResponse, responses=errors)
    def source(
        request: Request,
        document: str,
        start: Annotated[int | None, offset] = None,
        end: Annotated[int | None, offset] = None,
        view: Annotated[
            Literal["page", "passage"], Query(description="The page, or the passage as a fragment.")
        ] = "page",
    ) -> HTMLResponse:
        """The document as a page, the characters from `start` to `end` highlighted."""
        shown, language = assistant.show(document), page_language(request.scope)
        span = _span(start, end, len(shown.text))
        if view == "page":
            return HTMLResponse(render_source(shown, language, span))
        if span is None:
            raise InvalidInput("start: a passage needs start and end")
        return HTMLResponse(render_passage(shown, language, span))

    @app.get("/originals/{document:path}", response_class=Response, responses=errors)
    def original(document: str) -> Response:
        """The file itself. PDF is shown by the browser, DOCX saved, everything else shown as plain text."""
        content, name = assistant.original(document), PurePosixPath(document)
        how = "attachment" if name.suffix.lower() == ".docx" else "inline"
        return Response(
            content,
            media_type=ORIGINAL_TYPES.get(name.suffix.lower(), "text/plain; charset=utf-8"),
            headers={"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name.name, safe='')}"},
        )


def _span(start: int | None, end: int | None, length: int) -> tuple[int, int] | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise InvalidInput(f"{'start' if start is None else 'end'}: start and end go together")
    if not start < end <= length:
        raise InvalidInput(f"end: has to lie after start and not after {length}, the end of the document")
    return start, end


def _add_feedback(app: FastAPI, feedback: Feedback, keep_days: int, rate: RateLimit) -> None:
    @app.post(
        "/api/feedback",
        status_code=201,
        dependencies=[Depends(_limit(rate))],
        responses=responses(400, 413, 415, 422, 429, 503),
    )
    def rate_answer(request: RatingRequest) -> RatingResult:
        """Keep a thumb for an answer, with a reason, for some days."""
        feedback.add(Rating(**request.model_dump()))
        return RatingResult(kept_days=keep_days)


def _add_health(app: FastAPI, assistant: Backend) -> None:
    @app.get("/healthz", responses=responses())
    async def alive() -> State:
        """Whether the process is alive."""
        return State(status="alive")

    @app.get("/readyz", responses=responses(503))
    def ready() -> State:
        """Whether a question could be answered now."""
        try:
            able = assistant.ready()
        except StoreError as error:
            raise NotReady("the store cannot be read: run `call-assistant index`") from error
        if not able:
            raise NotReady("the store holds no document: run `call-assistant index`")
        return State(status="ready")


def _add_staff(app: FastAPI, staff: Starlette) -> None:
    app.mount(STATIC_AT, StaticFiles(directory=STAFF_STATIC), name="staff-static")
    app.mount(STAFF.rstrip("/"), staff, name="staff")

    @app.get("/helpdesk", include_in_schema=False)
    def to_staff() -> RedirectResponse:
        return RedirectResponse("/helpdesk/sign-in", 303)


def _add_page(app: FastAPI, chat: "ChatApp") -> None:
    app.mount("/ui", VersionedFiles(STATIC), name="ui")

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")

    app.router.default = chat
    app.state.end_streams = chat.end_streams
