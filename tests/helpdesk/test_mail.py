"""What is read of a mail, whatever it is made of."""

import time
from email.message import EmailMessage

import pytest

from assistant.helpdesk.errors import UnreadableMail
from assistant.helpdesk.find import find_questions
from assistant.helpdesk.mail import mail_of_bytes, mail_of_text, read_mail
from assistant.helpdesk.personal import names_in, redact
from tests.helpdesk.mails import TUNED


def own(data: bytes) -> str:
    mail = read_mail(data)
    return "".join(mail.text[start:end] for start, end in mail.own)


def message(text: str, **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_headers_are_read_in_one_line_and_only_ids_are_ids() -> None:
    mail = read_mail((TUNED / "hostile.eml").read_bytes())
    assert mail.subject == "Call Bcc: victim@example.org"
    assert mail.message_id == "<x@evil.example>"
    assert mail.references == ("<a@b>", "<c@d>")
    assert mail.reply_to == "mallory@evil.example"


def test_names_are_read_as_people_are_called_also_unencoded() -> None:
    assert read_mail((TUNED / "allegato-it.eml").read_bytes()).sender_name == "Giulia Rossi"
    assert read_mail((TUNED / "handy-de.eml").read_bytes()).sender_name == "Ute Krämer"


def test_attachments_are_listed_and_those_of_known_types_read() -> None:
    (attachment,) = read_mail((TUNED / "allegato-it.eml").read_bytes()).attachments
    assert (attachment.name, attachment.problem) == ("progetto.docx", None)
    assert "comune della Sicilia" in attachment.text
    pdf, archive = read_mail((TUNED / "hostile.eml").read_bytes()).attachments
    assert pdf.name == "passwd.pdf"
    assert pdf.problem
    assert archive.problem == "is of a type that is not read: open it in its program"


def test_html_is_read_as_seen_and_what_it_quotes_is_not_the_senders() -> None:
    mail = read_mail((TUNED / "fil-html-fr.eml").read_bytes())
    assert "> Quelle est votre organisation" in mail.text
    assert "Quelle est votre organisation" not in "".join(mail.text[a:b] for a, b in mail.own)
    hostile = read_mail((TUNED / "hostile.eml").read_bytes()).text
    assert "password" not in hostile
    assert "<" not in hostile


def test_a_mail_inside_the_mail_is_passed_on() -> None:
    outer = message("Please see the attached mail.", From="a@b.example", Subject="Fwd")
    outer.add_attachment(message("Can a school take part?\n\nRegards\nAnn", From="c@d.example"))
    mail = read_mail(outer.as_bytes())
    assert [question.text for question in find_questions(mail)] == ["Can a school take part?"]
    assert [mail.text[a:b].strip() for a, b in mail.forwarded] == ["Can a school take part?"]


def test_of_a_mail_inside_the_mail_nothing_is_lost() -> None:
    inmost = message("When is the deadline?", From="Marek Lis <m@l.example>", Subject="Deadline")
    inner = message("Can a school take part?", From="Ann Doe <c@d.example>", To="Bo Ek <b@e.example>", Subject="School")
    inner.add_attachment("We are a school in Ireland.", filename="us.txt")
    inner.add_attachment(b"M\xfcnchen", "text", "plain", disposition="inline", params={"charset": "utf-8"})
    inner.add_attachment(inmost)
    outer = message("Please see the attached mail.", From="a@b.example")
    outer.add_attachment(inner)
    mail = read_mail(outer.as_bytes())
    assert [(file.name, file.text.strip()) for file in mail.attachments] == [("us.txt", "We are a school in Ireland.")]
    assert {question.text for question in find_questions(mail)} == {"Can a school take part?", "When is the deadline?"}
    assert mail.notices == ("undecodable",)
    assert "From: Marek Lis <m@l.example>\nSubject: Deadline\n\nWhen is" in mail.text
    assert {"Ann Doe", "Bo Ek", "Marek Lis"} <= set(names_in(mail))


def test_all_mails_inside_a_mail_share_its_limits() -> None:
    outer = message("See these.", From="a@b.example")
    for _ in range(15):
        inner = message("One of many.", From="c@d.example")
        for number in range(10):
            inner.add_attachment(b"x", "application", "zip", filename=f"{number}.zip")
        outer.add_attachment(inner)
    mail = read_mail(outer.as_bytes())
    assert len(mail.attachments) < 100
    assert mail.notices == ("parts",)


def test_an_encoded_mail_inside_the_mail_is_listed() -> None:
    data = (
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\nSee this.\n--b\nContent-Type: message/rfc822; name=it.eml\nContent-Transfer-Encoding: base64\n\n"
        b"RnJvbTogYUBiLmV4YW1wbGUKCkhlbGxvCg==\n--b--\n"
    )
    mail = read_mail(data)
    assert (mail.text, [file.name for file in mail.attachments]) == ("See this.", ["it.eml"])


def test_an_encoding_that_lies_is_said() -> None:
    data = b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nM\xfcnchen fragt: geht das?\n"
    mail = read_mail(data)
    assert "München" in mail.text
    assert mail.notices == ("undecodable",)


def test_a_long_mail_is_cut_and_says_so() -> None:
    mail = mail_of_text("word " * 100_000)
    assert len(mail.text) == 200_000
    assert mail.notices == ("cut",)


MANY = b"Received: from a\n" + b"\tby b\n" * 200 + b"To: a@b.example\n" * 300


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"From a@b.example Thu Nov 26 10:00:00 2026\n", b"\n", MANY])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_mail_is_known_by_its_headers(before: bytes, end: bytes) -> None:
    encoded = b"MIME-Version: 1.0\nContent-Transfer-Encoding: base64\nFrom: a@b.example\n\nSXMgaXQgb3Blbj8=\n"
    mail = mail_of_bytes((before + encoded).replace(b"\n", end))
    assert (mail.text.strip(), mail.sender_address) == ("Is it open?", "a@b.example")


