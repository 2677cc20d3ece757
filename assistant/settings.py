"""Settings from the environment, read here once and nowhere else. Values go down as arguments."""

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from assistant.errors import SettingsError

PREFIX = "CALL_ASSISTANT_"
SHIPPED_CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "amif-2018-ag-inte"

_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9.-]+(?::(?:\d{1,5}|\*))?")


class Settings(BaseModel):
    """Everything that can be set. Each field is the environment variable of its upper-case name with the prefix."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: Path = SHIPPED_CORPUS
    """The corpus folder."""
    store: Path = Path(".store")
    """The folder of the store, made by `index`."""
    today: date | None = None
    """The day answers are read against; None is the clock's."""
    contact: str | None = None
    """Whom to ask, named in answers; where unset no contact is named."""
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65_535)
    embedding_model: str | None = None
    """Another sentence-transformers model (a folder or a cached name) or a server's; None is the built-in ones."""
    embedding_base_url: str | None = None
    """An OpenAI-compatible embeddings server."""
    embedding_api_key: SecretStr | None = None
    llm_base_url: str | None = None
    """An OpenAI-compatible server whose language model puts answers into words; None: nothing is sent anywhere."""
    llm_model: str | None = None
    """The name of the model there."""
    llm_api_key: SecretStr | None = None
    llm_timeout_seconds: float = Field(default=30.0, gt=0, le=600)
    """Seconds after which an answer goes on without the model, a second try included."""
    llm_tokens_per_answer: int = Field(default=1_000, ge=50)
    """Tokens that the model may write for one answer."""
    llm_tokens_per_day: int = Field(default=1_000_000, ge=0)
    """Tokens that may be sent to the model and written by it in a day (UTC), about counted."""
    reader_model: Path | None = None
    """The folder of a sentence-transformers CrossEncoder with one output, in the built-in reader's place."""
    database_url: str | None = None
    """SQLAlchemy address of what visitors leave (feedback); None is an SQLite file beside the store."""
    embed_sites: tuple[str, ...] = ()
    """Origins that may show the widget, as in `frame-ancestors`."""
    widget_questions_a_day: int = Field(default=1_000, ge=0)
    """Questions that may be asked through the widget of one site in a day (UTC)."""
    keep_days: int = Field(default=90, ge=1, le=3_650)
    """Days that what visitors leave is kept."""
    rate_limit_per_minute: int = Field(default=30, ge=1)
    """Questions a client address may ask in a minute."""

    @field_validator("embed_sites", mode="before")
    @classmethod
    def _split_sites(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("embed_sites")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for site in value:
            if not _ORIGIN.fullmatch(site):
                raise ValueError(f"{site!r} is not an origin such as https://www.example.eu")
        return value

    @field_validator("embedding_base_url", "llm_base_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^\s/]+", value):
            raise ValueError("is not an http or https address")
        return value

    @property
    def embedding_host(self) -> str | None:
        """The host of the embeddings server, where one is set."""
        return urlsplit(self.embedding_base_url).hostname if self.embedding_base_url else None

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.store.resolve().parent / 'call-assistant.sqlite3'}"


def load_settings(overrides: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of the environment, with `overrides` (options of the command line) above them.

    Raises `SettingsError` naming the key that is unknown or has an impossible value.
    """
    settings, faults = examine_settings(overrides, environ)
    if faults:
        raise faults[0]
    return settings


def examine_settings(
    overrides: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Settings, list[SettingsError]]:
    """The settings as `load_settings` gives them, the default in the place of each fault, and all the faults."""
    environ = os.environ if environ is None else environ
    given: dict[str, Any] = {}
    faults: list[SettingsError] = []
    for key, value in environ.items():
        if key.startswith(PREFIX) and value.strip():
            name = key.removeprefix(PREFIX).lower()
            if name in Settings.model_fields:
                given[name] = value.strip()
            else:
                faults.append(SettingsError(f"there is no setting {key}: remove it, or see the README for the names"))
    given |= {key: value for key, value in (overrides or {}).items() if value is not None}
    try:
        return Settings.model_validate(given), faults
    except ValidationError as error:
        for fault in error.errors():
            key = str(fault["loc"][0])
            given.pop(key, None)
            wrong = SettingsError(f"{PREFIX}{key.upper()}: {fault['msg']}")
            wrong.__cause__ = error
            faults.append(wrong)
        return Settings.model_validate(given), faults
