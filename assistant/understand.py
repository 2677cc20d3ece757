"""Step 1: what each question of a message asks for, by the cues of its language and the call's profile."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.asker import Asker, from_facts, read_asker
from assistant.history import MOST_WORDS_OF_A_REST, Conversation, in_full, is_reply, read_history, said_of_oneself
from assistant.parts import asking_sentence, split_parts
from assistant.phrases import DEFAULT_LANGUAGE, Cues, available_languages, cues
from assistant.plain import legible, plain
from assistant.premise import split_premise
from assistant.priorities import first_priority, priorities_in, without_priorities
from assistant.results import MAX_QUESTION, AskerFact, AskRequest, Verdict
from assistant.spoken import spoken_in
from assistant.values import ValueKind, extract
from corpus.profile import CallProfile

Analyse = Callable[[str], list[str]]
"""The lexical index's analyser: a text's terms."""

MOST_WORDS_OF_A_COUNT = 3
"""A reply of no more words that holds a number says how many take part: “3 or more”."""

FEWEST_TERMS_OF_A_PROJECT = 2
"""With fewer words that carry meaning nothing is said that priorities could be compared with."""

MOST_ASKED_BACK = 3
"""Questions asked back in one conversation."""

CALL_ID = re.compile(r"\b[A-Z]{2}[A-Z0-9]*+(?:-[A-Z0-9]{2,})*-\d{4}(?:-[A-Z0-9]+)*\b")
"""The form of a call's ID on the Funding and Tenders Portal: programme, year, kind of action, topic."""


_NAME = re.compile(r"(?<=[\w,;] )[^\W\d_a-z][\w+-]{2,}")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is understood of it."""

    own_words: str
    """As it stands in the message."""
    text: str
    """With what it refers to filled in; it is searched as it stands here."""
    spoken: str
    """The language it is asked in."""
    language: str
    """Of the answer's own words."""
    wanted_language: str
    """The one asked for or asked in; differs where there are no phrases in it."""
    expects: ValueKind | None
    """The kind of value that would answer it."""
    wants_list: bool
    asks_who: bool
    yes_no: bool
    about_deadline: bool
    still_open: bool
    """Whether it asks if one can still apply."""
    eligibility: bool
    """Whether it asks who may take part."""
    oneself: bool
    """Whether it asks for the asker's own organisation, rather than in general."""
    priorities: frozenset[int]
    other_calls: frozenset[str]
    """IDs of other calls it names, known from the profile or not."""
    in_domain: bool
    """Whether it uses words of funding calls, or names this call."""
    terms: tuple[str, ...]
    """The words that carry its meaning, analysed as the lexical index analyses them."""
    names: frozenset[str]
    """Those of `terms` that are written like names, with a capital inside a sentence."""
    synonyms: tuple[frozenset[str], ...]
    """Groups of terms that name the same thing."""
    may_apply: str | None
    """The clause that asks whether somebody may take part."""
    asker: Asker
    """What is known of the organisation that asks."""
    asked_back: int
    """How often this conversation asked back."""
    replies: tuple[tuple[str, bool], ...]
    """What was asked back of it, with whether the reply was yes; other replies are left out."""
    project: str | None
    """The project that is described, where it asks which priority fits; empty where nothing was said of it."""
    claim: "Question | None" = None
    """What it takes for granted, as a question of yes or no."""
    rest: "Question | None" = None
    """What it asks beside that; None where that is nothing."""

    @property
    def asks_for_project(self) -> bool:
        """Whether it asks which priority fits a project of which nothing was said, and may be asked back."""
        return self.project == "" and not self.other_calls and self.asked_back < MOST_ASKED_BACK

    @property
    def cue(self) -> Cues:
        """The cues of the language it is asked in."""
        return cues(self.spoken)

    def variants(self, term: str) -> frozenset[str]:
        """`term` and what names the same thing."""
        return frozenset({term}).union(*(group for group in self.synonyms if term in group))


