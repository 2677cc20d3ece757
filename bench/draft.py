"""How long the reply to an e-mail of five questions takes, and its parts: `python -m bench.draft [--keep DIR]`.

The mail is the first of `tests/data/mails`, over the shipped call with the real models. Medians of several runs.
"""

import argparse
import platform
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from assistant.embedders import embedders_of
from assistant.helpdesk.draft import answer_questions
from assistant.helpdesk.export import reply_eml
from assistant.helpdesk.find import find_questions, language_of_mail
from assistant.helpdesk.mail import mail_of_bytes
from assistant.helpdesk.reply import reply_text, write_reply
from assistant.helpdesk.word import reply_docx
from assistant.service import Assistant
from assistant.settings import SHIPPED_CORPUS, Settings
from index.build import refresh

MAIL = Path(__file__).resolve().parent.parent / "tests" / "data" / "mails" / "numbered-en.txt"
QUESTIONS = 5
RUNS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="a folder for the store, taken up again by the next run")
    options = parser.parse_args()
    models = embedders_of(Settings())
    with tempfile.TemporaryDirectory() as scratch:
        store = (options.keep or Path(scratch)) / "store"
        refresh(SHIPPED_CORPUS, store, models)
        with Assistant(Settings(store=store), models) as assistant:
            runs = [measure(assistant) for _ in range(RUNS + 1)][1:]
    print(f"Python {platform.python_version()}, {QUESTIONS} questions, median of {RUNS} runs, ms")
    for part in runs[0]:
        print(f"{part:10} {median(run[part] for run in runs) * 1000:9.1f}")


def measure(assistant: Assistant) -> dict[str, float]:
    """Seconds by part, and in all."""
    parts: dict[str, float] = defaultdict(float)
    last = started = time.perf_counter()

    def note(part: str) -> None:
        nonlocal last
        now = time.perf_counter()
        parts[part], last = now - last, now

    mail = mail_of_bytes(MAIL.read_bytes())
    note("read")
    questions = find_questions(mail)[:QUESTIONS]
    note("find")
    answered = answer_questions(mail, questions, assistant.ask)
    note("answer")
    reply = write_reply(mail, answered, language_of_mail(mail))
    reply_text(reply)
    note("write")
    reply_eml(reply, mail)
    reply_docx(reply)
    note("export")
    return {**parts, "total": time.perf_counter() - started}


if __name__ == "__main__":
    main()
