"""Markdown: the text stays as it is; blocks leave out the marks and keep what is inside the line."""

import pytest

from corpus.errors import UnreadableDocument
from corpus.read_markdown import read_markdown
from corpus.records import BlockKind

H, P, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM


def blocks(text: str) -> list[tuple[BlockKind, int, str, str | None]]:
    content = read_markdown(text.encode())
    assert content.text == text
    return [(b.kind, b.level, text[b.start : b.end], text[slice(*b.lead)] if b.lead else None) for b in content.blocks]


def test_headings_paragraphs_lists() -> None:
    text = (
        "# The *call* #\n\nAims, in\nparticular:\n\n- **one**\n  goes on\n- two\n\n  more of two\n  1. first\n"
        "  2. second\n\nEnd.\n"
    )
    lead = "Aims, in\nparticular:"
    assert blocks(text) == [
        (H, 1, "The *call*", None),
        (P, 0, lead, None),
        (ITEM, 1, "**one**\n  goes on", lead),
        (ITEM, 1, "two", lead),
        (ITEM, 1, "more of two", lead),
        (ITEM, 2, "first", "more of two"),
        (ITEM, 2, "second", "more of two"),
        (P, 0, "End.", None),
    ]


def test_a_list_after_a_heading_has_no_lead_in() -> None:
    assert blocks("## A\n- b") == [(H, 2, "A", None), (ITEM, 1, "b", None)]


def test_table_rows_have_their_header() -> None:
    text = "| Priority | EUR |\n|:--|--:|\n| 1 | a \\| b |\n| | empty first |\n"
    assert blocks(text) == [
        (BlockKind.TABLE_HEADER, 0, "Priority | EUR", None),
        (BlockKind.TABLE_ROW, 0, "1 | a \\| b", "Priority | EUR"),
        (BlockKind.TABLE_ROW, 0, "| empty first", "Priority | EUR"),
    ]


def test_code_quotes_and_html_are_paragraphs_and_comments_nothing() -> None:
    text = "```py\nx = 1\n\ny\n```\n\n> quoted\n> on\n\n<!-- note -->\n\n<div>seen</div>\n\n    indented\n"
    assert [found[2] for found in blocks(text)] == ["x = 1\n\ny", "quoted\n> on", "<div>seen</div>", "indented"]
    assert {found[0] for found in blocks(text)} == {P}


def test_underlined_headings_and_front_matter_that_is_text_like_any_other() -> None:
    assert blocks("---\ntitle: x\n---\nA\nB\n===\n") == [(H, 2, "title: x", None), (H, 1, "A\nB", None)]


def test_a_heading_in_a_quote_starts_no_section() -> None:
    assert blocks("> # Not ours\n") == [(P, 0, "Not ours", None)]


def test_sections_nest_by_level() -> None:
    text = "intro\n# A\na\n## B\nb\n### C\nc\n## D\nd\n# E\ne"
    found = read_markdown(text.encode()).sections()
    assert [(s.path, text[s.start : s.end]) for s in found] == [
        ("A", "# A\na\n## B\nb\n### C\nc\n## D\nd\n"),
        ("A › B", "## B\nb\n### C\nc\n"),
        ("A › B › C", "### C\nc\n"),
        ("A › D", "## D\nd\n"),
        ("E", "# E\ne"),
    ]


def test_line_ends_and_the_byte_order_mark() -> None:
    content = read_markdown(b"\xef\xbb\xbf# A\r\n\r\nb\r\nc\r\n")
    assert content.text == "# A\n\nb\nc\n"
    assert [content.text[b.start : b.end] for b in content.blocks] == ["A", "b\nc"]


@pytest.mark.parametrize("source", [">" * 5000 + " deep", "".join(" " * (2 * n) + "- x\n" for n in range(200))])
def test_senseless_nesting_is_refused(source: str) -> None:
    with pytest.raises(UnreadableDocument, match="more than 100 deep"):
        read_markdown(source.encode())
