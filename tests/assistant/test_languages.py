import itertools
import re
import string
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from datetime import time as clock
from typing import Any

import pytest

from assistant.check import objections
from assistant.clock import distance, moment_in_words
from assistant.phrases import available_languages, cues, phrases
from assistant.plain import plain
from assistant.priorities import priorities_in
from assistant.results import AskRequest, Turn
from assistant.spoken import spoken_in
from assistant.understand import Question, understand
from assistant.values import ValueKind, extract
from assistant.verify import verify
from assistant.write import Draft, DraftSentence
from index.lexical import Analyser
from tests.assistant.typical_questions import typical_questions

OTHERS = ("de", "es", "fr", "it", "pl")
FILES = ("answer", "reply", "ui")
SECTIONS = ("question", "expects", "sources", "asker")
ANALYSE = Analyser().terms


def leaves(sections: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in sections.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def variables(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def understood(questions: Iterable[Question]) -> set[str]:
    return set().union(*map(_understood, questions))


def _understood(question: Question) -> set[str]:
    flags = {"yes_no", "oneself", "still_open"}
    found = {flag for flag in flags if getattr(question, flag)}
    found |= {"deadline"} if question.about_deadline else set()
    found |= {"list"} if question.wants_list else set()
    found |= {"who"} if question.asks_who else set()
    found |= {"may_apply"} if question.may_apply else set()
    found |= {str(question.expects)} if question.expects else set()
    return found | {f"P{number}" for number in question.priorities}


def read(text: str) -> tuple[Question, ...]:
    return understand(AskRequest(question=text), None, ANALYSE)


def test_the_languages_are_there() -> None:
    assert available_languages() == ("de", "en", "es", "fr", "it", "pl")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", FILES)
def test_a_language_has_the_phrases_of_english_with_their_variables(language: str, name: str) -> None:
    english = {key: variables(phrase) for key, phrase in leaves(phrases("en", name).sections)}
    assert {key: variables(phrase) for key, phrase in leaves(phrases(language, name).sections)} == english


@pytest.mark.parametrize("language", ["en", *OTHERS])
@pytest.mark.parametrize("name", FILES)
def test_every_phrase_can_be_said_and_keeps_the_house_style(language: str, name: str) -> None:
    said = phrases(language, name)
    for key, phrase in leaves(said.sections):
        filled = said.say(key, **{variable: f"⟨{variable}⟩" for variable in variables(phrase)})
        assert set(re.findall(r"⟨(\w+)⟩", filled)) == variables(phrase), key
        assert filled == filled.strip(), key
        assert filled, key
        assert "!" not in filled, key


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_cues_of_english(language: str) -> None:
    english, other = dict(leaves(cues("en").data)), dict(leaves(cues(language).data))
    assert other.keys() == english.keys()
    assert {key: type(value) for key, value in other.items()} == {key: type(value) for key, value in english.items()}
    assert list(cues(language).data["expects"]) == list(cues("en").data["expects"])


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_cues_are_written_as_the_text_they_are_matched_on(language: str) -> None:
    for key, value in leaves({k: v for k, v in cues(language).data.items() if k != "text"}):
        written = " ".join(" ".join(word) if isinstance(word, list) else word for word in value) if key else ""
        written = value if isinstance(value, str) else written
        written = re.sub(r"\\.|ORDINAL", "", written)
        assert plain(written) == written, key


@pytest.mark.parametrize(("language", "text", "expected"), typical_questions())
def test_typical_questions_are_understood(language: str, text: str, expected: set[str]) -> None:
    questions = read(text)
    assert understood(questions) == expected
    assert questions[0].spoken == language or len(text.split()) < 4


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Frist?", "de"),
        ("Förderquote", "de"),
        ("Priorität 2?", "de"),
        ("date limite", "fr"),
        ("durée maximale", "fr"),
        ("plazo", "es"),
        ("fecha limite", "es"),
        ("scadenza?", "it"),
        ("durata massima", "it"),
        ("ilu partnerow", "pl"),
        ("priorytet 5", "pl"),
        ("deadline?", "en"),
        ("budget", "en"),
        ("P1", "en"),
        ("priority 2", "en"),
        ("Hoeveel geld is er beschikbaar?", "nl"),
    ],
)
def test_the_language_of_a_few_words_is_told_by_its_cues(text: str, language: str) -> None:
    assert spoken_in(text) == language


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "the first and second priorities", {1, 2}),
        ("en", "priority one or the third one", {1, 3}),
        ("en", "priority no. 4", {4}),
        ("en", "priorities 1, 2 and 5", {1, 2, 5}),
        ("en", "Priority 1 has EUR 6,000,000", {1}),
        ("en", "5 priorities", set()),
        ("en", "the top priority is 16.2 million", set()),
        ("en", "priority 90% of it", set()),
        ("de", "Priorität 1", {1}),
        ("de", "erste Priorität", {1}),
        ("de", "PRIORITAET ZWEI", {2}),
        ("de", "der 2. und 3. Priorität", {2, 3}),
        ("de", "Förderpriorität Nr. 4", {4}),
        ("de", "es braucht 2. Priorität 3 braucht 1", {3}),
        ("fr", "priorité nº 2", {2}),
        ("fr", "la deuxième priorité", {2}),
        ("fr", "la 1re et la 2e priorité", {1, 2}),
        ("fr", "priorités 1 et 2", {1, 2}),
        ("es", "prioridad 3", {3}),
        ("es", "tercera prioridad", {3}),
        ("es", "la 4ª prioridad", {4}),
        ("it", "priorità 4", {4}),
        ("it", "quinta priorità", {5}),
        ("it", "priorita' 1", {1}),
        ("pl", "priorytet 5", {5}),
        ("pl", "piątego priorytetu", {5}),
        ("pl", "w priorytetach 1 i 2", {1, 2}),
        ("pl", "w priorytecie nr 3", {3}),
        ("pl", "pięć priorytetów", set()),
    ],
)
def test_priorities_are_read_by_number_and_word(language: str, text: str, numbers: set[int]) -> None:
    assert priorities_in(text, cues(language), None) == numbers


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Und die fünfte?"),
        ("fr", "Et pour la cinquième ?"),
        ("es", "¿Y para la quinta?"),
        ("it", "E la quinta?"),
        ("pl", "A dla piątego?"),
        ("en", "And the fifth one?"),
    ],
)
def test_one_more_priority_takes_the_place_of_the_one_asked_before(language: str, question: str) -> None:
    before = {
        "de": "Wie hoch ist das Budget der ersten Priorität?",
        "fr": "Quel est le budget de la première priorité ?",
        "es": "¿Cuál es el presupuesto de la primera prioridad?",
        "it": "Qual è il budget della prima priorità?",
        "pl": "Jaki jest budżet pierwszego priorytetu?",
        "en": "What is the budget of the first priority?",
    }[language]
    history = (Turn(role="user", content=before), Turn(role="assistant", content="…"))
    (read,) = understand(AskRequest(question=question, history=history), None, ANALYSE)
    assert read.priorities == {5}
    assert read.expects is ValueKind.MONEY


