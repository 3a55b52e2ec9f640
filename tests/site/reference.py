"""Write the reference pages of the documentation site: commands, Python names, errors, exit codes, kinds of change."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import click

import ovcgen
import ovcgen.aio
from ovcgen import diff
from ovcgen.cli import exit_codes
from ovcgen.cli.app import ovcgen as app
from ovcgen.diff.rules import rules
from ovcgen.runtime.errors import ClientError
from tests.site import behaviour_pages

SECTION = re.compile(r"^(Args|Attributes|Raises|Example):(?: *(.*))?$")
ENTRY = re.compile(r"^    (\*{0,2}[\w, *]+?): (.*)$")
WHAT_TO_DO = {
    0: "Nothing: the command did what it says.",
    1: "Read the output: it says which difference, failed task or check it is. Scripts can act on this code.",
    2: "Nothing was sent. Correct the command line, the configuration or the file that the message names.",
    4: "The service refused the call and did not execute it. Change the call as the message says.",
    5: "The service failed. A call that changes something may have been executed: look before you repeat it.",
    6: "The call was not executed, so it can be repeated. Check the address, the network and the proxy.",
    7: "The call may have been executed. Look at the object first; the message says how. Do not repeat it blindly.",
    8: "Nothing was written. The document is broken, incomplete or hostile; the message names the place.",
    70: "A fault of ovcgen or of the operating system. `OVCGEN_DEBUG=1` shows the traceback; report it with that.",
    130: "You pressed Ctrl-C. No file is half written, and a task that was started goes on.",
    143: "Something ended the process. A task that was started goes on; the output has its guid.",
}


class ExitCode(NamedTuple):
    """An exit code, its meaning in a few words, and the errors that end a command with this code."""

    code: int
    meaning: str
    errors: tuple[type[ClientError], ...]


def pages() -> dict[str, str]:
    """Return the text of every generated page by its path below the site's folder of sources."""
    errors = public_errors()
    return {
        "reference/commands.md": _command_index(),
        **{f"reference/commands/{command.name}.md": _command_page(command) for command in commands()},
        "reference/python.md": _python_page(),
        "reference/errors.md": _error_index(errors),
        **{f"reference/errors/{error.__name__}.md": _error_page(error, errors) for error in errors},
        "reference/exit-codes.md": _exit_code_index(),
        **{f"reference/exit-codes/{found.code}.md": _exit_code_page(found) for found in codes()},
        "reference/changes.md": _kind_index(),
        **{f"reference/changes/{kind}.md": _kind_page(kind) for kind in kinds()},
        **behaviour_pages.pages(),
    }


def commands() -> list[click.Command]:
    """Return the commands of `ovcgen` in the order of its help."""
    context = click.Context(app, info_name="ovcgen")
    found = [app.get_command(context, name) for name in app.list_commands(context)]
    return [command for command in found if command is not None and not command.hidden]


def kinds() -> list[str]:
    """Return the ids of all kinds of change, sorted."""
    return sorted({rule.kind for rule in rules()})


def public_errors() -> list[type[ClientError]]:
    """Return the errors that `ovcgen` exports, by name. OvcError is another name of ClientError."""
    exported = [getattr(ovcgen, name) for name in ovcgen.__all__]
    found = {value for value in exported if inspect.isclass(value) and issubclass(value, ClientError)}
    return sorted(found, key=lambda error: error.__name__)


def codes() -> list[ExitCode]:
    """Return all exit codes."""
    listed = re.findall(r"^(\d+) +(.*)$", exit_codes.__doc__ or "", re.MULTILINE)
    errors: dict[int, list[type[ClientError]]] = {}
    for error in public_errors():
        errors.setdefault(_code_of(error), []).append(error)
    return [ExitCode(int(code), meaning, tuple(errors.get(int(code), ()))) for code, meaning in listed]


def _code_of(error: type[ClientError]) -> int:
    return next(code for kind, code in exit_codes.CODES if issubclass(error, kind))


