"""The helpdesk's workspace in a browser: from the e-mail to the reply in Word and in a mail program."""

import email
import threading
from collections.abc import Callable
from contextlib import closing
from email import policy
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from assistant.results import AskRequest
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.storage.accounts import Accounts
from assistant.storage.database import Database
from tests.assistant.ui.fakes import ANSWERED, BODIES, CLUBS, NOT_FOUND, FakeAssistant
from tests.browser.axe import violations
from tests.browser.conftest import Open, Serve, Watch

pytestmark = pytest.mark.browser

NGO = "Can an NGO be a partner in a priority 1 network?"
NAME, PASSWORD = "ada", "seven green boats at noon"
WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 700, "height": 900}
MAIL = f"""Dear helpdesk,

We are a small club with a garden.

{ANSWERED.question} We would also like to know one thing.

{NOT_FOUND.question}

Kind regards,
Jo Example
"""


def add_account(database: Path) -> None:
    with closing(Database(f"sqlite:///{database}")) as opened:
        Accounts(opened).add(NAME, PASSWORD)


@pytest.fixture(scope="module")
def account(kept_site: str, database: Path) -> None:
    add_account(database)


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="New case")).to_be_visible()


def new_case(page: Page, mail: str = MAIL) -> None:
    page.get_by_label("Paste the e-mail").fill(mail)
    page.get_by_role("button", name="Find its questions").click()
    expect(page.locator("#mail-title")).to_have_count(1)
    page.wait_for_load_state()  # the script is there


def draft(page: Page, answers: int) -> None:
    page.get_by_role("button", name="Answer the questions").click()
    expect(page.locator(".answer")).to_have_count(answers)
    expect(page.get_by_text("Not answered yet")).to_have_count(0, timeout=120_000)


def sentence(page: Page, number: int, answer: int) -> Locator:
    return page.get_by_label(f"Sentence {number} of answer {answer}", exact=True)


def row(field: Locator) -> Locator:
    return field.locator("xpath=ancestor::li[@data-mark]")


