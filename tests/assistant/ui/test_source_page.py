"""The page of a document: its characters unchanged, the quote highlighted at its offsets."""

import lxml.html
import pytest
from bs4 import BeautifulSoup, Tag

from assistant.results import ShowResult
from assistant.ui.source import AROUND, render_passage, render_source
from tests.assistant.ui.fakes import (
    BODIES,
    GARDEN,
    GARDEN_TEXT,
    GRANT,
    HOSTILE,
    HOSTILE_TEXT,
    NOTES,
    NOTES_TEXT,
    FakeAssistant,
)


def shown(document: str = GARDEN) -> ShowResult:
    return FakeAssistant().show(document)


def parse(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def article(html: str) -> Tag:
    found = parse(html).select_one("article.document, div.document")
    assert found is not None
    return found


def marked(tag: Tag) -> str:
    return "".join(mark.text for mark in tag.select("mark"))


def content(html: str, path: str = "//article") -> str:
    """What a browser gives as `textContent`; Beautiful Soup shortens white space between tags."""
    return "".join(element.text_content() for element in lxml.html.fromstring(html).xpath(path))


@pytest.mark.parametrize("document", [GARDEN, NOTES, HOSTILE])
def test_the_text_is_the_documents_own_character_by_character(document: str) -> None:
    assert content(render_source(shown(document), "en")) == shown(document).text


def test_every_span_is_highlighted_exactly() -> None:
    for start in range(0, len(GARDEN_TEXT), 7):
        for end in range(start + 1, len(GARDEN_TEXT) + 1, 31):
            html = render_source(shown(), "en", (start, end))
            assert content(html) == GARDEN_TEXT
            assert content(html, "//article//mark") == GARDEN_TEXT[start:end]
            assert html.count('id="quote"') == 1


def test_offsets_count_code_points() -> None:
    text = "\U0001f600 é e\u0301 quote here"
    document = shown().model_copy(update={"text": text, "sections": (), "pages": ()})
    start = text.index("quote")
    assert marked(article(render_source(document, "en", (start, start + 5)))) == "quote"


def test_structure_is_readable() -> None:
    tag = article(render_source(shown(), "en"))
    assert [(h.name, h.get_text()) for h in tag.find_all(["h2", "h3", "h4"])] == [
        ("h2", "# Gardens for everyone"),
        ("h3", "## Who may apply"),
        ("h3", "## Money and time"),
    ]
    assert [mark.text for mark in tag.select("h2 .syntax, h3 .syntax")] == ["# ", "## ", "## "]
    assert [item.text for item in tag.select(".item")] == [f"- {BODIES}"]
    assert len(tag.select(".row")) == 3


def test_the_way_back_keeps_the_language() -> None:
    back = lxml.html.fromstring(render_source(shown(), "fr")).xpath("//header//a")[0]
    assert back.get("href") == "/?language=fr"


def test_the_quote_takes_the_focus_when_the_page_opens() -> None:
    quote = article(render_source(shown(), "en", (30, 40))).select_one("#quote")
    assert quote is not None
    assert quote.has_attr("autofocus")
    assert quote["tabindex"] == "-1"


def test_pages_are_named_where_they_start() -> None:
    document = shown().model_copy(
        update={
            "text": "one\ntwo\nthree",
            "sections": (),
            "pages": ({"number": 1, "start": 0, "end": 4}, {"number": 2, "start": 4, "end": 13}),
        }
    )
    tag = article(render_source(document, "en", (4, 7)))
    assert [label["data-label"] for label in tag.select(".page-label")] == ["Page 1", "Page 2"]
    assert tag.text == document.text
    assert marked(tag) == "two"


def test_it_says_what_is_known_of_the_document() -> None:
    facts = parse(render_source(shown(NOTES), "en")).select_one("dl")
    assert facts is not None
    names = [name.text for name in facts.select("dt")]
    known = dict(zip(names, (value.get_text(" ", strip=True) for value in facts.select("dd")), strict=True))
    assert known["Published by"] == "The garden office"
    assert known["Date"] == "6 November 2018"
    assert known["What it is"] == "our summary of notices.example, a secondary account"
    assert known["How sure"] == "From one notice."
    assert known["Note"] == "The menu of the page was left out."
    assert known["Original file"] == NOTES
    assert [link["href"] for link in facts.select("a")] == [
        "https://www.notices.example/a",
        "/originals/guidance/our%20notes.md",
    ]
    assert "javascript:alert(1)" in known["Sources"], "an address that is no web address is shown, not linked"


def test_a_section_may_know_better_than_its_document() -> None:
    document = shown(NOTES)
    sections = tuple(
        section | ({"authority": "official", "certainty": "Sure."} if section["heading"] == "Grant size" else {})
        for section in document.sections
    )
    start = NOTES_TEXT.index(GRANT)
    html = render_source(document.model_copy(update={"sections": sections}), "en", (start, start + 5))
    assert "our summary of notices.example, an official page" in html
    assert "Sure." in html


def test_a_passage_is_its_section() -> None:
    start = GARDEN_TEXT.index(BODIES)
    tag = article(render_passage(shown(), "en", (start, start + len(BODIES))))
    assert marked(tag) == BODIES
    assert "Although the networks" in tag.text
    assert "Money and time" not in tag.text
    assert [cut.text.strip() for cut in tag.select(".cut")] == ["…", "…"]
    assert not tag.select("[autofocus]")


def test_a_passage_of_a_long_section_is_cut_between_words() -> None:
    text = "word " * 1_000 + "the quote " + "word " * 1_000
    document = shown().model_copy(update={"text": text, "sections": (), "pages": ()})
    start = text.index("the quote")
    tag = article(render_passage(document, "en", (start, start + 9)))
    assert marked(tag) == "the quote"
    assert len(tag.text) < 2 * AROUND + 50
    assert set(tag.text.replace("…", "").replace("the quote", "").split()) == {"word"}


def test_a_quote_longer_than_its_section_is_shown_whole() -> None:
    html = render_passage(shown(), "en", (25, len(GARDEN_TEXT) - 1))
    assert content(html, "//mark") == GARDEN_TEXT[25 : len(GARDEN_TEXT) - 1]


def test_hostile_text_stays_text() -> None:
    for html in (render_source(shown(HOSTILE), "en", (3, 9)), render_passage(shown(HOSTILE), "en", (3, 9))):
        page = parse(html)
        assert not page.select("script, img, b")
        assert HOSTILE_TEXT.split("\n")[0] in page.text
