"""What a page hands back of an answer, to be given a link or sent to a person; an answer is known by its seal."""

import json
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from pydantic import Field, StringConstraints, model_validator

from assistant.address import ADDRESS, MOST_OF_ADDRESS
from assistant.api_errors import responses
from assistant.results import MAX_HISTORY, Record
from assistant.results import Request as InputLine
from assistant.seal import Seal
from assistant.storage.answers import SharedAnswers
from assistant.storage.requests import Kind, Requests, VisitorRequest

Sealed = Annotated[str, StringConstraints(min_length=1, max_length=200_000)]
"""An answer as the chat page was given it."""


class ShareRequest(InputLine):
    """An answer that is to have a link."""

    answer: Sealed


class ShareResult(Record):
    """Where the answer can be read."""

    path: str
    kept_days: int
    """Days after which it is deleted."""


class UnshareResult(Record):
    """An answer has no link any more."""

    deleted: int
    """Links that it had."""


class PersonRequest(InputLine):
    """A question to a person, or the report of an answer, with the answers it is about."""

    kind: Kind
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
    email: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=MOST_OF_ADDRESS, pattern=f"^({ADDRESS})?$")
    ] = ""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"
    answers: Annotated[tuple[Sealed, ...], Field(max_length=MAX_HISTORY // 2)] = ()

    @model_validator(mode="after")
    def _can_be_answered(self) -> "PersonRequest":
        if self.kind == "person" and not self.email:
            raise ValueError("a question to a person needs an e-mail address for the reply")
        return self


class PersonResult(Record):
    """The request was kept."""

    kept_days: int
    """Days after which it is deleted."""


def add_sharing(
    app: FastAPI, seal: Seal, answers: SharedAnswers, requests: Requests, keep_days: int, limited: list[Any]
) -> None:
    """The routes that take answers back, each after the dependencies `limited`."""
    errors = responses(400, 413, 415, 422, 429, 503)

    @app.post("/api/answers", status_code=201, dependencies=limited, responses=errors)
    def share(request: ShareRequest) -> ShareResult:
        """Keep an answer of the chat page for some days, to be read by whoever knows its address."""
        result = seal.open(request.answer)
        return ShareResult(path=f"/answers/{answers.add(result.model_dump_json())}", kept_days=keep_days)

    @app.post("/api/answers/delete", dependencies=limited, responses=errors | responses(404))
    def unshare(request: ShareRequest) -> UnshareResult:
        """Delete the links to an answer; who can hand back the answer was given it."""
        deleted = answers.remove(seal.open(request.answer).model_dump_json())
        if not deleted:
            raise HTTPException(404)
        return UnshareResult(deleted=deleted)

    @app.post("/api/requests", status_code=201, dependencies=limited, responses=errors)
    def ask_a_person(request: PersonRequest) -> PersonResult:
        """Keep a question to a person, or the report of an answer, for some days."""
        conversation = [seal.open(answer).model_dump(mode="json") for answer in request.answers]
        requests.add(
            VisitorRequest(
                kind=request.kind,
                text=request.text,
                email=request.email,
                language=request.language,
                conversation=json.dumps(conversation, ensure_ascii=False),
            )
        )
        return PersonResult(kept_days=keep_days)
