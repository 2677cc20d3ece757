"""The language a question is asked in. Of a few words that tell little, the language whose cues know most of them."""

import re

from assistant.language import SURE, probabilities
from assistant.phrases import DEFAULT_LANGUAGE, cues, languages_with_cues
from assistant.plain import plain

FEW_WORDS = 3
SURE_OF_FEW = 0.6
"""Below this probability a guess from few words was as often wrong as right: “priorytet 5” is Swedish with 0.58."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def spoken_in(text: str, before: str | None = None) -> str:
    """The ISO 639-1 code of the language of `text`; where few words do not tell, that spoken `before`, else English.

    A few words of a language without cues are taken for that spoken before: “un comune” is Romanian with 0.61.
    """
    likely = probabilities(text)
    words = _WORD.findall(plain(text))
    detected = max(likely, key=lambda language: likely[language])
    few = len(words) <= FEW_WORDS
    if few and before and detected not in languages_with_cues():
        return before
    if likely[detected] >= (SURE_OF_FEW if few else SURE):
        return detected
    if before:
        return before
    known = {language: sum(cues(language).knows(word) for word in words) for language in languages_with_cues()}
    most = max(known.values())
    if most == 0:
        return detected if likely[detected] >= SURE else DEFAULT_LANGUAGE
    best = [language for language, count in known.items() if count == most]
    return DEFAULT_LANGUAGE if DEFAULT_LANGUAGE in best else max(best, key=lambda language: likely[language])
