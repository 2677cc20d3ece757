"""PDF: text in reading order, with exact pages, and without what belongs to the page rather than to the text."""

import pytest

from corpus.errors import UnreadableDocument
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.read_pdf import read_pdf
from corpus.records import BlockKind
from tests.corpus.make_documents import (
    Place,
    finish,
    from_streams,
    image_only_pdf,
    looping_pdf,
    paragraph,
    pdf,
    written,
)

H, P, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
ROW, HEADER = BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER

LEFT = (
    "The networks funded under this call should aim at",
    "exchanging and transferring knowledge and best prac-",
    "tices in all relevant areas of integration. Experience",
    "varies a lot between Member States and between the",
    "local and regional authorities within each of them.",
)
RIGHT = (
    "Therefore the Commission intends to finance pro-",
    "jects that set up networks of regions and cities to",
    "work together. These projects, over a long time-",
    "scale, will allow exchange of practices and of many",
    "experiences at local and at regional level.",
)


def blocks(data: bytes) -> list[tuple[BlockKind, str]]:
    content = read_pdf(data, DEFAULT_LIMITS)
    content.check(DEFAULT_LIMITS)
    return [(b.kind, content.text[b.start : b.end]) for b in content.blocks]


def texts(data: bytes) -> list[str]:
    return [text for _, text in blocks(data)]


def test_lines_become_paragraphs_and_divided_words_whole() -> None:
    page = paragraph(72, 700, *LEFT) + paragraph(72, 600, *RIGHT)
    first, second = texts(pdf(page))
    assert first.startswith("The networks funded under this call should aim at exchanging")
    assert "best practices in all" in first
    assert "finance projects that" in second
    assert "long timescale" in second


def test_the_document_itself_says_which_hyphens_stay() -> None:
    page = [
        *paragraph(72, 700, "A body that is not made for gain is said to be a non-", "profit body in these pages."),
        *paragraph(72, 600, *RIGHT),
        *paragraph(72, 500, "Only a non-profit body may apply, and a long time-scale is usual for such a body."),
    ]
    first, second, _ = texts(pdf(page))
    assert "a non-profit body" in first
    assert "long time-scale, will" in second


def test_two_columns_are_read_one_after_the_other() -> None:
    title: list[Place] = [(150, 780, 18, "Local and regional networks")]
    page = title + paragraph(60, 700, *LEFT) + paragraph(320, 700, *RIGHT)
    interleaved = title + sorted(page[1:], key=lambda place: -place[1])
    for order in (page, interleaved):
        heading, first, second = blocks(pdf(order))
        assert heading == (H, "Local and regional networks")
        assert first[1].startswith("The networks funded")
        assert first[1].endswith("within each of them.")
        assert second[1].startswith("Therefore the Commission")


def test_a_sentence_goes_on_in_the_next_column() -> None:
    page = paragraph(60, 700, *LEFT[:-1], "local and regional authorities that take part as") + paragraph(
        320, 700, "partners of the network.", *RIGHT
    )
    assert "authorities that take part as partners of the network." in texts(pdf(page))[0]


def test_columns_with_lines_at_different_heights() -> None:
    page = paragraph(60, 700, *LEFT) + paragraph(320, 695, *RIGHT)
    assert [text[:12] for text in texts(pdf(page))] == ["The networks", "Therefore th"]


def test_cells_of_a_table_stay_in_their_rows() -> None:
    rows = [
        ("**Priority", "**EUR", "**States"),
        ("1", "6,000,000", "two"),
        ("2", "6,000", "two"),
        ("3", "1", "two"),
    ]
    page: list[Place] = [(72, 760, 10, "The budget of the call by priority, in euro, is shown in this table.")]
    for number, row in enumerate(rows):
        page += [(72 + 150 * column, 700 - 14 * number, 10, cell) for column, cell in enumerate(row)]
    data = pdf(page)
    assert blocks(data)[1:] == [
        (HEADER, "Priority | EUR | States"),
        (ROW, "1 | 6,000,000 | two"),
        (ROW, "2 | 6,000 | two"),
        (ROW, "3 | 1 | two"),
    ]
    content = read_pdf(data, DEFAULT_LIMITS)
    assert {content.text[slice(*b.lead)] for b in content.blocks if b.lead} == {"Priority | EUR | States"}


def test_list_items_and_what_introduces_them() -> None:
    page = [
        (72, 700, 10, "In particular the projects should work in these areas:"),
        (80, 688, 10, "\u2022 setting up of one-stop shops for integration, or of"),
        (90, 676, 10, "local integration centres;"),
        (80, 664, 10, "\u2022 housing;"),
        (100, 652, 10, "- for families"),
        (80, 640, 10, "\u2022 health."),
    ]
    data = pdf(page)
    lead = "In particular the projects should work in these areas:"
    assert blocks(data) == [
        (P, lead),
        (ITEM, "setting up of one-stop shops for integration, or of local integration centres;"),
        (ITEM, "housing;"),
        (ITEM, "for families"),
        (ITEM, "health."),
    ]
    content = read_pdf(data, DEFAULT_LIMITS)
    assert [(b.level, content.text[slice(*b.lead)]) for b in content.blocks if b.lead] == [
        (1, lead),
        (1, lead),
        (2, "housing;"),
        (1, lead),
    ]


