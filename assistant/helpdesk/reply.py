"""Answers become a `Reply`, which staff edit, and its plain text. The words around them: `prompts/*/reply.toml`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.helpdesk.personal import sender_in
from assistant.helpdesk.records import AnsweredQuestion, Mail, Reply, ReplyAnswer, ReplySentence
from assistant.phrases import DEFAULT_LANGUAGE, available_languages, phrases
from assistant.results import AskResult, Citation, ErrorResult, section_within
from assistant.ui.markup import render
from assistant.ui.words import Words, is_web_address, words

Place = tuple[str, int, int]
"""A document and where in it."""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote of a reply."""

    number: int
    source: str
    """The document, its section and page, and what kind of source it is."""
    quote: str
    address: str
    """Where the source is on the web; empty where that is not known."""


def language_of_reply(wanted: str) -> str:
    """The language of a reply: the one wanted, or English where there are no phrases in it."""
    return wanted if wanted in available_languages() else DEFAULT_LANGUAGE


def write_reply(mail: Mail, questions: Sequence[AnsweredQuestion], language: str) -> Reply:
    """The reply to `mail` in `language`, or in English where there are no phrases in it."""
    said = phrases(language_of_reply(language), "reply")
    name = sender_in(mail)
    opening = {0: "opening.none", 1: "opening.one"}.get(len(questions), "opening.several")
    return Reply(
        language=said.language,
        salutation=said.say("salutation.named", name=name) if name else said.say("salutation.unnamed"),
        opening=said.say(opening),
        answers=tuple(without_repeats([answer_in_reply(question, language) for question in questions])),
        closing=said.say("closing.text"),
    )


def answer_in_reply(question: AnsweredQuestion, language: str) -> ReplyAnswer:
    """The answer to one question as a reply in `language` gives it, whatever other answers say."""
    said = phrases(language_of_reply(language), "reply")
    result, asked = question.result, question.text[:1].upper() + question.text[1:]
    if isinstance(result, ErrorResult):
        return ReplyAnswer(question=asked, sentences=(ReplySentence(text=said.say("answer.failed"), kind="frame"),))
    cited = {citation.number: citation for citation in result.citations}

    def citations(numbers: Sequence[int]) -> tuple[Citation, ...]:
        return tuple(cited[number] for number in numbers)

    sentences = [ReplySentence(text=s.text, kind=s.kind, citations=citations(s.citations)) for s in result.sentences]
    sentences += [
        ReplySentence(text=c.text, kind="conflict", citations=citations(c.citations)) for c in result.conflicts
    ]
    return ReplyAnswer(
        question=asked,
        sentences=tuple(sentences),
        conditions=tuple(
            ReplySentence(text=c.text, kind="condition", met=c.met, citations=citations(c.citations))
            for c in result.conditions
        ),
        missing=tuple(_missing(result)),
        unanswered=result.unanswered,
    )


def without_repeats(answers: Iterable[ReplyAnswer]) -> Iterator[ReplyAnswer]:
    """The answers of one reply without what only points on and was said before, such as who decides in the end."""
    said: set[str] = set()
    for answer in answers:
        kept = [s for at, s in enumerate(answer.sentences) if at == 0 or s.kind != "frame" or s.text not in said]
        said.update(sentence.text for sentence in answer.sentences)
        yield answer.model_copy(update={"sentences": tuple(kept)})


def reply_text(reply: Reply) -> str:
    """The reply as plain text, its footnotes under it."""
    return rendered("reply.txt", reply)


def rendered(template: str, reply: Reply) -> str:
    """The template of `assistant/ui/templates` with the reply and its footnotes."""
    notes = notes_of(reply)
    filled = render(
        template,
        words(reply.language),
        reply=reply,
        said=phrases(reply.language, "reply").say,
        notes=tuple(notes.values()),
        numbers=lambda sentence: numbers_of(sentence, notes),
        state=lambda condition: state_of(condition, reply.language),
    )
    return f"{filled.strip()}\n"


def notes_of(reply: Reply) -> dict[Place, Note]:
    """Each quote that the reply rests on, once, numbered from 1 in the order they are used."""
    found: dict[Place, Note] = {}
    for answer in reply.answers:
        for citation in chain.from_iterable(s.citations for s in (*answer.sentences, *answer.conditions)):
            found.setdefault(_place(citation), _note(citation, len(found) + 1, words(reply.language)))
    return found


def numbers_of(sentence: ReplySentence, notes: Mapping[Place, Note]) -> tuple[int, ...]:
    """The numbers of the footnotes of a sentence."""
    return tuple(dict.fromkeys(notes[_place(citation)].number for citation in sentence.citations))


def state_of(condition: ReplySentence, language: str) -> str:
    """Whether a condition is met, in words."""
    return words(language).say({True: "answer.met", False: "answer.not_met", None: "answer.open"}[condition.met])


def _place(citation: Citation) -> Place:
    return citation.document, citation.start, citation.end


def _note(citation: Citation, number: int, said: Words) -> Note:
    inside = section_within(citation.title, citation.section)
    page = said.say("source.page", number=citation.page) if citation.page else None
    weight = said.weight(citation.kind, citation.authority, citation.source_url)
    address = citation.source_url if citation.source_url and is_web_address(citation.source_url) else ""
    return Note(number, ", ".join(filter(None, (citation.title, inside, page, weight))), citation.quote, address)


def _missing(result: AskResult) -> Iterator[str]:
    if result.clarification:
        yield result.clarification.question
