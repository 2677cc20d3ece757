"""Results as readable text, for a terminal."""

import textwrap

from assistant.phrases import phrases
from assistant.results import AskResult, CheckResult, Citation, PassageResult, SearchResult, section_within
from index.records import BuildReport

WIDTH = 100


def answer_text(result: AskResult) -> str:
    """An answer with the quotes under it."""
    parts = [result.notice] if result.notice else []
    parts.append(_wrap(result.answer.replace("\\[", "[").replace("\\]", "]")))
    for conflict in result.conflicts:
        parts.append(_wrap(conflict.text + "".join(f" [{n}]" for n in conflict.citations)))
    if result.conditions:
        marks = {True: "✓", False: "✗", None: "?"}
        parts.append(
            "\n".join(f"{marks[c.met]} {c.text}" + "".join(f" [{n}]" for n in c.citations) for c in result.conditions)
        )
    words = phrases(result.language, "ui")
    parts += [f"{words.say('answer.unanswered')}: {part}" for part in result.unanswered]
    if result.citations:
        parts.append("\n\n".join(_source(citation, result.language) for citation in result.citations))
    if result.nearest:
        lines = [f"{words.say('answer.nearest')}:"]
        lines += [f"- {_place(p)} ({p.document})" for p in result.nearest]
        parts.append("\n".join(lines))
    if result.contact:
        parts.append(words.say("answer.contact", contact=result.contact))
    return "\n\n".join(parts)


def _source(citation: Citation, language: str) -> str:
    words, weight = phrases(language, "ui"), phrases(language).say(f"authority.{citation.authority}")
    if citation.kind == "summary":
        what = words.say("source.summary_of", what=words.say("source.other_sources"))
        weight = words.say("source.summary_weight", summary=what, authority=weight)
    place = " · ".join(
        filter(
            None,
            [
                weight,
                citation.title,
                section_within(citation.title, citation.section),
                words.say("source.page", number=citation.page) if citation.page else None,
                f"{citation.document} {citation.start}–{citation.end}",
            ],
        )
    )
    quote = textwrap.indent(_wrap(citation.quote), "    ")
    return f"[{citation.number}] {place}\n{quote}"


def check_text(result: CheckResult) -> str:
    """Whether the sentence is carried, and under it what speaks against it."""
    said = "supported" if result.supported else "not supported"
    return "\n".join([f"{said} ({result.probability:.2f})", *(f"- {reason}" for reason in result.reasons)])


def search_text(result: SearchResult) -> str:
    """Ranked passages, each with its place."""
    if not result.results:
        return "Nothing was found."
    return "\n\n".join(
        f"{p.rank}. {_place(p)}  ({p.document} {p.start}–{p.end}, score {p.score})\n"
        + textwrap.indent(_wrap(p.text), "    ")
        for p in result.results
    )


def _place(passage: PassageResult) -> str:
    inside = section_within(passage.title, passage.section)
    return f"{passage.title} · {inside}" if inside else passage.title


def report_text(report: BuildReport, *, dry_run: bool) -> str:
    """What a refresh did or would do: a line for each change and each file that was not read, then the sum."""
    lines = [f"{note.kind}: {note.path}: {note.reason}" for note in report.notes]
    changes = {"add": report.added, "read again": report.changed, "remove": report.removed}
    if dry_run:
        lines += [f"would {what}: {name}" for what, names in changes.items() for name in names]
        lines += ["would take up: call.toml"] if report.profile_changed else []
        counts = ", ".join(f"{len(names)} to {what}" for what, names in changes.items())
        return "\n".join([*lines, f"{counts}, {len(report.unchanged)} unchanged; nothing was written"])
    documents = len(report.added) + len(report.changed) + len(report.unchanged)
    lines.append(
        f"{documents} documents, {report.passages} passages: {len(report.added)} added, {len(report.changed)} changed, "
        f"{len(report.removed)} removed, {report.embedded} passages embedded in {report.seconds:.1f} s"
    )
    return "\n".join([*lines, f"state {report.version}" + ("" if report.published else ", unchanged")])


def _wrap(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )
