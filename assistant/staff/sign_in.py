"""Signing in and out."""

import hashlib
import secrets
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.staff.guard import PREFIX, SESSION, SIGN_IN, form_token, is_form_token, staff_of
from assistant.staff.pages import page, trouble_page, words
from assistant.staff.throttle import Throttle
from assistant.storage.accounts import DEVICE_KNOWN, LONGEST, Accounts

FORM = "__Host-helpdesk-form"
"""Holds the secret of the sign-in form, so that no other site signs somebody in."""
DEVICE = "__Host-helpdesk-device"
"""By which a browser is known in which somebody signed in."""


class SignIn:
    """The sign-in page and what its form does."""

    def __init__(self, accounts: Accounts, throttle: Throttle) -> None:
        self._accounts = accounts
        self._throttle = throttle

    def show(self, request: Request) -> Response:
        """The form, or the workspace for who is signed in already."""
        if staff_of(request).name:
            return RedirectResponse(f"{PREFIX}/", HTTPStatus.SEE_OTHER)
        return _form(request, HTTPStatus.OK)

    def sign_in(self, request: Request, form: FormData) -> Response:
        """Start a session where name and password are right; says never which of them is wrong."""
        if not is_form_token(form.get("token"), request.cookies.get(FORM, "")):
            return _form(request, HTTPStatus.FORBIDDEN, words().say("sign_in.again"))
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        before = request.cookies.get(DEVICE, "")
        known = bool(before) and self._accounts.knows_device(before, name)
        who = (name, request.client.host if request.client else None, _short(before) if known else None)
        seconds = self._throttle.wait(*who)
        if seconds:
            said = words().say("sign_in.wait", minutes=-(-seconds // 60))
            return _form(request, HTTPStatus.TOO_MANY_REQUESTS, said, name, {"Retry-After": str(seconds)})
        token = self._accounts.sign_in(name, password)
        if token is None:
            return _form(request, HTTPStatus.UNAUTHORIZED, words().say("sign_in.wrong"), name)
        self._throttle.forgive(*who)
        self._accounts.sign_out(staff_of(request).token)
        response = RedirectResponse(f"{PREFIX}/", HTTPStatus.SEE_OTHER)
        _set(response, SESSION, token, int(LONGEST.total_seconds()))
        _set(response, DEVICE, self._accounts.new_device(name, before), int(DEVICE_KNOWN.total_seconds()))
        response.delete_cookie(FORM, secure=True, httponly=True, samesite="lax")
        return response

    def sign_out(self, request: Request, _: FormData) -> Response:
        """End the session."""
        self._accounts.sign_out(staff_of(request).token)
        response = RedirectResponse(f"{PREFIX}{SIGN_IN}", HTTPStatus.SEE_OTHER)
        response.delete_cookie(SESSION, secure=True, httponly=True, samesite="lax")
        return response


def check_form(request: Request, form: FormData) -> Response | None:
    """What to answer where `form` is not from a page of this session; None where it is."""
    if is_form_token(form.get("token"), staff_of(request).token):
        return None
    return trouble_page(HTTPStatus.FORBIDDEN, "refused.form")


def _form(
    request: Request, status: HTTPStatus, said: str = "", name: str = "", headers: dict[str, str] | None = None
) -> Response:
    secret = request.cookies.get(FORM) or secrets.token_urlsafe(32)
    shown = page("sign_in.html", status, headers, token=form_token(secret), said=said, name=name[:64])
    _set(shown, FORM, secret, 3600)
    return shown


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def _short(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