def test_headings_by_size_and_weight() -> None:
    page = [
        (72, 780, 20, "The call"),
        (72, 740, 14, "Who may apply"),
        *paragraph(72, 710, *LEFT),
        (72, 640, 10, "**Deadline"),
        *paragraph(72, 622, *LEFT),
        (72, 550, 10, "2.1 Budget"),
        *paragraph(72, 530, *LEFT),
    ]
    content = read_pdf(pdf(page), DEFAULT_LIMITS)
    assert [s.path for s in content.sections()] == [
        "The call",
        "The call › Who may apply",
        "The call › Who may apply › Deadline",
        "The call › Who may apply › Deadline › 2.1 Budget",
    ]


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            (72, 800, 8, "Call for proposals AMIF"),
            (480, 800, 8, f"Page {number} of 4"),
            *paragraph(72, 700, f"The {word} page says something of its own."),
            *paragraph(72, 650, *(line.replace("a", word) for line in LEFT)),
            (290, 40, 8, str(number)),
        ]
        for number, word in enumerate(("first", "second", "third", "last"), start=1)
    ]
    content = read_pdf(pdf(*pages), DEFAULT_LIMITS)
    assert "Call for proposals" not in content.text
    assert "of 4" not in content.text
    assert len(content.blocks) == 8
    assert "The last page" in content.text


def test_the_running_title_of_a_short_section_goes_with_its_page_number() -> None:
    titles, words = ["Money"] * 3 + ["Partners", "Dates"], ("line", "rows", "verses", "bars", "columns")
    pages = [
        [
            (72, 800, 8, f"{number + 8} {title}"),
            *paragraph(72, 700, f"{number} {word} of text begin this page."),
            *paragraph(72, 650, *(line.replace("e", str(number)) for line in LEFT)),
        ]
        for number, (title, word) in enumerate(zip(titles, words, strict=True), start=1)
    ]
    found = texts(pdf(*pages, [(72, 800, 10, "2027 was a good year"), *paragraph(72, 700, *LEFT)]))
    assert not any(title in text for text in found for title in titles)
    assert sum("of text begin this page" in text for text in found) == 5
    assert any("2027 was a good year" in text for text in found)


def test_chapters_that_count_with_the_pages_are_no_headers() -> None:
    titles = ["Money", "Partners", "Dates", "Forms"]
    pages = [
        [(72, 780, 14, f"{number} {title}"), *paragraph(72, 700, *(line.replace("e", str(number)) for line in LEFT))]
        for number, title in enumerate(titles, start=1)
    ]
    found = texts(pdf(*pages))
    assert [text for text in found if text[0].isdigit()] == ["1 Money", "2 Partners", "3 Dates", "4 Forms"]


def test_titles_that_count_are_no_headers() -> None:
    pages = [
        [(72, 780, 10, f"Article {number}"), *paragraph(72, 700, *LEFT), (290, 40, 8, str(page))]
        for page, number in ((1, 5), (2, 7), (3, 8), (4, 12), (5, 13), (6, 20), (7, 21))
        for page in [page]
    ]
    plain = [[*paragraph(72, 700, *LEFT)] for _ in range(8)]
    found = texts(pdf(*pages, *plain))
    assert [text for text in found if text.startswith("Article")] == [
        "Article 5",
        "Article 7",
        "Article 8",
        "Article 12",
        "Article 13",
        "Article 20",
        "Article 21",
    ]


def test_pages_follow_each_other_and_a_sentence_may_cross_them() -> None:
    pages = [
        paragraph(72, 700, *LEFT[:4]),
        [],
        paragraph(72, 700, "local and regional authorities. A new sentence.", *LEFT[1:]),
    ]
    content = read_pdf(pdf(*pages), DEFAULT_LIMITS)
    assert [(p.number, p.start <= p.end) for p in content.pages] == [(1, True), (2, True), (3, True)]
    assert content.pages[0].start == 0
    assert content.pages[-1].end == len(content.text)
    assert [after.start for after in content.pages[1:]] == [before.end for before in content.pages[:-1]]
    third = content.pages[2]
    assert content.text[third.start :].startswith("local and regional authorities.")
    joined = content.blocks[0]
    assert "between the local and regional authorities." in content.text[joined.start : joined.end]


