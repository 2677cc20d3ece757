"""How PDFs are read: every PDF under a folder, what was not read and why, time, memory, and distance to known text.

    python -m bench.pdf FOLDER

The reference texts are those that lie beside the PDFs and are the PDFs' own words: of `crazyones` the text, of `toy`
the layout without its spaces, of the two-column one the layout of its first page, unfolded, and the table in its TeX
source; of two more, the TeX source. The distance is Levenshtein's, divided by the length of the longer text, white
space collapsed and compatibility characters (ligatures) resolved on both sides. Needs `rapidfuzz`.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from corpus.errors import UnreadableDocument
from corpus.folder import scan
from corpus.reader import DocumentReader
from corpus.records import Document

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Reference:
    """A text that a PDF is known to hold."""

    pdf: str
    source: str
    read: Callable[[str], str]
    """From the source file's text to the plain words."""
    page: int | None = None
    """The one page that the source shows; None for all."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    documents = read_all(folder)
    for reference in REFERENCES:
        source = next(folder.rglob(reference.source), None)
        if source is not None and reference.pdf in documents:
            distance = compare(reference, documents[reference.pdf], source)
            page = f" page {reference.page}" if reference.page else ""
            print(f"distance {distance:.4f}  {reference.pdf}{page} to {reference.source}")
    return 0


def read_all(folder: Path) -> dict[str, Document]:
    """Every PDF under `folder`, copied into one flat folder, by its name there; prints how it went."""
    documents: dict[str, Document] = {}
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as flat, DocumentReader() as reader:
        for path in sorted(folder.rglob("*.pdf")):
            target = Path(flat) / path.name
            shutil.copyfile(
                path, target if not target.exists() else target.with_stem(f"{path.parent.name}-{path.stem}")
            )
        listing = scan(Path(flat))
        for note in listing.notes:
            print(f"{note.path}: {note.reason}")
        for file in listing.files:
            started = time.monotonic()
            try:
                documents[file.id] = reader.read(file)
            except UnreadableDocument as error:
                print(f"{file.id}: {error}")
            seconds[file.id] = time.monotonic() - started
        slowest = max(seconds, key=lambda name: seconds[name])
        print(f"{len(seconds)} files, {len(documents)} read, {sum(seconds.values()):.1f} s in all")
        print(f"slowest: {slowest}, {seconds[slowest]:.1f} s")
        print(f"child process: {reader.peak_bytes / _MIB:.0f} MiB at most")
    return documents


def compare(reference: Reference, document: Document, source: Path) -> float:
    """The normalised edit distance of `document` to the reference."""
    text = document.text
    if reference.page is not None:
        page = document.pages[reference.page - 1]
        text = text[page.start : page.end]
    expected = reference.read(source.read_text(encoding="utf-8"))
    return float(Levenshtein.normalized_distance(_bare(expected), _bare(text)))


def _bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace(" | ", " ").split())


def _plain(text: str) -> str:
    return text


def _unfolded(layout: str) -> str:
    """The text of a page whose two columns stand side by side: left column, then right, words put together again."""
    lines = [line.rstrip() for line in layout.split("\n")]
    gaps = Counter(match.end() for line in lines if (match := re.search(r"\S {3,}(?=\S)", line)) and match.end() > 30)
    gutter = gaps.most_common(1)[0][0]
    full: list[str] = []
    left: list[str] = []
    right: list[str] = []
    for line in lines:
        if line[gutter - 3 : gutter].strip() or (not left and len(line) <= gutter):
            full.append(line)
        else:
            left.append(line[:gutter])
            right.append(line[gutter:])
    *title, number = [line for line in full if line.strip()]
    return re.sub(r"-\s*\n\s*(?=[a-z])", "", "\n".join(line.strip() for line in [*title, *left, *right, number]))


def _tex(source: str) -> str:
    """The words of a simple TeX document."""
    body = source.partition(r"\begin{document}")[2].partition(r"\end{document}")[0]
    body = re.sub(r"\\chapter\{(.*?)\}", r"1 \1\n", body)
    body = re.sub(r"\\begin\{figure\}.*?\\end\{figure\}", "", body, flags=re.DOTALL)
    return re.sub(r"\\[a-z]+(\[.*?\])?(\{.*?\})?", "", body)


def _tex_table(source: str) -> str:
    """The caption and the cells of a TeX document's one table."""
    caption = re.search(r"\\caption\{(.*?)\}", source)
    table = re.search(r"\\begin\{tabular\}\{.*?\}(.*?)\\end\{tabular\}", source, flags=re.DOTALL)
    if caption is None or table is None:
        raise ValueError("the TeX source has no table")
    cells = re.sub(
        r"\\(?:textbf|textsuperscript)\{(.*?)\}", r"\1", re.sub(r"\\textsuperscript\{(.*?)\}", r"\1", table[1])
    )
    cells = re.sub(r"\\(?:toprule|midrule|bottomrule)", "", cells).replace("&", " ").replace(r"\\", "\n")
    return f"Table 1: {caption[1]}\n{cells}"


REFERENCES = (
    Reference("crazyones.pdf", "crazyones.txt", _plain),
    Reference("toy.pdf", "toy.layout.txt", _plain),
    Reference("multicolumn.pdf", "multicolumn-lorem-ipsum.txt", _unfolded, page=1),
    Reference("multicolumn.pdf", "multicolumn.tex", _tex_table, page=3),
    Reference("minimal-document.pdf", "minimal-document.tex", _tex),
    Reference("pdflatex-image.pdf", "pdflatex-image.tex", _tex),
)

if __name__ == "__main__":
    sys.exit(main())