def change(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Tab")


OpenCase = Callable[..., Page]


@pytest.fixture
def case(site: str, account: None, visit: Open) -> OpenCase:
    """Opens a case with its questions answered, over answers made by hand."""

    def opened(**options: object) -> Page:
        page = visit(f"{site}/helpdesk", **({"viewport": WIDE} | options))
        sign_in(page)
        new_case(page)
        if options.get("java_script_enabled", True):
            if options.get("viewport") == NARROW:
                page.get_by_role("button", name="Draft").click()
            draft(page, 2)
        return page

    return opened


def test_from_the_mail_to_the_reply(
    assistant: Assistant, settings: Settings, serve: Serve, visit: Open, tmp_path: Path
) -> None:
    database = tmp_path / "helpdesk.sqlite3"
    mail = EmailMessage()
    mail["From"], mail["To"] = "Jo Example <jo@example.org>", "helpdesk@example.eu"
    mail["Subject"], mail["Message-ID"] = "Partners", "<one@example.org>"
    mail.set_content(f"Dear helpdesk,\n\n{NGO} How long may a project last?\n\nJo Example")
    add_account(database)
    quotes = [c.quote for c in assistant.ask(AskRequest(question=NGO)).citations]  # also loads what answering needs
    with serve(assistant, settings.model_copy(update={"database_url": f"sqlite:///{database}"})) as address:
        page = visit(f"{address}/helpdesk", viewport=WIDE)
        sign_in(page)
        assert violations(page) == []
        new_case(page, mail.as_string())
        expect(page.locator("mark.asked")).to_have_text([NGO, "How long may a project last?"])
        page.set_default_timeout(60_000)
        draft(page, 2)
        expect(page.locator(".answer").first.locator("blockquote").first).to_have_text(quotes[0])
        expect(page.locator('[data-mark="not_carried"]')).to_have_count(0)
        first = page.locator('[data-mark="carried"] textarea[id*="sentences"]').first
        carried = page.locator(f'[id="{first.get_attribute("id")}"]')
        change(carried, "Only companies with 500 employees can be partners.")
        expect(row(carried)).to_have_attribute("data-mark", "not_carried", timeout=30_000)
        expect(row(carried)).to_contain_text("changed by hand")
        expect(row(carried)).to_contain_text("500")
        expect(page.locator("#unproved")).to_have_text("One sentence is not carried by a quote.")
        assert violations(page) == []

        row(carried).locator("summary").click()
        row(carried).get_by_role("searchbox").fill("networks non-governmental organisations involve")
        row(carried).get_by_role("button", name="Search", exact=True).click()
        expect(row(carried).locator("#found")).to_be_visible(timeout=30_000)
        chosen = row(carried).locator("#found li").filter(has_text="could also involve NGOs").first
        quote = chosen.locator("q").inner_text()
        chosen.get_by_role("button").click()
        expect(row(carried).locator("blockquote").filter(has_text=quote).last).to_be_visible(timeout=30_000)
        expect(row(carried)).to_have_attribute("data-mark", "not_carried")
        change(carried, f"The page says: “{quote}”")
        expect(row(carried)).to_have_attribute("data-mark", "carried", timeout=30_000)
        expect(page.locator("#unproved")).to_contain_text("Every sentence is carried")
        page.get_by_role("button", name="Approve").click()
        expect(page.locator(".approval .done")).to_contain_text("Approved")
        assert violations(page) == []

        saved = {}
        for name in ("Word (.docx)", "E-mail (.eml)", "HTML", "Plain text"):
            with page.expect_download() as download:
                page.get_by_role("link", name=name, exact=True).click()
            saved[name] = Path(download.value.path())
    document = docx.Document(str(saved["Word (.docx)"]))
    assert any(quote in paragraph.text for paragraph in document.paragraphs)
    notes = [part for part in document.part.package.iter_parts() if part.partname == "/word/footnotes.xml"]
    assert len(notes) == 1
    assert quote.split()[-1] in notes[0].blob.decode()
    message = email.message_from_bytes(saved["E-mail (.eml)"].read_bytes(), policy=policy.default)
    assert message["In-Reply-To"] == message["References"] == "<one@example.org>"
    assert "jo@example.org" in message["To"]
    body = message.get_body(("plain",))
    assert body is not None
    assert "[1]" in body.get_content()
    words = " ".join(body.get_content().split())
    assert words.count(" ".join(quote.split())) >= 2
    assert quote in saved["HTML"].read_text(encoding="utf-8")
    assert "500" not in words


@pytest.mark.usefixtures("account")
class TestSignIn:
    def test_leads_there_and_back(self, site: str, visit: Open) -> None:
        page = visit(f"{site}/helpdesk/cases/none")
        expect(page).to_have_url(f"{site}/helpdesk/sign-in")
        assert violations(page) == []
        sign_in(page)
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{site}/helpdesk/sign-in")
        page.goto(f"{site}/helpdesk/")
        expect(page).to_have_url(f"{site}/helpdesk/sign-in")

    def test_says_that_it_was_wrong(self, site: str, visit: Open, watch: Watch) -> None:
        watch.allowed.add("401")
        page = visit(f"{site}/helpdesk/sign-in")
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Password").fill("something else entirely")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
        expect(page.get_by_label("Name")).to_have_value(NAME)
        assert violations(page) == []


class TestDraft:
    def test_marks_what_is_changed_and_takes_it_back(self, case: OpenCase) -> None:
        page = case()
        field = sentence(page, 2, 1)
        expect(field).to_have_value(f"“{CLUBS}”")
        expect(sentence(page, 1, 1)).to_have_value("The sources say yes, under conditions.")
        expect(row(sentence(page, 1, 1))).to_have_attribute("data-mark", "frame")
        change(field, "Clubs get 5 million.")
        expect(row(field)).to_have_attribute("data-mark", "not_carried")
        expect(page.locator("#status")).to_have_text("Not carried by a quote · ✎ changed by hand")
        page.get_by_role("button", name="Undo").click()
        expect(field).to_have_value(f"“{CLUBS}”")
        expect(row(field)).to_have_attribute("data-mark", "carried")

    def test_keeps_what_is_typed_while_another_sentence_is_checked(self, case: OpenCase) -> None:
        page = case()
        first, second = sentence(page, 2, 1), sentence(page, 3, 1)
        first.fill("One.")
        second.focus()
        second.fill("Two, unfinished")
        expect(row(first)).to_have_attribute("data-mark", "not_carried")
        expect(second).to_have_value("Two, unfinished")
        expect(second).to_be_focused()
        second.press("Tab")
        expect(row(second)).to_have_attribute("data-mark", "not_carried")
        page.reload()
        expect(second).to_have_value("Two, unfinished")

    def test_writes_each_text_to_its_own_sentence(self, case: OpenCase, fake: FakeAssistant) -> None:
        page = case()
        first, second, third = (page.locator(f"#text-1\\.sentences\\.{key}") for key in range(3))
        fake.check_gate = threading.Event()
        change(third, "Three.")
        first.fill("")
        second.focus()
        change(second, "Two.")
        third.focus()
        third.fill("Three, more")
        fake.check_gate.set()
        expect(first).to_have_count(0)
        expect(row(second)).to_have_attribute("data-mark", "not_carried")
        expect(third).to_have_value("Three, more")
        third.press("Tab")
        expect(page.locator("#status")).to_contain_text("changed by hand")
        page.reload()
        expect(first).to_have_count(0)
        expect(second).to_have_value("Two.")
        expect(third).to_have_value("Three, more")

    def test_does_what_is_pressed_while_an_edit_is_saved(self, case: OpenCase, fake: FakeAssistant) -> None:
        page = case()
        place = row(sentence(page, 2, 1))
        place.locator("summary").click()
        place.get_by_role("button", name="Replace source 1").click()
        expect(place.locator("#found")).to_be_focused()
        fake.check_gate = threading.Event()
        change(sentence(page, 3, 1), "No quote says this.")
        place.get_by_role("button", name=f"Use: {BODIES}").click()
        page.get_by_role("button", name="Drop question 2").click()
        page.get_by_role("button", name="Strike answer 2").click()
        fake.check_gate.set()
        expect(page.locator("#status")).to_have_text("What this changes is no longer there, so it was not done.")
        expect(page.locator(".answer")).to_have_count(1)
        expect(place.locator("blockquote")).to_have_text(BODIES)
        expect(row(sentence(page, 3, 1))).to_have_attribute("data-mark", "not_carried")
        expect(page.get_by_role("heading", name="Draft")).to_be_focused()

    def test_a_button_held_down_while_an_edit_is_saved_is_pressed(self, case: OpenCase, fake: FakeAssistant) -> None:
        page = case()
        fake.check_gate = threading.Event()
        strike = page.get_by_role("button", name="Strike answer 1")
        strike.scroll_into_view_if_needed()
        sentence(page, 2, 1).evaluate("field => field.focus({ preventScroll: true })")
        page.keyboard.type("More. ")
        strike.hover()
        page.mouse.down()
        with page.expect_response(lambda response: response.url == page.url) as saved:
            fake.check_gate.set()
        saved.value.finished()
        page.evaluate("new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))")
        page.mouse.up()
        expect(page.get_by_text("struck: not in the reply")).to_be_visible()

    def test_a_sentence_that_was_emptied_stays_while_another_window_is_used(self, case: OpenCase) -> None:
        page = case()
        text = sentence(page, 2, 1)
        text.fill("")
        page.evaluate("document.hasFocus = () => false")
        text.evaluate("field => field.dispatchEvent(new FocusEvent('focusout', { bubbles: true }))")
        page.evaluate("delete document.hasFocus")
        text.fill("Pasted from elsewhere.")
        text.press("Tab")
        expect(page.locator("#status")).to_contain_text("changed by hand")
        expect(text).to_have_value("Pasted from elsewhere.")

    def test_leaves_only_with_the_last_edit(self, case: OpenCase, fake: FakeAssistant) -> None:
        page = case()
        address = page.url
        fake.check_gate = threading.Event()
        sentence(page, 2, 1).fill("Typed before the export.")
        with page.expect_download() as download:
            page.get_by_role("link", name="Plain text", exact=True).click()
            fake.check_gate.set()
        assert "Typed before the export." in Path(download.value.path()).read_text(encoding="utf-8")
        fake.check_gate = threading.Event()
        sentence(page, 2, 1).fill("Typed before the next case.")
        with page.expect_event("load"):
            page.keyboard.press("Alt+KeyG")
            fake.check_gate.set()
        page.goto(address)
        expect(sentence(page, 2, 1)).to_have_value("Typed before the next case.")
        sentence(page, 2, 1).press_sequentially("Typed and left. ")
        asked: list[str] = []

        def leave(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.once("dialog", leave)
        page.goto(f"{address.rsplit('/cases', 1)[0]}/")
        assert asked == ["beforeunload"]

    def test_replaces_removes_and_inserts_evidence(self, case: OpenCase) -> None:
        page = case()
        place = row(sentence(page, 2, 1))
        place.locator("summary").click()
        expect(place.locator("blockquote")).to_have_text(CLUBS)
        place.get_by_role("button", name="Replace source 1").click()
        place.get_by_role("button", name=f"Use: {BODIES}").click()
        expect(place.locator("blockquote")).to_have_text(BODIES)
        expect(place).to_have_attribute("data-mark", "not_carried")
        place.get_by_role("button", name="Remove source 1").click()
        expect(place.locator("blockquote")).to_have_count(0)
        answer = page.locator(".answer").nth(1)
        answer.get_by_text("insert a passage").click()
        answer.locator(".search").last.get_by_role("button").click()
        answer.get_by_role("button", name=f"Use: {BODIES}").click()
        expect(sentence(page, 2, 2)).to_have_value(f"“{BODIES}”")
        expect(row(sentence(page, 2, 2))).to_have_attribute("data-mark", "carried")

    def test_strikes_an_answer(self, case: OpenCase) -> None:
        page = case()
        page.get_by_role("button", name="Strike answer 1").click()
        expect(page.get_by_text("struck: not in the reply")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Plain text", exact=True).click()
        assert CLUBS not in Path(download.value.path()).read_text(encoding="utf-8")
        page.get_by_role("button", name="Take answer 1 in again").click()
        expect(sentence(page, 2, 1)).to_have_value(f"“{CLUBS}”")

    def test_is_approved_only_where_somebody_vouches(self, case: OpenCase) -> None:
        page = case()
        change(sentence(page, 2, 1), "We will call you on Monday.")
        page.get_by_label("I vouch for what no quote carries").check()
        page.get_by_role("button", name="Approve").click()
        expect(page.locator(".approval .done")).to_contain_text("Approved")
        change(sentence(page, 2, 1), "We will call you on Tuesday.")
        expect(page.get_by_role("button", name="Approve")).to_be_visible()


class TestQuestions:
    def test_are_added_joined_and_dropped(self, case: OpenCase) -> None:
        page = case()
        page.evaluate(
            """() => {
                const text = document.getElementById("mail-text").firstChild, range = document.createRange();
                const at = text.data.indexOf("We are a small club");
                range.setStart(text, at);
                range.setEnd(text, at + "We are a small club".length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
            }"""
        )
        expect(page.locator("#new-question")).to_have_value("We are a small club")
        page.get_by_role("button", name="Add a question").click()
        marked = page.locator("mark.asked")
        expect(marked).to_have_text(["We are a small club", ANSWERED.question, NOT_FOUND.question])
        page.get_by_role("button", name="Join question 2 with the one before").click()
        expect(page.locator(".questions li")).to_have_count(2)
        expect(page.locator(".questions li").first).to_contain_text(f"We are a small club {ANSWERED.question}")
        page.get_by_role("button", name="Drop question 1").click()
        expect(page.locator(".questions li")).to_have_count(1)
        expect(page.get_by_text("Not answered yet")).to_have_count(0)

    def test_a_change_elsewhere_is_not_overwritten(self, case: OpenCase, watch: Watch) -> None:
        watch.allowed.add("409")
        page = case()
        other = page.context.new_page()
        other.goto(page.url)
        change(sentence(other, 2, 1), "Changed elsewhere.")
        expect(row(sentence(other, 2, 1))).to_have_attribute("data-mark", "not_carried")
        change(sentence(page, 2, 1), "Changed here.")
        expect(page.locator("#status")).to_contain_text("Somebody changed this case meanwhile")
        expect(sentence(page, 2, 1)).to_have_value("Changed here.")


class TestKeyboard:
    def test_goes_through_the_case(self, case: OpenCase) -> None:
        page = case()
        change(sentence(page, 3, 1), "No quote says this.")
        expect(row(sentence(page, 3, 1))).to_have_attribute("data-mark", "not_carried")
        page.locator("#workspace").focus()
        page.keyboard.press("Alt+KeyJ")
        expect(sentence(page, 3, 1)).to_be_focused()
        page.keyboard.press("Alt+KeyK")
        expect(page.locator("[data-question='2']")).to_be_focused()
        page.keyboard.press("Alt+KeyK")
        expect(page.locator("[data-question='1']")).to_be_focused()
        page.keyboard.press("Alt+Enter")
        expect(page.locator("#approve")).to_be_focused()
        before = page.url
        page.goto(before.rsplit("/cases", 1)[0] + "/")
        new_case(page)
        here = page.url
        page.keyboard.press("Alt+KeyG")
        page.wait_for_url(lambda url: "/cases/" in url and url != here)

    def test_letters_alone_do_nothing(self, case: OpenCase) -> None:
        page = case()
        field = sentence(page, 1, 1)
        field.fill("")
        page.keyboard.type("jkg")
        expect(field).to_have_value("jkg")
        expect(field).to_be_focused()

    def test_are_told(self, case: OpenCase) -> None:
        page = case()
        page.get_by_role("button", name="Keys").click()
        expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next sentence that no quote carries")
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Keys")).to_be_focused()


class TestLayout:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_three_columns_for_everybody(self, case: OpenCase, scheme: str) -> None:
        page = case(color_scheme=scheme)
        expect(page.locator(".column:visible")).to_have_count(3)
        page.locator("details.evidence > summary").first.click()
        change(sentence(page, 2, 1), "No quote says this.")
        expect(row(sentence(page, 2, 1))).to_have_attribute("data-mark", "not_carried")
        assert violations(page) == []

    def test_tabs_in_a_narrow_window(self, case: OpenCase) -> None:
        page = case(viewport=NARROW)
        expect(page.locator(".column:visible")).to_have_count(1)
        assert violations(page) == []
        page.get_by_role("button", name="E-mail").click()
        expect(page.locator("#mail-text")).to_be_visible()
        expect(page.locator("#draft-title")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0

    def test_works_without_a_script(self, case: OpenCase) -> None:
        page = case(java_script_enabled=False)
        page.get_by_role("button", name="Answer the questions").click()
        expect(page.get_by_text("Not answered yet")).to_have_count(1)
        page.get_by_role("button", name="Answer the questions").click()
        sentence(page, 2, 1).fill("No quote says this.")
        row(sentence(page, 2, 1)).get_by_role("button", name="Check").click()
        expect(row(sentence(page, 2, 1))).to_have_attribute("data-mark", "not_carried")


def test_a_case_is_deleted_at_once(case: OpenCase) -> None:
    page = case()
    address = page.url
    page.get_by_text("Delete this case and its e-mail").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="New case")).to_be_visible()
    assert page.locator(f'a[href="{address.split("/", 3)[3]}"]').count() == 0