@pytest.mark.parametrize(
    "text", ["From: Ann\nSent: Monday\nTo: Bo\n\nIs it open?", "Dear all,\nMessage-ID: is it needed?\n\nRegards"]
)
def test_a_text_is_no_mail_file(text: str) -> None:
    assert mail_of_bytes(text.encode()).text == text


@pytest.mark.parametrize("data", [b"", b"  \n ", b"\xff\xfe\x00\xd8", b"From: a@b.example\nMIME-Version: 1.0\n\n"])
def test_what_holds_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableMail):
        mail_of_bytes(data)


def test_what_is_too_deep_or_too_much_is_refused() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(500)
    )
    many = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000
    for data in (nested, many, b"Subject: x\n\n" + b"\n" * 2_000_000, b"x" * 26 * 1024 * 1024):
        with pytest.raises(UnreadableMail):
            read_mail(data)


REPEATED = (
    "1 2 3 ", "a.b-", "Mr A ", "> ", "On a, b wrote:\n", "via Aa ", "AA12 ", "and please ", "(1", "- a\n", "thanks\n\n",
)  # fmt: skip
HOSTILE = [
    b"Content-Type: text/plain; " + b';"' * 500_000 + b"\n\nIs it open?",
    b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\n\nIs it open?",
    b"From: " + b'"<(' * 300_000 + b"\n\nIs it open?",
    b"References: " + b"<a@" * 300_000 + b"\n\nIs it open?",
    b"Content-Type: text/html\n\n" + b"<blockquote " * 100_000,
    b"Content-Type: text/html\n\n" + b"<div>" * 100_000 + b"Is it open?",
    *(b"\n\n" + text.encode() * (100_000 // len(text)) for text in REPEATED),
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_time_grows_no_faster_than_a_hostile_mail(data: bytes) -> None:
    started = time.process_time()
    try:
        mail = read_mail(data)
    except UnreadableMail:
        return
    find_questions(mail)
    redact(mail.text, names_in(mail))
    assert time.process_time() - started < 10
