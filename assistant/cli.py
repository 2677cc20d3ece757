"""The command line: `call-assistant`, also `python -m assistant`."""

import argparse
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import InvalidInput
from assistant.settings import Settings, examine_settings, load_settings
from corpus.errors import AssistantError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 could not be done, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    given = {name: getattr(options, name, None) for name in ("corpus", "store", "host", "port")}
    try:
        if options.run is _doctor:  # it says itself what is wrong with the settings
            return int(_doctor(options, given))
        return int(options.run(options, load_settings(given)) or 0)
    except AssistantError as error:
        print(f"call-assistant: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("call-assistant: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--corpus", type=Path, metavar="DIR", help="the corpus folder (default: the shipped call's)")
    shared.add_argument("--store", type=Path, metavar="DIR", help="the store's folder (default: .store/)")
    parser = argparse.ArgumentParser(
        prog="call-assistant", description="Cited answers from the documents of one funding call.", parents=[shared]
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, help_line: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[shared], help=help_line, description=help_line)
        made.set_defaults(run=run)
        return made

    def many(made: argparse.ArgumentParser, what: str) -> None:
        made.add_argument(what, nargs="?", metavar=what.upper())
        made.add_argument("--input", type=Path, metavar="FILE.jsonl", help="many at once, one JSON object a line")
        made.add_argument("--output", type=Path, metavar="FILE.jsonl", help="where the results of --input go")
        made.add_argument("--json", action="store_true", help="print JSON")

    index = command("index", _index, "build or refresh the store from the corpus")
    index.add_argument("--dry-run", action="store_true", help="print what would change, change nothing")
    index.add_argument("--json", action="store_true", help="print JSON")
    search = command("search", _search, "ranked passages for a question")
    many(search, "question")
    search.add_argument("--document", metavar="ID", help="search in this document alone")
    search.add_argument("-k", type=_depth, default=10, metavar="N", help="how many at most (default: 10)")
    ask = command("ask", _ask, "one cited answer")
    many(ask, "question")
    ask.add_argument("--document", metavar="ID", help="search in this document alone")
    check = command("check", _check, "is a sentence carried by its quotes")
    many(check, "sentence")
    check.add_argument("--quote", nargs="+", action="extend", metavar="TEXT", help="what the sentence rests on")
    draft = command("draft", _draft, "a reply to an e-mail: its questions, each answered, and the text")
    draft.add_argument("mail", metavar="MAIL", help="an .eml file, a text file, or - for standard input")
    draft.add_argument("--language", metavar="xx", help="of the reply (default: the mail's)")
    draft.add_argument("--json", action="store_true", help="print JSON")
    show = command("show", _show, "the text of a document as the store holds it")
    show.add_argument("document", metavar="DOCUMENT")
    show.add_argument("--json", action="store_true", help="add what is known of it")
    scored = command("eval", _eval, "score a questions file against the store")
    scored.add_argument("file", type=Path, metavar="FILE.jsonl")
    scored.add_argument("--split", choices=("tune", "report"), help="only the questions of this half")
    scored.add_argument("--json", action="store_true", help="print JSON")
    doctor = command("doctor", _doctor, "check all that answering needs, change nothing")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    used = command("widget", _widget, "how often the widget was used, by day (UTC) and site")
    used.add_argument("--json", action="store_true", help="print JSON")
    account = command("account", _account, "the accounts of the helpdesk's staff")
    account.add_argument("action", choices=("add", "list", "password", "remove"))
    account.add_argument("name", nargs="?", metavar="NAME", help="whose account; the password is asked for")
    serve = command("serve", _serve, "the web service")
    serve.add_argument("--host", default=None, help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=None, help="port to listen on (default: 7860)")
    return parser


def _depth(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError("it has to be a whole number from 1 to 100")
    return int(text)


def _index(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.embedders import embedders_of
    from assistant.texts import report_text
    from index.build import refresh

    report = refresh(settings.corpus, settings.store, embedders_of(settings), dry_run=options.dry_run)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print(report_text(report, dry_run=options.dry_run))
    return 0


def _search(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.batch import request_of, run_batch
    from assistant.results import SearchRequest
    from assistant.service import Assistant
    from assistant.texts import search_text

    _one_or_many(options)
    given = {"question": options.question, "k": options.k, "document": options.document}
    with Assistant(settings) as assistant:
        if options.input:
            return run_batch(options.input, options.output, SearchRequest, assistant.search_many, given)
        result = assistant.search(request_of(SearchRequest, given))
    print(result.model_dump_json() if options.json else search_text(result))
    return 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.batch import request_of, run_batch
    from assistant.results import AskRequest
    from assistant.service import Assistant
    from assistant.texts import answer_text

    _one_or_many(options)
    given = {"question": options.question, "document": options.document}
    with Assistant(settings) as assistant:
        if options.input:
            return run_batch(options.input, options.output, AskRequest, assistant.ask_many, given)
        result = assistant.ask(request_of(AskRequest, given))
    print(result.model_dump_json() if options.json else answer_text(result))
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.batch import request_of, run_batch
    from assistant.results import CheckRequest
    from assistant.service import Assistant
    from assistant.texts import check_text

    _one_or_many(options, "sentence")
    if options.sentence is not None and not options.quote:
        _usage("name what the sentence rests on: --quote TEXT")
    given = {"sentence": options.sentence, "quotes": options.quote}
    with Assistant(settings) as assistant:
        if options.input:
            return run_batch(options.input, options.output, CheckRequest, assistant.check_many, given)
        result = assistant.check(request_of(CheckRequest, given))
    print(result.model_dump_json() if options.json else check_text(result))
    return 0


def _draft(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.helpdesk.draft import make_draft
    from assistant.helpdesk.mail import mail_of_bytes, read_mail
    from assistant.phrases import available_languages
    from assistant.results import ErrorResult
    from assistant.service import Assistant

    if options.language not in (None, *available_languages()):
        _usage(f"--language has to be one of {', '.join(available_languages())}")
    path = Path(options.mail)
    try:
        data = sys.stdin.buffer.read() if options.mail == "-" else path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
    mail = read_mail(data) if path.suffix.lower() == ".eml" else mail_of_bytes(data)
    with Assistant(settings) as assistant:
        draft = make_draft(mail, assistant.ask, options.language)
    print(draft.model_dump_json() if options.json else draft.text.rstrip())
    errors = [question.result.error for question in draft.questions if isinstance(question.result, ErrorResult)]
    if errors:
        print(
            f"call-assistant: {len(errors)} of {len(draft.questions)} questions are not answered "
            f"({errors[0].message}): draft the reply again",
            file=sys.stderr,
        )
    return 1 if errors else 0


def _one_or_many(options: argparse.Namespace, what: str = "question") -> None:
    if (getattr(options, what) is None) == (options.input is None):
        _usage(f"give either a {what} or --input FILE.jsonl")
    if options.input is not None and not options.input.is_file():
        raise InvalidInput(f"{options.input} cannot be read: there is no such file")
    if options.output is not None and options.input is None:
        _usage("--output goes with --input")
    if options.output is not None and options.output.exists() and options.output.samefile(options.input):
        _usage("--output names the file of --input, which would be lost: name another")


def _usage(message: str) -> None:
    print(f"call-assistant: {message}", file=sys.stderr)
    raise SystemExit(2)


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.service import Assistant

    with Assistant(settings) as assistant:
        shown = assistant.show(options.document)
    if options.json:
        print(shown.model_dump_json())
    else:
        sys.stdout.write(shown.text)
    return 0


def _eval(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluate import evaluate, load_questions
    from assistant.service import Assistant

    questions = [q for q in load_questions(options.file) if options.split in (None, q.split)]
    with Assistant(settings) as assistant:
        found = evaluate(questions, assistant.search, assistant.ask)
    print(json.dumps(found.as_json(), ensure_ascii=False) if options.json else found.as_text())
    return 0


def _doctor(options: argparse.Namespace, given: Mapping[str, Any]) -> int:
    from assistant.doctor import as_text, examine

    checks = examine(*examine_settings(given))
    failed = list(dict.fromkeys(check.name for check in checks if not check.ok))
    if options.json:
        print(json.dumps({"ok": not failed, "checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    else:
        print(as_text(checks))
    if failed:
        print(f"call-assistant: not all is well ({', '.join(failed)}): do what their lines say", file=sys.stderr)
    return 1 if failed else 0


def _widget(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.storage.database import Database
    from assistant.storage.widget_use import WidgetUse

    with closing(Database(settings.database)) as database:
        days = WidgetUse(database, settings.widget_questions_a_day, settings.keep_days).days()
    if options.json:
        print(json.dumps([asdict(counted) | {"day": counted.day.isoformat()} for counted in days]))
    else:
        print("\n".join(map(str, days)) if days else f"not used in the last {settings.keep_days} days")
    return 0


def _account(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.account_commands import manage_accounts

    if (options.name is None) != (options.action == "list"):
        _usage("`account list` takes no name" if options.name else f"name the account: account {options.action} NAME")
    manage_accounts(settings, options.action, options.name or "")
    return 0


def _serve(_: argparse.Namespace, settings: Settings) -> int:
    from assistant.api import serve

    serve(settings)
    return 0
