"""A cross-encoder of the operator's own in the reader's place: slower, and the better the larger."""

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed import presentable, stay_offline
from index.errors import ModelError
from index.reader import Reading, Rows
from index.records import Passage

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderReader:
    """A sentence-transformers CrossEncoder with one output, in a folder of this machine; scores line by line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser()
        if not self._folder.is_dir():
            raise ModelError(f"the reader model's folder {folder} is not there: set another or none")
        self._lock = threading.Lock()

    def read(self, question: str, passages: Sequence[tuple[Passage, Rows | None]]) -> list[Reading]:
        """See `Reads`."""
        lines = [presentable(line) for passage, _ in passages for line in _lines(passage)]
        logits = iter(self._scores([(presentable(question), line) for line in lines]) if lines else [])
        rows = [tuple(next(logits) for _ in passage.sentences) for passage, _ in passages]
        return [Reading(row, max(row, default=-np.inf)) for row in rows]

    def _scores(self, pairs: list[tuple[str, str]]) -> list[float]:
        try:
            with self._lock:
                return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]
        except RuntimeError as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"the reader model in {self._folder} failed ({reason}): set another or none") from error

    @cached_property
    def _model(self) -> "CrossEncoder":
        stay_offline()
        from safetensors import SafetensorError
        from sentence_transformers import CrossEncoder
        from torch import nn

        try:
            model: CrossEncoder = CrossEncoder(
                str(self._folder), local_files_only=True, trust_remote_code=False, activation_fn=nn.Identity()
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"the reader model in {self._folder} cannot be loaded ({reason})") from error
        if model.num_labels != 1:
            raise ModelError(f"the reader model in {self._folder} has {model.num_labels} outputs, not one")
        return model


def _lines(passage: Passage) -> Iterator[str]:
    """Each sentence after its headings and what leads it in."""
    for sentence in passage.sentences:
        spans = [(sentence.start, sentence.end)]
        if sentence.lead and sentence.lead[0] >= passage.start:
            spans.insert(0, sentence.lead)
        said = [passage.text[start - passage.start : end - passage.start] for start, end in spans]
        yield ": ".join(filter(None, [passage.context, *said]))
