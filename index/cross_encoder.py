"""A cross-encoder of the operator's own in the reader's place: slower, and the better the larger."""

import threading
from collections.abc import Sequence
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

SURE = 1e-6
"""Probabilities are held this far from 0 and 1, so that their log-odds are finite."""


class CrossEncoderReader:
    """A sentence-transformers CrossEncoder with one output, in a folder of this machine; scores line by line."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise ModelError(f"the reader model's folder {folder} is not there: set another or none")
        self._folder = folder
        self._lock = threading.Lock()

    def read(self, question: str, passages: Sequence[tuple[Passage, Rows | None]]) -> list[Reading]:
        """See `Reads`."""
        lines = [
            presentable(f"{passage.context}: {passage.text[s.start - passage.start : s.end - passage.start]}")
            for passage, _ in passages
            for s in passage.sentences
        ]
        if not lines:
            return [Reading((), -np.inf) for _ in passages]
        with self._lock:
            scores = self._model.predict([(presentable(question), line) for line in lines], show_progress_bar=False)
        chances = np.clip(np.asarray(scores, dtype=np.float64), SURE, 1 - SURE)
        logits = iter(np.log(chances / (1 - chances)).tolist())
        rows = [tuple(next(logits) for _ in passage.sentences) for passage, _ in passages]
        return [Reading(row, max(row, default=-np.inf)) for row in rows]

    @cached_property
    def _model(self) -> "CrossEncoder":
        stay_offline()
        from sentence_transformers import CrossEncoder
        from torch import nn

        try:
            model: CrossEncoder = CrossEncoder(
                str(self._folder), local_files_only=True, trust_remote_code=False, activation_fn=nn.Sigmoid()
            )
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"the reader model in {self._folder} cannot be loaded ({reason})") from error
        if model.num_labels != 1:
            raise ModelError(f"the reader model in {self._folder} has {model.num_labels} outputs, not one")
        return model
