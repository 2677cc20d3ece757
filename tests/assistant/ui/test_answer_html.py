"""An `ask` result as HTML: what each state shows, and that nothing in a result can become markup."""

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from assistant.results import AskResult
from assistant.ui.answer import announcement, answer_to_copy, render_answer, shorten
from assistant.ui.conversation import answered_turn
from assistant.ui.markup import one_block
from assistant.ui.words import words
from tests.assistant.ui.fakes import (
    ANSWERED,
    BODIES,
    CLARIFY,
    CLUBS,
    CONFLICT,
    DEGRADED,
    GARDEN,
    GARDEN_TEXT,
    GRANT,
    HOSTILE_ANSWER,
    HOSTILE_TEXT,
    NOT_FOUND,
    OUT_OF_SCOPE,
    PARTIAL,
    RESULTS,
)


def article(result: AskResult) -> Tag:
    found = BeautifulSoup(render_answer(result, "a1", 90), "lxml").select_one("article.answer")
    assert found is not None
    return found


def text(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ", strip=True).split())


def one(tag: Tag, selector: str) -> Tag:
    found = tag.select_one(selector)
    assert found is not None, selector
    return found


def test_a_number_leads_to_its_quote() -> None:
    link = one(article(ANSWERED), "p.statement a.cite")
    start = GARDEN_TEXT.index(CLUBS)
    assert link["href"] == f"/sources/{GARDEN}?start={start}&end={start + len(CLUBS)}&language=en#quote"
    assert link.text == "[1]"
    assert link["aria-label"] == "[1] Source: Gardens for everyone"
    assert one(article(ANSWERED), f"#{link['aria-describedby']}").text == CLUBS


@pytest.mark.parametrize("result", RESULTS.values(), ids=lambda result: result.question[:20])
def test_its_sources_open_in_the_language_of_the_page(result: AskResult) -> None:
    shown = BeautifulSoup(render_answer(result, "a1", 90, page_language="pl"), "lxml")
    links = [urlsplit(str(link["href"])) for link in shown.select('a[href^="/sources/"]')]
    assert {parse_qs(link.query)["language"][0] for link in links} <= {"pl"}
    assert links or not (result.citations or result.nearest)


@pytest.mark.parametrize("result", RESULTS.values(), ids=lambda result: result.question[:20])
def test_every_reference_inside_an_answer_has_its_target(result: AskResult) -> None:
    shown = article(result)
    ids = [tag["id"] for tag in shown.select("[id]")]
    assert len(ids) == len(set(ids))
    for attribute in ("aria-describedby", "for", "data-copy"):
        assert {tag[attribute] for tag in shown.select(f"[{attribute}]")} <= set(ids)
    for button in shown.select("button, a"):
        assert button.get("aria-label") or text(button)


@pytest.mark.parametrize(
    ("result", "sign", "said"), [(ANSWERED, "✓", "Yes"), (CLARIFY, "?", "It depends")], ids=["yes", "depends"]
)
def test_a_verdict_is_a_sign_and_words(result: AskResult, sign: str, said: str) -> None:
    verdict = one(article(result), ".verdict")
    assert text(verdict) == f"{sign} {said}"
    assert one(verdict, ".sign")["aria-hidden"] == "true"


@pytest.mark.parametrize(("verdict", "line"), [("no", "✗ No"), ("unknown", "? The sources do not say")])
def test_the_other_verdicts(verdict: str, line: str) -> None:
    assert text(one(article(ANSWERED.model_copy(update={"verdict": verdict})), ".verdict")) == line


def test_conditions_say_in_words_whether_they_are_met() -> None:
    lines = [text(item) for item in article(ANSWERED).select(".condition")]
    assert lines == [
        "✓ Met: The club works on a non-profit basis [2]",
        "? Open: The network is mostly made of towns [1]",
        "✗ Not met: The club has its seat in a town [1] [2]",
    ]


def test_parts_come_in_their_order() -> None:
    shown = text(article(ANSWERED))
    places = [shown.index(part) for part in ("✓ Yes", CLUBS, "Conditions", "Sources", "Copy with citations")]
    assert places == sorted(places)


def test_sources_say_what_they_are() -> None:
    sources = [text(item) for item in article(ANSWERED).select(".sources summary")]
    assert sources == [
        "1 The garden office · Gardens for everyone · Who may apply · official words on another page",
        "2 Gardens for everyone · Who may apply · official words on another page",
    ]


def test_a_section_does_not_repeat_its_documents_title() -> None:
    known = ANSWERED.citations[0]
    cited = (known.model_copy(update={"section": f"{known.title} › Who may apply"}), ANSWERED.citations[1])
    result = ANSWERED.model_copy(update={"citations": cited})
    assert text(one(article(result), ".sources summary")).count("Gardens for everyone") == 1
    assert "Gardens for everyone · Who may apply" in answer_to_copy(result)


def test_a_summary_is_never_the_calls_own_words() -> None:
    source = text(one(article(PARTIAL), ".sources summary"))
    assert source.endswith("our summary of notices.example, a secondary account")
    assert text(one(article(CONFLICT), ".sources li:last-child summary")).endswith(
        "our summary of other sources, a secondary account"
    )


def test_what_is_not_answered_stands_apart() -> None:
    assert [text(item) for item in article(PARTIAL).select(".unanswered li")] == ["who decides"]


def test_not_found_shows_the_nearest_and_whom_to_ask() -> None:
    shown = article(NOT_FOUND)
    nearest = one(shown, ".nearest")
    assert text(one(nearest, "h3")) == "Closest, but not an answer"
    assert [text(item) for item in nearest.select(".excerpt")] == [BODIES, GRANT]
    assert one(shown, ".contact a")["href"] == "mailto:helpdesk@example.eu"
    assert not shown.select(".sources")


def test_out_of_scope_is_one_sentence() -> None:
    shown = article(OUT_OF_SCOPE)
    assert [text(p) for p in shown.select("p.frame")] == [
        "This assistant answers questions about the garden call only."
    ]
    assert not shown.select(".sources, .nearest, .conditions, .contact")


def test_a_question_back_offers_its_replies() -> None:
    asked = one(article(CLARIFY), ".clarification")
    assert text(one(asked, "h3")) == "What kind of organisation are you?"
    assert [button["data-ask"] for button in asked.select("button")] == ["Town", "School", "Club & society"]
    assert article(CLARIFY).select(".sources"), "what holds whatever the reply stays cited"


def test_a_conflict_cites_both_sides() -> None:
    assert [link.text for link in one(article(CONFLICT), ".conflicts").select("a")] == ["[1]", "[2]"]


def test_a_degraded_answer_says_so_first_and_who_wrote_it() -> None:
    shown = text(article(DEGRADED))
    assert shown.startswith("The language model is not reachable")
    assert "Put together by a language model (garden-7b)" in shown
    assert "Searched for: does the garden call still work" in shown
    assert "always open" not in shown, "what the check did not let through is not shown"


def test_addresses_in_our_own_words_are_links() -> None:
    assert one(article(DEGRADED), "p.frame a")["href"] == "https://calls.example.eu/open?x=1&y=2"


def test_a_question_searched_as_it_was_asked_is_not_repeated() -> None:
    assert "Searched for" not in text(article(ANSWERED))


class TestHostile:
    def test_nothing_becomes_markup(self) -> None:
        shown = article(HOSTILE_ANSWER)
        assert not shown.select("script, img, svg, iframe, style")
        for tag in shown.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")]
            assert not str(tag.get("href", "")).lower().startswith("javascript:")

    def test_all_of_it_is_still_shown(self) -> None:
        shown = article(HOSTILE_ANSWER)
        assert one(shown, "blockquote").text == HOSTILE_TEXT.strip()
        assert text(one(shown, ".unanswered li")) == "<img src=x onerror=alert(1)>"
        assert "[link](https://example.org)" in shown.text
        assert not [link for link in shown.select("a") if "example.org" in str(link["href"])]

    def test_direction_marks_stay_inside_their_sentence(self) -> None:
        assert one(article(HOSTILE_ANSWER), "p.statement")["dir"] == "auto"

    def test_no_line_end_is_left_for_markdown_to_read(self) -> None:
        block = one_block(answered_turn(HOSTILE_ANSWER, words("en"), 90, "sealed").block)
        assert not set(block) & set("\r\n\t")
        assert "__i18n__" not in block
        found = BeautifulSoup(block, "lxml").select_one("blockquote")
        assert found is not None
        assert found.text == HOSTILE_TEXT.strip()

    def test_no_line_end_stands_inside_a_tag(self) -> None:
        for result in RESULTS.values():
            for tag in BeautifulSoup(one_block(render_answer(result, "a1", 90)), "lxml").find_all(True):
                assert not [name for name in tag.attrs if "&" in name or "#" in name]


def test_the_copy_has_the_quotes() -> None:
    copied = answer_to_copy(PARTIAL)
    assert copied.startswith("Question: How large is a grant, and who decides?")
    assert f"“{GRANT}” [1]" in copied
    assert "[1] Notes on the garden call · Grant size · our summary of notices.example, a secondary account" in copied
    assert "https://www.notices.example/a" in copied
    assert one(article(PARTIAL), "pre[hidden]").text == copied


def test_the_announcement_is_the_verdict_and_the_sentences() -> None:
    assert announcement(ANSWERED).startswith("Yes. The sources say yes, under conditions. “they could")


@pytest.mark.parametrize(
    ("given", "shown"), [("short", "short"), ("one two three", "one two …"), ("unbreakable", "unbreakab …")]
)
def test_excerpts_are_cut_between_words(given: str, shown: str) -> None:
    assert shorten(given, 9) == shown


def test_a_language_without_words_of_its_own_is_said_in_english() -> None:
    shown = article(ANSWERED.model_copy(update={"language": "xx"}))
    assert shown["lang"] == "en"
    assert text(one(shown, ".conditions h3")) == "Conditions"