@pytest.mark.parametrize("language", ["en", *OTHERS])
@pytest.mark.parametrize("days", [1, 2, 61, 150, 400, 2_000, 2_853])
def test_computed_sentences_hold_no_name_and_no_number_but_the_date(language: str, days: int) -> None:
    words, day = phrases(language), date(2019, 1, 31)
    for sign, key in ((1, "deadline_passed"), (-1, "deadline_ahead")):
        today = day + timedelta(days=sign * days)
        moment = moment_in_words(day, clock(17), "Europe/Brussels", words)
        said = words.say(f"computed.{key}", deadline=moment, distance=distance(day, today, language))
        kinds = [str(value.kind) for value in extract(said)]
        assert kinds[:2] == ["date", "time"], said
        assert kinds[2:] == ["duration"], said


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_frames_state_no_number_but_that_of_a_priority(language: str) -> None:
    words = phrases(language)
    said = {"call": "ABC-2019-XY", "this": "ABC-2018-XY", "number": "7, 8", "topics": "…", "language": "fi"}
    said["url"] = "https://example.eu/2024"
    frames = [words.say(f"frame.{key}", **said) for key in words.sections["frame"] if key != "topics"]
    asks_back = [words.say(f"clarify.{key}") for key in words.sections["clarify"] if key != "or_more"]
    draft = Draft("answered", tuple(DraftSentence(text, "frame") for text in [*frames, *asks_back]))
    assert verify(draft, "priority 7, 8", cues(language)).dropped == ()


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_the_words_around_quotes_and_figures_stand_the_check(language: str) -> None:
    words = phrases(language)
    quotes = ["The call opened on 26 July 2018.", "The call opened on 6 September 2018."]
    for first, second in itertools.permutations(words.sections["authority"], 2):
        said = {"first": "26 July 2018", "second": "6 September 2018"}
        stronger = words.say(
            "conflict.stronger",
            **said,
            first_authority=words.say(f"authority.{first}"),
            second_authority=words.say(f"authority.{second}"),
        )
        assert objections(stronger, quotes, language) == []
    for statement in ("plain", "applicants", "helpdesk"):
        assert objections(words.say(f"statement.{statement}", quote=quotes[0]), quotes, language) == []


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_cues_take_little_time_whatever_they_are_matched_on(language: str) -> None:
    cue = cues(language)
    texts = [text for spoken, text, _ in typical_questions() if spoken == language]
    fragments = [*texts, "1, ", "1 2 3 ", "a", "- ", "nicht ", "ob ", "1. ", "p1 "]
    for fragment in fragments:
        hostile = (fragment.rstrip("?") + " ") * (8_000 // (len(fragment) + 1))
        started = time.process_time()
        for key in [f"{section}.{name}" for section in SECTIONS for name in cue.data[section]]:
            cue.matches(key, hostile)
        priorities_in(hostile, cue, None)
        read(hostile)
        assert time.process_time() - started < 5, fragment


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Ich wüsste gern, ob dänische Vereine teilnehmen dürfen.", "ob dänische Vereine teilnehmen dürfen"),
        ("Eine dänische NGO kann teilnehmen?", "Eine dänische NGO kann teilnehmen"),
        ("Une association danoise peut-elle participer ?", "Une association danoise peut-elle participer"),
        ("Bonjour, est-ce que les communes peuvent participer ?", "est-ce que les communes peuvent participer"),
        ("¿Una ONG danesa puede participar?", "Una ONG danesa puede participar"),
        ("Si somos una ONG, ¿podemos participar?", "podemos participar"),
        ("Le scuole danesi possono partecipare?", "Le scuole danesi possono partecipare"),
        ("Organizacja z Danii może wziąć udział?", "Organizacja z Danii może wziąć udział"),
    ],
)
def test_the_clause_that_asks_who_may_take_part_keeps_whom_it_is_about(text: str, clause: str) -> None:
    assert read(text)[0].may_apply == clause


