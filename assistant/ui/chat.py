"""The chat page. The one door to Gradio: it carries the question, the line and the answer; the markup is our own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

from assistant.api_errors import plain_error
from assistant.limits import RateLimit
from assistant.ui import front
from assistant.ui.chat_page import ChatPage, Update
from assistant.ui.conversation import Talk
from assistant.ui.markup import one_block, render
from assistant.ui.shell import Limited, OpenPaths, PageShell, PlainErrors, TextOnly, dress, mark
from assistant.ui.words import words

SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif")
"""The visitor's own fonts; none is fetched."""
SESSIONS = 2_000
"""Conversations held in memory at once."""
AT_ONCE = 32
"""Conversations that may wait for their answers at once; more than may stand in the line before the desk."""
FORGET_AFTER = timedelta(hours=1)
"""How long a conversation is held after its page was closed."""
ABANDONED_AFTER = timedelta(hours=12)
"""How long one is held whose page stays open unused."""


class ChatApp:
    """The chat page as an ASGI application for `/`: with the paths that it needs, and no others.

    `lifespan` has to be open while it serves.
    """

    def __init__(self, page: ChatPage, rate: RateLimit) -> None:
        """`rate` is how often one address may ask Gradio for anything, the page itself apart."""
        blocks = _blocks(page)
        self._host = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        self._host.add_middleware(CORSMiddleware, allow_origins=[])
        gr.mount_gradio_app(
            self._host,
            blocks,
            path="/",
            footer_links=[],
            run_history=False,
            show_error=False,
            max_file_size=1,
            ssr_mode=False,
            enable_monitoring=False,
            mcp_server=False,
            theme=gr.themes.Base(
                font=[gr.themes.Font(name) for name in SYSTEM_FONTS],
                font_mono=[gr.themes.Font("ui-monospace"), gr.themes.Font("monospace")],
            ),
        )
        self._blocks = blocks
        self._page = page
        self._ended = asyncio.Event()
        self._app = OpenPaths(Limited(TextOnly(PlainErrors(PageShell(self._host, self._dress), plain_error)), rate))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._app(dict(scope), self._ending(receive), send)

    def end_streams(self) -> None:
        """Let open pages go, which hold a stream for as long as they are open. To be called on the server's loop."""
        self._ended.set()

    def _ending(self, receive: Receive) -> Receive:
        """`receive`, which also hears a client hang up when the streams end."""

        async def hear() -> Message:
            message, ended = asyncio.ensure_future(receive()), asyncio.ensure_future(self._ended.wait())
            try:
                await asyncio.wait((message, ended), return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                ended.cancel()

        return hear

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Run what the page needs while the service is up: Gradio's own tasks, and the forgetting of conversations."""
        async with self._host.router.lifespan_context(self._host):
            forgetting = asyncio.create_task(self._forget())
            try:
                yield
            finally:
                forgetting.cancel()
                with suppress(asyncio.CancelledError):
                    await forgetting

    def _dress(self, html: str, language: str) -> str:
        say, profile = words(language), self._page.backend.profile
        title = front.title(profile, say)
        head = render("shell_head.html", say, title=title, description=front.scope(profile, say))
        body = render("shell_body.html", say, keep_days=self._page.keep_days, contact=self._page.contact)
        placeholder = "ask.placeholder" if profile else "ask.placeholder_without_call"
        values = {
            "title": title,
            "language": language,
            "intro": one_block(self._page.intro(say)),
            "label": say.say("ask.label"),
            "placeholder": say.say(placeholder),
            "send": say.say("ask.send"),
            "stop": say.say("ask.stop"),
        }
        return dress(html, language, head, body + self._page.header(say), values)

    async def _forget(self) -> None:
        while True:
            forget(self._blocks.state_holder, self._blocks._queue, datetime.now())
            await asyncio.sleep(60)


def forget(holder: Any, queue: Any, now: datetime) -> None:
    """Drop what Gradio's `holder` keeps of conversations whose page was closed, or left unused for long.

    And what its `queue` keeps of them: news that nobody came for.
    """
    for session, used in list(holder.time_last_used.items()):
        state = holder.session_data.get(session)
        unused = now - used
        if state is None or (state.is_closed and unused > FORGET_AFTER) or unused > ABANDONED_AFTER:
            holder.session_data.pop(session, None)
            holder.time_last_used.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)
            queue.pending_event_ids_session.pop(session, None)


def _blocks(page: ChatPage) -> gr.Blocks:
    """The page in no language: `dress` fills in what stands between percent signs."""
    blocks: gr.Blocks = gr.Blocks(analytics_enabled=False, title=mark("title"), fill_width=True)

    def ask(question: str, language: str, replaces: str, talk: Talk, request: gr.Request) -> Iterator[Any]:
        yield from map(_changes, page.ask(question, language, replaces, talk, _address(request)))

    def reopen(sealed: str, language: str, talk: Talk, request: gr.Request) -> Any:
        return _changes(page.reopen(sealed, language, talk, _address(request)))

    with blocks:
        blocks.state_session_capacity = SESSIONS
        talk = gr.State(Talk())
        with gr.Column(elem_id="talk"):
            _markup(mark("intro"), "intro")
            conversation = _markup("", "conversation")
            with gr.Row(elem_id="ask-row"):
                question = gr.Textbox(
                    label=mark("label"),
                    placeholder=mark("placeholder"),
                    lines=1,
                    max_lines=6,
                    elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                )
                send = gr.Button(mark("send"), elem_id="ask", variant="primary")
                stop = gr.Button(mark("stop"), elem_id="stop")
            with gr.Row(elem_id="unseen"):  # what the page's script tells us; nobody sees it
                language = gr.Textbox(mark("language"), elem_id="language")
                replaces = gr.Textbox("", elem_id="replaces")
                kept = gr.Textbox("", elem_id="kept")
                again = gr.Button("", elem_id="reopen")
        outputs = [talk, conversation]
        told: dict[str, Any] = {
            "show_progress": "hidden",
            "concurrency_limit": AT_ONCE,
            "api_visibility": "private",
            # What is sent when an answer shows, but Gradio has not heard its end, is asked then; "once" drops it.
            "trigger_mode": "always_last",
        }
        gr.on([question.submit, send.click], ask, [question, language, replaces, talk], outputs, **told)
        again.click(reopen, [kept, language, talk], outputs, **told)
        stop.click(page.stop, [talk], None, **told)
        blocks.queue(max_size=2 * AT_ONCE, api_open=False)
        blocks._queue.ANALYTICS_MAX_EVENTS = 1  # its statistics of all events, made anew after each one, are not shown
    return blocks


def _changes(update: Update) -> tuple[Any, ...]:
    """`update` as Gradio takes it."""
    return tuple(gr.skip() if value is None else value for value in update)


def _address(request: gr.Request) -> str | None:
    return request.client.host if request.client else None


def _markup(html: str, element: str) -> gr.Markdown:
    """Our own escaped HTML. `gr.HTML` would need `unsafe-eval` in the policy; Markdown leaves blocks of HTML alone."""
    return gr.Markdown(html, elem_id=element, sanitize_html=False, latex_delimiters=[], container=False)
