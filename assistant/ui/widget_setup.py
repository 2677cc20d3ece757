"""The page for web editors: lines for their site, with a preview, what their policy has to allow, and steps."""

from babel import Locale

from assistant.phrases import available_languages
from assistant.ui.markup import render
from assistant.ui.words import Words

POSITIONS = ("bottom-right", "bottom-left", "top-right", "top-left")


def render_setup(words: Words, keep_days: int, a_day: int) -> str:
    """The page; `a_day` questions a day are answered on a site, and counts are kept `keep_days` days."""
    languages = [(code, Locale(code).get_display_name(code) or code) for code in available_languages()]
    return render(
        "widget_setup.html", words, languages=languages, positions=POSITIONS, keep_days=keep_days, a_day=a_day
    )


def render_preview(words: Words) -> str:
    """A page of nobody's on which the widget is shown as it was set up."""
    return render("widget_preview.html", words)
