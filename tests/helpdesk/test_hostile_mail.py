"""Whatever stands in the headers of a mail, it is read or refused, and its reply has our headers alone."""

import email
import random

import pytest

from assistant.helpdesk.errors import UnreadableMail
from assistant.helpdesk.export import reply_eml
from assistant.helpdesk.mail import read_mail
from assistant.helpdesk.records import Mail, Reply

REPLY = Reply(language="en", salutation="Hello", opening="", answers=(), closing="Bye")
OURS = {"Subject", "To", "In-Reply-To", "References", "X-Unsent", "MIME-Version", "Content-Type"}
MAIL = b"""\
MIME-Version: 1.0
Message-ID: <one@a.example>
References: <zero@a.example>
From: "Krause, Eva" <eva@a.example>
Reply-To: Office <office@a.example>
To: Desk <desk@b.example>, Jo Lee <jo@b.example>
Subject: =?utf-8?q?Frage_zu_AMIF?=
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Is the call open?
--b
Content-Type: application/zip; name="plan.zip"
Content-Disposition: attachment; filename="plan.zip"
Content-Transfer-Encoding: base64

UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==
--b--
"""
PIECES = (
    b"=?utf-8?b?A?=", b"=?utf-8?q?=0a?=", b"=?utf-16?b?2AA=?=", b"=?unicode_escape?q?=5Cud800?=", b"=?x\0?q?a?=",
    b"=?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0ABcc:_x?=", b"=?", b"?=", b"\0", b"*0*=", b"*=\0''", b"; charset*=utf-8''a",
    b"; name*=x'y'z", b"; filename*1*=a", b"; boundary*0=a; boundary*=b", b"(", b'"', b"[", b"<", b"@", b",", b":",
    b"\xff", b"\n ", b"\n", b"message/rfc822", b"x-uuencode", b"quoted-printable", b"charset=utf-16", b"charset=idna",
)  # fmt: skip


def check(mail: Mail) -> None:
    """The mail can be kept, and its reply has our headers alone."""
    assert Mail.model_validate_json(mail.model_dump_json()) == mail
    names = email.message_from_bytes(reply_eml(REPLY, mail)).keys()
    assert set(names) <= OURS
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "headers",
    [
        b"Subject: =?utf-8?b?A?=",
        b"From: =?utf-8?b?A?= <a@b.example>",
        b"Subject: =?x\0?q?a?=",
        b"Content-Type: text/plain; charset*=\0''x",
        b"Content-Type: text/plain; name*=\0''x",
        b"Content-Type: text/plain; name*0*=a'b; name*x=3; name*999=1; name=n; name*=m",
        b"Subject: =?unicode_escape?q?=5Cud800?=",
    ],
)
def test_broken_headers_hide_no_question(headers: bytes) -> None:
    mail = read_mail(headers + b"\nX-Last: a\n\nIs the call open?\n")
    assert "Is the call open?" in mail.text or [file.name for file in mail.attachments]
    check(mail)


@pytest.mark.parametrize("seed", range(8))
def test_random_headers_break_nothing(seed: int) -> None:
    choose = random.Random(seed)
    headers = MAIL.index(b"UEsF")
    read = 0
    for _ in range(250):
        data = bytearray(MAIL)
        for _ in range(choose.randint(1, 6)):
            at = choose.randrange(headers)
            data[at : at + choose.choice((0, 0, 1, 8))] = choose.choice(PIECES)
        try:
            mail = read_mail(bytes(data))
        except UnreadableMail:
            continue
        check(mail)
        read += 1
    assert read > 100


@pytest.mark.parametrize(
    "address",
    [
        "a@[",
        "x,boss@corp.example",
        "=?utf-8?q?=0aBcc:_v=40w.example?=@b.example",
        "(@b",
        "a@b\n",
        "a..b@c",
        "ü@b.example",
    ],
)
def test_a_reply_goes_to_no_odd_address(address: str) -> None:
    mail = Mail(text="Is it open?", own=(), reply_to=address)
    assert email.message_from_bytes(reply_eml(REPLY, mail))["To"] is None
