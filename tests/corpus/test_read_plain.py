"""Plain text: what a person sees as one unit is one block, and the text stays as it is."""

import pytest

from corpus.errors import UnreadableDocument
from corpus.read_plain import read_plain
from corpus.records import BlockKind

H, P, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM


def blocks(text: str) -> list[tuple[BlockKind, str]]:
    content = read_plain(text.encode())
    assert content.text == text
    return [(block.kind, text[block.start : block.end]) for block in content.blocks]


def leads(text: str) -> list[str | None]:
    found = read_plain(text.encode()).blocks
    return [text[slice(*block.lead)] if block.lead else None for block in found if block.kind is ITEM]


def test_headings_paragraphs_and_bullets() -> None:
    assert blocks("#  Who may apply ##\n\nYou can apply if:\n\n* you live here, or\n* you work here") == [
        (H, "Who may apply"),
        (P, "You can apply if:"),
        (ITEM, "you live here, or"),
        (ITEM, "you work here"),
    ]


def test_an_underlined_line_is_a_heading() -> None:
    found = read_plain(b"The call\n========\nText.\n\nTo whom\n-------\nText.").blocks
    assert [(b.kind, b.level) for b in found] == [(H, 1), (P, 0), (H, 2), (P, 0)]


def test_each_line_of_a_page_dump_is_a_unit() -> None:
    page = "Middle school\nIt runs from the 5th to the 9th grade.\nMore information can be found at\nhere.\na@b.example"
    assert [text for _, text in blocks(page)] == page.split("\n")


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    wrapped = (
        "The networks funded under this call should aim at exchanging and\n"
        "transferring knowledge and best practices in all relevant areas of\n"
        "integration. Experience and knowledge on integration varies a lot\n"
        "between Member States and between local and regional authorities\n"
        "within each of them.\n"
        "A second paragraph starts where the line before was not full, and\n"
        "goes on here."
    )
    first, second = blocks(wrapped)
    assert first[1].endswith("within each of them.")
    assert second[1] == "A second paragraph starts where the line before was not full, and\ngoes on here."


def test_lines_of_similar_width_that_end_sentences_stay_apart() -> None:
    page = "\n".join(f"Sentence number {n} says something of about the same length." for n in "123456")
    assert len(blocks(page)) == 6


def test_a_bullet_goes_on_in_the_indented_lines_below() -> None:
    text = "We fund\n\n- trainings and\n  workshops;\n- platforms.\n\n  A second paragraph of it.\n\nNo item."
    assert blocks(text) == [
        (P, "We fund"),
        (ITEM, "trainings and\n  workshops;"),
        (ITEM, "platforms."),
        (ITEM, "A second paragraph of it."),
        (P, "No item."),
    ]


def test_the_lead_in_of_a_list_and_of_a_list_in_it() -> None:
    text = "In particular:\n\n  • housing\n  • services\n      - health\n  • work\n"
    assert leads(text) == ["In particular:", "In particular:", "services", "In particular:"]
    assert [b.level for b in read_plain(text.encode()).blocks if b.kind is ITEM] == [1, 1, 2, 1]


def test_a_list_under_a_heading_has_no_lead_in() -> None:
    assert leads("## Themes\n* housing\n* work") == [None, None]


def test_numbered_items_and_a_date_that_is_none() -> None:
    text = "Steps:\n1. Register.\n2. Submit before\n31. January of the year.\n3. Wait."
    assert [t for kind, t in blocks(text) if kind is ITEM] == ["Register.", "Submit before", "Wait."]
    assert (P, "31. January of the year.") in blocks(text)


def test_a_table_has_rows_with_their_header() -> None:
    text = "| Priority | EUR |\n|---|---:|\n| 1 | 6,000,000 |\n| | none |\n"
    found = read_plain(text.encode()).blocks
    assert [text[b.start : b.end] for b in found] == ["Priority | EUR", "1 | 6,000,000", "| none"]
    assert [text[slice(*b.lead)] for b in found[1:] if b.lead] == ["Priority | EUR"] * 2


def test_a_rule_separates_and_is_no_block() -> None:
    assert blocks("One\n-----x\n\n* * *\n\nTwo") == [(P, "One"), (P, "-----x"), (P, "Two")]


@pytest.mark.parametrize(
    "data",
    [
        b"One\r\ntwo\r\n\r\nthree",
        b"One\rtwo\r\rthree",
        b"\xef\xbb\xbfOne\ntwo\n\nthree",
        "One\ntwo\n\nthree".encode("utf-16"),
        b"\xfe\xff" + "One\ntwo\n\nthree".encode("utf-16-be"),
    ],
)
def test_byte_order_marks_and_line_ends(data: bytes) -> None:
    content = read_plain(data)
    assert content.text == "One\ntwo\n\nthree"
    assert [content.text[b.start : b.end] for b in content.blocks] == ["One", "two", "three"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("Prüfung".encode("latin-1"), "is not UTF-8 text (byte 3): save it as UTF-8"),
        (b"lone \xed\xa0\x80 surrogate", "is not UTF-8 text"),
        (b"\xff\xfe\x00\xd8a\x00", "is not UTF-16 text"),
        (b"a\0b", "contains NUL characters"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_plain(data)
    assert str(caught.value).startswith(why)
    assert "\n" not in str(caught.value)


def test_offsets_count_code_points() -> None:
    text = "𝔘nicode 😀\n\n• zwei — drei"
    assert blocks(text) == [(P, "𝔘nicode 😀"), (ITEM, "zwei — drei")]
