"""HTML: what a reader of the page sees."""

import pytest

from corpus.errors import UnreadableDocument
from corpus.read_html import read_html
from corpus.records import BlockKind

H, P, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM


def blocks(html: str) -> list[tuple[BlockKind, int, str, str | None]]:
    content = read_html(html.encode())
    text = content.text
    return [(b.kind, b.level, text[b.start : b.end], text[slice(*b.lead)] if b.lead else None) for b in content.blocks]


def test_text_is_put_together_with_blank_lines_and_marks() -> None:
    page = (
        "<!doctype html><title>The call &amp; more</title><h1>Call\n for   proposals</h1>"
        "<p>We&nbsp;fund <b>net</b>works:</p><ul><li>one<li>two<ol type=a start=2><li>b</ol></ul><p>End&hellip;</p>"
    )
    content = read_html(page.encode())
    assert content.text == "Call for proposals\n\nWe fund networks:\n\n• one\n• two\n  b. b\n\nEnd…"
    assert content.title == "The call & more"
    assert blocks(page) == [
        (H, 1, "Call for proposals", None),
        (P, 0, "We fund networks:", None),
        (ITEM, 1, "one", "We fund networks:"),
        (ITEM, 1, "two", "We fund networks:"),
        (ITEM, 2, "b", "two"),
        (P, 0, "End…", None),
    ]


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<nav><p>x</p></nav>",
        "<noscript>x</noscript>",
        "<template><p>x</p></template>",
        "<div hidden>x</div>",
        "<p aria-hidden=true>x</p>",
        "<p style='color:red; DISPLAY : none'>x</p>",
        "<p style='visibility:hidden'>x</p>",
        "<div role=navigation>x</div>",
        "<!-- x -->",
        "<button>x</button>",
    ],
)
def test_what_is_not_seen_is_not_read(unseen: str) -> None:
    assert [found[2] for found in blocks(f"<p>before</p>{unseen}<p>after</p>")] == ["before", "after"]


def test_tables_have_rows_with_their_header() -> None:
    table = (
        "<table><caption>Budget</caption><thead><tr><td>Priority<td>EUR</thead>"
        "<tr><td rowspan=2>1<td>6,000,000<br>at most<tr><td>90 %<tr><td><td></table>"
    )
    header = "Priority | EUR"
    assert blocks(table) == [
        (P, 0, "Budget", None),
        (BlockKind.TABLE_HEADER, 0, header, None),
        (BlockKind.TABLE_ROW, 0, "1 | 6,000,000 at most", header),
        (BlockKind.TABLE_ROW, 0, "1 | 90 %", header),
    ]


def test_a_first_row_of_data_is_no_header() -> None:
    found = blocks("<table><tr><th>Deadline<td>31 January<tr><th>Budget<td>16 million</table>")
    assert [(kind, lead) for kind, _, _, lead in found] == [(BlockKind.TABLE_ROW, None)] * 2


def test_a_table_that_lays_out_a_page_is_read_as_text() -> None:
    assert blocks("<table><tr><td><h2>Who</h2><p>All.</p><td><p>Aside.</p></table>") == [
        (H, 2, "Who", None),
        (P, 0, "All.", None),
        (P, 0, "Aside.", None),
    ]


def test_a_term_introduces_what_defines_it() -> None:
    assert blocks("<dl><dt>PIC<dd>Nine digits.</dl>") == [(P, 0, "PIC", None), (ITEM, 1, "Nine digits.", "PIC")]


def test_lines_broken_by_hand_are_apart_and_may_be_a_list() -> None:
    assert blocks("<p>Documents:<br>• budget<br>• plan</p>") == [
        (P, 0, "Documents:", None),
        (ITEM, 1, "budget", "Documents:"),
        (ITEM, 1, "plan", "Documents:"),
    ]


def test_several_paragraphs_of_one_item() -> None:
    assert blocks("<p>So:</p><ul><li><p>a</p><p>b</p></ul>")[1:] == [(ITEM, 1, "a", "So:"), (ITEM, 1, "b", "So:")]


def test_text_without_any_tags_in_order() -> None:
    assert [found[2] for found in blocks("loose <span>in</span>line<div>block</div>tail")] == [
        "loose inline",
        "block",
        "tail",
    ]


def test_invisible_characters_are_left_out() -> None:
    content = read_html("<p>a\u200bb&shy;c &#x202E;d&#xD800;</p>".encode())
    assert content.text == "abc d\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset=iso-8859-1><p>Prüfung – 1".encode("cp1252"),
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>Prüfung – 1'.encode("cp1252"),
        "<meta charset=iso-8859-1><p>Prüfung – 1".encode(),
        "<p>Prüfung – 1".encode("utf-16"),
    ],
)
def test_declared_encodings(data: bytes) -> None:
    assert read_html(data).text == "Prüfung – 1"


@pytest.mark.parametrize("charset", ["", "utf-7", "unicode_escape", "rot13", "utf-8"])
def test_other_encodings_are_refused(charset: str) -> None:
    with pytest.raises(UnreadableDocument, match="is not UTF-8 text"):
        read_html(f"<meta charset={charset}><p>Prüfung".encode("latin-1"))


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td"])
def test_ten_thousand_nested_tags_are_refused(tag: str) -> None:
    with pytest.raises(UnreadableDocument, match="more than 256 deep"):
        read_html((f"<{tag}>" * 10_000 + "x").encode())


def test_deep_but_sane_nesting_is_read() -> None:
    assert read_html(("<div>" * 240 + "x").encode()).text == "x"
