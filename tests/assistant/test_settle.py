"""Conditions that only documents state, without a profile: what was asked of them and replied decides."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.phrases import cues
from assistant.results import AskRequest, AskResult, Turn
from assistant.service import Assistant
from assistant.settings import Settings
from index.build import refresh
from index.embed import Embedder
from tests.invariants import check_invariants

DOCUMENTS = {
    "grant.md": """# Library grant

You can get the library grant if one of the following applies:

- your library has a reading room for children
- your library lends books in three languages
- your library opens on Sundays
""",
    "loan.md": """# Library loan

To get the library loan, all of the following must apply:

- your library has a reading room for children
- your library employs a trained librarian
""",
    "loan-of-the-county.md": """# Library loan

To get the library loan, all of the following must apply:

- your library employs a trained librarian
- your library has a reading room for children
""",
    "prize.md": """# Library prize

You can get the library prize if:

- your library has a reading room for children
- your library opens on Sundays
""",
    "fund.md": """# Choir fund

The choir fund is open to you if you are:

- a town
- a parish
- a school that teaches music
""",
    "equipment.md": """# Equipment

The equipment paid for includes:

- musical instruments
- chairs and tables
""",
    "barred.md": """# Tool subsidy

You cannot get the tool subsidy if:

- your workshop sells tools
- your workshop received it last year
""",
    "sentence.md": """# Bicycle scheme

A town can join the bicycle scheme if it has a station or a harbour.
""",
    "choir.md": """# Choir scheme

You can apply for the choir scheme if your choir is a registered charity.

You cannot apply for the choir scheme if your choir has unpaid tax debts.
""",
    "garden.md": """# Garden scheme

You can apply for the garden scheme if any of the following applies:

- your garden is open to schools
- your garden grows vegetables

You cannot apply for the garden scheme if your association has unpaid tax debts.
""",
    "boat.md": """# Boat scheme

You can apply for the boat scheme if your club is a charity or a company and has insured boats.
""",
    "farm.md": """# Farm scheme

You can apply for the farm scheme if your farm is organic, keeps sheep and employs trainees.
""",
    "mill.md": """# Mill scheme

You can apply for the mill scheme if your mill grinds rye, provided it is older than the railway.
""",
    "kiln.md": """# Kiln scheme

You can apply for the kiln scheme if your kiln burns wood, unless it stands in a park.
""",
    "forge.md": """# Forge scheme

You can apply for the forge scheme if your forge burns coal; you must also train smiths.
""",
    "ship.md": """# Ship scheme

Applicants to the ship scheme come with:

- a registered vessel
- an insurance certificate
""",
    "shop.md": """# Shop scheme

Any shop can join the shop scheme if you have:

- a legal registration
- a bank account
""",
    "foerderung.md": """# Zuschuss für Gärten

Sie können den Zuschuss für Gärten erhalten, wenn alle folgenden Bedingungen erfüllt sind:

