"""Define the `completion` command: print the script that completes command lines in a shell."""

from __future__ import annotations

import click

from ovcgen.cli import options, terminal

# Each script asks `ovcgen completion SHELL --line LINE`, which answers a line for each item: its kind, the word, and a
# help text, separated by tabs.
SCRIPTS = {
    "bash": """\
_ovcgen_complete() {
    local kind value rest
    COMPREPLY=()
    while IFS=$'\\t' read -r kind value rest; do
        case $kind in
            plain)
                [[ $value == *= ]] && compopt -o nospace
                COMPREPLY+=("$(printf %q "$value")")
                ;;
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
        esac
    done < <("${1/#\\~/$HOME}" completion bash --line "${COMP_LINE:0:COMP_POINT}" \\
        --breaks "${COMP_WORDBREAKS//[^:=@]/}" 2>/dev/null)
}
complete -o nosort -F _ovcgen_complete ovcgen
""",
    "zsh": """\
#compdef ovcgen
_ovcgen() {
    local line kind value rest
    local -a words_found names_found
    for line in "${(@f)$(${~words[1]} completion zsh --line "${(j: :)words[1,CURRENT]}" 2>/dev/null)}"; do
        IFS=$'\\t' read -r kind value rest <<< "$line"
        case $kind in
            plain)
                if [[ $value == *= ]]; then
                    names_found+=("${value//:/\\\\:}:$rest")
                else
                    words_found+=("${value//:/\\\\:}:$rest")
                fi
                ;;
            file) _files ;;
            dir) _files -/ ;;
        esac
    done
    [[ -n $words_found ]] && _describe -V ovcgen words_found
    [[ -n $names_found ]] && _describe -V ovcgen names_found -S ''
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _ovcgen "$@"
else
    compdef _ovcgen ovcgen
fi
""",
    "fish": """\
function __ovcgen_complete
    for line in (eval (commandline -opc)[1] completion fish --line (string escape -- (commandline -cp)) 2>/dev/null)
        set -l parts (string split -m 2 \\t -- $line)
        switch $parts[1]
            case plain
                printf '%s\\t%s\\n' $parts[2] "$parts[3]"
            case file
                __fish_complete_path (commandline -ct)
            case dir
                __fish_complete_directories (commandline -ct)
        end
    end
end
complete --no-files --keep-order --command ovcgen --arguments '(__ovcgen_complete)'
""",
}
LONGEST = 70  # characters of a help text


@click.command(
    "completion",
    cls=options.WithExamples,
    epilog=(
        "ovcgen completion bash > \\\n"
        "    ~/.local/share/bash-completion/completions/ovcgen\n"
        "ovcgen completion zsh > ~/.zsh-functions/_ovcgen\n"
        "ovcgen completion fish > \\\n"
        "    ~/.config/fish/completions/ovcgen.fish"
    ),
)
@click.argument("shell", type=click.Choice(list(SCRIPTS)))
@click.option("--line", hidden=True)
@click.option("--breaks", hidden=True, default="")
def completion_command(shell: str, line: str | None, breaks: str) -> None:
    """Print the script that completes ovcgen's command lines in a shell.

    It completes commands, options, pinned releases, portals that were called before, operations, and their arguments.
    It works without a network. The file for bash needs bash-completion, and the folder of that for zsh has to be in
    fpath. Without both, `eval "$(ovcgen completion bash)"` in ~/.bashrc (zsh: in ~/.zshrc, after compinit) does it too.
    """
    if line is None:
        terminal.print_text(SCRIPTS[shell])
        return
    from ovcgen.cli.app import ovcgen
    from ovcgen.cli.completion_candidates import PLAIN, completions, words_of

    replaced = _start_kept_by_shell(words_of(line)[1], breaks)
    for item in completions(ovcgen, line):
        text = " ".join((item.help or "").split())
        short = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
        value = item.value[replaced:] if item.type == PLAIN else ""
        terminal.print_line(f"{item.type}\t{value}\t{short}")


def _start_kept_by_shell(word: str, breaks: str) -> int:
    """Return the length of the start of a word that the shell keeps: up to the last character that is in `breaks`."""
    return max((word.rfind(mark) + 1 for mark in breaks), default=0)
