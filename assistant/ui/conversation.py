"""One visitor's conversation: what was asked and answered, and how each turn looks. No Gradio in here."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.limits import Said, Waiting
from assistant.results import MAX_HISTORY, AskResult, Turn
from assistant.ui.answer import announcement, render_answer
from assistant.ui.markup import one_block, render
from assistant.ui.words import Words

MAX_TURNS = MAX_HISTORY // 2
"""Questions that are kept with their answers; each is two items of history."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that is being answered, and how to stop that."""

    question: str
    stop: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer."""

    id: str
    """Of the answer; unique, and names it on the page."""
    question: str
    result: AskResult
    block: str
    """The turn as HTML."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation so far. Immutable: each visitor has one of their own, and every step makes a new one."""

    turns: tuple[Answered, ...] = ()
    """Oldest first, at most `MAX_TURNS`."""
    asking: Asking | None = None
    forgot: bool = False
    """Whether turns were dropped for want of room."""

    @property
    def history(self) -> tuple[Turn, ...]:
        """Questions and answers, oldest first, at most `MAX_HISTORY`."""
        return tuple(
            turn
            for answered in self.turns
            for turn in (
                Turn(role="user", content=answered.question),
                Turn(role="assistant", content=answered.result.answer, result=answered.result.model_dump(mode="json")),
            )
        )

    def without(self, answer_id: str) -> "Talk":
        """The conversation without its last turn, if that is the answer `answer_id`."""
        is_last = bool(self.turns) and self.turns[-1].id == answer_id
        return replace(self, turns=self.turns[:-1]) if is_last else self

    def ask(self, asking: Asking) -> "Talk":
        """The conversation while a question is being answered."""
        return replace(self, asking=asking)

    def answered(self, answered: Answered) -> "Talk":
        """The conversation with one more answer."""
        turns = (*self.turns, answered)
        return Talk(turns[-MAX_TURNS:], forgot=self.forgot or len(turns) > MAX_TURNS)

    def markdown(self, words: Words, last: str | None = None) -> str:
        """All turns, and `last` under them; each is one block of raw HTML."""
        note = [render("forgotten.html", words)] if self.forgot else []
        blocks = [answered.block for answered in self.turns]
        return "\n\n".join(one_block(html) for html in (*note, *blocks, *([last] if last else [])))


def answered_turn(result: AskResult, words: Words, keep_days: int, sealed: str) -> Answered:
    """A turn with its answer; `sealed` is what the page may hand back of it."""
    answer_id = f"a{secrets.token_hex(12)}"
    html = render_answer(result, answer_id, keep_days, sealed=sealed, page_language=words.language)
    block = render(
        "turn.html",
        words,
        question=result.question,
        state="done",
        body=html,
        heard=announcement(result),
        again=answer_id,
    )
    return Answered(answer_id, result.question, result, block)


def working_block(question: str, steps: tuple[str, ...], words: Words, said: tuple[Said, ...] = ()) -> str:
    """A turn that is being answered; `steps` in words, the last one is going on; `said` is checked already."""
    body = render("working.html", words, steps=steps) + _said(said, words)
    return render("turn.html", words, question=question, state="working", body=body, heard=steps[-1], again=None)


def problem_block(question: str, message: str, words: Words, *, again: bool = True) -> str:
    """A turn without an answer: what happened, that nothing is lost, and (`again`) a button to try again."""
    body = _problem(question, message, words, again)
    return render("turn.html", words, question=question, state="problem", body=body, heard=message, again=None)


def stopped_block(question: str, words: Words, said: tuple[Said, ...] = ()) -> str:
    """A turn that the visitor stopped, with what had been checked until then."""
    shown = _said(said, words, note=words.say("model.cut_short"))
    problem = _problem(question, words.say("problem.stopped"), words)
    return render(
        "turn.html",
        words,
        question=question,
        state="problem",
        body=shown + problem,
        heard=words.say("problem.stopped"),
        again=None,
    )


def _problem(question: str, message: str, words: Words, again: bool = True) -> str:
    """What happened; told apart from the same before, so that the page hears of each."""
    told = secrets.token_hex(4)
    return render("problem.html", words, question=question, message=message, again=again, told=told)


def _said(said: tuple[Said, ...], words: Words, note: str | None = None) -> str:
    if not said:
        return ""
    known = {citation.number: citation for news in said for citation in news.citations_added}
    return render("said.html", words, sentences=[news.sentence for news in said], citations=known, note=note)


def in_line(news: Waiting, words: Words) -> str:
    """A place in the line, in words."""
    if news.ahead == 0:
        return words.say("working.next_in_line")
    return words.say("working.one_before") if news.ahead == 1 else words.say("working.in_line", ahead=news.ahead)
