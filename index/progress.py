"""How far a long step has come: a bar on a terminal, nothing in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """One step under way."""

    def update(self, n: int = 1, /) -> object:
        """`n` more are done."""
        ...


Progress = Callable[[str, int], AbstractContextManager[Step]]
"""Begins a step: its name for people, and how many parts `update` will count."""


@contextmanager
def terminal(label: str, total: int) -> Iterator[Step]:
    """A bar on standard error if that is a terminal and there is anything to do, else silence."""
    if total and sys.stderr.isatty():
        from tqdm import tqdm

        with tqdm(total=total, desc=label, file=sys.stderr, leave=False) as bar:
            yield bar
    else:
        yield _Silent()


class _Silent:
    def update(self, _n: int = 1, /) -> None:
        """Say nothing."""
