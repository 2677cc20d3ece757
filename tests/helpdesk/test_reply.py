"""A reply in each of its forms: its footnotes are there, and nothing of the mail acts in it."""

import email
import io
from email.policy import default

import docx
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from assistant.helpdesk.export import reply_eml, reply_html
from assistant.helpdesk.mail import mail_of_text, read_mail
from assistant.helpdesk.records import AnsweredQuestion, Reply, ReplyAnswer, ReplySentence
from assistant.helpdesk.reply import reply_text, write_reply
from assistant.helpdesk.word import reply_docx
from assistant.phrases import available_languages, phrases
from assistant.results import Citation, ErrorBody, ErrorResult
from tests.helpdesk.mails import TUNED

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def citation(number: int, start: int) -> Citation:
    return Citation(
        number=number, quote=f"Quote at {start} <b>&</b>", document="guide.pdf", title="Guide", section="Guide › Who",
        page=3, start=start, end=start + 5, authority="call", kind="original", source_url="https://example.eu/guide",
    )  # fmt: skip


REPLY = Reply(
    language="en",
    salutation="Dear Ann Lee,",
    opening="here it is.",
    answers=(
        ReplyAnswer(
            question="May we <i>apply</i>?",
            sentences=(
                ReplySentence(text="The sources say yes.", kind="frame"),
                ReplySentence(text="“One.”", kind="statement", citations=(citation(1, 10), citation(2, 20))),
            ),
            conditions=(ReplySentence(text="A city", kind="condition", met=None, citations=(citation(1, 10),)),),
            missing=("Where are you?",),
        ),
        ReplyAnswer(
            question="How much?",
            sentences=(ReplySentence(text="“Two.”", kind="statement", citations=(citation(1, 30),)),),
            unanswered=("the rest",),
        ),
    ),
    closing="Kind regards\nThe helpdesk",
)
"""As an editor may leave it: the citations of an answer count from one, footnotes across the reply."""


def test_the_text_numbers_answers_and_footnotes_across_the_reply() -> None:
    assert reply_text(REPLY) == (
        "Dear Ann Lee,\n\nhere it is.\n\n1. May we <i>apply</i>?\n\nThe sources say yes.\n“One.” [1] [2]\n\n"
        "Conditions:\n- Open: A city [1]\n\nTo say more, we need to know:\n- Where are you?\n\n"
        "2. How much?\n\n“Two.” [3]\n\nNot in our documents:\n- the rest\n\nKind regards\nThe helpdesk\n\nSources\n\n"
        "[1] Guide, Who, page 3, the call's own text: “Quote at 10 <b>&</b>” https://example.eu/guide\n"
        "[2] Guide, Who, page 3, the call's own text: “Quote at 20 <b>&</b>” https://example.eu/guide\n"
        "[3] Guide, Who, page 3, the call's own text: “Quote at 30 <b>&</b>” https://example.eu/guide\n"
    )


def test_the_html_links_marks_and_footnotes_and_acts_in_no_way() -> None:
    page = BeautifulSoup(reply_html(REPLY), "html.parser")
    marks = [link["href"] for link in page.select("sup a")]
    assert marks == ["#_ftn1", "#_ftn2", "#_ftn1", "#_ftn3"]
    assert all(page.find("a", attrs={"name": mark[1:]}) for mark in marks)
    assert "Quote at 30 <b>&</b>" in page.get_text()
    assert not page.select("b, i, script, img, style, [class], [onclick]")


def test_the_word_document_has_real_footnotes() -> None:
    document = docx.Document(io.BytesIO(reply_docx(REPLY)))
    assert "1. May we <i>apply</i>?" in [paragraph.text for paragraph in document.paragraphs]
    (part,) = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/footnotes")]
    notes = etree.fromstring(part.blob).findall(f"{WORD}footnote")
    said = {note.get(f"{WORD}id"): "".join(note.itertext()) for note in notes}
    used = [mark.get(f"{WORD}id") for mark in document.element.iter(f"{WORD}footnoteReference")]
    assert used == ["1", "2", "3"]
    assert [said[number].strip().split(":")[1].split("”")[0] for number in used] == [
        f" “Quote at {start} <b>&</b>" for start in (10, 20, 30)
    ]


