"""The pages and forms of the workspace: the queue, a case, and what is done to it."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.backend import Backend
from assistant.errors import InvalidInput
from assistant.helpdesk.export import reply_eml, reply_html
from assistant.helpdesk.find import language_of_mail
from assistant.helpdesk.mail import mail_of_bytes, mail_of_text, read_mail
from assistant.helpdesk.personal import names_in, redact
from assistant.helpdesk.records import Mail
from assistant.helpdesk.reply import reply_text
from assistant.helpdesk.word import reply_docx
from assistant.phrases import available_languages
from assistant.results import MAX_QUESTION
from assistant.staff import edit
from assistant.staff.evidence import Found, citation_of, find
from assistant.staff.guard import PREFIX, form_token, staff_of
from assistant.staff.margin import pieces_of
from assistant.staff.pages import page, words
from assistant.staff.work import NoSuchPlace, Work, answer_next, in_language, reply_of, work_of
from assistant.storage.cases import Cases, State, StoredCase
from assistant.storage.requests import Requests
from assistant.ui.languages import page_languages

EXPORTS: Mapping[str, tuple[str, Callable[[Work], bytes]]] = {
    "txt": ("text/plain; charset=utf-8", lambda work: reply_text(reply_of(work)).encode()),
    "html": ("text/html; charset=utf-8", lambda work: reply_html(reply_of(work)).encode()),
    "eml": ("message/rfc822", lambda work: reply_eml(reply_of(work), work.mail)),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda work: reply_docx(reply_of(work)),
    ),
}
"""The forms in which a reply leaves: its content type, and how it is written."""


class CasePages:
    """What is shown and done under `/helpdesk`, for who is signed in."""

    def __init__(self, cases: Cases, requests: Requests, backend: Backend, keep_days: int) -> None:
        self._cases = cases
        self._requests = requests
        self._backend = backend
        self._keep_days = keep_days

    def queue(self, request: Request) -> Response:
        """All cases, the form for a new one, and what visitors of the chat page wrote."""
        return self._page(request, "queue.html", keep_days=self._keep_days, requests=self._requests.all())

    def add(self, request: Request, form: FormData) -> Response:
        """Make a case of a pasted mail or a file."""
        return self.add_mail(request, _mail_of(form))

    def add_mail(self, request: Request, mail: Mail, of: str = "") -> Response:
        """Make a case of `mail`, in the place of the visitor's request `of`."""
        work = work_of(mail)
        subject = mail.subject or (work.questions[0].found.text if work.questions else mail.text.strip())
        made = self._cases.add(staff_of(request).name, work.language, subject[:200], work.model_dump_json(), of)
        return _to_case(made)

    def show(self, request: Request) -> Response:
        """One case: the queue, its mail, its draft."""
        return self._case_page(request, self._cases.case(request.path_params["case"]))

    def search(self, request: Request, form: FormData) -> Response:
        """The case with passages to choose from, for the place `into`. The words asked for stay out of the address."""
        case = self._cases.case(request.path_params["case"])
        asked, into = _text(form, "q").strip(), _text(form, "into")
        named = names_in(_work(case.work).mail)
        found = find(self._backend, redact(asked, named)[:MAX_QUESTION]) if asked else ()
        return self._case_page(request, case, asked, into, found)

    def export(self, request: Request) -> Response:
        """The reply as a file."""
        kind = request.path_params["form"]
        if kind not in EXPORTS:
            raise InvalidInput(f"a reply is written as {', '.join(EXPORTS)}")
        content_type, write = EXPORTS[kind]
        work = _work(self._cases.case(request.path_params["case"]).work)
        return Response(
            write(work),
            media_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="reply.{kind}"'},
        )

    def answer(self, request: Request, form: FormData) -> Response:
        """Answer the next question."""
        return self._change(request, form, lambda work: answer_next(work, self._backend.ask))

    def language(self, request: Request, form: FormData) -> Response:
        """Answer all questions anew in another language."""
        language = _text(form, "language")
        if language not in available_languages():
            raise InvalidInput("the reply cannot be written in that language")
        return self._change(request, form, lambda work: in_language(work, language))

    def add_question(self, request: Request, form: FormData) -> Response:
        """Add a question: words marked in the mail, or others."""
        text, start, end = _text(form, "text"), _number(form, "start"), _number(form, "end")
        return self._change(request, form, lambda work: edit.add_question(work, text, start, end))

    def drop_question(self, request: Request, form: FormData) -> Response:
        """Drop a question and its answer."""
        return self._change(request, form, lambda work: edit.drop_question(work, _key(form)))

    def join_question(self, request: Request, form: FormData) -> Response:
        """Join a question with the one before it."""
        return self._change(request, form, lambda work: edit.join_with_previous(work, _key(form)))

    def strike(self, request: Request, form: FormData) -> Response:
        """Strike an answer, or take it in again."""
        return self._change(request, form, lambda work: edit.strike(work, _key(form)))

    def leave_out(self, request: Request, form: FormData) -> Response:
        """Leave out a line of what is asked back, or of what the sources do not say."""
        part, line = _text(form, "part"), _text(form, "line")
        return self._change(request, form, lambda work: edit.leave_out(work, _key(form), part, line))

    def reword(self, request: Request, form: FormData) -> Response:
        """Change the salutation, the opening or the closing."""
        name, text = _text(form, "name"), _text(form, "text")
        return self._change(request, form, lambda work: edit.reword(work, name, text))

    def edit_sentence(self, request: Request, form: FormData) -> Response:
        """Change a sentence, which is checked at once; with no text it goes."""
        place, text = edit.place_of(_text(form, "at")), _text(form, "text")
        return self._change(request, form, lambda work: edit.edit_sentence(work, place, text, self._backend.check))

    def add_sentence(self, request: Request, form: FormData) -> Response:
        """Add a sentence of one's own to an answer."""
        text = _text(form, "text")
        return self._change(
            request, form, lambda work: edit.add_sentence(work, _key(form), text, (), self._backend.check)
        )

    def cite(self, request: Request, form: FormData) -> Response:
        """Put a passage under a sentence, in the place of another source, or into an answer as a sentence."""
        document, span, into = _text(form, "document"), _text(form, "span").partition("-"), _text(form, "into")
        if not span[0].isdecimal() or not span[2].isdecimal():
            raise InvalidInput("the passage is not told by its place")
        citation = citation_of(self._backend, document, int(span[0]), int(span[2]))
        return self._change(request, form, lambda work: edit.use(work, into, citation, self._backend.check))

    def uncite(self, request: Request, form: FormData) -> Response:
        """Take a source from under a sentence."""
        place, source = edit.place_of(_text(form, "at")), _text(form, "source")
        return self._change(request, form, lambda work: edit.uncite(work, place, source, self._backend.check))

    def approve(self, request: Request, form: FormData) -> Response:
        """Approve the reply; what no quote carries has to be vouched for."""

        def approved(work: Work) -> Work:
            if work.waiting:
                raise InvalidInput("some questions are not answered yet: answer or drop them first")
            if any(work.unproved()) and form.get("vouch") != "yes":
                raise InvalidInput(words().say("draft.vouch_first"))
            return work

        return self._change(request, form, approved, "approved")

    def undo(self, request: Request, form: FormData) -> Response:
        """Take back the last change, or do it again."""
        case = self._cases.case(request.path_params["case"])
        if case.before is None:
            raise InvalidInput("nothing was changed yet")
        return self._save(request, form, _work(case.before))

    def take(self, request: Request, _: FormData) -> Response:
        """Make oneself the owner."""
        name = request.path_params["case"]
        self._cases.take(name, staff_of(request).name)
        return _to_case(name)

    def delete(self, request: Request, _: FormData) -> Response:
        """Delete the case for good."""
        self._cases.delete(request.path_params["case"])
        return RedirectResponse(f"{PREFIX}/", HTTPStatus.SEE_OTHER)

    def _change(
        self, request: Request, form: FormData, change: Callable[[Work], Work], state: State = "open"
    ) -> Response:
        case = self._cases.case(request.path_params["case"])
        return self._save(request, form, change(_work(case.work)), state)

    def _save(self, request: Request, form: FormData, work: Work, state: State = "open") -> Response:
        name = request.path_params["case"]
        self._cases.save(name, _version(form), work.model_dump_json(), work.language, state)
        return _to_case(name)

    def _case_page(
        self, request: Request, case: StoredCase, asked: str = "", into: str = "", found: tuple[Found, ...] = ()
    ) -> Response:
        work = _work(case.work)
        return self._page(
            request,
            "case.html",
            case=case,
            work=work,
            pieces=pieces_of(work),
            spoken=language_of_mail(work.mail),
            languages=page_languages(),
            unproved=len(list(work.unproved())),
            asked=asked,
            into=into,
            found=found,
            source_of=edit.source_of,
            exports=EXPORTS,
        )

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        staff = staff_of(request)
        return page(template, queue=self._cases.queue(), name=staff.name, token=form_token(staff.token), **values)


def _mail_of(form: FormData) -> Mail:
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        read = read_mail if file.filename.lower().endswith(".eml") else mail_of_bytes
        return read(file.file.read())
    text = _text(form, "text")
    return mail_of_bytes(text.encode()) if text.strip() else mail_of_text(text)


def _work(kept: str) -> Work:
    try:
        return Work.model_validate_json(kept)
    except ValidationError as error:
        raise InvalidInput("the case was made by another version of the assistant: paste its e-mail again") from error


def _to_case(name: str) -> Response:
    return RedirectResponse(f"{PREFIX}/cases/{name}", HTTPStatus.SEE_OTHER)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _number(form: FormData, name: str) -> int | None:
    value = _text(form, name)
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _key(form: FormData) -> int:
    key = _number(form, "key")
    if key is None:
        raise NoSuchPlace("that question is no longer there")
    return key


def _version(form: FormData) -> int:
    version = _number(form, "version")
    if version is None:
        raise InvalidInput("the form does not say which state of the case it changes")
    return version