def _command_index() -> str:
    rows = "".join(
        f"| [`ovcgen {command.name}`](commands/{command.name}.md) | {_cell(command.get_short_help_str(200))} |\n"
        for command in commands()
    )
    return f"# Commands\n\n| command | does |\n|---|---|\n{rows}"


def _command_page(command: click.Command) -> str:
    texts = [f"# ovcgen {command.name}\n", _help(command, ("ovcgen", command.name or ""))]
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            texts += [f"## ovcgen {command.name} {name}\n", _help(below, ("ovcgen", command.name or "", name))]
    return "\n".join(texts)


def _help(command: click.Command, names: tuple[str, ...]) -> str:
    """Return usage, description and options of a command; `names` are the words that call the command."""
    context = None
    for name in names[:-1]:
        context = click.Context(app, info_name=name, parent=context)
    context = click.Context(command, info_name=names[-1], parent=context)
    usage = " ".join([*names, *command.collect_usage_pieces(context)])
    options = [
        record
        for one in command.get_params(context)
        if isinstance(one, click.Option) and (record := one.get_help_record(context))
    ]
    listed = "".join(f"- `{option}`: {text}\n" for option, text in options)
    return f"```text\n{usage}\n```\n\n{_paragraphs(command.help or '')}\n**Options**\n\n{listed}"


def _paragraphs(text: str) -> str:
    """Return the help of a command as Markdown, with a block of its own for text that click must not wrap."""
    parts = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        kept = paragraph.removeprefix("\b\n")
        parts.append(paragraph if kept == paragraph else f"```text\n{kept}\n```")
    return "\n\n".join(parts) + "\n"


def _python_page() -> str:
    texts = ["# Python\n", "What `import ovcgen` offers. Errors have [pages of their own](errors.md).\n"]
    for name in ovcgen.__all__:
        value = getattr(ovcgen, name)
        if not (inspect.isclass(value) and issubclass(value, BaseException)):
            texts += [f"## {name}\n", _described(name, value)]
    texts.append("## ovcgen.aio\n")
    texts.append("The same names for an event loop; see [asyncio](../asyncio.md): ")
    texts.append(", ".join(f"`{name}`" for name in ovcgen.aio.__all__) + ".\n")
    return "\n".join(texts)


def _described(name: str, value: Any) -> str:
    """Return the signature and the docstring of a public name, and those of the public methods of a class."""
    if not callable(value):
        return f"{inspect.getdoc(value) or ''}\n"
    texts = [_signature(name, value), docstring_as_markdown(inspect.getdoc(value) or "")]
    if inspect.isclass(value):
        for method, function in inspect.getmembers(value, inspect.isfunction):
            documented = inspect.getdoc(function)
            if not method.startswith("_") and method in vars(value) and documented:
                texts += [f"### {name}.{method}\n", _signature(method, function), docstring_as_markdown(documented)]
    return "\n".join(texts)


def _signature(name: str, value: Any) -> str:
    """Return the signature of a function or class as a block; "" if it has none."""
    try:
        signature = inspect.signature(value)
    except (ValueError, TypeError):
        return ""
    listed = [parameter for parameter in signature.parameters.values() if parameter.name not in ("self", "cls")]
    parts: list[str] = []
    star = "*" if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in listed) else ""
    for parameter in listed:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not star:
            star = "*"
            parts.append(star)
        parts.append(_parameter(parameter))
    returned = "" if inspect.isclass(value) else f" -> {_annotation(signature.return_annotation)}"
    text = f"{name}({', '.join(parts)}){returned}"
    if len(text) > 88:
        text = f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){returned}"
    return f"```python\n{text}\n```\n"


def _parameter(parameter: inspect.Parameter) -> str:
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    text = marks.get(parameter.kind, "") + parameter.name
    if parameter.annotation is not inspect.Parameter.empty:
        text += f": {_annotation(parameter.annotation)}"
    if parameter.default is inspect.Parameter.empty:
        return text
    default = repr(parameter.default)
    return f"{text} = {'...' if ' at 0x' in default or len(default) > 40 else default}"