def understand(request: AskRequest, profile: CallProfile | None, analyse: Analyse) -> tuple[Question, ...]:
    """The questions of `request`, read against the call's profile."""
    message = legible(request.question)[:MAX_QUESTION]
    asked = " ".join(message.split())
    before_it = request.language
    for turn in request.history:
        if turn.role == "user":
            before_it = spoken_in(turn.content, before_it)
    spoken = spoken_in(asked, before_it)
    cue = cues(spoken)
    before = read_history(request.history, cue)
    if before.awaits_reply and before.question and is_reply(asked, cue):
        texts = [(before.question, before.question)]
        before = before.with_reply(asked)
    else:
        texts = []
        last = before.question
        for part in split_parts(message, cue):
            last = in_full(part, last, before.answer, cue)
            texts.append((part, last))
        before = replace(before.with_question(), about_asker=(*before.about_asker, *said_of_oneself(message, cue)))
    asker = _asker(request, before, profile, cue)
    wanted = request.language or spoken
    told = (*before.about_asker, *before.replies)
    replies = _yes_or_no(before, cue)

    def read(text: str) -> Question:
        return _read(text, spoken, wanted, asker, before.asked_back, replies, profile, analyse)

    def whole(part: str, text: str) -> Question:
        if stated := cue.find("question.is_it_true", text):
            claim = _as_claim(read(text[stated.end() :].strip(" ?")), frozenset(), cue, analyse)
            if claim.may_apply:
                return replace(claim, own_words=part)
        question = replace(_with_project(read(text), part, told, cue, analyse), own_words=part)
        premise = split_premise(text, cue)
        if premise is None:
            return question
        return replace(
            question,
            claim=_as_claim(read(premise.claim), question.priorities, cue, analyse),
            rest=replace(_with_project(read(premise.rest), premise.rest, told, cue, analyse), own_words=part)
            if premise.rest
            else None,
        )

    return tuple(whole(part, text) for part, text in texts)


def _yes_or_no(before: Conversation, cue: Cues) -> tuple[tuple[str, bool], ...]:
    """What was asked back of the question and answered with yes or no."""
    said = [(asked, reply, cue.matches("conditions.yes", reply)) for asked, reply in before.replied]
    return tuple((asked, yes) for asked, reply, yes in said if yes or cue.matches("conditions.no", reply))


def _as_claim(claim: Question, priorities: frozenset[int], cue: Cues, analyse: Analyse) -> Question:
    """A statement read as the question whether it is so, about the `priorities` of the whole where it names none."""
    figures = extract(without_priorities(claim.text, cue), cue.language)
    return replace(
        claim,
        yes_no=True,
        oneself=False,
        terms=_terms(claim.text, cue, analyse, compared=True),
        expects=figures[0].kind if figures else None,
        priorities=claim.priorities or priorities,
        may_apply=claim.text if claim.eligibility and not claim.about_deadline else None,
    )


def _read(
    text: str,
    spoken: str,
    wanted: str,
    asker: Asker,
    asked_back: int,
    replies: tuple[tuple[str, bool], ...],
    profile: CallProfile | None,
    analyse: Analyse,
) -> Question:
    cue = cues(spoken)
    priorities = priorities_in(text, cue, profile)
    others = other_calls_in(text, profile)
    about_deadline = cue.matches("question.deadline", text)
    still_open = cue.matches("question.still_open", text)
    may_apply = None if about_deadline or still_open else _may_apply(text, cue)
    return Question(
        own_words=text,
        text=text,
        spoken=spoken,
        language=wanted if wanted in available_languages() else DEFAULT_LANGUAGE,
        wanted_language=wanted,
        expects=_expected(text, cue),
        wants_list=cue.matches("question.list", text),
        asks_who=cue.matches("question.who", text),
        yes_no=cue.matches("question.yes_no", asking_sentence(text, cue)),
        about_deadline=about_deadline,
        still_open=still_open,
        oneself=cue.matches("question.oneself", may_apply or text),
        eligibility=cue.matches("question.eligibility", text),
        priorities=priorities,
        other_calls=others,
        in_domain=bool(priorities or others or about_deadline) or names_this_call(text, profile) or cue.in_domain(text),
        terms=_terms(text, cue, analyse),
        names=frozenset(term for name in _NAME.findall(text) for term in analyse(name)),
        synonyms=_synonyms(cue, profile, analyse),
        may_apply=may_apply,
        asker=asker,
        asked_back=asked_back,
        replies=replies,
        project=None,
    )


def _with_project(question: Question, text: str, told: Sequence[str], cue: Cues, analyse: Analyse) -> Question:
    """The question with the project of its own `text`, or of what was `told`, where it asks which priority fits."""
    asked = cue.find("question.which_priority", text)
    if not asked or first_priority(text, cue):
        return question
    idle = {term for word in cue.words("fitting") for term in analyse(word)}
    after = text[asked.end() :].split()
    while after and plain(after[0]).strip(" ?!.,:") in cue.words("fitting") | cue.words("light"):
        after.pop(0)
    own = " ".join((text[: asked.start()], *after)).strip(" ?!.,:;¿")
    before_it = " ".join(sentence for sentence in told if not cue.matches("question.asks", sentence))
    for described, searched in ((own, question.text), (before_it, f"{before_it} {question.text}")):
        if len(set(_terms(described, cue, analyse)) - idle) >= FEWEST_TERMS_OF_A_PROJECT:
            return replace(question, text=searched, project=" ".join(described.split()))
    return replace(question, project="")


