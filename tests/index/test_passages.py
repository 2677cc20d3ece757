"""Passages follow the document's structure."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.settings import SHIPPED_CORPUS
from corpus.folder import CorpusFile, scan
from corpus.reader import read_document
from corpus.records import Block, BlockKind, Document, Metadata, Page, Section
from index.passages import CONTEXT_PART_CHARS, MAX_CHARS, MAX_SENTENCE_CHARS, split
from index.records import Passage
from tests.index.fakes import write_corpus


def read(folder: Path, name: str, text: str) -> Document:
    """The document that the real reader makes of `text`."""
    write_corpus(folder, {name: text})
    return read_document(next(file for file in scan(folder).files if file.id == name))


def sentence(words: int, start: str = "Word") -> str:
    return " ".join([start, *["word"] * (words - 1)]) + "."


def texts(document: Document) -> list[str]:
    return [passage.text for passage in split(document)]


def units(document: Document, passage: Passage) -> list[str]:
    return [document.text[unit.start : unit.end] for unit in passage.sentences]


def test_a_section_of_its_own_is_a_passage_with_its_headings_as_context(tmp_path: Path) -> None:
    text = "# Call\n\n## Money\n\n### Total\n\nIt is 5 euros.\n\n### Grants\n\nThey are small.\n"
    document = read(tmp_path, "a.md", text)
    total, grants = split(document)
    assert (total.text, total.section, total.context) == (
        "It is 5 euros.",
        "Call › Money › Total",
        "Call › Money › Total",
    )
    assert (grants.text, grants.context) == ("They are small.", "Call › Money › Grants")


def test_the_title_of_the_metadata_stands_before_the_headings(tmp_path: Path) -> None:
    (tmp_path / "a.md.meta.toml").write_text('title = "All about the call"\n', encoding="utf-8")
    (passage,) = split(read(tmp_path, "a.md", "# Deadline\n\nIt is over.\n"))
    assert passage.context == "All about the call › Deadline"


def test_a_long_section_is_cut_between_paragraphs(tmp_path: Path) -> None:
    paragraphs = [" ".join([sentence(30)] * 4) for _ in range(4)]
    document = read(tmp_path, "a.md", "# Title\n\n" + "\n\n".join(paragraphs) + "\n")
    assert texts(document) == paragraphs


def test_a_long_paragraph_is_cut_between_sentences_into_even_parts(tmp_path: Path) -> None:
    sentences = [sentence(20, f"S{n}") for n in range(18)]
    document = read(tmp_path, "a.md", " ".join(sentences) + "\n")
    found = texts(document)
    assert " ".join(found) == " ".join(sentences)
    assert all(text.endswith(".") for text in found)
    assert max(map(len, found)) <= MAX_CHARS
    assert min(map(len, found)) > MAX_CHARS // 2


def test_a_sentence_longer_than_a_passage_stays_whole(tmp_path: Path) -> None:
    long = sentence(400)
    document = read(tmp_path, "a.md", f"Short one. {long} Another short one.\n")
    assert long in [unit for passage in split(document) for unit in units(document, passage)]
    assert long in texts(document)


@pytest.mark.parametrize("blob", ["word " * 200_000, "x" * 1_000_000, "1,2\n" * 250_000])
def test_what_has_no_end_is_cut_into_parts_that_can_be_shown(blob: str) -> None:
    text = blob.strip()
    document = Document("a.txt", text, (Block(BlockKind.PARAGRAPH, 0, len(text)),), (), (), Metadata("A"))
    began = time.process_time()
    passages = split(document)
    assert time.process_time() - began < 10  # takes a tenth of a second
    check_whole(document, passages)
    assert max(len(passage.text) for passage in passages) <= MAX_SENTENCE_CHARS


def test_a_list_stays_with_what_introduces_it(tmp_path: Path) -> None:
    filler = "\n\n".join([sentence(60)] * 3)
    document = read(tmp_path, "a.md", f"{filler}\n\nThe areas are:\n\n- housing\n- health\n- education; training\n")
    *_, last = split(document)
    assert last.text != document.text
    assert units(document, last)[-4:] == ["The areas are:", "housing", "health", "education; training"]
    lead = last.sentences[-1].lead
    assert lead is not None
    assert document.text[slice(*lead)] == "The areas are:"
    assert "The areas are:" not in last.context


def test_the_rest_of_a_long_list_has_its_introduction_as_context(tmp_path: Path) -> None:
    items = "\n".join(f"- {sentence(30)}" for _ in range(12))
    document = read(tmp_path, "a.md", f"# Call\n\nThe areas are:\n\n{items}\n")
    first, *rest = split(document)
    assert first.text.startswith("The areas are:\n\n- Word")
    assert rest
    assert all(passage.context.endswith("› The areas are:") for passage in rest)
    assert sum(len(passage.sentences) for passage in [first, *rest]) == 13


def test_an_item_keeps_its_short_label(tmp_path: Path) -> None:
    document = read(tmp_path, "a.md", "Rules:\n\n- Partners. Three are needed. Two states are.\n")
    assert units(document, split(document)[0]) == ["Rules:", "Partners. Three are needed.", "Two states are."]


def test_the_rest_of_a_long_table_has_its_header_as_context(tmp_path: Path) -> None:
    rows = "\n".join(f"| Priority {n} | {sentence(25)} |" for n in range(12))
    document = read(tmp_path, "a.md", f"# Call\n\n| Priority | What |\n| --- | --- |\n{rows}\n")
    first, *rest = split(document)
    assert "Priority | What" in first.text
    assert rest
    assert all("Priority | What" in passage.context for passage in rest)
    row = rest[0].sentences[0]
    assert document.text[row.start : row.end].startswith("Priority ")
    assert row.lead is not None
    assert "What" in document.text[slice(*row.lead)]


def test_headings_alone_are_a_passage_only_where_there_is_nothing_else(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "with.md", "# One\n\n## Two\n\nText.\n\n## Three\n")) == ["Text."]
    assert " ".join(texts(read(tmp_path, "only.md", "# One\n\n# Two\n"))).replace("#", "").split() == ["One", "Two"]


def test_a_passage_is_on_the_page_where_it_starts() -> None:
    text = " ".join([sentence(100)] * 4)
    document = Document(
        id="a.pdf",
        text=text,
        blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
        sections=(),
        pages=(Page(4, 0, 300), Page(5, 300, len(text))),
        metadata=Metadata("A"),
    )
    passages = split(document)
    assert [passage.page for passage in passages] == [document.page_at(passage.start) for passage in passages]
    assert {passage.page for passage in passages} == {4, 5}


def test_a_long_heading_path_leaves_the_passage_its_room() -> None:
    heading = "Very long heading " * 20
    text = "Text."
    document = Document(
        id="a.md",
        text=text,
        blocks=(Block(BlockKind.PARAGRAPH, 0, 5),),
        sections=(Section("x", " › ".join([heading] * 5), 0, 5, 1),),
        pages=(),
        metadata=Metadata("Title " * 100),
    )
    assert len(split(document)[0].context) <= 2 * CONTEXT_PART_CHARS + 3


def test_the_same_content_has_the_same_ids(tmp_path: Path) -> None:
    one = read(tmp_path / "one", "a.md", "# A\n\nText. More.\n\n# B\n\nText.\n")
    two = read(tmp_path / "two", "a.md", "# A\n\nText. More.\n\n# B\n\nText.\n")
    ids = [passage.id for passage in split(one)]
    assert ids == [passage.id for passage in split(two)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("file", scan(SHIPPED_CORPUS).files, ids=lambda file: file.id)
def test_the_shipped_documents_are_held_whole(file: CorpusFile) -> None:
    document = read_document(file)
    passages = split(document)
    check_whole(document, passages)
    assert all(len(passage.text) <= MAX_CHARS for passage in passages)


def check_whole(document: Document, passages: Sequence[Passage]) -> None:
    """Each block but the headings is in exactly one passage, and what is cited stands where it says."""
    for passage in passages:
        assert passage.text == document.text[passage.start : passage.end]
        assert passage.sentences
        section = document.section_at(passage.start)
        assert passage.section == (section.path if section else None)
        assert all(passage.start <= unit.start < unit.end <= passage.end for unit in passage.sentences)
        headings = [b for b in document.blocks if b.kind == BlockKind.HEADING]
        assert not any(passage.start < heading.start < passage.end for heading in headings)
    cited = "".join(document.text[u.start : u.end] for p in passages for u in p.sentences)
    blocks = "".join(document.text[b.start : b.end] for b in document.blocks if b.kind != BlockKind.HEADING)
    assert re.sub(r"\s", "", cited) == re.sub(r"\s", "", blocks)


def test_hostile_text_takes_linear_time() -> None:
    text = "Ab. " * 100_000
    document = Document("a.txt", text, (Block(BlockKind.PARAGRAPH, 0, len(text)),), (), (), Metadata("A"))
    began = time.process_time()
    passages = split(document)
    assert time.process_time() - began < 30  # takes two seconds; in square time it would be hours
    assert len(passages) > 400


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("00012.txt", ""),
        ("0-0.txt", ""),
        ("3e6b7f945d0e_12-7.txt", ""),
        ("page-12.txt", "page-12"),
        ("τιμές.txt", "τιμές"),
    ],
)
def test_a_file_name_without_a_word_is_no_context(name: str, context: str, tmp_path: Path) -> None:
    (passage,) = split(read(tmp_path, name, "Hens lay eggs."))
    assert passage.context == context
