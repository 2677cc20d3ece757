"""The corpus folder: what is listed, what is noted, and that nothing leads out of it."""

import hashlib
import os
from pathlib import Path

import pytest

from corpus.errors import CorpusError, UnreadableDocument
from corpus.folder import CorpusFile, read_bytes, scan
from corpus.limits import Limits
from corpus.reader import read_document


def write(folder: Path, name: str, text: str = "text") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def notes(folder: Path) -> dict[str, tuple[str, str]]:
    return {note.path: (note.kind, note.reason) for note in scan(folder).notes}


def test_files_in_path_order_with_their_hashes(tmp_path: Path) -> None:
    for name in ("b/two.TXT", "b/one.md", "a.Html", "c.pdf", "c.docx", "d.htm"):
        write(tmp_path, name, name)
    write(tmp_path, "b/one.md.meta.toml", "title = 'x'")
    listing = scan(tmp_path)
    assert listing.notes == ()
    assert [file.id for file in listing.files] == ["a.Html", "b/one.md", "b/two.TXT", "c.docx", "c.pdf", "d.htm"]
    one = listing.files[1]
    assert one == CorpusFile(
        "b/one.md",
        tmp_path / "b/one.md",
        8,
        hashlib.sha256(b"b/one.md").hexdigest(),
        hashlib.sha256(b"title = 'x'").hexdigest(),
    )
    assert one.folder == tmp_path
    assert listing.files[0].meta_sha256 is None


def test_other_types_are_skipped_and_dot_files_are_nothing(tmp_path: Path) -> None:
    for name in ("call.toml", "image.png", "noext", ".hidden.md", ".git/x.md", "a.md", "b.md.meta.toml"):
        write(tmp_path, name)
    assert [file.id for file in scan(tmp_path).files] == ["a.md"]
    found = notes(tmp_path)
    assert {name: kind for name, (kind, _) in found.items()} == {
        "image.png": "skipped",
        "noext": "skipped",
        "b.md.meta.toml": "skipped",
    }
    assert found["b.md.meta.toml"][1].startswith("describes no document")


def test_links_that_lead_out_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, "secret.md", "secret")
    folder = tmp_path / "corpus"
    write(folder, "a.md")
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "file.md").symlink_to("../outside/secret.md")
    (folder / "folder").symlink_to(outside)
    (folder / "nowhere.md").symlink_to("gone.md")
    (folder / "self.md").symlink_to("self.md")
    assert [file.id for file in scan(folder).files] == ["a.md"]
    found = notes(folder)
    assert {kind for kind, _ in found.values()} == {"refused"}
    assert set(found) == {"passwd.txt", "passwd", "file.md", "folder", "nowhere.md", "self.md"}
    assert "leads out of the corpus folder" in found["folder"][1]
    assert "leads nowhere" in found["nowhere.md"][1]


def test_links_inside_are_read_and_loops_are_not(tmp_path: Path) -> None:
    write(tmp_path, "a/one.md", "one")
    (tmp_path / "again.md").symlink_to("a/one.md")
    (tmp_path / "same").symlink_to("a")
    (tmp_path / "a/up").symlink_to("..")
    listing = scan(tmp_path)
    assert [file.id for file in listing.files] == ["a/one.md", "again.md", "same/one.md"]
    assert len({file.sha256 for file in listing.files}) == 1
    assert {note.path: note.kind for note in listing.notes} == {"a/up": "refused", "same/up": "refused"}
    assert read_document(listing.files[2]).text == "one"


def test_many_links_to_many_folders_end(tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path, f"{number}/x.md", str(number))
        for other in range(12):
            if other != number:
                (tmp_path / f"{number}/to{other}").symlink_to(f"../{other}")
    assert len(scan(tmp_path).files) <= 12 * 12


def test_names_that_could_deceive_are_refused_and_shown_escaped(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    for name in (b"new\nline.md", b"escape\x1b[31m.md", b"latin\xe9.md", "turn\u202edm.exe.md".encode()):
        (tmp_path / os.fsdecode(name)).write_text("x")
    (tmp_path / "fold\ner").mkdir()
    write(tmp_path, "fold\ner/x.md")
    assert [file.id for file in scan(tmp_path).files] == ["a.md"]
    found = notes(tmp_path)
    assert set(found) == {
        "new\\nline.md",
        "escape\\x1b[31m.md",
        "latin\\xe9.md",
        "turn\\u202edm.exe.md",
        "fold\\ner",
    }
    assert {kind for kind, _ in found.values()} == {"refused"}


def test_pipes_and_oversized_files_are_noted(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path, "big.txt", "x" * 11)
    write(tmp_path, "fits.txt", "x" * 10)
    listing = scan(tmp_path, Limits(file_bytes=10))
    assert [file.id for file in listing.files] == ["fits.txt"]
    assert {note.path: note.reason for note in listing.notes} == {
        "pipe.txt": "is not a regular file: put a copy of the document there",
        "big.txt": "has 11 bytes and at most 10 are read: split it",
    }


def test_a_metadata_file_that_cannot_be_read_is_the_documents_trouble(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    os.mkfifo(tmp_path / "a.md.meta.toml")
    assert notes(tmp_path)["a.md"] == (
        "unreadable",
        "its metadata file is not a regular file: put a copy of the document there",
    )


def test_no_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"there is no corpus folder .*: create it or name another"):
        scan(tmp_path / "gone")
    with pytest.raises(CorpusError, match="is not a folder"):
        scan(write(tmp_path, "file.md"))


def test_a_path_that_no_folder_can_have_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"cannot be read \(File name too long\): check its path"):
        scan(tmp_path / ("x" * 300))


def test_what_changes_after_the_listing_is_noticed(tmp_path: Path) -> None:
    changed, gone, swapped = (write(tmp_path, name) for name in ("changed.md", "gone.md", "swapped.txt"))
    described = write(tmp_path, "described.md")
    meta = write(tmp_path, "described.md.meta.toml", "title = 'x'")
    files = {file.id: file for file in scan(tmp_path).files}
    changed.write_text("other")
    gone.unlink()
    swapped.unlink()
    swapped.symlink_to("/etc/passwd")
    meta.write_text("title = 'y'")
    for name, why in {
        "changed.md": "changed while it was read: run `call-assistant index` again",
        "gone.md": "vanished while it was read: run `call-assistant index` again",
        "swapped.txt": "leads out of the corpus folder: put the file itself there",
        "described.md": "changed while it was read: run `call-assistant index` again",
    }.items():
        with pytest.raises(UnreadableDocument) as caught:
            read_document(files[name])
        assert str(caught.value) == why
    assert described.exists()


def test_a_folder_that_is_swapped_for_a_link_leads_nowhere_out(tmp_path: Path) -> None:
    write(tmp_path, "outside/a.md", "secret")
    folder = tmp_path / "corpus"
    write(folder, "sub/a.md", "ours")
    (folder / "sub/a.md").unlink()
    (folder / "sub").rmdir()
    (folder / "sub").symlink_to("../outside")
    with pytest.raises(UnreadableDocument, match="leads out"):
        read_bytes(folder, "sub/a.md", 100)
