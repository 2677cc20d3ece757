"""Every error of the web interface as `{"error": {"code", "message"}}` with a fitting status; never a stack trace."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant.api_guard import headers_for
from assistant.errors import InvalidInput, validation_message
from assistant.limits import BUSY_SECONDS, Busy
from assistant.listen import Stopped
from assistant.results import ErrorBody, Record
from assistant.sites import NotAllowed
from assistant.storage.errors import DatabaseError
from assistant.trouble import record
from corpus.errors import AssistantError, UnreadableDocument
from index.errors import StoreError, UnknownDocument

RETRY_SECONDS = 10
"""After how many seconds a request may be tried again that found the store or the database unusable."""

_LOG = logging.getLogger("assistant.api")

_MESSAGES = {
    404: "there is nothing at this address",
    405: "this address does not take this method",
    413: "the request is too large",
    422: "the request does not have the form that is read here",
}


class HttpError(Record):
    """What an error response holds."""

    error: ErrorBody


class TooMany(AssistantError):
    """A client asked more often than it may; `seconds` until it may ask again."""

    code = "too_many_requests"

    def __init__(self, seconds: int, message: str | None = None) -> None:
        super().__init__(message or f"too many questions from this address: ask again in {seconds} seconds")
        self.seconds = seconds


class UsedUp(TooMany):
    """A site's questions for the day are used up."""

    code = "used_up"

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds, f"today's questions on this site are used up: ask again in {seconds} seconds")


class NotReady(AssistantError):
    """The service cannot answer yet."""

    code = "not_ready"


def error_response(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response for an error; `message` is one line."""
    body = HttpError(error=ErrorBody(code=code, message=message))
    return JSONResponse(body.model_dump(), status, headers=dict(headers or {}))


def plain_error(status: int) -> JSONResponse:
    """The response for an error of which no more than its status is to be said."""
    known = HTTPStatus(status)
    return error_response(status, known.name.lower(), _MESSAGES.get(status, "this request cannot be answered"))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of a route that answers in JSON, for its description."""
    return {status: {"model": HttpError, "description": HTTPStatus(status).phrase} for status in (*statuses, 500)}


def page_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of a route that answers in another form: they are JSON all the same."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{HttpError.__name__}"}}}
    return {status: {"content": content, "description": HTTPStatus(status).phrase} for status in (*statuses, 500)}


def add_error_handlers(app: FastAPI) -> None:
    """Give every error of `app` its JSON form."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(AssistantError, _ours)
    app.add_exception_handler(Exception, _unexpected)


async def _http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    message = _MESSAGES.get(status) or str(error.detail)
    return error_response(status, status.name.lower(), message, error.headers)


async def _validation(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    return error_response(422, InvalidInput.code, validation_message(error.errors(), "body"))


async def _ours(request: Request, error: Exception) -> JSONResponse:
    return response_to(error, f"{request.method} {request.scope['path']}")


def response_to(error: BaseException, what: str) -> JSONResponse:
    """The response for an error that `what` ended with; what nobody can mend who asks is written to the log."""
    if not isinstance(error, AssistantError):
        return _unknown(error, what)
    if isinstance(error, UnknownDocument | UnreadableDocument):
        return error_response(404, error.code, str(error))
    if isinstance(error, InvalidInput):
        return error_response(422, error.code, str(error))
    if isinstance(error, NotAllowed):
        return error_response(403, error.code, str(error))
    if isinstance(error, TooMany):
        return error_response(429, error.code, str(error), {"Retry-After": str(error.seconds)})
    if isinstance(error, Busy):
        return error_response(503, error.code, str(error), {"Retry-After": str(BUSY_SECONDS)})
    if isinstance(error, Stopped):
        return error_response(503, error.code, str(error))
    record(_LOG, what, error)
    status = 503 if isinstance(error, StoreError | NotReady | DatabaseError) else 500
    message = str(error) if isinstance(error, NotReady) else "this cannot be done just now: try again later"
    return error_response(status, error.code, message, {"Retry-After": str(RETRY_SECONDS)} if status == 503 else None)


def _unknown(error: BaseException, what: str) -> JSONResponse:
    record(_LOG, what, error)
    return error_response(500, "internal", "something went wrong on the server")


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    response = _unknown(error, f"{request.method} {request.scope['path']}")
    response.headers.update(headers_for(request.scope["path"], "application/json", ()))
    return response
