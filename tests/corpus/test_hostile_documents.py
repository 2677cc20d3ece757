"""Files made to hurt: each has its line, none stops the rest, and nothing outlives its limits."""

import contextlib
import os
import random
import sys
import threading
from pathlib import Path

import pytest

from corpus.errors import CorpusError, UnreadableDocument
from corpus.folder import scan
from corpus.limits import Limits
from corpus.reader import DocumentReader
from tests.corpus.make_documents import (
    finish,
    from_streams,
    image_only_pdf,
    looping_pages_pdf,
    looping_pdf,
    package,
    pdf,
    written,
)

GOOD = "# Title\n\nA sentence that is read.\n"


def read_all(folder: Path, limits: Limits | None = None) -> tuple[dict[str, str], dict[str, str]]:
    """Texts and reasons by ID."""
    texts: dict[str, str] = {}
    reasons: dict[str, str] = {}
    listing = scan(folder)
    reasons |= {note.path: note.reason for note in listing.notes}
    with DocumentReader(limits or Limits()) as reader:
        for file in listing.files:
            try:
                texts[file.id] = reader.read(file).text
            except UnreadableDocument as error:
                reasons[file.id] = str(error)
    return texts, reasons


def test_each_has_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    encrypted = written([(72, 700, 10, "Secret")])
    encrypted.encrypt("secret", algorithm="AES-256")
    hostile = {
        "encrypted.pdf": finish(encrypted),
        "image.pdf": image_only_pdf(),
        "malformed.pdf": b"%PDF-1.7\n" + os.urandom(2000),
        "looping-pages.pdf": looping_pages_pdf(),
        "cut.pdf": pdf([(72, 700, 10, "Text")])[:400],
        "empty.pdf": b"",
        "bomb.docx": package(b"<a>" + b" " * 30_000_000 + b"</a>"),
        "nested.html": b"<div>" * 10_000,
        "nested.md": b">" * 10_000 + b"x",
        "latin1.txt": "Prüfung".encode("latin-1"),
        "binary.txt": b"a\0b",
        "surrogate.md": b"\xed\xa0\x80",
        "empty.txt": b"",
        "blank.md": b" \n\n",
        "nothing.html": b"<script>x</script>",
    }
    for name, data in hostile.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "passwd.txt").symlink_to("/etc/passwd")
    (tmp_path / "new\nline.txt").write_text("x")
    good = {"a.md": GOOD.encode(), "m.html": b"<p>Read.", "z.txt": GOOD.encode(), "loop.pdf": looping_pdf()}
    for name, data in good.items():
        (tmp_path / name).write_bytes(data)
    texts, reasons = read_all(tmp_path)
    assert set(texts) == set(good)
    assert texts["a.md"] == texts["z.txt"] == GOOD
    assert set(reasons) == {*hostile, "passwd.txt", "new\\nline.txt"}
    for name, reason in reasons.items():
        assert reason.isprintable(), name
        assert ": " in reason, f"{name} is not told what to do: {reason}"


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    slow = "".join(f"BT /F1 1 Tf 1 0 0 1 {n % 500} {n % 700} Tm (x) Tj ET\n" for n in range(150_000))
    (tmp_path / "a.pdf").write_bytes(finish(from_streams(slow)))
    (tmp_path / "b.md").write_text(GOOD)
    texts, reasons = read_all(tmp_path, Limits(seconds=1))
    assert reasons == {"a.pdf": "takes longer than 1 s to be read: split it or save it in a simpler form"}
    assert texts == {"b.md": GOOD}


def test_a_file_that_needs_too_much_memory_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>x</p>" * 1_000_000)
    (tmp_path / "b.md").write_text(GOOD)
    texts, reasons = read_all(tmp_path, Limits(memory_bytes=128 * 1024 * 1024))
    assert reasons == {"a.html": "needs more than 128 MiB of memory to be read: split it"}
    assert texts == {"b.md": GOOD}


def test_what_is_too_long_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("x" * 101)
    (tmp_path / "many.md").write_text("x\n\n" * 11)
    _, reasons = read_all(tmp_path, Limits(text_characters=100, blocks=10))
    assert reasons == {
        "long.txt": "holds 101 characters and at most 100 are read: split it",
        "many.md": "holds 11 paragraphs and at most 10 are read: split it",
    }


def test_the_child_knows_nothing_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALL_ASSISTANT_LLM_API_KEY", "secret")
    (tmp_path / "a.md").write_text(GOOD)
    (file,) = scan(tmp_path).files
    before = _children()
    with DocumentReader() as reader:
        reader.read(file)
        (child,) = _children() - before
        environment = Path(f"/proc/{child}/environ").read_bytes()
    assert b"secret" not in environment
    assert child not in _children()


def _children() -> set[str]:
    """Processes that this one started and that still run."""
    found: set[str] = set()
    for thread in Path(f"/proc/{os.getpid()}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that ends meanwhile
            found |= set((thread / "children").read_text().split())
    return found


def test_a_child_that_cannot_start_is_no_fault_of_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(GOOD)
    (file,) = scan(tmp_path).files
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with DocumentReader() as reader, pytest.raises(CorpusError, match="does not start"):
        reader.read(file)


def test_it_works_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert read_all(Path()) == ({"a.md": GOOD}, {})


def test_memory_of_the_child_stays_below_its_limit(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>x</p>" * 50_000)
    (file,) = scan(tmp_path).files
    with DocumentReader(Limits(blocks=1_000_000)) as reader:
        reader.read(file)
        assert 10_000_000 < reader.peak_bytes < 512 * 1024 * 1024


def test_a_reader_of_its_own_for_each_thread(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD)
    (file,) = scan(tmp_path).files
    texts: list[str] = []

    def read() -> None:
        with DocumentReader() as reader:
            texts.append(reader.read(file).text)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [GOOD] * 3


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".html", ".md", ".txt"])
def test_damaged_files_never_do_more_than_fail(tmp_path: Path, suffix: str) -> None:
    chance = random.Random(suffix)
    whole = {
        ".pdf": pdf([(72, 700, 10, "A sentence on a page."), (72, 680, 10, "And one more.")]),
        ".docx": package(b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'),
        ".html": b"<h1>T</h1><ul><li>a<table><tr><td rowspan=2>b<td>c</table></ul><p>" * 5,
        ".md": b"# T\n\n- a\n  1. b\n\n| a | b |\n|---|---|\n| c | d |\n> q\n```\nx\n```\n" * 3,
        ".txt": b"# T\n\n* a\n  b\n1. c\n===\n| a | b |\n|---|---|\n| c | d |\n" * 3,
    }[suffix]
    for number in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 6))
        (tmp_path / f"{number:02d}{suffix}").write_bytes(data)
    texts, reasons = read_all(tmp_path)
    assert len(texts) + len(reasons) == 60
    assert all(reason.isprintable() for reason in reasons.values())
