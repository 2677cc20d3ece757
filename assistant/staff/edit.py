"""What staff change in a case: each step makes a case of a case, and checks every sentence that it touches."""

from collections.abc import Callable
from typing import Literal

from assistant.errors import InvalidInput
from assistant.helpdesk.records import FoundQuestion, ReplySentence
from assistant.results import MAX_QUESTION, MAX_SENTENCE, CheckRequest, CheckResult, Citation, Record
from assistant.staff.work import CaseQuestion, DraftAnswer, DraftSentence, NoSuchPlace, Wording, Work, with_question

Check = Callable[[CheckRequest], CheckResult]
"""`Assistant.check`."""
Part = Literal["sentences", "conditions"]

MOST_QUESTIONS = 40
MOST_SENTENCES = 100
"""Sentences of one answer."""
MOST_CITATIONS = 20
"""Sources of one sentence."""
MOST_WORDING = 4_000
"""Characters of a salutation, an opening or a closing."""


class Place(Record):
    """Which sentence of the draft: its key stays its own while others come and go."""

    question: int
    part: Part
    key: int

    def __str__(self) -> str:
        return f"{self.question}.{self.part}.{self.key}"


def place_of(text: str) -> Place:
    """The place that `str` gave. Raises `NoSuchPlace`."""
    question, _, rest = text.partition(".")
    part, _, key = rest.partition(".")
    if not (question.isascii() and question.isdecimal() and key.isascii() and key.isdecimal() and len(text) < 40):
        raise NoSuchPlace("that sentence is no longer there")
    if part == "sentences":
        return Place(question=int(question), part="sentences", key=int(key))
    if part == "conditions":
        return Place(question=int(question), part="conditions", key=int(key))
    raise NoSuchPlace("that sentence is no longer there")


def add_question(work: Work, text: str, start: int | None = None, end: int | None = None) -> Work:
    """With one more question, in the order of the mail; `start` and `end` are its place there, where it has one."""
    text = " ".join(text.split())
    if not text or len(text) > MAX_QUESTION:
        raise InvalidInput(f"a question has 1 to {MAX_QUESTION} characters")
    if len(work.questions) >= MOST_QUESTIONS:
        raise InvalidInput(f"a case has at most {MOST_QUESTIONS} questions: drop one first")
    if start is None or end is None or not 0 <= start < end <= len(work.mail.text):
        start = end = None
    added = CaseQuestion(key=work.next_key, found=FoundQuestion(text=text, start=start, end=end))
    behind = [n for n, q in enumerate(work.questions) if start is not None and (q.found.start or 0) > start]
    at = behind[0] if behind else len(work.questions)
    questions = (*work.questions[:at], added, *work.questions[at:])
    return work.model_copy(update={"questions": questions, "next_key": work.next_key + 1})


def drop_question(work: Work, key: int) -> Work:
    """Without the question and its answer."""
    gone = work.question(key)
    return work.model_copy(update={"questions": tuple(q for q in work.questions if q is not gone)})


def join_with_previous(work: Work, key: int) -> Work:
    """With the question and the one before it as one, which is to be answered anew."""
    at = work.questions.index(work.question(key))
    if at == 0:
        raise NoSuchPlace("there is no question before the first")
    before, after = work.questions[at - 1].found, work.questions[at].found
    text = f"{before.text} {after.text}"
    if len(text) > MAX_QUESTION:
        raise InvalidInput(f"a question has at most {MAX_QUESTION} characters")
    joined = CaseQuestion(key=work.next_key, found=FoundQuestion(text=text, start=before.start, end=before.end))
    questions = (*work.questions[: at - 1], joined, *work.questions[at + 1 :])
    return work.model_copy(update={"questions": questions, "next_key": work.next_key + 1})


def strike(work: Work, key: int) -> Work:
    """With the answer struck, or taken in again."""
    answer = _answer(work, key)
    return _with_answer(work, key, answer.model_copy(update={"struck": not answer.struck}))


def leave_out(work: Work, key: int, part: str, line: str) -> Work:
    """Without one line of what is asked back or of what the sources do not say."""
    answer = _answer(work, key)
    lines: tuple[str, ...] = getattr(answer, part) if part in ("missing", "unanswered") else ()
    if line not in lines:
        raise NoSuchPlace("that line is no longer there")
    return _with_answer(work, key, answer.model_copy(update={part: tuple(one for one in lines if one != line)}))


def reword(work: Work, name: str, text: str) -> Work:
    """With another `salutation`, `opening` or `closing`."""
    if name not in ("salutation", "opening", "closing"):
        raise NoSuchPlace("there is no such part of a reply")
    if len(text) > MOST_WORDING:
        raise InvalidInput(f"this has {len(text)} characters, at most {MOST_WORDING} can be kept")
    wording: Wording = getattr(work, name)
    return work.model_copy(update={name: wording.model_copy(update={"now": text.strip()})})


