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
        "gb29 nwbk 6016 1331 9268 19", "nl91abna0417164300", "fr14 2004 1010 0505 0001 3m02 606", "no93 8601 1117 947",
        "Ie29 aibk 9311 5212 3456 78", "mt84malt011000012345mtlcast001s", "Ro49 Aaaa 1b31 0075 9384 0000",
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
        "the eu28 with each town they name", "amif-2018-ag-inte and ag18 with 2018 and 2019",
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
    ("text", "names", "clean"),
    [
        ("i am giulia rossi of Turin", ["Giulia Rossi"], f"i am {MARK} of Turin"),
        ("GIULIA rossi; rossi, giulia; Rossi\nGiulia", ["Giulia Rossi"], f"{MARK}; {MARK}; {MARK}"),
        ("con GIUlia o con la rossi", ["Giulia Rossi"], f"con {MARK} o con la rossi"),
        ("hello giulia, is it?\n\nregards\nrossi", ["Giulia Rossi"], f"hello {MARK}, is it?\n\nregards\n{MARK}"),
        ("does mr petit know? a petit projet", ["Jean Petit"], f"does mr {MARK} know? a petit projet"),
        ("Frau weiß und UTE WEISS, und wer weiß", ["Ute Weiß"], f"Frau {MARK} und {MARK}, und wer weiß"),
        ("rose may apply, as may the rose", ["Rose Miller", "Theresa May"], "rose may apply, as may the rose"),
        ("jose muñoz y JOSÉ MUNOZ, una de las dos", ["José Muñoz de la Cruz"], f"{MARK} y {MARK}, una de las dos"),
        ("maria de la cruz et la croix de la mairie", ["María de la Cruz"], f"{MARK} et la croix de la mairie"),
        ("Many thanks, giulia", ["Giulia Rossi"], f"Many thanks, {MARK}"),
        ("Dupont asks jean-pierre dupont", ["Jean-Pierre Dupont-Martin"], f"{MARK} asks {MARK}"),
        ("ein Verein aus Deutschland", ["Diakonie Deutschland"], "ein Verein aus Deutschland"),
        ("łukasz żak pisze", ["Łukasz Żak"], f"{MARK} pisze"),
    ],
)  # fmt: skip
def test_a_name_is_taken_out_in_any_case_and_a_word_stays(text: str, names: list[str], clean: str) -> None:
    assert redact(text, names) == clean


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
    assert names_in(read_mail(b"From: giulia rossi <g@r.example>\n\nIs it open?\n")) == ("Giulia Rossi",)
    assert sender_in(read_mail(b"From: comune di torino <g@r.example>\n\nIs it open?\n")) == ""