@pytest.mark.parametrize(
    ("language", "text", "alone", "with_one"),
    [
        ("de", "Können wir allein einen Antrag stellen?", True, False),
        ("de", "Wir haben nur einen Partner.", False, True),
        ("de", "Darf eine NGO Partner sein, und sind allein Kommunen förderfähig?", False, False),
        ("fr", "Peut-on candidater seul ?", True, False),
        ("fr", "Nous avons un seul partenaire.", False, True),
        ("fr", "Peut-elle être un partenaire dans un seul projet ?", False, False),
        ("es", "¿Podemos participar solos?", True, False),
        ("es", "Tenemos un socio.", False, True),
        ("es", "¿Puede ser un socio en un solo proyecto?", False, False),
        ("it", "Possiamo partecipare da soli?", True, False),
        ("it", "Abbiamo un partner.", False, True),
        ("it", "Può essere un partner in un solo progetto?", False, False),
        ("pl", "Czy możemy złożyć wniosek sami?", True, False),
        ("pl", "Mamy tylko jednego partnera.", False, True),
        ("pl", "Czy może być jednym z partnerów w tym samym projekcie?", False, False),
    ],
)
def test_alone_and_with_one_partner_are_told_from_what_sounds_like_it(
    language: str, text: str, alone: bool, with_one: bool
) -> None:
    cue = cues(language)
    assert (cue.matches("asker.alone", text), cue.matches("asker.one_partner", text)) == (alone, with_one)
