"""The page inside the widget's frame, and how its turns look. The markup of answers is that of the chat page."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from assistant.backend import Backend
from assistant.limits import News, Said, Waiting
from assistant.results import MAX_QUESTION, AskResult
from assistant.seal import Seal
from assistant.ui import front
from assistant.ui.answer import announcement, render_answer
from assistant.ui.conversation import in_line, problem_block, working_block
from assistant.ui.markup import render
from assistant.ui.words import Words
from corpus.errors import AssistantError

PROBLEMS = ("too_long", "too_many", "busy", "unavailable", "unexpected", "no_connection", "stopped")
"""What may stand in an answer's place: phrases of the section `problem`."""


@dataclass(frozen=True)
class WidgetPage:
    """What the page is made of."""

    backend: Backend
    seal: Seal
    keep_days: int
    contact: str | None
    today: date | None
    """The day the deadline is read against; None is the clock's."""

    def render(self, words: Words, site: str, token: str) -> str:
        """The page for `site` in the language of `words`; its questions are asked with `token`."""
        return render(
            "widget.html",
            words,
            site=site,
            token=token,
            keep_days=self.keep_days,
            contact=self.contact,
            problems=_problems(words),
            most=MAX_QUESTION,
            **front.call(self.backend, words, self.today or datetime.now(UTC)),
            **front.introduction(self.backend, words),
        )

    def turn(self, question: str, words: Words) -> "WidgetTurn":
        """The turn of a question, before anything is known of its answer."""
        return WidgetTurn(question, words, self.seal, self.keep_days)


@dataclass
class WidgetTurn:
    """One question in the widget, as HTML while it is being answered and after."""

    question: str
    words: Words
    seal: Seal
    keep_days: int
    steps: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def heard(self, news: News) -> str:
        """The turn after `news`."""
        if isinstance(news, Waiting):
            return working_block(self.question, (in_line(news, self.words),), self.words)
        if isinstance(news, Said):
            self.said.append(news)
        else:
            self.steps.append(news.label)
        steps = self.steps or [self.words.say("working.start")]
        return working_block(self.question, tuple(steps), self.words, tuple(self.said))

    def answered(self, result: AskResult) -> str:
        """The turn with its answer."""
        html = render_answer(
            result,
            f"a{secrets.token_hex(12)}",
            self.keep_days,
            sealed=self.seal.close(result),
            files=False,
            page_language=self.words.language,
        )
        heard = announcement(result)
        return render("turn.html", self.words, question=self.question, state="done", body=html, heard=heard, again=None)

    def failed(self, error: BaseException) -> str:
        """The turn where `error` stands in the answer's place."""
        key = "unavailable" if isinstance(error, AssistantError) else "unexpected"
        return problem_block(self.question, self.words.say(f"problem.{key}"), self.words)


def _problems(words: Words) -> dict[str, str]:
    """Turns for what the page itself finds out; it fills in the question, and numbers in braces."""
    left = {name: f"{{{name}}}" for name in ("length", "seconds")} | {"most": MAX_QUESTION}
    said = {name: words.say(f"problem.{name}", **left) for name in PROBLEMS}
    turns = {name: problem_block("", message, words, again=name != "too_long") for name, message in said.items()}
    return turns | {
        "used_up": render("widget_used_up.html", words),
        "working": working_block("", (words.say("working.start"),), words),
    }
