"""Seals results, so that a page may hand one back and the service knows it as its own answer."""

import hashlib

from itsdangerous import BadData, URLSafeSerializer
from pydantic import ValidationError

from assistant.errors import InvalidInput
from assistant.results import AskResult


class Seal:
    """Turns a result into text and back with `key`: compressed, and signed by HMAC-SHA256 (itsdangerous)."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeSerializer(key, salt="answer", signer_kwargs={"digest_method": hashlib.sha256})

    def close(self, result: AskResult) -> str:
        """`result` as text that `open` takes: letters, digits and `._-` only."""
        sealed = self._serializer.dumps(result.model_dump(mode="json"))
        return sealed if isinstance(sealed, str) else sealed.decode("ascii")

    def open(self, sealed: str) -> AskResult:
        """The result. Raises `InvalidInput` where this service did not seal it, or an older version of it did."""
        try:
            return AskResult.model_validate(self._serializer.loads(sealed))
        except (BadData, ValidationError, UnicodeError) as error:
            raise InvalidInput("answers: one of them is not an answer of this service, or is too old") from error