def test_a_footnote_does_not_cut_the_sentence_above_it() -> None:
    pages = [
        [*paragraph(72, 700, *LEFT[:4]), (72, 60, 7, "1 A note at the foot of the page.")],
        paragraph(72, 700, "local and regional authorities within each.", *LEFT),
    ]
    content = read_pdf(pdf(*pages), DEFAULT_LIMITS)
    found = [content.text[b.start : b.end] for b in content.blocks]
    assert found[0] == "1 A note at the foot of the page."
    assert "between the local and regional authorities" in found[1]
    assert content.text.index("1 A note") < content.pages[0].end


def test_a_superscript_joins_its_line() -> None:
    stream = "BT /F1 10 Tf 72 700 Td (local authorities) Tj /F1 6 Tf 4 Ts (7) Tj 0 Ts /F1 10 Tf ( exist.) Tj ET"
    assert texts(finish(from_streams(stream))) == ["local authorities7 exist."]


def test_words_are_told_apart_by_gaps_and_kerning_is_none() -> None:
    stream = "BT /F1 10 Tf 72 700 Td [(A) 80 (V) 60 (ersion) -300 (of) -2 ( it)] TJ 0 -30 Td (a) ' ET"
    assert texts(finish(from_streams(stream)))[0] == "AVersion of it"


def test_text_that_is_drawn_twice_is_read_once() -> None:
    page = [(72, 700, 10, "Bold by overprinting"), (72.3, 700, 10, "Bold by overprinting")]
    assert texts(pdf(page)) == ["Bold by overprinting"]


def test_a_page_that_lies_on_its_side() -> None:
    turned = "BT /F1 10 Tf 0 1 -1 0 200 100 Tm (First line of the page and) Tj ET "
    turned += "BT /F1 10 Tf 0 1 -1 0 212 100 Tm (its second line.) Tj ET"
    assert texts(finish(from_streams(turned))) == ["First line of the page and its second line."]


def test_artifacts_of_tagged_files_are_left_out() -> None:
    stream = (
        "/Artifact BMC BT /F1 10 Tf 72 800 Td (Header) Tj ET EMC "
        "/P <</MCID 0>> BDC BT /F1 10 Tf 72 700 Td (The text.) Tj ET EMC"
    )
    assert texts(finish(from_streams(stream))) == ["The text."]


def test_text_that_lies_off_the_page_is_left_out() -> None:
    page = [(72, 700, 10, "On the page."), (72, 900, 10, "Above it."), (-500, 700, 10, "Beside it.")]
    assert texts(pdf(page)) == ["On the page."]


def test_a_table_of_contents_is_text_and_no_block() -> None:
    page = [
        (72, 760, 16, "Contents"),
        (72, 730, 10, "1 Eligibility ............................ 3"),
        (72, 716, 10, "2 Budget ................................. 5"),
        *paragraph(72, 600, *LEFT),
    ]
    content = read_pdf(pdf(page), DEFAULT_LIMITS)
    assert "2 Budget" in content.text
    assert [b.kind for b in content.blocks] == [H, P]


def test_a_form_that_draws_itself_is_drawn_once() -> None:
    assert texts(looping_pdf()) == ["Before the loop"]


def test_protected_files_are_read_only_without_a_password() -> None:
    closed, restricted = written([(72, 700, 10, "Secret")]), written([(72, 700, 10, "Open")])
    closed.encrypt("secret", algorithm="AES-256")
    restricted.encrypt("", "owner", algorithm="AES-256")
    with pytest.raises(UnreadableDocument, match="protected by a password: save it without one"):
        read_pdf(finish(closed), DEFAULT_LIMITS)
    assert texts(finish(restricted)) == ["Open"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (image_only_pdf(), "has no text layer, only images"),
        (pdf([]), "has no text: if it shows any, run text recognition"),
        (b"%PDF-1.7\nnothing", "is not a PDF or is damaged"),
        (b"not at all", "is not a PDF or is damaged"),
        (b" \n ", "is empty"),
        (finish(from_streams("BT /F1 10 Tf 72 700 Td (" + "[" * 100_000))[:-300], "is not a PDF or is damaged"),
    ],
)
def test_each_trouble_is_one_line(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_pdf(data, DEFAULT_LIMITS)
    assert str(caught.value).startswith(why)
    assert "\n" not in str(caught.value)


def test_too_many_pages() -> None:
    with pytest.raises(UnreadableDocument, match="has 3 pages and at most 2 are read: split it"):
        read_pdf(pdf([], [], []), Limits(pages=2))


def test_pages_that_cannot_be_read_are_named() -> None:
    data = pdf([(72, 700, 10, "One")], [(72, 700, 10, "Two")])
    broken = data.replace(b"(Two) Tj", b"<<<<<<<<")
    content = read_pdf(broken, DEFAULT_LIMITS)
    assert content.text == "One"
    assert content.note == "Not read because malformed: page 2."
