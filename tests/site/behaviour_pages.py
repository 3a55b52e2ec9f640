"""Write the pages about behaviour: what releases of OpenvCloud do differently, by topic and one page for each."""

from __future__ import annotations

import re

from ovcgen.diff.behaviour_changes import PREFIX
from ovcgen.release_behaviours import BEHAVIOURS, TOPICS, ReleaseBehaviour

INTRODUCTION = """\
What an operation does can differ between releases although both catalogs describe it alike. These pages list such
differences, as they were read in the portal's source: in which releases a behaviour is found, and what a client sees
there and in the others. The simulator does the same in each release, unless a page says otherwise.
`ovcgen diff --behaviour` compares two releases, and `ovcgen impact` mentions what your calls can meet.
"""


def pages() -> dict[str, str]:
    """Return the text of every page by its path below the site's folder of sources."""
    return {
        "reference/behaviours.md": _index(),
        **{f"reference/behaviours/{_slug(topic)}.md": _topic_page(topic, listed) for topic, listed in TOPICS.items()},
        **{
            f"reference/changes/{PREFIX}{behaviour.id}.md": _behaviour_page(topic, behaviour)
            for topic, listed in TOPICS.items()
            for behaviour in listed
        },
    }


def _index() -> str:
    rows = "".join(
        f"| [{topic}](behaviours/{_slug(topic)}.md) | {len(listed)} | {sum(not each.simulated for each in listed)} |\n"
        for topic, listed in TOPICS.items()
    )
    left_out = "".join(
        f"- [{each.title}](changes/{PREFIX}{each.id}.md): {_sentence(each.note)}\n"
        for each in BEHAVIOURS
        if not each.simulated
    )
    return (
        f"# Behaviour of releases\n\n{INTRODUCTION}\n| topic | behaviours | not simulated |\n|---|---|---|\n{rows}\n"
        f"## What the simulator leaves out\n\n{left_out}"
    )


def _topic_page(topic: str, listed: tuple[ReleaseBehaviour, ...]) -> str:
    return f"# {topic}\n\n" + "\n".join(map(_summary, listed))


def _summary(behaviour: ReleaseBehaviour) -> str:
    """Return the title, linked to the page of the behaviour, and a list of what a client sees in which releases.

    A list, because a table of four columns is too wide for a phone.
    """
    seen = "".join(f"- {when}: {_escaped(what)}\n" for when, what in behaviour.by_releases())
    left_out = "" if behaviour.simulated else " (not simulated)"
    return f"**[{behaviour.title}](../changes/{PREFIX}{behaviour.id}.md)**{left_out}\n\n{seen}"


def _behaviour_page(topic: str, behaviour: ReleaseBehaviour) -> str:
    rows = "".join(f"| {when} | {_escaped(seen)} |\n" for when, seen in behaviour.by_releases())
    operations = ", ".join(f"`{path}`" for path in behaviour.operations.split())
    simulated = f"{'yes' if behaviour.simulated else 'no'}{f': {behaviour.note}' if behaviour.note else '.'}"
    facts = [
        f"- Topic: [{topic}](../behaviours/{_slug(topic)}.md)",
        f"- Operations: {'all' if behaviour.operations == '*' else operations}",
        f"- Verdict for a program that was written for the release before: {behaviour.level}",
        f"- Simulated: {simulated}",
    ]
    if behaviour.inferred:
        facts.append("- This was concluded from the portal's source, but not found there as such.")
    return (
        f"# {PREFIX}{behaviour.id}\n\n{_sentence(behaviour.title)}\n\n"
        f"| releases | what a client sees |\n|---|---|\n{rows}\n" + "\n".join(facts) + "\n"
    )


def _slug(topic: str) -> str:
    return re.sub(r"\W+", "-", topic.lower())


def _sentence(text: str) -> str:
    """Return the text with a full stop at its end."""
    return text if text.endswith(".") else f"{text}."


def _escaped(text: str) -> str:
    """Return a text for Markdown, in which `<name>` is no tag and `|` ends no cell."""
    return text.replace("|", "\\|").replace("<", "&lt;")
