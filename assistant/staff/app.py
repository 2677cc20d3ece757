"""The application at `/helpdesk`. It has no part in the public page's, whose functions anybody may call."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.api_errors import error_response
from assistant.api_guard import Bodies
from assistant.backend import Backend
from assistant.errors import InvalidInput
from assistant.helpdesk.errors import UnreadableMail
from assistant.staff.cases import CasePages
from assistant.staff.guard import SIGN_IN, Guard
from assistant.staff.pages import trouble_page
from assistant.staff.requests import RequestForms
from assistant.staff.sign_in import SignIn, check_form
from assistant.staff.throttle import Throttle
from assistant.storage.accounts import Accounts
from assistant.storage.cases import Cases, ChangedMeanwhile, UnknownCase
from assistant.storage.requests import Requests, UnknownRequest
from assistant.trouble import record
from corpus.errors import AssistantError
from index.errors import UnknownDocument

MOST_FIELD = 1024 * 1024
"""Bytes of one field of a form."""

Change = Callable[[Request, FormData], Response]

_LOG = logging.getLogger(__name__)


def create_staff_app(
    backend: Backend, accounts: Accounts, cases: Cases, requests: Requests, keep_days: int
) -> Starlette:
    """The workspace over `backend`, to be mounted at `/helpdesk`."""
    door = SignIn(accounts, Throttle())
    pages = CasePages(cases, requests, backend, keep_days)
    forms = RequestForms(requests, pages)
    case = "/cases/{case:str}"
    changes: dict[str, Change] = {
        "search": pages.search,
        "answer": pages.answer,
        "language": pages.language,
        "questions/add": pages.add_question,
        "questions/drop": pages.drop_question,
        "questions/join": pages.join_question,
        "strike": pages.strike,
        "leave-out": pages.leave_out,
        "reword": pages.reword,
        "sentences/edit": pages.edit_sentence,
        "sentences/add": pages.add_sentence,
        "sources/add": pages.cite,
        "sources/remove": pages.uncite,
        "approve": pages.approve,
        "undo": pages.undo,
        "take": pages.take,
        "delete": pages.delete,
    }
    return Starlette(
        routes=[
            Route(SIGN_IN, door.show, methods=["GET"]),
            Route(SIGN_IN, _with_form(door.sign_in), methods=["POST"]),
            Route("/sign-out", _changing(door.sign_out), methods=["POST"]),
            Route("/", pages.queue, methods=["GET"]),
            Route("/cases", _changing(pages.add), methods=["POST"]),
            Route("/requests/{request:str}/take", _changing(forms.take), methods=["POST"]),
            Route("/requests/{request:str}/delete", _changing(forms.delete), methods=["POST"]),
            Route(case, pages.show, methods=["GET"]),
            Route(f"{case}/reply.{{form:str}}", pages.export, methods=["GET"]),
            *(Route(f"{case}/{path}", _changing(change), methods=["POST"]) for path, change in changes.items()),
        ],
        middleware=[Middleware(Guard, accounts=accounts), Middleware(Bodies, refuse=error_response)],
        exception_handlers={HTTPException: _http, AssistantError: _ours, Exception: _unexpected},
    )


def _changing(change: Change) -> Callable[[Request], object]:
    """An endpoint that hands its form to `change`, once it is known to come from a page of this session."""

    def checked(request: Request, form: FormData) -> Response:
        return check_form(request, form) or change(request, form)

    return _with_form(checked)


def _with_form(change: Change) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=50, max_part_size=MOST_FIELD) as form:
            return await run_in_threadpool(change, request, form)

    return endpoint


async def _http(_: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    return trouble_page(status, "refused.not_found" if status == HTTPStatus.NOT_FOUND else "refused.request")


async def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, UnknownCase | UnknownDocument):
        return trouble_page(HTTPStatus.NOT_FOUND, "refused.not_found", str(error))
    if isinstance(error, ChangedMeanwhile | UnknownRequest):
        return trouble_page(HTTPStatus.CONFLICT, "refused.change", str(error))
    if isinstance(error, InvalidInput | UnreadableMail):
        return trouble_page(HTTPStatus.UNPROCESSABLE_ENTITY, "refused.change", str(error))
    record(_LOG, f"{request.method} {request.scope['path']}", error)
    return trouble_page(HTTPStatus.SERVICE_UNAVAILABLE, "refused.failed")


async def _unexpected(request: Request, error: Exception) -> Response:
    record(_LOG, f"{request.method} {request.scope['path']}", error)
    return trouble_page(HTTPStatus.INTERNAL_SERVER_ERROR, "refused.failed")
