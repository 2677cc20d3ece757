"""Sentences changed in one place, by word lists of their own: none of the assistant's rules or lists is used here."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Rng = random.Random
Change = Callable[[str, str, Rng], str | None]
"""A sentence in a language, changed in one place; None where there is no such place."""

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_NUMBERS = {
    "en": "two three four five six seven eight nine ten twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn zwölf",
    "fr": "deux trois quatre cinq sept huit neuf douze quinze",
}
_PLACES = {
    "en": "Lisbon Oslo Kenya Brazil Toronto Nevada Helsinki",
    "de": "Lissabon Oslo Kenia Brasilien Toronto Hannover Helsinki",
    "fr": "Lisbonne Oslo Kenya Brésil Toronto Marseille Helsinki",
}
_KNOWN_NAMES = {
    "de": "München Bayern Deutschland Augsburg Nürnberg Dresden Berlin Europa Syrien Afghanistan Hamburg "
    "Türkei Caritas Leipzig Sachsen Österreich Schwabach Ingolstadt Frankfurt Rosenheim Erlangen Fürth Ukraine",
}
_SWAPS: Mapping[str, Mapping[str, list[tuple[str, tuple[str, ...]]]]] = {
    "modal": {
        "en": [("must", ("may", "should")), ("may", ("must", "should")), ("can", ("must", "should")),
               ("should", ("must", "may")), ("have to", ("may",)), ("shall", ("may",)), ("could", ("must",))],
        "de": [("müssen", ("können", "sollten")), ("muss", ("kann", "sollte", "darf")),
               ("können", ("müssen", "sollen")),
               ("kann", ("muss", "soll")), ("sollten", ("müssen", "können")), ("sollte", ("muss", "darf")),
               ("dürfen", ("müssen", "sollen")), ("darf", ("muss",)), ("soll", ("kann",))],
        "fr": [("doit", ("peut", "devrait")), ("doivent", ("peuvent", "devraient")), ("peut", ("doit", "devrait")),
               ("peuvent", ("doivent",)), ("pouvez", ("devez", "devriez")), ("devez", ("pouvez", "devriez")),
               ("devrait", ("doit", "peut")), ("devriez", ("devez", "pouvez"))],
    },
    "quantifier": {
        "en": [("all", ("some", "most", "few")), ("every", ("some", "no")), ("each", ("some",)),
               ("some", ("all", "no")),
               ("most", ("all", "few")), ("only", ("also", "even")), ("always", ("sometimes", "never")),
               ("many", ("few", "all")),
               ("both", ("neither of",)), ("at least", ("at most",)), ("more than", ("less than",)),
               ("any", ("no", "some")),
               ("up to", ("at least",)), ("usually", ("always", "rarely")), ("several", ("all",)),
               ("often", ("rarely",))],
        "de": [("alle", ("einige", "keine", "wenige")), ("jeder", ("mancher",)), ("jede", ("manche", "keine")),
               ("einige", ("alle", "keine")), ("nur", ("auch", "sogar")), ("immer", ("manchmal", "nie")),
               ("viele", ("wenige", "alle")), ("beide", ("keine",)), ("mindestens", ("höchstens",)),
               ("meistens", ("selten", "immer")),
               ("oft", ("selten", "immer")), ("mehrere", ("alle",)), ("meist", ("nie",)), ("bis zu", ("mindestens",)),
               ("jeden", ("manchen",)), ("vielen", ("wenigen",)), ("allen", ("einigen",)),
               ("in der Regel", ("immer", "nie"))],
        "fr": [("tous", ("certains",)), ("toutes", ("certaines",)), ("chaque", ("quelque", "aucun")),
               ("seulement", ("aussi",)),
               ("toujours", ("parfois", "jamais")), ("souvent", ("rarement", "toujours")), ("au moins", ("au plus",)),
               ("certains", ("tous les",)), ("certaines", ("toutes les",)), ("plusieurs", ("peu de", "tous les")),
               ("généralement", ("toujours", "jamais")), ("plus de", ("moins de",)), ("jusqu'à", ("au moins",)),
               ("uniquement", ("aussi",)), ("quelques", ("toutes les",)), ("tout", ("peu de",)),
               ("la plupart", ("une minorité",))],
    },
}  # fmt: skip
_NEGATED = {
    "en": [(r"\b(can|must|may|should|is|are|will|do|does) not\b", r"\1"), (r"\bcannot\b", "can"),
               (r"\bwithout\b", "with"),
           (r"\b(?:don't|doesn't)\s", ""), (r"\bno (?=[a-z])", "a "), (r"\bnever\b", "always")],
    "de": [(r"\bnicht ", ""), (r"\bkein(e[nmrs]?)?\b", r"ein\1"), (r"\bohne\b", "mit"), (r"\bnie\b", "immer")],
    "fr": [(r"\bn(?:e |['’])([\w'’]+) (?:pas|plus|jamais)\b", r"\1"), (r"\bsans\b", "avec"), (r"\baucune?\b", "un")],
}  # fmt: skip
_AFFIRMED = {
    "en": [(r"\b(can|must|may|should|is|are|will|was|were)\b(?! not|n't)", r"\1 not"), (r"\bwith\b", "without")],
    "de": [(r"\b(kann|können|muss|müssen|sollte|sollten|ist|sind|wird|werden|hat|haben)\b(?! nicht)", r"\1 nicht"),
           (r"\bein(e[nmr]?)?\b", r"kein\1"), (r"\bmit\b", "ohne")],
    "fr": [(r"\b(peut|doit|peuvent|doivent|pouvez|devez|sont|sera|seront|travaille|propose)\b(?! pas)", r"ne \1 pas"),
           (r"(?<!')\best\b", "n'est pas"), (r"\bavec\b", "sans")],
}  # fmt: skip


def number(sentence: str, language: str, rng: Rng) -> str | None:
    """Another number, in digits or in words."""
    spots = [*re.finditer(r"(?<![\w.,:/-])\d+(?![\w/-]|[.,:]\d)", sentence)]
    spots = [spot for spot in spots if not re.fullmatch(r"\W*", sentence[: spot.start()])]  # that may number a list
    words = _NUMBERS[language].split()
    spots += re.finditer(rf"\b(?:{'|'.join(words)})\b", sentence)
    if not spots:
        return None
    spot = rng.choice(spots)
    if spot[0].isdigit():
        new = str(int(spot[0]) + rng.choice([1, 2, 3, 5, 10]))
    else:
        new = rng.choice([w for w in words if w != spot[0]])
    return sentence[: spot.start()] + new + sentence[spot.end() :]


def month(sentence: str, language: str, rng: Rng) -> str | None:
    """Another month."""
    months = _MONTHS[language].split()
    spots = [s for s in re.finditer(rf"\b(?:{'|'.join(months)})\b", sentence) if s[0] != "May" or s.start() > 0]
    return _put(sentence, spots, lambda old: [m for m in months if m != old], rng)


def name(sentence: str, language: str, rng: Rng) -> str | None:
    """Another name of a place in the place of a name."""
    if known := _KNOWN_NAMES.get(language):
        spots = [*re.finditer(rf"\b(?:{'|'.join(known.split())})\b", sentence)]
    else:
        spots = [*re.finditer(r"(?<=[a-zéà,] )(?<!: )[A-Z][a-zéèç]{3,}\b(?!['’])", sentence)]
    months = _MONTHS[language].split()
    spots = [spot for spot in spots if spot[0] not in months]
    return _put(sentence, spots, lambda old: [n for n in _PLACES[language].split() if n != old], rng)


def negation(sentence: str, language: str, rng: Rng) -> str | None:
    """A negation taken out, or put in where there is none."""
    for rules in (_NEGATED[language], _AFFIRMED[language]):
        fitting = [(pattern, new) for pattern, new in rules if re.search(pattern, sentence)]
        if fitting:
            pattern, new = rng.choice(fitting)
            return re.sub(pattern, new, sentence, count=1)
    return None


def _swap(kind: str) -> Change:
    def change(sentence: str, language: str, rng: Rng) -> str | None:
        found = [
            (spot, new)
            for old, news in _SWAPS[kind][language]
            for spot in re.finditer(rf"(?<![\w’'-])(?i:{old})(?![\w’'-])", sentence)
            for new in news
        ]
        if not found:
            return None
        spot, new = rng.choice(found)
        new = new[0].upper() + new[1:] if spot[0][0].isupper() else new
        return sentence[: spot.start()] + new + sentence[spot.end() :]

    change.__name__ = kind
    return change


def _put(sentence: str, spots: list[re.Match[str]], news: Callable[[str], list[str]], rng: Rng) -> str | None:
    if not spots:
        return None
    spot = rng.choice(spots)
    return sentence[: spot.start()] + rng.choice(news(spot[0])) + sentence[spot.end() :]


CHANGES: Mapping[str, Change] = {
    "number": number,
    "month": month,
    "name": name,
    "negation": negation,
    "modal verb": _swap("modal"),
    "quantifier": _swap("quantifier"),
}
LEAD_INS = {
    "en": ("According to the call, {}", "The sources say: “{}”", "The text states that {}", "As the page says, {}"),
    "de": ("Laut Ausschreibung: {}", "In den Quellen heißt es: „{}“", "Nach Angaben der Stadt gilt: {}",
           "Die Quellen sagen: “{}”"),
    "fr": ("Selon l'appel, {}", "Les sources indiquent : « {} »", "D'après la page, {}", "Le texte précise : “{}”"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence to check and what it rests on."""

    language: str
    kind: str
    sentence: str
    quotes: tuple[str, ...]
    faithful: bool
