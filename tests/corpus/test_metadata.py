"""`NAME.EXT.meta.toml`: every key it may have, and the name of the one that is wrong."""

from pathlib import Path

import pytest

from corpus.errors import UnreadableDocument
from corpus.folder import scan
from corpus.metadata import parse_metadata
from corpus.reader import read_document
from corpus.records import Authority, Document, Kind

WHOLE = """
title = "Local and regional networks"
publisher = "Housing Europe"
date = 2018-11-06
source_urls = ["https://www.housingeurope.eu/resource-1", "http://example.eu"]
authority = "quoted"
kind = "original"
certainty = "official words on another's page"
note = '''Left out:
page furniture.'''

[sections."Who may apply"]
authority = "call"
kind = "summary"
date = "2018-07"
certainty = "one page"
source_urls = ["https://ec.europa.eu/x?y=1#z"]
"""


def read(folder: Path, meta: str | None, text: str = "# Title\n\n## Who may apply\n\nAll.\n") -> Document:
    (folder / "a.md").write_text(text)
    if meta is not None:
        (folder / "a.md.meta.toml").write_text(meta)
    (file,) = scan(folder).files
    return read_document(file)


def test_every_key(tmp_path: Path) -> None:
    document = read(tmp_path, WHOLE)
    known = document.metadata
    assert known.title == "Local and regional networks"
    assert (known.publisher, known.date) == ("Housing Europe", "2018-11-06")
    assert (known.authority, known.kind) == (Authority.QUOTED, Kind.ORIGINAL)
    assert known.note == "Left out: page furniture."
    section = document.metadata_at(document.text.index("All."))
    assert (section.authority, section.kind, section.date) == (Authority.CALL, Kind.SUMMARY, "2018-07")
    assert section.source_urls == ("https://ec.europa.eu/x?y=1#z",)
    assert document.metadata_at(0).authority is Authority.QUOTED


def test_without_a_file_the_document_is_a_secondary_original(tmp_path: Path) -> None:
    known = read(tmp_path, None).metadata
    assert (known.title, known.authority, known.kind, known.source_urls) == (
        "Title",
        Authority.SECONDARY,
        Kind.ORIGINAL,
        (),
    )


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.md", "## Two\n\n# One\n", "One"),
        ("a.md", "## Two\n\ntext\n", "Two"),
        ("annual.report.txt", "text", "annual.report"),
        ("a.html", "<title>Page</title><h1>Heading</h1>", "Page"),
    ],
)
def test_the_title_is_the_files_own(tmp_path: Path, name: str, text: str, title: str) -> None:
    (tmp_path / name).write_text(text)
    (file,) = scan(tmp_path).files
    assert read_document(file).metadata.title == title


@pytest.mark.parametrize(
    ("meta", "why"),
    [
        ("titel = 'x'", "titel is not a key it may have"),
        ("title = ''", "title is empty"),
        ("title = 3", "title: input should be a valid string"),
        ('title = "a\\u0007b"', "title holds a control character"),
        ("authority = 'Call'", "authority: input should be 'call', 'official', 'quoted', 'secondary' or 'helpdesk'"),
        ("kind = 'copy'", "kind: input should be 'original' or 'summary'"),
        ("date = '6 November 2018'", "date is not an ISO date such as 2018-11-06"),
        ("date = '2018-13-01'", "date month must be in 1..12"),
        (
            "source_urls = ['ftp://example.eu/x']",
            "source_urls.\"0\" 'ftp://example.eu/x' is not an http or https address",
        ),
        ("source_urls = ['javascript:alert(1)']", "is not an http or https address"),
        ("source_urls = ['https://user:pw@example.eu']", "may hold no user name or password"),
        ("source_urls = ['https://example.eu/a b']", "is not an http or https address"),
        ("source_urls = 'https://example.eu'", "source_urls: input should be a valid tuple"),
        ("[sections.'Who may apply']\nauthorty = 'call'", 'sections."Who may apply".authorty is not a key'),
        ("[sections.'Who can apply']\nauthority = 'call'", "has no heading “Who can apply”"),
        ("title = 'unclosed", "is not valid TOML"),
        ("a = " + "[" * 5000, "is not valid TOML"),
        ('"new\\nline" = 1', '"new\\nline" is not a key it may have'),
    ],
)
def test_a_fault_is_named(tmp_path: Path, meta: str, why: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(tmp_path, meta)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_metadata_must_be_utf8() -> None:
    with pytest.raises(UnreadableDocument, match="is not UTF-8"):
        parse_metadata("title = 'Prüfung'".encode("latin-1"), "x")
