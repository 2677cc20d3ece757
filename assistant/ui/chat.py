"""The chat page. The one door to Gradio: it carries the question, the line and the answer; the markup is our own."""

import asyncio
import logging
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

from assistant.api_errors import plain_error
from assistant.backend import Backend
from assistant.limits import BUSY_SECONDS, Busy, Desk, Job, RateLimit, Said, Waiting
from assistant.listen import Listener
from assistant.results import MAX_QUESTION, AskRequest, AskResult
from assistant.trouble import record
from assistant.ui import front
from assistant.ui.conversation import (
    Asking,
    Talk,
    answer_block,
    in_line,
    problem_block,
    stopped_block,
    working_block,
)
from assistant.ui.markup import render
from assistant.ui.shell import OpenPaths, PageShell, PlainErrors, dress
from assistant.ui.words import Words
from corpus.errors import AssistantError

SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif")
"""The visitor's own fonts; none is fetched."""
SESSIONS = 2_000
"""Conversations held in memory at once."""
AT_ONCE = 32
"""Conversations that may wait for their answers at once; more than may stand in the line before the desk."""
BEAT_S = 1.0
"""Seconds after which a quiet answer shows that it is still wanted."""
FORGET_AFTER = timedelta(hours=1)
"""How long a conversation is held after its page was closed."""
ABANDONED_AFTER = timedelta(hours=12)
"""How long one is held whose page stays open unused."""

Update = tuple[Any, Any, Any]
"""New values of the conversation's state, its markup and the question field."""

Answer = tuple[AskResult, str]
"""A result, and its turn as HTML."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChatPage:
    """What the chat page is made of."""

    backend: Backend
    desk: Desk
    rate: RateLimit
    words: Words
    keep_days: int
    contact: str | None
    today: date | None
    """The day the deadline is read against; None is the clock's."""

    def greet(self) -> tuple[str, str]:
        """Header and introduction as they are now."""
        now = self.today or datetime.now(UTC)
        return (
            front.header(self.backend, self.words, now),
            front.intro(self.backend, self.words, self.keep_days, self.contact),
        )

    def ask(self, question: str, talk: Talk, request: gr.Request) -> Iterator[Update]:
        """Answer `question`, telling each step; every visitor's `talk` comes from their own session."""
        question = _readable(question)
        if not question:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        refusal = self._refusal(question, request)
        if refusal:
            yield (
                talk,
                talk.markdown(self.words, problem_block(question[:200], refusal, self.words, again=False)),
                question,
            )
            return
        asking = AskRequest(question=question, history=talk.history)
        try:
            job = self.desk.submit(lambda listen: self._answer(asking, listen))
        except Busy:
            message = self.words.say("problem.busy", seconds=BUSY_SECONDS)
            yield talk, talk.markdown(self.words, problem_block(question, message, self.words)), question
            return
        try:
            said = yield from self._follow(job, question, talk.ask(Asking(question, job.stop)))
            yield self._done(job, question, talk, said)
        finally:
            job.stop()  # also when the page was left

    def stop(self, talk: Talk) -> None:
        """Stop answering; `ask`, which runs beside this, gives the question back."""
        if talk.asking is not None:
            talk.asking.stop()

    def _answer(self, asking: AskRequest, listen: Listener) -> Answer:
        result = self.backend.ask(asking, listen)
        return result, answer_block(asking.question, result, self.words, self.keep_days)

    def _refusal(self, question: str, request: gr.Request) -> str | None:
        if len(question) > MAX_QUESTION:
            return self.words.say("problem.too_long", length=len(question), most=MAX_QUESTION)
        wait = self.rate.wait(request.client.host if request.client else None)
        return self.words.say("problem.too_many", seconds=wait) if wait else None

    def _follow(self, job: Job[Answer], question: str, talk: Talk) -> Generator[Update, None, tuple[Said, ...]]:
        """The steps in words and the checked sentences, as they come; returns the sentences."""
        steps: tuple[str, ...] = ()
        said: tuple[Said, ...] = ()
        yield talk, self._working(talk, question, (self.words.say("working.start"),), said), ""
        for news in job.news(BEAT_S):
            if news is None:
                yield gr.skip(), gr.skip(), gr.skip()  # only then does Gradio see that the page was left
                continue
            if isinstance(news, Waiting):
                yield talk, self._working(talk, question, (in_line(news, self.words),), said), gr.skip()
                continue
            if isinstance(news, Said):
                said = (*said, news)
            else:
                steps = (*steps, news.label)
            yield talk, self._working(talk, question, steps, said), gr.skip()
        return said

    def _working(self, talk: Talk, question: str, steps: tuple[str, ...], said: tuple[Said, ...]) -> str:
        return talk.markdown(self.words, working_block(question, steps, self.words, said))

    def _done(self, job: Job[Answer], question: str, talk: Talk, said: tuple[Said, ...]) -> Update:
        """The answer, or what happened instead of it."""
        if job.stopped:
            return talk, talk.markdown(self.words, stopped_block(question, self.words, said)), question
        error = job.error()
        if error is not None:
            record(_LOG, "a question on the chat page", error)
            key = "problem.unavailable" if isinstance(error, AssistantError) else "problem.unexpected"
            block = problem_block(question, self.words.say(key), self.words)
            return talk, talk.markdown(self.words, block), question
        talk = talk.answered(question, *job.result())
        return talk, talk.markdown(self.words), gr.skip()


