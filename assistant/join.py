"""Several drafts, one for each question of a message, made one."""

from collections.abc import Sequence

from assistant.phrases import Phrases
from assistant.results import Status
from assistant.write import Draft, DraftSentence, refusal

REFUSED: frozenset[Status] = frozenset({"not_found", "out_of_scope"})


def join(drafts: Sequence[tuple[str, Draft]], words: Phrases) -> Draft:
    """One draft of those to each question; what could not be answered is named by the question's own words."""
    if len(drafts) == 1:
        return drafts[0][1]
    answered = [draft for _, draft in drafts if draft.status not in REFUSED]
    if not answered:
        return drafts[0][1] if all(draft.status == "out_of_scope" for _, draft in drafts) else refusal(words)
    open_parts = [question for question, draft in drafts if draft.status in REFUSED]
    clarification = next((draft.clarification for draft in answered if draft.clarification), None)
    status: Status = "clarify" if clarification else "partial" if open_parts else "answered"
    return Draft(
        status,
        _in_order(answered),
        verdict=next((draft.verdict for draft in answered if draft.verdict), None),
        conflicts=tuple(conflict for draft in answered for conflict in draft.conflicts),
        conditions=tuple({condition.text: condition for draft in answered for condition in draft.conditions}.values()),
        unanswered=(*open_parts, *dict.fromkeys(point for draft in answered for point in draft.unanswered)),
        clarification=clarification,
    )


def _in_order(drafts: Sequence[Draft]) -> tuple[DraftSentence, ...]:
    """What the drafts say, each sentence once; the frames that close a draft close the whole."""
    said: dict[str, DraftSentence] = {}
    closing: dict[str, DraftSentence] = {}
    for draft in drafts:
        last = max(
            (position for position, sentence in enumerate(draft.sentences) if sentence.kind != "frame"), default=-1
        )
        for position, sentence in enumerate(draft.sentences):
            (said if position <= last else closing).setdefault(sentence.text, sentence)
    return (*said.values(), *closing.values())
