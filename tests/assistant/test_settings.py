from datetime import date
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import load_settings


def test_the_environment_is_read_and_an_option_beats_it() -> None:
    environ = {"CALL_ASSISTANT_TODAY": "2018-12-01", "CALL_ASSISTANT_PORT": "8000", "PATH": "/bin"}
    settings = load_settings({"port": 9000, "corpus": None}, environ)
    assert settings.today == date(2018, 12, 1)
    assert settings.port == 9000


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="CALL_ASSISTANT_CORPSE"):
        load_settings(environ={"CALL_ASSISTANT_CORPSE": "x"})


@pytest.mark.parametrize(
    ("key", "value"),
    [("TODAY", "tomorrow"), ("PORT", "99999"), ("KEEP_DAYS", "0"), ("EMBED_SITES", "not an origin"),
     ("EMBEDDING_BASE_URL", "ftp://x"), ("LLM_BASE_URL", "localhost"), ("LLM_TIMEOUT_SECONDS", "0")],
)  # fmt: skip
def test_an_impossible_value_is_refused_by_name(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CALL_ASSISTANT_{key}"):
        load_settings(environ={f"CALL_ASSISTANT_{key}": value})


def test_sites_are_split_at_spaces() -> None:
    environ = {"CALL_ASSISTANT_EMBED_SITES": "https://www.housingeurope.eu http://127.0.0.1:*"}
    assert load_settings(environ=environ).embed_sites == ("https://www.housingeurope.eu", "http://127.0.0.1:*")


def test_a_secret_is_not_shown() -> None:
    settings = load_settings(environ={"CALL_ASSISTANT_EMBEDDING_API_KEY": "sk-123"})
    assert "sk-123" not in repr(settings)


def test_the_database_lies_beside_the_store(tmp_path: Path) -> None:
    settings = load_settings({"store": tmp_path / "a" / ".store"}, {})
    assert settings.database == f"sqlite:///{tmp_path / 'a' / 'call-assistant.sqlite3'}"


def test_an_embeddings_server_is_known_by_its_host() -> None:
    environ = {"CALL_ASSISTANT_EMBEDDING_BASE_URL": "https://key@vectors.example.eu:8443/v1"}
    assert load_settings(environ=environ).embedding_host == "vectors.example.eu"
    assert load_settings(environ={}).embedding_host is None