def _annotation(annotation: Any) -> str:
    if annotation in (inspect.Parameter.empty, None):
        return "None"
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def docstring_as_markdown(text: str) -> str:
    """Return a docstring with its sections as lists: `Args:`, `Attributes:` and `Raises:`."""
    return "\n".join(_markdown_lines(text.splitlines())) + "\n"


def _markdown_lines(lines: list[str]) -> Iterator[str]:
    inside = ""
    for line in lines:
        if found := SECTION.match(line):
            inside = found[1]
            yield f"**{inside}**"
            yield ""
            if found[2]:
                yield found[2]
        elif inside and (entry := ENTRY.match(line)):
            yield f"- `{entry[1]}`: {entry[2]}"
        elif line and not line.startswith("    "):
            inside = ""
            yield line
        else:
            yield f"  {line.strip()}".rstrip() if inside else line


def _error_index(errors: list[type[ClientError]]) -> str:
    rows = "".join(
        f"| [{error.__name__}](errors/{error.__name__}.md) | {_cell(_first_line(error))} "
        f"| [{_code_of(error)}](exit-codes/{_code_of(error)}.md) |\n"
        for error in errors
    )
    introduction = "Every error derives from `ClientError`, which is also called `OvcError`."
    return f"# Errors\n\n{introduction}\n\n| error | means | exit code |\n|---|---|---|\n{rows}"


def _error_page(error: type[ClientError], errors: list[type[ClientError]]) -> str:
    above = [kind for kind in error.__mro__[1:] if kind in errors]
    below = [kind for kind in errors if error in kind.__bases__]
    code = _code_of(error)
    facts = [f"- Exit code of `ovcgen`: [{code}](../exit-codes/{code}.md). {WHAT_TO_DO[code]}"]
    if above:
        facts.append("- Caught also as: " + ", ".join(f"[{kind.__name__}]({kind.__name__}.md)" for kind in above))
    if below:
        facts.append("- Kinds of it: " + ", ".join(f"[{kind.__name__}]({kind.__name__}.md)" for kind in below))
    documented = docstring_as_markdown(inspect.getdoc(error) or "")
    return f"# {error.__name__}\n\n{documented}\n" + "\n".join(facts) + "\n"


def _exit_code_index() -> str:
    rows = "".join(f"| [{found.code}](exit-codes/{found.code}.md) | {_cell(found.meaning)} |\n" for found in codes())
    return f"# Exit codes\n\n| code | means |\n|---|---|\n{rows}"


def _exit_code_page(found: ExitCode) -> str:
    text = f"# Exit code {found.code}\n\n{found.meaning[0].upper()}{found.meaning[1:]}.\n\n{WHAT_TO_DO[found.code]}\n"
    if found.errors:
        rows = "".join(
            f"| [{error.__name__}](../errors/{error.__name__}.md) | {_cell(_first_line(error))} |\n"
            for error in found.errors
        )
        text += f"\n| error | means |\n|---|---|\n{rows}"
    return text


def _kind_index() -> str:
    listed = "".join(f"- [`{kind}`](changes/{kind}.md): {_explained(kind)['what']}\n" for kind in kinds())
    behaviour = "Kinds that begin with `behaviour.` are listed [by topic](behaviours.md)."
    return f"# Kinds of change\n\nWhat `ovcgen diff` reports. {behaviour}\n\n{listed}"


def _kind_page(kind: str) -> str:
    explained = _explained(kind)
    return f"# {kind}\n\n{explained['verdicts']}\n\n{explained['text']}\n"


def _explained(kind: str) -> Mapping[str, str]:
    """Return the parts of the explanation of a kind of change: its verdicts, its first sentence, and all of it."""
    _, _, rest = diff.explain(kind).partition("\n")
    verdicts, _, text = rest.partition("\n\n")
    listed = "\n".join(f"- {line}" for line in verdicts.splitlines())
    return {"verdicts": listed, "text": text.strip(), "what": text.strip().partition("\n")[0]}


def _first_line(error: type[ClientError]) -> str:
    return (inspect.getdoc(error) or "").partition("\n")[0]


def _cell(text: str) -> str:
    """Return a text for a cell of a table."""
    return text.replace("|", "\\|")
