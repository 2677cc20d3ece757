"""`index` on a folder full of traps: each has its line, none stops the rest, and a second run finds nothing to do."""

import json
import os
from pathlib import Path

from tests.corpus.make_documents import finish, image_only_pdf, looping_pages_pdf, looping_pdf, package, pdf, written
from tests.index.fakes import FARM, write_corpus
from tests.processes import run, word_server


def test_each_trap_has_its_line_and_none_stops_the_rest(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", FARM)
    encrypted = written([(72, 700, 10, "Secret")])
    encrypted.encrypt("secret", algorithm="AES-256")
    traps = {
        "encrypted.pdf": finish(encrypted),
        "image.pdf": image_only_pdf(),
        "looping pages.pdf": looping_pages_pdf(),
        "malformed.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 8,
        "empty.pdf": b"",
        "bomb.docx": package(b"<a>" + b" " * 30_000_000 + b"</a>"),
        "nested.html": b"<div>" * 10_000,
        "latin1.txt": "Prüfung".encode("latin-1"),
        "binary.md": b"a\0b",
        "metadata.txt": b"Its metadata are malformed.",
        "sheet.csv": b"1,2",
    }
    harmless = {
        "looping form.pdf": looping_pdf(),
        "-k.txt": b"The goat stands on one leg.",
        "UPPER.TXT": b"\xef\xbb\xbfThe ox\r\npulls the plough.\r\n",
        "größe 大.md": b"# Goose\n\nThe goose honks.",
        "page.pdf": pdf([(72, 700, 10, "The dog barks at night.")]),
    }
    for name, data in {**traps, **harmless}.items():
        (corpus / name).write_bytes(data)
    (corpus / "metadata.txt.meta.toml").write_text("title = ")
    (corpus / "gone.txt.meta.toml").write_text("title = 'x'")
    (corpus / "passwd.txt").symlink_to("/etc/passwd")
    (corpus / "etc").symlink_to("/etc")
    (corpus / "up").symlink_to("../..")
    os.mkfifo(corpus / "pipe.pdf")
    with (corpus / "huge.pdf").open("wb") as file:
        file.truncate(5_000_000_000)
    (corpus / "new\nline.txt").write_text("x")
    (corpus / "below\x1b[31m").mkdir()
    (corpus / "below\x1b[31m" / "a.txt").write_text("x")
    others = {
        "gone.txt.meta.toml",
        "passwd.txt",
        "etc",
        "up",
        "pipe.pdf",
        "huge.pdf",
        "new\\nline.txt",
        "below\\x1b[31m",
    }
    options = ("--corpus", corpus, "--store", tmp_path / "store")
    with word_server() as words:
        done = run("index", *options, environ=words.environ)
        again = json.loads(run("index", "--json", *options, environ=words.environ).stdout)
        shown = run("show", *options, "--", "-k.txt", environ=words.environ)
        upper = run("show", "UPPER.TXT", *options, environ=words.environ)
        refused = run("show", "../corpus/cow.txt", *options, environ=words.environ)
    assert (done.returncode, done.stderr) == (0, "")
    notes = {note["path"]: note["reason"] for note in again["notes"]}
    assert notes.keys() == {*traps, *others}
    for name, reason in notes.items():
        assert f"{name}: {reason}\n" in done.stdout
        assert reason.isprintable()
        assert ": " in reason, f"{name} is not told what to do: {reason}"
    assert again["unchanged"] == sorted([*FARM, *harmless])
    assert (again["embedded"], again["published"]) == (0, False)
    assert shown.stdout == "The goat stands on one leg."
    assert upper.stdout == "The ox\npulls the plough.\n"
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
