"""The page around Gradio's."""

import datetime as dt
import json
from types import SimpleNamespace

import pytest

from assistant.ui.chat import ABANDONED_AFTER, FORGET_AFTER, forget
from assistant.ui.shell import dress

PAGE = (
    '<html\n lang="en">\n<head>\n<meta charset="utf-8" />\n<meta property="og:title" content="Gradio" />\n</head>'
    '<body style="x"><script>config = {"label": "%%label%%"}</script>'
)
VALUES = {"label": "Say \"yes\" </script> & 'no'"}


def test_the_page_gets_our_language_head_and_body() -> None:
    page = dress(PAGE, "fr", "<HEAD>", "<BODY>", VALUES)
    assert page.startswith(
        '<html\n lang="fr">\n<head>\n<meta charset="utf-8" /><HEAD>\n</head><body style="x"><BODY><script>'
    )


def test_a_value_reaches_the_script_and_does_not_leave_it() -> None:
    page = dress(PAGE, "fr", "", "", VALUES)
    script = page.partition("config = ")[2].removesuffix("</script>")
    assert json.loads(script) == VALUES
    assert not set("<>&'") & set(script)


@pytest.mark.parametrize("lost", ['lang="en"', '<meta charset="utf-8" />', '<body style="x">', "%%label%%"])
def test_a_page_of_another_form_is_refused(lost: str) -> None:
    with pytest.raises(ValueError, match="Gradio"):
        dress(PAGE.replace(lost, ""), "fr", "<HEAD>", "<BODY>", VALUES)


def test_conversations_are_forgotten() -> None:
    now = dt.datetime(2026, 11, 24, 12)
    second = dt.timedelta(seconds=1)
    sessions = {
        "closed": (True, FORGET_AFTER + second),
        "just closed": (True, FORGET_AFTER - second),
        "open": (False, FORGET_AFTER + second),
        "abandoned": (False, ABANDONED_AFTER + second),
    }
    holder = SimpleNamespace(
        session_data={name: SimpleNamespace(is_closed=closed) for name, (closed, _) in sessions.items()},
        time_last_used={name: now - unused for name, (_, unused) in sessions.items()} | {"evicted": now},
    )
    queue = SimpleNamespace(
        pending_messages_per_session=dict.fromkeys(holder.time_last_used, "news"),
        pending_event_ids_session={name: {"event"} for name in holder.time_last_used},
    )
    forget(holder, queue, now)
    assert set(holder.session_data) == set(holder.time_last_used) == {"just closed", "open"}
    assert set(queue.pending_messages_per_session) == set(queue.pending_event_ids_session) == {"just closed", "open"}
