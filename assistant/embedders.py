"""The embedding models that the settings name; apart from the answering, so that `index` need not import that."""

from assistant.settings import Settings
from index.embed import Embedder, EmbeddingSettings, load_embedders


def embedders_of(settings: Settings) -> tuple[Embedder, ...]:
    """The embedding models that the settings name. Raises `ModelError` where one is not on this machine."""
    key = settings.embedding_api_key
    known = EmbeddingSettings(
        settings.embedding_model, settings.embedding_base_url, key.get_secret_value() if key else None
    )
    return load_embedders(known)
