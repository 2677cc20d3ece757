"""`call.toml`: whatever lies there under that name is read as safely as a document, and each fault is one line."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import ProfileError
from corpus.folder import scan
from corpus.profile import check_quotes, load_profile

WHOLE = 'id = "X-2020"\ntitle = "A call"\n[deadline]\ndate = 2020-03-01\ndocument = "a.txt"\nquote = "1 March 2020"\n'


def test_none_is_needed(tmp_path: Path) -> None:
    assert load_profile(tmp_path) is None


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "call.toml").write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    profile = load_profile(tmp_path)
    assert profile is not None
    assert profile.id == "X-2020"
    check_quotes(profile, {"a.txt": "Until 1 March 2020."})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"id = ", "cannot be read"),
        ("id = 'Prüfung'".encode("latin-1"), "cannot be read"),
        (b"a = " + b"[" * 5_000, "cannot be read"),
        (b"#" * 300_000, "at most 262,144 are read"),
        (b'title = "A call"', "id: Field required"),
        (WHOLE.encode() + b'"new\\nline" = 1', "new\\nline"),
        (WHOLE.replace("date = 2020-03-01", "date = 2020-03-01\nzone = 'Mars/Base'").encode(), "not a time zone"),
    ],
)
def test_a_fault_is_one_line(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "call.toml").write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        load_profile(tmp_path)
    assert str(caught.value).startswith("call.toml")
    assert why in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("put", "why"),
    [
        (os.mkfifo, "is not a regular file"),
        (Path.mkdir, "is not a regular file"),
        (lambda path: path.symlink_to("/etc/passwd"), "leads out of the corpus folder"),
        (lambda path: path.symlink_to("gone.toml"), "vanished"),
    ],
)
def test_what_is_no_file_is_refused(put: Callable[[Path], None], why: str, tmp_path: Path) -> None:
    put(tmp_path / "call.toml")
    with pytest.raises(ProfileError, match=why):
        load_profile(tmp_path)


@pytest.mark.parametrize(("texts", "why"), [({}, "no readable document"), ({"a.txt": "x"}, "does not stand in")])
def test_a_quote_must_stand_in_its_document(texts: dict[str, str], why: str, tmp_path: Path) -> None:
    (tmp_path / "call.toml").write_text(WHOLE)
    profile = load_profile(tmp_path)
    assert profile is not None
    with pytest.raises(ProfileError, match=rf"{why}.*call-assistant index"):
        check_quotes(profile, texts)


def test_one_in_a_folder_below_is_noted(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "call.toml").write_text(WHOLE)
    assert [note.path for note in scan(tmp_path).notes] == ["below/call.toml"]
    assert load_profile(tmp_path) is None