def _may_apply(text: str, cue: Cues) -> str | None:
    """The clause that asks whether somebody may take part: the last that reads like it, to the end of its sentence.

    A sentence that begins with “how”, “when” or the like asks for something else. What stands before a colon says whom
    it is about (“NGOs: may they apply?”) and stays with it.
    """
    pattern = cue.pattern("question.may_apply")
    about, colon, rest = text.partition(": ")
    if not colon or len(about.split()) > MOST_WORDS_OF_A_REST:
        about, rest = "", text
    for sentence in re.findall(r"[^.?!;\n]+", rest):
        asked = sentence.strip()
        if cue.matches("question.wh_word", asked) and not cue.matches("question.who", asked):
            continue
        words = plain(sentence)
        starts = [match.start() for match in re.finditer(r"\b\w", sentence)]
        start = next((at for at in reversed(starts) if pattern.match(words, at)), None)
        if start is not None:
            indirect = [match.start() for match in cue.pattern("question.indirect").finditer(words, 0, start)]
            if indirect and "," not in sentence[indirect[-1] : start]:
                start = indirect[-1]
            return f"{about} {sentence[start:]}".strip()
    return None


def _asker(request: AskRequest, before: Conversation, profile: CallProfile | None, cue: Cues) -> Asker:
    """What is known of the asker; what the input says of it takes the place of what the conversation said."""
    if profile is None:
        return Asker()
    replies = [
        AskerFact(about="partners" if len(reply.split()) <= MOST_WORDS_OF_A_COUNT else "reply", value=reply)
        for reply in before.replies
    ]
    known = from_facts(replies if request.asker is None else request.asker, profile, cue)
    said = before.about_asker if request.asker is None else said_of_oneself(legible(request.question), cue)
    told = Asker()
    for text in said:  # what is said later holds
        told = read_asker(text, profile, cue).beside(told)
    return known.beside(told)


def turned(verdict: Verdict, question: str, cue: Cues) -> Verdict:
    """The verdict on a question that may ask for the contrary: “is it closed?”, “are they excluded?”."""
    if verdict not in ("yes", "no") or not cue.matches("question.reversed", asking_sentence(question, cue)):
        return verdict
    return "no" if verdict == "yes" else "yes"


def _expected(text: str, cue: Cues) -> ValueKind | None:
    return next((ValueKind(kind) for kind in cue.expects if cue.matches(f"expects.{kind}", text)), None)


def _terms(text: str, cue: Cues, analyse: Analyse, *, compared: bool = False) -> tuple[str, ...]:
    """The words that carry the meaning; where figures are `compared` with the source's they are not looked for."""
    if compared or cue.matches("question.yes_no", text):
        text = cue.without("question.several", text)
        for value in reversed(extract(text, cue.language)):
            text = text[: value.start] + " " + text[value.end :]
    light = {term for word in cue.words("light") for term in analyse(word)}
    rest = plain(joined(without_priorities(text, cue)))
    return tuple(dict.fromkeys(term for term in analyse(rest) if term not in light))


def joined(text: str) -> str:
    """`text` with the prefix *non* joined to its word, so that “non-profit” is not taken for “profit”."""
    return re.sub(r"\bnon-(?=\w)", "non", text, flags=re.IGNORECASE)


def _synonyms(cue: Cues, profile: CallProfile | None, analyse: Analyse) -> tuple[frozenset[str], ...]:
    groups = [*cue.synonyms, *(applicant.names for applicant in profile.applicants)] if profile else list(cue.synonyms)
    analysed = ([analyse(joined(word)) for word in group] for group in groups)
    return tuple(frozenset(terms[0] for terms in group if len(terms) == 1) for group in analysed)


def names_this_call(text: str, profile: CallProfile | None) -> bool:
    """Whether `text` names the call of the profile."""
    return profile is not None and any(_says(text, name) for name in (profile.id, *profile.names))


def other_calls_in(text: str, profile: CallProfile | None) -> frozenset[str]:
    """IDs of calls other than the profile's that `text` names; an ID no profile knows counts too."""
    if profile is None:
        return frozenset()
    found = {n.id for n in profile.neighbours if any(_says(text, name) for name in (n.id, *n.names))}
    own = profile.id.upper()
    for match in CALL_ID.finditer(text):
        call = match[0].upper()
        if call != own and not call.startswith(own + "-") and not any(call in n.upper() for n in found):
            found.add(match[0])
    return frozenset(found)


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None
