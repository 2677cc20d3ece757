"""Personal data are taken out, and what a question needs stays."""

import pytest

from assistant.helpdesk.mail import mail_of_text, read_mail
from assistant.helpdesk.personal import MARK, names_in, person_in, redact, sender_in
from tests.helpdesk.mails import TUNED


@pytest.mark.parametrize(
    "personal",
    [
        "anna.muster@example.org", "+43 664 123 45 67", "0043664/1234567", "0664 1234567", "(0732) 7070-1234",
        "612 345 678", "091 123 4567", "DE89 3704 0044 0532 0130 00", "NL91ABNA0417164300", "be68 5390 0754 7034",
        "Annenstraße 12, 8020 Graz", "12 Harbour Street", "rue de la Loi 15, 1000 Bruxelles", "15, rue de la Paix",
        "via Roma 1, 90133 Palermo", "ul. Długa 5/7, 31-147 Kraków", "Calle Mayor 3", "SW1A 1AA",
    ],
)  # fmt: skip
def test_personal_data_are_taken_out(personal: str) -> None:
    assert redact(f"Before {personal}, after.") == f"Before {MARK}, after."


@pytest.mark.parametrize(
    "text",
    [
        "The grant is between 300 000 and 800 000 EUR.", "from 31.01.2019 to 2019-02-28", "the years 2014-2020",
        "AMIF-2018-AG-INTE, Regulation (EU) No 516/2014", "€ 16 200 000", "at least 3 partners in 2 Member States",
        "Priority 1, Art. 5 (2)", "17:00 on 31 January 2019", "in place of 3 partners",
    ],
)  # fmt: skip
def test_what_a_question_needs_stays(text: str) -> None:
    assert redact(text) == text


def test_a_name_is_taken_out_wherever_it_stands() -> None:
    mail = read_mail((TUNED / "inoltrata-es.eml").read_bytes())
    names = names_in(mail)
    assert {"Carlos Ruiz", "Ana Gómez"} <= set(names)
    clean = redact(mail.text, names)
    assert not any(part in clean for part in ("Carlos", "Ruiz", "Ana ", "Gómez", "@"))
    assert "Somos un ayuntamiento de Valencia" in clean


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dr. Anna Maria Muster", "Anna Maria Muster"), ("Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("AMIF helpdesk", ""), ("City of Turin", ""), ("Stadt Graz", ""), ("info@example.org", ""), ("", ""),
        ("Mallory: Bcc", ""), ("Peter 2", ""),
    ],
)  # fmt: skip
def test_people_are_told_from_organisations(text: str, name: str) -> None:
    assert person_in(text) == name


def test_the_sender_is_known_by_header_or_signature() -> None:
    assert sender_in(read_mail((TUNED / "inoltrata-es.eml").read_bytes())) == "Carlos Ruiz"
    assert sender_in(mail_of_text("Is it open?\n\nKind regards\nAnn Lee\nDirector")) == "Ann Lee"
    assert sender_in(mail_of_text("Is it open?\n\nKind regards\nAnn")) == ""
