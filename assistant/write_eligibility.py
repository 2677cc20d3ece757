"""The answer to "may we take part?": the verdict, what the sources say, the conditions, and what to ask back."""

from datetime import date

from assistant.eligibility import Eligibility
from assistant.evidence import Evidence, quoted
from assistant.phrases import Phrases
from assistant.results import Clarification, Status
from assistant.write import Draft, DraftCondition, DraftSentence, deadline_sentences, frame, quote_sentences
from corpus.profile import CallProfile
from index.search import Index


def write_eligibility(found: Eligibility, profile: CallProfile, index: Index, words: Phrases, today: date) -> Draft:
    """Write what `judge` found. While something has to be asked back, the conditions stand beside the question."""
    status: Status = "clarify" if found.ask_back else "answered"
    key = f"clarify.turns_on_{found.ask_back}" if found.ask_back else f"frame.{found.verdict}"
    sentences = [frame(words.say(key))]
    for entry in found.stated:
        sentences += _stated(quoted(entry, index), words)
    if profile.deadline and today > profile.deadline.date and not found.ask_back:
        sentences += deadline_sentences(profile.deadline, quoted(profile.deadline, index), profile, words, today)
    return Draft(
        status,
        (*sentences, frame(words.say("frame.authority_decides"))),
        verdict=found.verdict,
        conditions=tuple(
            DraftCondition(judged.condition.text, judged.met, (quoted(judged.condition, index),))
            for judged in found.conditions
        ),
        unanswered=tuple(point.text for point in found.open_points),
        clarification=_clarification(found.ask_back, found, profile, words) if found.ask_back else None,
    )


def _stated(evidence: Evidence, words: Phrases) -> list[DraftSentence]:
    """The quote as it stands; with a lead-in where it is a list's item and no sentence."""
    if not evidence.text[0].islower():
        return quote_sentences(evidence, words)
    return [DraftSentence(words.say("statement.applicants", quote=evidence.text.strip()), "statement", (evidence,))]


def _clarification(about: str, found: Eligibility, profile: CallProfile, words: Phrases) -> Clarification:
    return Clarification(
        question=words.say(f"clarify.{about}"),
        why=words.say(f"clarify.{about}_why"),
        options=tuple(_options(about, found, profile, words)),
    )


def _options(about: str, found: Eligibility, profile: CallProfile, words: Phrases) -> list[str]:
    """The likely replies; for a country there are too many."""
    if about == "organisation":
        offered = [applicant.type for applicant in profile.applicants if applicant.offered]
        return [*offered, *(point.offered for point in profile.open_points if point.offered)]
    if about == "partners":
        most = max(judged.condition.entities or 1 for judged in found.conditions)
        return [*map(str, range(1, most)), words.say("clarify.or_more", number=most)]
    return []