def edit_sentence(work: Work, place: Place, text: str, check: Check) -> Work:
    """With another text of the sentence, checked; without the sentence where `text` is empty."""
    text = " ".join(text.split())
    old = _sentence(work, place)
    if not text:
        return _put(work, place, None)
    return _put(work, place, _checked(old, old.now.model_copy(update={"text": text}), check))


def add_sentence(work: Work, key: int, text: str, citations: tuple[Citation, ...], check: Check) -> Work:
    """With one more sentence at the end of the answer to the question `key`, checked."""
    answer = _answer(work, key)
    text = " ".join(text.split())
    if not text:
        raise InvalidInput("the sentence is empty")
    if len(answer.sentences) >= MOST_SENTENCES:
        raise InvalidInput(f"an answer has at most {MOST_SENTENCES} sentences")
    added = ReplySentence(text=text, kind="statement", citations=citations)
    sentence = _checked(DraftSentence(key=answer.next_key, now=added), added, check)
    more = {"sentences": (*answer.sentences, sentence), "next_key": answer.next_key + 1}
    return _with_answer(work, key, answer.model_copy(update=more))


def source_of(citation: Citation) -> str:
    """What a source is called in its sentence, while others come and go."""
    return f"{citation.start}-{citation.end}-{citation.document}"


def cite(work: Work, place: Place, citation: Citation, instead: str | None, check: Check) -> Work:
    """With `citation` under the sentence, in the place of the source `instead` or beside the others; checked."""
    old = _sentence(work, place)
    cited = list(old.now.citations)
    if instead is None:
        cited.append(citation)
    else:
        cited[_source_at(old, instead)] = citation
    if len(cited) > MOST_CITATIONS:
        raise InvalidInput(f"a sentence has at most {MOST_CITATIONS} sources")
    return _put(work, place, _checked(old, old.now.model_copy(update={"citations": tuple(cited)}), check))


def use(work: Work, into: str, citation: Citation, check: Check) -> Work:
    """With a passage that was chosen: `into` names an answer (`3`), which gets it as a sentence of its own, a sentence
    (`3.sentences.0`), or one of its sources (`3.sentences.0.` and `source_of` it), which it replaces.
    """
    if into.isascii() and into.isdecimal():
        return add_sentence(work, int(into), f"“{citation.quote}”", (citation,), check)
    parts = into.split(".", 3)
    return cite(work, place_of(".".join(parts[:3])), citation, parts[3] if len(parts) == 4 else None, check)


def uncite(work: Work, place: Place, source: str, check: Check) -> Work:
    """Without the source of the sentence, checked."""
    old = _sentence(work, place)
    index = _source_at(old, source)
    left = (*old.now.citations[:index], *old.now.citations[index + 1 :])
    return _put(work, place, _checked(old, old.now.model_copy(update={"citations": left}), check))


def _checked(old: DraftSentence, now: ReplySentence, check: Check) -> DraftSentence:
    """The sentence as it is `now`. As the assistant wrote it, it was checked when it was written, and has its state.

    Whether a condition is met was found for its old text and quotes: where they change, it is open.
    """
    if old.was and (now.text, now.citations) == (old.was.text, old.was.citations):
        now = old.was
        return old.model_copy(update={"now": now, "reasons": ()})
    if (now.text, now.citations) != (old.now.text, old.now.citations):
        now = now.model_copy(update={"met": None})
    if len(now.text) > MAX_SENTENCE:
        raise InvalidInput(f"the sentence has {len(now.text)} characters, at most {MAX_SENTENCE} can be checked")
    found = check(CheckRequest(sentence=now.text, quotes=tuple(citation.quote for citation in now.citations)))
    reasons = () if found.supported else found.reasons or ("no quote carries it",)
    return old.model_copy(update={"now": now, "reasons": reasons})


def _answer(work: Work, key: int) -> DraftAnswer:
    answer = work.question(key).answer
    if answer is None:
        raise NoSuchPlace("that question is not answered yet")
    return answer


def _sentence(work: Work, place: Place) -> DraftSentence:
    lines: tuple[DraftSentence, ...] = getattr(_answer(work, place.question), place.part)
    for sentence in lines:
        if sentence.key == place.key:
            return sentence
    raise NoSuchPlace("that sentence is no longer there")


def _source_at(sentence: DraftSentence, source: str) -> int:
    named = [source_of(citation) for citation in sentence.now.citations]
    if source not in named:
        raise NoSuchPlace("that source is no longer there")
    return named.index(source)


def _put(work: Work, place: Place, sentence: DraftSentence | None) -> Work:
    """With `sentence` at the place, or without the one that stands there."""
    answer = _answer(work, place.question)
    lines: tuple[DraftSentence, ...] = getattr(answer, place.part)
    put = () if sentence is None else (sentence,)
    changed = tuple(one for line in lines for one in (put if line.key == place.key else (line,)))
    return _with_answer(work, place.question, answer.model_copy(update={place.part: changed}))


def _with_answer(work: Work, key: int, answer: DraftAnswer) -> Work:
    return with_question(work, work.question(key).model_copy(update={"answer": answer}))
