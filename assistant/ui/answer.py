"""An `ask` result as HTML: one function, for the chat page and for every page that will show answers."""

import re
from dataclasses import dataclass

from assistant.results import AskResult
from assistant.ui.markup import render
from assistant.ui.words import Words, words

EXCERPT = 300
"""Characters of a nearest passage that are shown; the whole is one click away."""

_SIGNS = {"yes": "✓", "no": "✗", "depends": "?", "unknown": "?"}


@dataclass(frozen=True)
class Mark:
    """How a verdict or a condition is shown: never by colour alone."""

    name: str
    sign: str
    words: str


def render_answer(
    result: AskResult,
    answer_id: str,
    keep_days: int,
    *,
    sealed: str | None = None,
    actions: bool = True,
    page_language: str | None = None,
    files: bool = True,
) -> str:
    """`result` as an accessible HTML article.

    `answer_id` begins with a letter and is unique on the page: it names the parts and the rating of this answer.
    `keep_days` is how long a rating is kept, in days. `sealed` is the answer as the page may hand it back, without
    which it can be given no link and sent to nobody; `actions` are buttons that need a script, `files` those among
    them that save or print, which a sandboxed frame may not. Its links to documents open in `page_language`, that of
    the page around it; None is the answer's. All of `result` is escaped.
    """
    say = words(result.language)
    return render(
        "answer.html",
        say,
        id=answer_id,
        result=result,
        citations={citation.number: citation for citation in result.citations},
        verdict=_verdict(result, say),
        marks=_marks(say),
        shorten=shorten,
        searched=_searched(result),
        model=result.writer.removeprefix("llm:") if result.writer.startswith("llm:") else None,
        copy=answer_to_copy(result),
        markdown=answer_as_markdown(result) if sealed and files else None,
        sealed=sealed,
        actions=actions,
        page_language=page_language or say.language,
        files=files,
        keep_days=keep_days,
    )


def answer_to_copy(result: AskResult) -> str:
    """`result` as plain text with its quotes, for the clipboard."""
    say = words(result.language)
    return render(
        "answer.txt",
        say,
        result=result,
        verdict=_verdict(result, say),
        marks=_marks(say),
        numbers=lambda cited: "".join(f" [{number}]" for number in cited),
    ).strip()


def answer_as_markdown(result: AskResult) -> str:
    """`result` as a Markdown file, with its quotes and where they stand."""
    say = words(result.language)
    return render(
        "answer.md",
        say,
        result=result,
        verdict=_verdict(result, say),
        marks=_marks(say),
        as_of=say.day(result.as_of),
        plain=_plain_markdown,
        numbers=lambda cited: "".join(f" [{number}]" for number in cited),
    )


def _plain_markdown(text: str) -> str:
    """`text` on one line, so that nothing in it marks up (CommonMark, section 2.4)."""
    return re.sub(r"([\\`*_\[\]<>#|~&!])", r"\\\1", " ".join(text.split()))


def announcement(result: AskResult) -> str:
    """What a screen reader hears when the answer is there: the verdict and the sentences."""
    verdict = _verdict(result, words(result.language))
    return " ".join(([f"{verdict.words}."] if verdict else []) + [sentence.text for sentence in result.sentences])


def shorten(text: str, limit: int = EXCERPT) -> str:
    """At most `limit` characters of `text`, cut between words and marked as cut."""
    text = " ".join(text.split())
    return text if len(text) <= limit else (text[: limit + 1].rpartition(" ")[0] or text[:limit]) + " …"


def _verdict(result: AskResult, say: Words) -> Mark | None:
    if result.verdict is None:
        return None
    return Mark(result.verdict, _SIGNS[result.verdict], say.say(f"answer.verdict_{result.verdict}"))


def _marks(say: Words) -> dict[bool | None, Mark]:
    return {
        True: Mark("met", "✓", say.say("answer.met")),
        False: Mark("not-met", "✗", say.say("answer.not_met")),
        None: Mark("open", "?", say.say("answer.open")),
    }


def _searched(result: AskResult) -> str | None:
    """The question as it was searched, where that is not what was asked."""

    def plain(text: str) -> str:
        return re.sub(r"\W+", " ", text).casefold().strip()

    return None if plain(result.search_question) == plain(result.question) else result.search_question
