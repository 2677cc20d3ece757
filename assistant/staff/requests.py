"""What visitors of the chat page wrote to a person: each becomes a case or is deleted."""

import json
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.helpdesk.mail import mail_of_text
from assistant.helpdesk.records import Mail
from assistant.staff.cases import CasePages
from assistant.staff.guard import PREFIX
from assistant.staff.pages import words
from assistant.storage.requests import Requests, VisitorRequest


class RequestForms:
    """What is done to a request from the queue."""

    def __init__(self, requests: Requests, cases: CasePages) -> None:
        self._requests = requests
        self._cases = cases

    def take(self, request: Request, _: FormData) -> Response:
        """Make it a case."""
        kept = self._requests.find(request.path_params["request"])
        return self._cases.add_mail(request, mail_of_request(kept.request), kept.id)

    def delete(self, request: Request, _: FormData) -> Response:
        """Delete it for good."""
        self._requests.delete(request.path_params["request"])
        return RedirectResponse(f"{PREFIX}/", HTTPStatus.SEE_OTHER)


def mail_of_request(request: VisitorRequest) -> Mail:
    """The request as a mail from its address; the conversation before it stands below, and is not asked again."""
    mail = mail_of_text(request.text)
    told = [f"{result['question']}\n\n{result['answer']}" for result in json.loads(request.conversation)]
    below = "\n\n".join([words().say("requests.conversation"), *told]) if told else ""
    return mail.model_copy(
        update={
            "text": f"{mail.text}\n\n{below}".strip(),
            "sender_address": request.email,
            "reply_to": request.email,
        }
    )