class ChatApp:
    """The chat page as an ASGI application for `/`: with the paths that it needs, and no others.

    `lifespan` has to be open while it serves.
    """

    def __init__(self, page: ChatPage) -> None:
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
        self._app = OpenPaths(PlainErrors(PageShell(self._host, self._dress), plain_error))

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

    def _dress(self, html: str) -> str:
        words, profile = self._page.words, self._page.backend.profile
        name, scope = front.title(profile, words), front.scope(profile, words)
        head = render("shell_head.html", words, title=name, description=scope)
        return dress(html, words.language, head, render("shell_body.html", words))

    async def _forget(self) -> None:
        while True:
            forget(self._blocks.state_holder, datetime.now())
            await asyncio.sleep(60)


def forget(holder: Any, now: datetime) -> None:
    """Drop what Gradio's `holder` keeps of conversations whose page was closed, or left unused for long."""
    for session, used in list(holder.time_last_used.items()):
        state = holder.session_data.get(session)
        unused = now - used
        if state is None or (state.is_closed and unused > FORGET_AFTER) or unused > ABANDONED_AFTER:
            holder.session_data.pop(session, None)
            holder.time_last_used.pop(session, None)


def _blocks(page: ChatPage) -> gr.Blocks:
    words, profile = page.words, page.backend.profile
    header, intro = page.greet()
    placeholder = "ask.placeholder" if profile else "ask.placeholder_without_call"
    blocks: gr.Blocks = gr.Blocks(analytics_enabled=False, title=front.title(profile, words), fill_width=True)
    with blocks:
        blocks.state_session_capacity = SESSIONS
        talk = gr.State(Talk())
        top = _markup(header, "top")
        with gr.Column(elem_id="talk"):
            about = _markup(intro, "intro")
            conversation = _markup("", "conversation")
            with gr.Row(elem_id="ask-row"):
                question = gr.Textbox(
                    label=words.say("ask.label"),
                    placeholder=words.say(placeholder),
                    lines=1,
                    max_lines=6,
                    elem_id="question",
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                )
                send = gr.Button(words.say("ask.send"), elem_id="ask", variant="primary")
                stop = gr.Button(words.say("ask.stop"), elem_id="stop")
        outputs = [talk, conversation, question]
        gr.on(
            [question.submit, send.click],
            page.ask,
            [question, talk],
            outputs,
            show_progress="hidden",
            concurrency_limit=AT_ONCE,
            api_visibility="private",
        )
        stop.click(page.stop, [talk], None, show_progress="hidden", concurrency_limit=AT_ONCE, api_visibility="private")
        blocks.load(
            page.greet, None, [top, about], show_progress="hidden", concurrency_limit=AT_ONCE, api_visibility="private"
        )
        blocks.queue(max_size=2 * AT_ONCE, api_open=False)
        blocks._queue.ANALYTICS_MAX_EVENTS = 1  # its statistics of all events, made anew after each one, are not shown
    return blocks


def _markup(html: str, element: str) -> gr.Markdown:
    """Our own escaped HTML. `gr.HTML` would need `unsafe-eval` in the policy; Markdown leaves blocks of HTML alone."""
    return gr.Markdown(html, elem_id=element, sanitize_html=False, latex_delimiters=[], container=False)


def _readable(question: object) -> str:
    """What was typed, without what no text can hold (halves of characters)."""
    return str(question or "").encode("utf-8", "replace").decode("utf-8").strip()
