"""Words in a document that speak to a program instead of its readers. Such words are never quoted, whoever writes."""

from collections.abc import Iterable

from assistant.evidence import Evidence
from assistant.phrases import DEFAULT_LANGUAGE, cues


def gives_orders(evidence: Iterable[Evidence]) -> bool:
    """Whether one of the quotes tells a program what to do, in the language of its document or in English."""
    return any(
        cue.matches("machine.addressed", item.text)
        for item in evidence
        for cue in {item.cue.language: item.cue, DEFAULT_LANGUAGE: cues(DEFAULT_LANGUAGE)}.values()
    )
