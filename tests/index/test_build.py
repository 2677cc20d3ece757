"""Refreshing the store: only what changed is read and embedded, and what is there is what the folder says."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from corpus.errors import CorpusError, ProfileError
from index.build import refresh
from index.errors import ModelError, StoreError
from index.progress import Step, terminal
from index.records import BuildReport
from index.search import Index
from tests.index.fakes import FARM, WordEmbedder, write_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", FARM)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


def documents(store: Path, embedder: WordEmbedder) -> dict[str, str]:
    with Index.open(store, [embedder]) as index:
        return {name: index.document(name).text for name in index.documents()}


def best(store: Path, embedder: WordEmbedder, question: str) -> str:
    with Index.open(store, [embedder]) as index:
        return index.search(question)[0].passage.document


def changes(report: BuildReport) -> tuple[tuple[str, ...], ...]:
    return report.added, report.changed, report.removed, report.unchanged


def test_the_first_build_reads_and_embeds_everything(corpus: Path, store: Path, embedder: WordEmbedder) -> None:
    report = refresh(corpus, store, [embedder])
    assert changes(report) == (("cow.txt", "hen.txt", "pig.txt"), (), (), ())
    assert (report.passages, report.embedded, report.published, report.notes) == (3, 3, True, ())
    assert documents(store, embedder) == FARM
    assert best(store, embedder, "who lays eggs?") == "hen.txt"


def test_the_second_of_two_refreshes_embeds_and_publishes_nothing(
    corpus: Path, store: Path, embedder: WordEmbedder
) -> None:
    first = refresh(corpus, store, [embedder])
    pointer = (store / "current").read_bytes()
    embedder.embedded.clear()
    second = refresh(corpus, store, [embedder])
    assert changes(second) == ((), (), (), ("cow.txt", "hen.txt", "pig.txt"))
    assert (second.embedded, second.published, second.version) == (0, False, first.version)
    assert embedder.embedded == []
    assert (store / "current").read_bytes() == pointer


def test_one_changed_document_is_embedded_alone(corpus: Path, store: Path, embedder: WordEmbedder) -> None:
    refresh(corpus, store, [embedder])
    embedder.embedded.clear()
    write_corpus(corpus, {"hen.txt": "The hen sleeps."})
    report = refresh(corpus, store, [embedder])
    assert changes(report) == ((), ("hen.txt",), (), ("cow.txt", "pig.txt"))
    assert report.embedded == 1
    assert embedder.embedded == ["hen\nThe hen sleeps."]
    assert documents(store, embedder)["hen.txt"] == "The hen sleeps."
    assert best(store, embedder, "who sleeps?") == "hen.txt"


def test_a_deleted_document_is_found_no_more(corpus: Path, store: Path, embedder: WordEmbedder) -> None:
    refresh(corpus, store, [embedder])
    (corpus / "hen.txt").unlink()
    report = refresh(corpus, store, [embedder])
    assert changes(report) == ((), (), ("hen.txt",), ("cow.txt", "pig.txt"))
    assert report.embedded == 0
    assert list(documents(store, embedder)) == ["cow.txt", "pig.txt"]
    with Index.open(store, [embedder]) as index:
        assert {hit.passage.document for hit in index.search("eggs of a hen", 10)} == {"cow.txt", "pig.txt"}


def test_a_renamed_document_with_a_title_is_not_embedded_again(
    tmp_path: Path, store: Path, embedder: WordEmbedder
) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"one.md": "# Hens\n\nThe hen lays eggs.\n"})
    refresh(corpus, store, [embedder])
    (corpus / "one.md").rename(corpus / "two.md")
    report = refresh(corpus, store, [embedder])
    assert (report.added, report.removed, report.embedded) == (("two.md",), ("one.md",), 0)


def test_changed_metadata_change_the_document(corpus: Path, store: Path, embedder: WordEmbedder) -> None:
    refresh(corpus, store, [embedder])
    write_corpus(corpus, {"hen.txt.meta.toml": 'title = "All about poultry"\nauthority = "official"\n'})
    report = refresh(corpus, store, [embedder])
    assert (report.changed, report.embedded) == (("hen.txt",), 1)
    with Index.open(store, [embedder]) as index:
        assert index.document("hen.txt").metadata.authority == "official"
        assert index.search("poultry")[0].passage.document == "hen.txt"


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    corpus: Path, store: Path, embedder: WordEmbedder
) -> None:
    assert refresh(corpus, store, [embedder], dry_run=True).added == ("cow.txt", "hen.txt", "pig.txt")
    assert not store.exists()
    version = refresh(corpus, store, [embedder]).version
    embedder.embedded.clear()
    (corpus / "cow.txt").unlink()
    write_corpus(corpus, {"hen.txt": "The hen sleeps.", "dog.txt": "The dog barks."})
    report = refresh(corpus, store, [embedder], dry_run=True)
    assert changes(report) == (("dog.txt",), ("hen.txt",), ("cow.txt",), ("pig.txt",))
    assert (report.published, report.version, embedder.embedded) == (False, version, [])
    assert documents(store, embedder) == FARM


def test_a_dry_run_after_a_refresh_finds_nothing_to_do_and_still_names_what_is_not_read(
    corpus: Path, store: Path, embedder: WordEmbedder
) -> None:
    write_corpus(corpus, {"empty.txt": "", "table.csv": "1,2"})
    notes = refresh(corpus, store, [embedder]).notes
    report = refresh(corpus, store, [embedder], dry_run=True)
    assert changes(report) == ((), (), (), ("cow.txt", "hen.txt", "pig.txt"))
    assert (report.notes, report.profile_changed) == (notes, False)
    write_corpus(corpus, {"empty.txt": "\n", "call.toml": 'id = "X"\ntitle = "A call"\n'})
    report = refresh(corpus, store, [embedder], dry_run=True)
    assert (report.added, report.profile_changed) == (("empty.txt",), True)
    assert [note.path for note in report.notes] == ["table.csv"]
    assert refresh(corpus, store, [embedder]).profile_changed
    assert refresh(corpus, store, [embedder], dry_run=True).added == ()


def test_duplicates_are_embedded_once_and_each_path_stays_an_id(
    corpus: Path, store: Path, embedder: WordEmbedder
) -> None:
    write_corpus(corpus, {"copies/hen.txt": FARM["hen.txt"], "hen.md": FARM["hen.txt"]})
    report = refresh(corpus, store, [embedder])
    assert [(note.path, note.kind) for note in report.notes] == [("hen.txt", "duplicate")]
    assert "copies/hen.txt" in report.notes[0].reason
    assert report.passages == 4
    with Index.open(store, [embedder]) as index:
        assert index.documents() == ("copies/hen.txt", "cow.txt", "hen.md", "hen.txt", "pig.txt")
        assert index.document("hen.txt").id == "hen.txt"
        assert index.document("hen.txt").text == index.document("copies/hen.txt").text
        found = [hit.passage.document for hit in index.search("hen lays eggs corn", 10)]
        assert "hen.txt" not in found
        assert "copies/hen.txt" in found
        asked = index.search("hen lays eggs", document="hen.txt")
        assert [hit.passage.document for hit in asked] == ["hen.txt"]
    refresh(corpus, store, [embedder])
    embedder.embedded.clear()
    (corpus / "copies" / "hen.txt").unlink()
    assert refresh(corpus, store, [embedder]).embedded == 0
    assert best(store, embedder, "hen eats corn lays") in ("hen.md", "hen.txt")


def test_a_copy_without_metadata_weighs_what_the_original_does(
    tmp_path: Path, store: Path, embedder: WordEmbedder
) -> None:
    corpus = write_corpus(
        tmp_path / "corpus",
        {
            "page.txt": "The call is open.",
            "page.txt.meta.toml": 'title = "The call"\nauthority = "call"\n',
            "a copy.txt": "The call is open.",
        },
    )
    refresh(corpus, store, [embedder])
    with Index.open(store, [embedder]) as index:
        (hit,) = index.search("open call")
        assert hit.passage.document == "a copy.txt"
        assert index.document("a copy.txt").metadata == index.document("page.txt").metadata
        assert index.document("a copy.txt").metadata.authority == "call"


def test_a_file_that_cannot_be_read_has_its_line_and_stops_nothing(
    corpus: Path, store: Path, embedder: WordEmbedder
) -> None:
    write_corpus(corpus, {"empty.txt": "", "table.csv": "1,2"})
    report = refresh(corpus, store, [embedder])
    assert [(note.path, note.kind) for note in report.notes] == [("empty.txt", "unreadable"), ("table.csv", "skipped")]
    assert report.added == ("cow.txt", "hen.txt", "pig.txt")
    with Index.open(store, [embedder]) as index:
        assert index.notes == report.notes
    assert not refresh(corpus, store, [embedder]).published
    (corpus / "empty.txt").unlink()
    assert [note.path for note in refresh(corpus, store, [embedder]).notes] == ["table.csv"]


def test_a_folder_that_changes_while_it_is_read_is_read_again(
    corpus: Path, store: Path, embedder: WordEmbedder
) -> None:
    def meddle(label: str, total: int) -> AbstractContextManager[Step]:
        if label == "Reading" and (corpus / "cow.txt").exists():
            (corpus / "cow.txt").unlink()
            write_corpus(corpus, {"hen.txt": "The hen sleeps.", "dog.txt": "The dog barks."})
        return terminal(label, total)

    report = refresh(corpus, store, [embedder], progress=meddle)
    assert (report.added, report.notes) == (("dog.txt", "hen.txt", "pig.txt"), ())
    assert documents(store, embedder)["hen.txt"] == "The hen sleeps."


def test_a_folder_that_keeps_changing_leaves_the_store(corpus: Path, store: Path, embedder: WordEmbedder) -> None:
    editions = iter(range(100))

    def meddle(label: str, total: int) -> AbstractContextManager[Step]:
        write_corpus(corpus, {"hen.txt": f"The hen lays {next(editions)} eggs."})
        return terminal(label, total)

    refresh(corpus, store, [embedder])
    write_corpus(corpus, {"hen.txt": "The hen sleeps."})
    with pytest.raises(CorpusError, match="keeps changing"):
        refresh(corpus, store, [embedder], progress=meddle)
    assert documents(store, embedder) == FARM


@pytest.mark.parametrize("inside", ["", "store", "below/store"])
def test_a_store_among_the_documents_is_refused_unless_it_is_hidden(
    inside: str, corpus: Path, embedder: WordEmbedder
) -> None:
    for dry_run in (False, True):
        with pytest.raises(StoreError, match="lies in the corpus folder"):
            refresh(corpus, corpus / inside, [embedder], dry_run=dry_run)
    assert sorted(path.name for path in corpus.iterdir()) == sorted(FARM)
    refresh(corpus, corpus / ".store", [embedder])
    assert not refresh(corpus, corpus / ".store", [embedder]).published


def test_nothing_readable_is_an_error_and_leaves_the_store(corpus: Path, store: Path, embedder: WordEmbedder) -> None:
    refresh(corpus, store, [embedder])
    for name in FARM:
        (corpus / name).write_text("")
    with pytest.raises(CorpusError, match="no readable document"):
        refresh(corpus, store, [embedder])
    assert documents(store, embedder) == FARM


def test_a_quote_that_does_not_stand_in_its_document_stops_the_refresh(
    corpus: Path, store: Path, embedder: WordEmbedder
) -> None:
    refresh(corpus, store, [embedder])
    profile = 'id = "X"\ntitle = "A call"\n[deadline]\ndate = 2019-01-31\ndocument = "hen.txt"\nquote = "{}"\n'
    write_corpus(corpus, {"call.toml": profile.format("The hen barks")})
    with pytest.raises(ProfileError, match="The hen barks"):
        refresh(corpus, store, [embedder])
    with Index.open(store, [embedder]) as index:
        assert index.profile is None
    write_corpus(corpus, {"call.toml": profile.format("The hen lays eggs")})
    report = refresh(corpus, store, [embedder])
    assert (report.published, report.embedded) == (True, 0)
    with Index.open(store, [embedder]) as index:
        assert index.profile is not None
        assert index.profile.id == "X"


def test_the_same_corpus_has_the_same_version_wherever_it_lies(tmp_path: Path, embedder: WordEmbedder) -> None:
    versions = [
        refresh(write_corpus(tmp_path / name / "corpus", FARM), tmp_path / name / "store", [embedder]).version
        for name in ("one", "two")
    ]
    assert versions[0] == versions[1]
    other = write_corpus(tmp_path / "three", {**FARM, "cow.txt": "The cow sleeps."})
    assert refresh(other, tmp_path / "store", [embedder]).version != versions[0]


def test_another_model_embeds_everything_again_and_two_lie_side_by_side(corpus: Path, store: Path) -> None:
    words, wide = WordEmbedder(), WordEmbedder("wide", 128)
    refresh(corpus, store, [words])
    report = refresh(corpus, store, [words, wide])
    assert (len(words.embedded), len(wide.embedded), report.embedded) == (3, 3, 3)
    with Index.open(store, [words, wide]) as index:
        hit = index.search("hen eggs")[0]
        assert set(hit.parts) == {"lexical", "words", "wide"}
        assert [index.cosines("hen", ["hen", "y"], model)[0] for model in (0, 1)] == pytest.approx([1, 1])


def test_a_model_that_changed_behind_its_name_embeds_everything_again(corpus: Path, store: Path) -> None:
    refresh(corpus, store, [WordEmbedder("server")])
    write_corpus(corpus, {"dog.txt": "The dog barks."})
    wider = WordEmbedder("server", 128)
    assert refresh(corpus, store, [wider]).embedded == 4
    with Index.open(store, [wider]) as index:
        assert index.search("barking dog")[0].passage.document == "dog.txt"


def test_a_model_that_fails_leaves_the_store(corpus: Path, store: Path, embedder: WordEmbedder) -> None:
    class Failing(WordEmbedder):
        def embed_passages(self, texts: object) -> object:  # type: ignore[override]
            raise ModelError("the embeddings server cannot be reached")

    refresh(corpus, store, [embedder])
    write_corpus(corpus, {"hen.txt": "The hen sleeps."})
    with pytest.raises(ModelError):
        refresh(corpus, store, [Failing()])  # type: ignore[list-item]
    assert documents(store, embedder) == FARM
    assert len(list((store / "generations").iterdir())) == 1


def test_no_progress_bar_in_a_pipe(
    corpus: Path, store: Path, embedder: WordEmbedder, capfd: pytest.CaptureFixture[str]
) -> None:
    refresh(corpus, store, [embedder])
    assert capfd.readouterr() == ("", "")