- der Garten ist öffentlich zugänglich
- der Verein ist gemeinnützig
""",
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory, embedders: tuple[Embedder, ...]) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("rules")
    corpus, store = folder / "corpus", folder / "store"
    corpus.mkdir()
    for name, text in DOCUMENTS.items():
        (corpus / name).write_text(text, encoding="utf-8")
    refresh(corpus, store, embedders)
    with Assistant(Settings(corpus=corpus, store=store), embedders) as made:
        yield made


def ask(assistant: Assistant, question: str, *replies: tuple[str, str], document: str | None = None) -> AskResult:
    """Ask after each of `replies`: what was asked back, and what was said to it."""
    history: list[Turn] = []
    for asked, reply in replies:
        history.append(Turn(role="assistant", content=asked, result={"status": "clarify"}))
        history.append(Turn(role="user", content=reply))
    result = assistant.ask(AskRequest(question=question, history=tuple(history), document=document))
    check_invariants(result.model_dump(mode="json"), lambda name: assistant.show(name).text)
    return result


ROOM = "Does your library have a reading room for children?"
LANGUAGES = "Does it lend books in three languages?"
SUNDAYS = "Does your library open on Sundays?"
LIBRARIAN = "Does your library employ a trained librarian?"


@pytest.mark.parametrize(
    ("replies", "verdict", "met"),
    [
        ([(ROOM, "Yes")], "yes", [True]),
        ([(ROOM, "No")], "depends", [False, None, None]),
        ([(ROOM, "no"), (SUNDAYS, "Yes, we do.")], "yes", [False, True]),
        ([(ROOM, "No"), (LANGUAGES, "No"), (SUNDAYS, "No")], "no", [False, False, False]),
    ],
)
def test_one_of_several_is_enough(
    rules: Assistant, replies: list[tuple[str, str]], verdict: str, met: list[bool | None]
) -> None:
    result = ask(rules, "Can we get the library grant?", *replies, document="grant.md")
    assert result.verdict == verdict
    assert [condition.met for condition in result.conditions] == met


@pytest.mark.parametrize(
    ("replies", "verdict"),
    [
        ([(ROOM, "Yes")], "depends"),
        ([(ROOM, "Yes"), (LIBRARIAN, "No")], "no"),
        ([(ROOM, "Yes"), (LIBRARIAN, "Yes")], "yes"),
    ],
)
def test_all_have_to_hold(rules: Assistant, replies: list[tuple[str, str]], verdict: str) -> None:
    assert ask(rules, "Can we get the library loan?", *replies, document="loan.md").verdict == verdict


@pytest.mark.parametrize(
    ("replies", "verdict", "met"),
    [
        ([(ROOM, "Yes")], "depends", [True, None]),
        ([(ROOM, "No")], "depends", [False, None]),
        ([(ROOM, "Yes"), (SUNDAYS, "No")], "depends", [True, False]),
        ([(ROOM, "Yes"), (SUNDAYS, "Yes")], "yes", [True, True]),
        ([(ROOM, "No"), (SUNDAYS, "No")], "no", [False, False]),
    ],
)
def test_a_list_that_does_not_say_how_many_is_open_until_it_makes_no_difference(
    rules: Assistant, replies: list[tuple[str, str]], verdict: str, met: list[bool | None]
) -> None:
    result = ask(rules, "Can we get the library prize?", *replies, document="prize.md")
    assert result.verdict == verdict
    assert [condition.met for condition in result.conditions] == met


def test_a_list_of_kinds_wants_one_of_them(rules: Assistant) -> None:
    parish, school = ("Are you a parish?", "No"), ("Are you a school that teaches music?", "Yes")
    assert ask(rules, "Is the choir fund open to us?", parish, document="fund.md").verdict == "depends"
    assert ask(rules, "Is the choir fund open to us?", parish, school, document="fund.md").verdict == "yes"
    chairs = ("Are they chairs and tables?", "Yes")
    assert ask(rules, "Is this equipment paid for?", chairs, document="equipment.md").verdict == "yes"


def test_documents_that_are_alike_are_kept_apart(rules: Assistant) -> None:
    result = ask(rules, "Can we get the library loan?", (ROOM, "Yes"), (LIBRARIAN, "Yes"))
    assert result.verdict in ("yes", "depends")
    assert len({citation.document for citation in result.citations}) == 1


def asked_back(question: str, reply: str) -> tuple[Turn, Turn]:
    """Something asked back after a long answer, and the reply."""
    content = f"The sources say more of grants, loans, subsidies and gardens. {question}"
    result = {"status": "clarify", "clarification": {"question": question, "why": "", "options": []}}
    return Turn(role="assistant", content=content, result=result), Turn(role="user", content=reply)


def test_a_reply_decides_the_question_that_it_was_asked_for_alone(rules: Assistant) -> None:
    first = Turn(role="user", content="Can we get the library grant?")
    asking_back, yes = asked_back(SUNDAYS, "Yes")
    held = rules.ask(AskRequest(question="Yes", history=(first, asking_back), document="grant.md"))
    assert held.verdict == "yes"
    later = AskRequest(
        question="Does the library prize want Sundays?", history=(first, asking_back, yes), document="prize.md"
    )
    assert not rules.ask(later).conditions


@pytest.mark.parametrize("reply", ["No idea", "We have three rooms", "I have asked", "Right now we do not"])
def test_what_is_no_bare_yes_or_no_decides_nothing(rules: Assistant, reply: str) -> None:
    assert not ask(rules, "Can we get the library grant?", (SUNDAYS, reply), document="grant.md").conditions


def test_a_condition_that_bars_turns_the_verdict(rules: Assistant) -> None:
    sells, last_year = "Does your workshop sell tools?", "Did your workshop receive it last year?"
    question = "Can we get the tool subsidy?"
    assert ask(rules, question, (sells, "Yes"), document="barred.md").verdict == "no"
    assert ask(rules, question, (sells, "No"), document="barred.md").verdict == "depends"
    assert ask(rules, question, (sells, "No"), (last_year, "No"), document="barred.md").verdict == "yes"


def test_conditions_in_one_sentence(rules: Assistant) -> None:
    station, harbour = "Does your town have a station?", "Does your town have a harbour?"
    question = "Can we join the bicycle scheme?"
    assert ask(rules, question, (station, "No"), document="sentence.md").verdict == "depends"
    assert ask(rules, question, (station, "No"), (harbour, "No"), document="sentence.md").verdict == "no"
    assert ask(rules, question, (station, "No"), (harbour, "Yes"), document="sentence.md").verdict == "yes"


def test_in_another_language(rules: Assistant) -> None:
    open_to_all = ("Ist der Garten öffentlich zugänglich?", "Ja")
    question, document = "Können wir den Zuschuss für Gärten erhalten?", "foerderung.md"
    assert ask(rules, question, open_to_all, document=document).verdict == "depends"
    non_profit = ("Ist der Verein gemeinnützig?", "Nein")
    assert ask(rules, question, open_to_all, non_profit, document=document).verdict == "no"


def test_a_description_before_the_question_does_not_turn_it(rules: Assistant) -> None:
    question = "We are not a large library and closed a branch last year. Can we get the library grant?"
    assert ask(rules, question, (SUNDAYS, "Yes"), document="grant.md").verdict == "yes"


def test_replies_to_something_else_decide_nothing(rules: Assistant) -> None:
    result = ask(rules, "Can we get the library grant?", ("Is your choir allowed to sing?", "Yes"), document="grant.md")
    assert not result.conditions


CHARITY, CHOIR_DEBTS = "Is your choir a registered charity?", "Does your choir have unpaid tax debts?"
SCHOOLS, GARDEN_DEBTS = "Is your garden open to schools?", "Does your association have unpaid tax debts?"


@pytest.mark.parametrize(
    ("scheme", "replies", "verdict"),
    [
        ("choir", [(CHARITY, "Yes"), (CHOIR_DEBTS, "Yes")], "no"),
        ("choir", [(CHARITY, "Yes"), (CHOIR_DEBTS, "No")], "yes"),
        ("choir", [(CHARITY, "No"), (CHOIR_DEBTS, "No")], "depends"),
        ("garden", [(SCHOOLS, "Yes"), (GARDEN_DEBTS, "Yes")], "no"),
        ("garden", [(SCHOOLS, "Yes"), (GARDEN_DEBTS, "No")], "yes"),
    ],
)
def test_a_rule_that_bars_holds_beside_one_that_admits(
    rules: Assistant, scheme: str, replies: list[tuple[str, str]], verdict: str
) -> None:
    for said in (replies, replies[::-1]):
        result = ask(rules, f"Can we apply for the {scheme} scheme?", *said, document=f"{scheme}.md")
        assert result.verdict == verdict
        assert sum(condition.met is not None for condition in result.conditions) == 2


ORGANIC, SHEEP, TRAINEES = "Is your farm organic?", "Does your farm keep sheep?", "Does your farm employ trainees?"


@pytest.mark.parametrize(
    ("scheme", "replies", "verdict"),
    [
        ("boat", [("Is your club a charity?", "Yes")], "depends"),
        ("boat", [("Is your club a charity?", "No")], "depends"),
        ("farm", [(ORGANIC, "Yes"), (SHEEP, "Yes")], "depends"),
        ("farm", [(ORGANIC, "Yes"), (ORGANIC, "Yes"), (ORGANIC, "Yes")], "depends"),
        ("farm", [(ORGANIC, "Yes"), (SHEEP, "Yes"), (TRAINEES, "Yes")], "yes"),
        ("farm", [(ORGANIC, "Yes"), (SHEEP, "No")], "no"),
        ("mill", [("Does your mill grind rye?", "Yes")], "depends"),
        ("kiln", [("Does your kiln burn wood?", "Yes")], "depends"),
        ("forge", [("Does your forge burn coal?", "Yes")], "depends"),
        ("ship", [("Do you have a registered vessel?", "Yes")], "depends"),
        ("shop", [("Do you have a legal registration?", "Yes")], "depends"),
    ],
)
def test_no_plain_verdict_while_a_condition_is_open(
    rules: Assistant, scheme: str, replies: list[tuple[str, str]], verdict: str
) -> None:
    result = ask(rules, f"Can we apply for the {scheme} scheme?", *replies, document=f"{scheme}.md")
    assert result.verdict == verdict


@pytest.mark.parametrize(
    ("language", "reply", "yes", "no"),
    [
        ("en", "Yes, we do.", True, False),
        ("en", "No, we don't", False, True),
        ("en", "Yes, but not in the EU", False, False),
        ("en", "Yes, we do not", False, False),
        ("en", "Nope. Actually yes", False, False),
        ("de", "Ja.", True, False),
        ("de", "Ja, aber nicht in der EU", False, False),
        ("fr", "Non", False, True),
        ("fr", "Oui, sauf en France", False, False),
        ("es", "Sí", True, False),
        ("es", "Sí, pero no aquí", False, False),
        ("it", "Sì, ma non qui", False, False),
        ("pl", "Tak, ale nie tutaj", False, False),
    ],
)
def test_only_a_plain_reply_is_a_yes_or_a_no(language: str, reply: str, yes: bool, no: bool) -> None:
    cue = cues(language)
    assert (cue.matches("conditions.yes", reply), cue.matches("conditions.no", reply)) == (yes, no)
