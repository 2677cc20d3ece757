"""The shipped call in a real store, made once for the whole run."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.service import Assistant
from assistant.settings import SHIPPED_CORPUS, Settings
from index.build import refresh
from index.embed import Embedder


@pytest.fixture(scope="session")
def embedders() -> tuple[Embedder, ...]:
    from assistant.embedders import embedders_of

    return embedders_of(Settings())


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, embedders: tuple[Embedder, ...]) -> Path:
    folder = tmp_path_factory.mktemp("shipped") / ".store"
    refresh(SHIPPED_CORPUS, folder, embedders)
    return folder


@pytest.fixture(scope="session")
def settings(store: Path) -> Settings:
    return Settings(store=store, today=date(2026, 11, 24), contact="helpdesk@example.eu")


@pytest.fixture(scope="session")
def assistant(settings: Settings, embedders: tuple[Embedder, ...]) -> Iterator[Assistant]:
    with Assistant(settings, embedders) as made:
        yield made
