"""Print errors on stderr: as two lines, or as one line of JSON for a command with `--output json` or `jsonl`.

The JSON is `{"error": {...}}`, with the same keys for every error, and `guid` for an error about a task. A key that an
error has no value for is null.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import pairwise

from ovcgen.cli import terminal

OPTIONS = ("-o", "--output")
MACHINE_FORMS = ("json", "jsonl")
FACTS = ("status", "operation", "eco")  # attributes of errors that are passed on
GUID = "guid"  # the attribute that only errors about tasks have


def is_for_machines(arguments: Sequence[str] | None) -> bool:
    """Return whether a command line asks for JSON with `-o` or `--output`, `json` or `jsonl`. None means `sys.argv`.

    All spellings count (`-o json`, `-ojson`, `--output=json`), but not the words after `--`. click is not used, because
    the error to print may be that click can't parse the command line.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    words = words[: words.index("--")] if "--" in words else words
    forms = [following for word, following in pairwise(words) if word in OPTIONS]
    for word in words:
        if word.startswith("--output="):
            forms.append(word.removeprefix("--output="))
        elif word.startswith("-o") and not word.startswith("--"):
            forms.append(word.removeprefix("-o").removeprefix("="))
    return any(form in MACHINE_FORMS for form in forms)


def print_error(error: BaseException, what: str, fix: str, exit_code: int, *, as_json: bool) -> None:
    """Print an error on stderr, as two lines or as one line of JSON.

    The JSON is `{"error": {...}}`. The inner keys are `type`, `message`, `fix` and `exit_code`, and the attributes
    `status`, `operation` and `eco` (the portal's number of an internal error) of the error, which are null if it does
    not have them; `guid` is there for an error about a task.

    Args:
        error: The error. The name of its class is the `type` in JSON.
        what, fix: What happened, and what to do.
        exit_code: The exit code of the command, for the JSON; the process does not end here.
        as_json: Whether to print it as JSON.
    """
    if not as_json:
        terminal.failure(what, fix)
        return
    facts = {name: getattr(error, name, None) or None for name in FACTS}
    about_task = {GUID: getattr(error, GUID)} if getattr(error, GUID, "") else {}
    record = {"type": type(error).__name__, "message": what, "fix": fix, **facts, **about_task, "exit_code": exit_code}
    terminal.note(json.dumps({"error": record}))