def test_the_message_is_an_unsent_reply_in_its_thread() -> None:
    mail = read_mail((TUNED / "fil-html-fr.eml").read_bytes())
    made = email.message_from_bytes(reply_eml(REPLY, mail), policy=default)
    assert made["Subject"] == "Re: appel AMIF"
    assert made["To"] == "jm.petit@ville-exemple.example"
    assert made["In-Reply-To"] == "<fr-2@ville-exemple.example>"
    assert made["References"] == "<fr-1@ville-exemple.example> <reply-4@example.eu> <fr-2@ville-exemple.example>"
    assert made["X-Unsent"] == "1"
    assert made["From"] is None
    text, html = made.get_body(("plain",)), made.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "[3] Guide" in text.get_content()
    assert "_ftn3" in html.get_content()


def test_no_header_comes_from_what_a_mail_says() -> None:
    made = email.message_from_bytes(reply_eml(REPLY, read_mail((TUNED / "hostile.eml").read_bytes())), policy=default)
    assert made["Bcc"] is None
    assert made["Subject"] == "Re: Call Bcc: victim@example.org"
    assert set(made.keys()) == {
        "Subject", "To", "In-Reply-To", "References", "X-Unsent", "MIME-Version", "Content-Type",
    }  # fmt: skip


TWICE = "=?utf-8?q?=3D=3Futf-8=3Fq=3Fhi=3D0D=3D0ABcc:_x=3D40y.example=0D=0A=3F=3D?="
"""Decoded once, an encoded word that holds line ends."""
ONCE = "=?utf-8?q?=0D=0ABcc:_x=40y.example=0D=0A?="


@pytest.mark.parametrize(
    "headers",
    [
        f"Subject: {TWICE}",
        f"Subject: {'=?utf-8?q?=3D=3F?= ' * 3}{TWICE}",
        "Subject: =?unicode_escape?q?=5Cud800?=",
        f"Reply-To: {ONCE}@b.example",
        f"Reply-To: {TWICE}@b.example",
        f"References: <{ONCE}@b.example>",
        f"Message-ID: <{ONCE}@b.example>",
    ],
)
def test_no_header_comes_from_an_encoded_word(headers: str) -> None:
    mail = read_mail(f"{headers}\nFrom: a@b.example\n\nIs it open?\n".encode())
    made = email.message_from_bytes(reply_eml(REPLY, mail))
    known = {"Subject", "To", "In-Reply-To", "References", "X-Unsent", "MIME-Version", "Content-Type"}
    assert set(made.keys()) <= known
    assert len(made.keys()) == len(set(made.keys()))


def test_a_pasted_mail_is_replied_to_without_a_thread() -> None:
    made = email.message_from_bytes(reply_eml(REPLY, mail_of_text("May we apply?")), policy=default)
    assert (made["To"], made["In-Reply-To"], made["Subject"]) == (None, None, "Re:")


@pytest.mark.parametrize("language", available_languages())
def test_a_question_that_failed_is_said_to_be_open_and_none_is_said_so(language: str) -> None:
    failed = AnsweredQuestion(text="why?", result=ErrorResult(error=ErrorBody(code="failed", message="no store")))
    mail = read_mail((TUNED / "allegato-it.eml").read_bytes())
    one, none = write_reply(mail, [failed], language), write_reply(mail, [], language)
    assert one.answers[0].question == "Why?"
    said = phrases(language, "reply")
    assert f"1. Why?\n\n{said.say('answer.failed')}\n" in reply_text(one)
    assert said.say("answer.unanswered") not in reply_text(one)
    assert "no store" not in reply_text(one)
    assert none.answers == ()
    assert none.opening != one.opening
    assert one.closing in reply_text(none)
